package fetch_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/fetch"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/queue"
)

const good = `{"id":"250","units":3}`

func answers(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func zipped(body string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.WriteString(z, body)
	_ = z.Close()
	return b.String()
}

// bomb unfolds to 1 GiB.
func bomb() string {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	block := make([]byte, 1<<20)
	for range 1 << 10 {
		_, _ = z.Write(block)
	}
	_ = z.Close()
	return b.String()
}

func cutOff(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "1000")
	_, _ = io.WriteString(w, `{"id":"25`)
	panic(http.ErrAbortHandler)
}

// What becomes of a fetch.
const (
	observed    = "observed"
	gone        = "gone"
	quarantined = "quarantined"
	postponed   = "postponed"
	givenUp     = "given up"
	returned    = "returned"
)

func TestFetch_WhatAnAPIAnswersDecidesWhatBecomesOfAFetch(t *testing.T) {
	other := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("another host was called") }))
	defer other.Close()
	for _, c := range []struct {
		name   string
		handle http.HandlerFunc
		target string
		want   string
		// reason is what the owner is told.
		reason string
		delay  time.Duration
		tries  int
	}{
		{name: "the record", handle: answers(200, good), want: observed},
		{name: "the record, created", handle: answers(201, good), want: observed},
		{name: "compressed", handle: answers(200, zipped(good), "Content-Encoding", "gzip"), want: observed},
		{name: "a type built on JSON", handle: answers(200, good, "Content-Type", "application/hal+json; charset=utf-8"), want: observed},
		{name: "not there", handle: answers(404, `{"error":"none"}`), want: gone},
		{name: "not there, as a page", handle: answers(404, "<html>", "Content-Type", "text/html"), want: gone},
		{name: "gone", handle: answers(410, ""), want: gone},
		{name: "a page", handle: answers(200, "<html>", "Content-Type", "text/html"), want: quarantined, reason: "content type of the answer: want application/json"},
		{name: "a page that says it is JSON", handle: answers(200, "<html>"), want: quarantined, reason: "body: want JSON"},
		{name: "another record", handle: answers(200, `{"id":"251","units":3}`), want: quarantined, reason: "id: want the id that was asked for"},
		{name: "an encoding that nobody asked for", handle: answers(200, good, "Content-Encoding", "br"), want: quarantined, reason: "content encoding of the answer: want gzip or none"},
		{name: "a failure", handle: answers(500, ""), want: postponed, delay: 5 * time.Second, tries: 1},
		{name: "a gateway without its server", handle: answers(502, "<html>"), want: postponed, delay: 5 * time.Second, tries: 1},
		{name: "a time-out of theirs", handle: answers(408, ""), want: postponed, delay: 5 * time.Second, tries: 1},
		{name: "down for two minutes", handle: answers(503, "", "Retry-After", "120"), want: postponed, delay: 2 * time.Minute},
		{name: "too many calls", handle: answers(429, "", "Retry-After", "120"), want: postponed, delay: 2 * time.Minute},
		{name: "too many calls, until a date", handle: answers(429, "", "Retry-After", "Tue, 03 Mar 2026 09:03:00 GMT"), want: postponed, delay: 3 * time.Minute},
		{name: "too many calls, until yesterday", handle: answers(429, "", "Retry-After", "Mon, 02 Mar 2026 09:03:00 GMT"), want: postponed, delay: 5 * time.Second},
		{name: "too many calls, for a century", handle: answers(429, "", "Retry-After", "3153600000"), want: postponed, delay: 12 * time.Minute},
		{name: "too many calls, until something", handle: answers(429, "", "Retry-After", "soon"), want: postponed, delay: time.Minute},
		{name: "too many calls, until whenever", handle: answers(429, ""), want: postponed, delay: time.Minute},
		{name: "cut in the middle", handle: cutOff, want: postponed, delay: 5 * time.Second, tries: 1},
		{name: "compressed and cut", handle: answers(200, zipped(good)[:15], "Content-Encoding", "gzip"), want: postponed, delay: 5 * time.Second, tries: 1},
		{name: "compressed and not", handle: answers(200, good, "Content-Encoding", "gzip"), want: postponed, delay: 5 * time.Second, tries: 1},
		{name: "never ending", handle: func(w http.ResponseWriter, r *http.Request) {
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, want: postponed, delay: 5 * time.Second, tries: 1},
		{name: "elsewhere", handle: answers(302, "", "Location", other.URL), want: givenUp, reason: "the API answers 302, want 200 or 404"},
		{name: "here, but elsewhere", handle: answers(307, "", "Location", "/orders/250"), want: givenUp, reason: "the API answers 307, want 200 or 404"},
		{name: "a bad call", handle: answers(400, good), want: givenUp, reason: "the API answers 400, want 200 or 404"},
		{name: "huge", handle: answers(200, strings.Repeat(" ", 8<<20)+good), want: givenUp, reason: "the answer is larger than 8 MiB"},
		{name: "endless", handle: func(w http.ResponseWriter, _ *http.Request) {
			for block := make([]byte, 1<<16); ; {
				if _, err := w.Write(block); err != nil {
					return
				}
			}
		}, want: givenUp, reason: "the answer is larger than 8 MiB"},
		{name: "a bomb", handle: answers(200, bomb(), "Content-Encoding", "gzip"), want: givenUp, reason: "the answer is larger than 8 MiB"},
		{name: "another host", target: other.URL, want: givenUp, reason: "the address of the call: want https without a port and a user"},
		{name: "another host by name", target: "https://acme.example/orders/250", want: givenUp, reason: "the address of the call: want one of the platform's hosts"},
		{name: "a host below", target: "https://mallory.example.com/orders/250", want: givenUp, reason: "the address of the call: want one of the platform's hosts"},
		{name: "no TLS", target: "http://example.com/orders/250", want: givenUp, reason: "the address of the call: want https without a port and a user"},
		{name: "a user", target: "https://example.com@acme.example/", want: givenUp, reason: "the address of the call: want https without a port and a user"},
		{name: "no address", target: "\x7f", want: givenUp, reason: "the address that it names: target: want a path"},
		{name: "a platform that breaks", target: "panic", want: returned},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			if c.handle == nil {
				c.handle = func(http.ResponseWriter, *http.Request) { t.Error("the call was made") }
			}
			if c.target == "" {
				c.target = "orders/250"
			}
			w.serve(t, c.handle)
			w.transport = impatient{w.transport}
			failed := w.fetch(t, w.service(), c.target)
			if got := w.became(t, failed); got != c.want {
				t.Fatalf("%s, want %s\n%s", got, c.want, w.log)
			}
			reports := w.reports(t)
			if c.reason == "" && len(reports) > 0 || c.reason != "" && !cmp.Equal(reports, []string{c.reason}) {
				t.Errorf("the owner is told %q, want %q", reports, c.reason)
			}
			if c.want == postponed {
				w.expectPostponed(t, c.delay, c.tries)
			}
			marks, _ := w.marks.GetMarks(t.Context(), []string{merge.UnreadMark("erp")})
			if noted := len(marks) == 1; noted != (c.want == givenUp) {
				t.Errorf("noted %t that rows may lack something", noted)
			}
		})
	}
}

