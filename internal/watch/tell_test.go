package watch_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/notify/webhook"
)

// slack takes messages, unless it is out of order.
type slack struct {
	down  bool
	texts []string
}

func (s *slack) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	answer := &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader("ok")), Request: r}
	if s.down {
		answer.StatusCode = http.StatusServiceUnavailable
		return answer, nil
	}
	s.texts = append(s.texts, string(body))
	return answer, nil
}

func (s *slack) about(sku string) (n int) {
	for _, text := range s.texts {
		if strings.Contains(text, sku) {
			n++
		}
	}
	return n
}

func TestSlackHearsOfBeginningAndEndAndOfNothingTwice(t *testing.T) {
	w, channel := newWorld(t), &slack{}
	sender, err := webhook.New("https://hooks.slack.com/services/T/B/secret", channel)
	if err != nil {
		t.Fatal(err)
	}
	w.watch.Sender = sender
	delete(w.levels, "MORE")
	for n := range 2 {
		w.night(n)
		w.run()
	}
	if channel.about("CASE") != 1 {
		t.Fatalf("%q", channel.texts)
	}
	w.run()
	again := worldIn(t, w.folder)
	again.now, again.levels = w.now, w.levels
	w = again
	w.watch.Sender = sender
	w.run()
	if len(channel.texts) != 1 {
		t.Errorf("told again after a restart: %q", channel.texts)
	}
	w.night(2)
	channel.down = true
	if r := w.run(); r.Untold == nil || r.Told != 0 {
		t.Errorf("Slack is down: %+v", r)
	}
	channel.down = false
	if r := w.run(); r.Untold != nil || r.Told == 0 || channel.about("STUCK") != 1 {
		t.Errorf("Slack is back: %+v, %q", r, channel.texts)
	}
	told := len(channel.texts)
	w.waive("CASE", 9)
	w.run()
	if len(channel.texts) != told+1 || !strings.Contains(channel.texts[told], "aive") {
		t.Errorf("a waiver is told once: %q", channel.texts[told:])
	}
	for n := 3; n < 5; n++ {
		w.night(n)
		w.run()
	}
	ends := 0
	for _, text := range channel.texts {
		if strings.Contains(text, "Agree again") && strings.Contains(text, "NEW") {
			ends++
		}
	}
	if ends != 1 {
		t.Errorf("the end was told %d times: %q", ends, channel.texts[told+1:])
	}
}
