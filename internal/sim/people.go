package sim

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/topic"
)

// published is an instance's client of the topic behind which notify waits.
type published struct {
	*instance
	to string
}

// Publish hands a message to whoever subscribed.
func (p published) Publish(_ context.Context, m topic.Message) error {
	return p.call("topic", p.to, func() error {
		for _, s := range contract.Subscriptions() {
			if s.Topic == p.to {
				p.world.queues[s.Queue].send(0, m.Body)
			}
		}
		p.world.count("published to " + p.to)
		return nil
	}, nil)
}

// web is an instance's way to Slack. It answers in the process, and fails as
// Slack does: by a wait, by an error before or after its effect, or not at all.
type web struct{ *instance }

// RoundTrip answers a call of Slack's API.
func (t web) RoundTrip(r *http.Request) (*http.Response, error) {
	recorder := httptest.NewRecorder()
	method := strings.TrimPrefix(r.URL.Path, "/")
	name := t.invocation.name("slack", "answer "+method)
	var err error
	if t.world.chance(t.world.Plan.Refuse, name) {
		t.world.count("fault: Slack asks to wait")
		recorder.Header().Set("Retry-After", "20")
		recorder.WriteHeader(http.StatusTooManyRequests)
	} else {
		err = t.call("slack", method, func() error {
			t.world.slack.ServeHTTP(recorder, r)
			return nil
		}, nil)
	}
	if r.Body != nil {
		_ = r.Body.Close()
	}
	if err != nil {
		return nil, err
	}
	return recorder.Result(), nil
}

// outage plans when what people are told by is down.
func (w *world) planOutages() {
	if w.Plan.Outages == 0 {
		return
	}
	for _, what := range []string{"topic", "slack"} {
		at := w.start.Add(w.between(0, time.Duration(w.Plan.Outages)*time.Hour, "outage of "+what))
		for n := 0; at.Before(w.faultsEnd()); n++ {
			length := w.between(time.Minute, 50*time.Minute, what+at.String())
			w.outages[what] = append(w.outages[what], span{at, minTime(at.Add(length), w.faultsEnd())})
			at = at.Add(length + w.between(time.Hour, 2*time.Duration(w.Plan.Outages)*time.Hour, "pause"+what+at.String()))
		}
	}
	// The queue of looks takes nothing of the last changes while everything fails:
	// nothing comes later that would ask again for what was given up.
	w.outages[contract.Looks] = []span{{w.faultsEnd().Add(-25 * time.Second), w.faultsEnd()}}
	// And the table of rows is down once more, when some of them are due.
	w.outages["rows"] = []span{{w.faultsEnd().Add(4 * time.Minute), w.faultsEnd().Add(7 * time.Minute)}}
}

func minTime(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
