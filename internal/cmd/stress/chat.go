package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/plumbline/plumbline/internal/notify/slack/workspace"
)

// chat answers as Slack would, and notes when it took the message that tells of
// each probe.
type chat struct {
	workspace *workspace.Workspace

	mu   sync.Mutex
	told map[string][]time.Time
}

func newChat() *chat { return &chat{workspace: workspace.Offline(), told: map[string][]time.Time{}} }

var probed = regexp.MustCompile(`PROBE-\d{4}`)

// RoundTrip answers calls to Slack's API and fails all others.
func (c *chat) RoundTrip(r *http.Request) (*http.Response, error) {
	method, ok := strings.CutPrefix(r.URL.String(), "https://slack.com/api/")
	if !ok {
		return nil, fmt.Errorf("a request to %s", r.URL.Host)
	}
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	there := r.Clone(r.Context())
	there.URL, there.Body = &url.URL{Path: "/" + method}, io.NopCloser(bytes.NewReader(body))
	answer := httptest.NewRecorder()
	c.workspace.ServeHTTP(answer, there)
	if form, err := url.ParseQuery(string(body)); err == nil && method == "chat.postMessage" && form.Get("thread_ts") == "" {
		c.note(probed.FindString(form.Encode()), time.Now())
	}
	return answer.Result(), nil
}

func (c *chat) note(name string, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.told[name] = append(c.told[name], at)
}

// tells returns when the messages came that began to tell of a probe.
func (c *chat) tells(name string) []time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.told[name]
}