// impatient waits for a body as long as a test can.
type impatient struct{ http.RoundTripper }

func (i impatient) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	res, err := i.RoundTripper.RoundTrip(r.WithContext(ctx))
	if err != nil {
		cancel()
		return nil, err
	}
	res.Body = &body{res.Body, ctx, cancel}
	return res, nil
}

type body struct {
	io.ReadCloser
	ctx    context.Context
	cancel func()
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.ctx.Err() != nil {
		err = b.ctx.Err()
	}
	return n, err
}

func (b *body) Close() error {
	b.cancel()
	return b.ReadCloser.Close()
}

// became says what became of the world's one fetch.
func (w *world) became(t *testing.T, failed int) string {
	t.Helper()
	counts := map[string]int{
		returned: failed, givenUp: length(t, w.dead), postponed: length(t, w.asked), quarantined: length(t, w.quarantine),
	}
	for _, e := range taken(t, w.observations) {
		for _, o := range e.Observations {
			switch {
			case o.Kind == commerce.Mapping:
				w.told = append(w.told, o.Facets["reason"].String())
			case o.Gone:
				counts[gone]++
			default:
				counts[observed]++
			}
		}
	}
	what := ""
	for name, n := range counts {
		if n > 0 {
			what += strings.Repeat(name, n)
		}
	}
	return what
}

// reports are what the owner was told.
func (w *world) reports(*testing.T) []string { return w.told }

func (w *world) expectPostponed(t *testing.T, delay time.Duration, tries int) {
	t.Helper()
	if early := waiting(t, w.asked); len(early) > 0 {
		t.Errorf("at once, want %v later", delay)
	}
	w.now = func() time.Time { return nine.Add(delay - time.Second) }
	if early := waiting(t, w.asked); len(early) > 0 {
		t.Errorf("before %v have passed", delay)
	}
	w.now = func() time.Time { return nine.Add(delay) }
	want := []queue.Fetch{{
		System: "erp", Fetch: order("orders/250"), Cause: "d-1", Received: nine.Add(-time.Second), Since: nine, Tries: tries,
	}}
	if diff := cmp.Diff(want, waiting(t, w.asked)); diff != "" {
		t.Errorf("after %v: %s", delay, diff)
	}
}

func TestFetch_AnAnswerIsADeliveryOfTheTimeWhenItWasAskedFor(t *testing.T) {
	w := newWorld()
	w.serve(t, answers(200, good))
	w.fetch(t, w.service(), "orders/250")
	got := taken(t, w.observations)
	if len(got) != 1 {
		t.Fatalf("%d deliveries", len(got))
	}
	d := got[0].Delivery
	want := commerce.Delivery{
		ID: d.ID, System: "erp", Topic: "orders/fetched", Received: nine, Body: []byte(good),
		Header: map[string]string{platform.FetchedHeader: "orders/250", platform.StatusHeader: "200"},
	}
	if diff := cmp.Diff(want, d); diff != "" || len(d.ID) != 16 {
		t.Errorf("id %q: %s", d.ID, diff)
	}
}

