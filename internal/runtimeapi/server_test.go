package runtimeapi

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// A runtime that breaks the protocol is told so, and the invocation goes on.
func TestTheAPI_RefusesWhatBreaksTheProtocol(t *testing.T) {
	a := newAPI("any")
	call := func(method, path, body string) int {
		w := httptest.NewRecorder()
		a.handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, version+path, strings.NewReader(body)))
		return w.Code
	}
	if got := call("POST", "/invocation/some/response", "{}"); got != http.StatusBadRequest {
		t.Errorf("an answer that nobody waits for: %d", got)
	}
	i := newInvocation([]byte("{}"), time.Now().Add(time.Minute))
	go func() { a.waiting <- i }()
	for _, step := range []struct {
		method, path string
		want         int
	}{
		{"GET", "/invocation/next", http.StatusOK},
		{"GET", "/invocation/next", http.StatusForbidden},
		{"POST", "/invocation/another/response", http.StatusBadRequest},
		{"POST", "/invocation/" + i.id + "/response", http.StatusAccepted},
		{"POST", "/invocation/" + i.id + "/error", http.StatusBadRequest},
		{"POST", "/invocation/next", http.StatusMethodNotAllowed},
	} {
		if got := call(step.method, step.path, `"done"`); got != step.want {
			t.Errorf("%s %s: %d, want %d", step.method, step.path, got, step.want)
		}
	}
	if got := <-i.answer; string(got.payload) != `"done"` || got.err != nil {
		t.Errorf("the answer is %q, %v", got.payload, got.err)
	}
}
