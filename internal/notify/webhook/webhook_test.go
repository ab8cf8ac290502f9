package webhook_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/notify"
	"github.com/plumbline/plumbline/internal/notify/webhook"
)

// path is the secret part of the address.
const path = "/services/T000/B000/published-test-secret"

func hook(t *testing.T, handler http.HandlerFunc) (*webhook.Sender, *httptest.Server) {
	t.Helper()
	server := httptest.NewTLSServer(handler)
	t.Cleanup(server.Close)
	sender, err := webhook.New(server.URL+path, server.Client().Transport, strings.TrimPrefix(server.URL, "https://"))
	if err != nil {
		t.Fatal(err)
	}
	return sender, server
}

func TestAMessageIsPostedAsBlocks(t *testing.T) {
	var got map[string]any
	sender, _ := hook(t, func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if err := json.Unmarshal(body, &got); err != nil || r.URL.Path != path || r.Method != http.MethodPost {
			t.Errorf("%s %s: %v", r.Method, r.URL.Path, err)
		}
	})
	m := alert.Message{Severity: "🔴", Headline: "<!channel> 4 SKUs", FirstCheck: "the job"}
	ref, err := sender.Post(t.Context(), "#x", m, 1)
	if err != nil || ref != (notify.Ref{}) {
		t.Fatalf("ref %v, error %v", ref, err)
	}
	encoded, _ := json.Marshal(got)
	if got["text"] != "🔴 &lt;!channel&gt; 4 SKUs" || len(got["blocks"].([]any)) != 2 || !strings.Contains(string(encoded), `"verbatim":true`) {
		t.Errorf("posted %s", encoded)
	}
}

func TestEveryAnswerHasItsMeaning(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		header string
		body   string
		want   error
		text   string
	}{
		"revoked":                 {404, "", "no_service", notify.ErrRefused, "404 no_service"},
		"archived":                {410, "", "channel_is_archived\n", notify.ErrRefused, "410 channel_is_archived"},
		"redirect":                {307, "", "", notify.ErrRefused, "307"},
		"chatty":                  {403, "", "see https://x.example" + path, notify.ErrRefused, "status 403"},
		"fault":                   {503, "", "", notify.ErrUnsure, "503"},
		"limit":                   {429, "7", "", &notify.WaitError{After: 7 * time.Second}, "7s"},
		"limit, how long unknown": {429, "soon", "", &notify.WaitError{After: 30 * time.Second}, "30s"},
	} {
		t.Run(name, func(t *testing.T) {
			calls := 0
			sender, _ := hook(t, func(w http.ResponseWriter, _ *http.Request) {
				calls++
				w.Header().Set("Retry-After", c.header)
				w.Header().Set("Location", "https://elsewhere.example/")
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.body)
			})
			_, err := sender.Post(t.Context(), "", alert.Message{}, 1)
			var wait, want *notify.WaitError
			if errors.As(c.want, &want) {
				if !errors.As(err, &wait) || *wait != *want {
					t.Errorf("error %v, want %v", err, c.want)
				}
			} else if !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
			if err == nil || !strings.Contains(err.Error(), c.text) || strings.Contains(err.Error(), "services") || calls != 1 {
				t.Errorf("error %q after %d calls", err, calls)
			}
		})
	}
}

func TestWhatWasNotSentIsNoDoubt(t *testing.T) {
	sender, server := hook(t, func(_ http.ResponseWriter, r *http.Request) {
		// Only a server that has read the request sees that the client is gone.
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	})
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := sender.Post(ctx, "", alert.Message{}, 1)
	if !errors.Is(err, notify.ErrUnsure) || strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("time-out: %v", err)
	}
	server.Close()
	_, err = sender.Post(t.Context(), "", alert.Message{}, 1)
	if err == nil || errors.Is(err, notify.ErrUnsure) || strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("no connection: %v", err)
	}
}

func TestOnlySlacksAddressesAreTaken(t *testing.T) {
	for address, ok := range map[string]bool{
		"https://hooks.slack.com" + path:              true,
		"http://hooks.slack.com" + path:               false,
		"https://hooks.slack.com.evil.example" + path: false,
		"https://hooks.slack.com@evil.example" + path: false,
		"https://user:x@hooks.slack.com" + path:       false,
		"https://hooks.slack.com:8443" + path:         false,
		"https://169.254.169.254" + path:              false,
		"file:///etc" + path:                          false,
		"https://hooks.slack.com/%zz" + path:          false,
		"":                                            false,
	} {
		_, err := webhook.New(address, nil)
		if (err == nil) != ok {
			t.Errorf("%s: error %v", address, err)
		}
		if err != nil && (!errors.Is(err, webhook.ErrAddress) || strings.Contains(err.Error(), "secret")) {
			t.Errorf("%s: error %v", address, err)
		}
	}
}

func TestItIsNeverAskedToEdit(t *testing.T) {
	sender, _ := hook(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was made") })
	if sender.Edits() {
		t.Error("says that it can edit")
	}
	if err := sender.Edit(t.Context(), notify.Ref{}, alert.Message{}, 1); !errors.Is(err, webhook.ErrCannotEdit) {
		t.Errorf("edit: %v", err)
	}
	if _, _, err := sender.Find(t.Context(), "", ""); !errors.Is(err, webhook.ErrCannotEdit) {
		t.Errorf("find: %v", err)
	}
}
