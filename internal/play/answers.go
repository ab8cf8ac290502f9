package play

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/plumbline/plumbline/internal/day"
)

// ErrNoAnswer means that a day holds no answer to a call.
var ErrNoAnswer = errors.New("play: no answer was recorded")

// Answers answers the calls of platforms' APIs from what was recorded with a
// day. It is an http.RoundTripper that never reaches a network.
type Answers struct {
	now   func() time.Time
	calls map[string][]*recorded

	mu     sync.Mutex
	missed []string
}

// recorded are the answers to one call, in the order of their time.
type recorded struct {
	holds   string
	answers []day.Answer
}

// NewAnswers answers as of the given time.
func NewAnswers(answers []day.Answer, now func() time.Time) *Answers {
	a := &Answers{now: now, calls: map[string][]*recorded{}}
	for _, one := range answers {
		some := a.calls[one.Call]
		i := slices.IndexFunc(some, func(r *recorded) bool { return r.holds == one.Holds })
		if i < 0 {
			i = len(some)
			some = append(some, &recorded{holds: one.Holds})
			a.calls[one.Call] = some
		}
		some[i].answers = append(some[i].answers, one)
	}
	for _, some := range a.calls {
		slices.SortStableFunc(some, func(a, b *recorded) int { return len(b.holds) - len(a.holds) })
	}
	return a
}

// RoundTrip answers a call. One that was never answered on the day is
// ErrNoAnswer.
func (a *Answers) RoundTrip(req *http.Request) (*http.Response, error) {
	text, err := content(req)
	if err != nil {
		return nil, err
	}
	now := a.now()
	for _, some := range a.calls[req.Method+" "+req.URL.Host+req.URL.Path] {
		if !strings.Contains(text, some.holds) {
			continue
		}
		if answer, ok := some.at(now); ok {
			return response(req, answer), nil
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	call := fmt.Sprintf("%s %s%s %s", req.Method, req.URL.Host, req.URL.Path, text)
	a.missed = append(a.missed, call)
	return nil, fmt.Errorf("%w: %s %s%s", ErrNoAnswer, req.Method, req.URL.Host, req.URL.Path)
}

// Missed lists the calls that were made and never answered.
func (a *Answers) Missed() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.missed)
}

// content is what tells calls to one address apart: query and body.
func content(req *http.Request) (string, error) {
	text, err := url.QueryUnescape(req.URL.RawQuery)
	if err != nil {
		text = req.URL.RawQuery
	}
	if req.Body == nil {
		return text, nil
	}
	body, err := io.ReadAll(req.Body)
	return text + "\n" + string(body), errors.Join(err, req.Body.Close())
}

// at is the newest answer that was given by then.
func (r *recorded) at(now time.Time) (day.Answer, bool) {
	i, _ := slices.BinarySearchFunc(r.answers, now, func(a day.Answer, now time.Time) int {
		if a.From.After(now) {
			return 1
		}
		return -1
	})
	if i == 0 {
		return day.Answer{}, false
	}
	return r.answers[i-1], true
}

func response(req *http.Request, a day.Answer) *http.Response {
	status := a.Status
	if status == 0 {
		status = http.StatusOK
	}
	kind := req.Header.Get("Accept")
	if kind == "" {
		kind = "application/json"
	}
	return &http.Response{
		Status: http.StatusText(status), StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {kind}}, Body: io.NopCloser(strings.NewReader(a.Body)),
		ContentLength: int64(len(a.Body)), Request: req,
	}
}