func TestFetch_TheSameAnswerHasTheSameName(t *testing.T) {
	names := map[string][]string{}
	for _, c := range []struct{ name, target, body string }{
		{"first", "orders/250", good},
		{"again", "orders/250", good},
		{"other units", "orders/250", `{"id":"250","units":4}`},
		{"other order", "orders/25", `{"id":"25","units":3}`},
	} {
		w := newWorld()
		w.serve(t, answers(200, c.body))
		w.fetch(t, w.service(), c.target)
		id := taken(t, w.observations)[0].Delivery.ID
		names[id] = append(names[id], c.name)
	}
	if len(names) != 3 {
		t.Errorf("names %v, want one for each content", names)
	}
}

func TestFetch_TheCallSaysWhoCallsAndWithWhat(t *testing.T) {
	w := newWorld()
	var got http.Header
	w.serve(t, func(rw http.ResponseWriter, r *http.Request) {
		got = r.Header.Clone()
		answers(200, good)(rw, r)
	})
	w.fetch(t, w.service(), "orders/250")
	want := http.Header{
		"Authorization": {"Bearer the-stored-credential"}, "Accept": {"application/json"},
		"Accept-Encoding": {"gzip"}, "User-Agent": {"plumbline"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFetch_WhatSeveralDeliveriesNameIsAskedForOnce(t *testing.T) {
	w := newWorld()
	var calls atomic.Int64
	w.serve(t, func(rw http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		answers(200, good)(rw, r)
	})
	if failed := w.fetch(t, w.service(), "orders/250", "orders/250", "orders/250"); failed > 0 || calls.Load() != 1 {
		t.Errorf("%d calls, %d failed", calls.Load(), failed)
	}
}

func TestFetch_PagesComeBackAsFurtherFetches(t *testing.T) {
	w := newWorld()
	w.serve(t, answers(200, `{"list":["orders/1","orders/2","orders/1"],"next":"orders?page=2"}`))
	f := queue.Fetch{System: "erp", Fetch: platform.Fetch{Topic: "orders/listed", Target: "orders"}, Cause: "d-1", Received: nine, Tries: 2, Since: nine}
	w.service().Fetch(t.Context(), []fetch.Message{{ID: "m", Body: message(t, f)}})
	want := []queue.Fetch{
		{System: "erp", Fetch: order("orders/1"), Cause: "d-1", Received: nine, Depth: 1},
		{System: "erp", Fetch: order("orders/2"), Cause: "d-1", Received: nine, Depth: 1},
		{System: "erp", Fetch: platform.Fetch{Topic: "orders/listed", Target: "orders?page=2"}, Cause: "d-1", Received: nine, Depth: 1},
	}
	if diff := cmp.Diff(want, waiting(t, w.asked)); diff != "" {
		t.Error(diff)
	}
	f.Depth = 10_000
	w.service().Fetch(t.Context(), []fetch.Message{{ID: "m", Body: message(t, f)}})
	if length(t, w.dead) != 1 || length(t, w.asked) != 0 {
		t.Error("pages that name each other are read for ever")
	}
}

func TestFetch_ReturnsWhatItCannotRead(t *testing.T) {
	w := newWorld()
	w.serve(t, answers(200, good))
	ok := message(t, queue.Fetch{System: "erp", Fetch: order("orders/250")})
	got := w.service().Fetch(t.Context(), []fetch.Message{
		{ID: "poison", Body: "{"}, {ID: "good", Body: ok}, {ID: "unknown", Body: message(t, queue.Fetch{System: "wms", Fetch: order("orders/250")})},
	})
	if diff := cmp.Diff([]string{"poison", "unknown"}, got); diff != "" || w.became(t, 0) != observed {
		t.Errorf("%s\n%s", diff, w.log)
	}
}

func TestFetch_WithTooLittleTimeTheRestIsLeftToAnotherInvocation(t *testing.T) {
	w := newWorld()
	w.serve(t, answers(200, good))
	s := w.service()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	failed := s.Fetch(ctx, []fetch.Message{{ID: "m", Body: message(t, queue.Fetch{System: "erp", Fetch: order("orders/250")})}})
	if len(failed) > 0 || length(t, w.observations) > 0 {
		t.Error("a call was begun that may not end")
	}
	if got := waiting(t, w.asked); len(got) != 1 || got[0].Tries != 0 {
		t.Errorf("queued %+v", got)
	}
}

func TestFetch_ASlowAnswerIsCutAfterTenSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.now = time.Now
		w.transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, fmt.Errorf("quotes %s", r.Header)
		})
		began := time.Now()
		w.fetch(t, w.service(), "orders/250")
		if took := time.Since(began); took != 10*time.Second || length(t, w.asked) != 1 {
			t.Errorf("took %v, %d postponed", took, length(t, w.asked))
		}
		if !strings.Contains(w.log.String(), "did not answer in time") {
			t.Errorf("%s", w.log)
		}
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
