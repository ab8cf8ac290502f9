package receive_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/platform"
)

// polite is a shop whose platform greets, and hears more than a status.
type polite struct{ *shop }

func (polite) Greet(req platform.Request, _ []platform.Secret) (platform.Answer, bool) {
	return platform.Answer{Type: "text/plain", Body: req.Query}, req.Method == http.MethodGet
}

func (polite) Accepted(platform.Request) platform.Answer {
	return platform.Answer{Status: 202, Type: "application/json", Body: `{"code":"200"}`}
}

func (polite) Refused() platform.Answer { return platform.Answer{Status: 503} }

func TestReceive_AnswersAsThePlatformWants(t *testing.T) {
	greeting := request("")
	greeting.Method, greeting.Query = http.MethodGet, "token-7"
	put := request("stock")
	put.Method = http.MethodPut
	taken := platform.Answer{Status: 202, Type: "application/json", Body: `{"code":"200"}`}
	for _, c := range []struct {
		name                string
		request             platform.Request
		want                platform.Answer
		queued, quarantined int
	}{
		{"a handshake, which has no effect", greeting, platform.Answer{Type: "text/plain", Body: "token-7"}, 0, 0},
		{"a delivery", request("stock"), taken, 1, 0},
		{"a body that cannot be read", request("wrong"), taken, 1, 1},
		{"a wrong signature", signed(request("stock"), "key-of-mallory"), platform.Answer{Status: 503}, 0, 0},
		{"neither a handshake nor a delivery", put, platform.Answer{Status: 405}, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			system := w.service.Systems["shop"]
			system.Endpoint = polite{w.shop}
			w.service.Systems["shop"] = system
			if diff := cmp.Diff(c.want, w.service.Receive(t.Context(), "shop", c.request)); diff != "" {
				t.Error(diff)
			}
			if queued, quarantined := w.observations.length(t), w.quarantine.length(t); queued != c.queued || quarantined != c.quarantined {
				t.Errorf("%d queued and %d in quarantine, want %d and %d", queued, quarantined, c.queued, c.quarantined)
			}
		})
	}
}

// odd is a shop that delivers with PUT alone, with a secret in its query.
type odd struct{ *shop }

func (odd) Methods() []string { return []string{http.MethodPut} }

func (odd) Query(string) string { return "kept" }

func TestReceive_TakesThePlatformsMethodsAndKeepsNoSecretOfTheQuery(t *testing.T) {
	w := newWorld()
	system := w.service.Systems["shop"]
	system.Endpoint = odd{w.shop}
	w.service.Systems["shop"] = system
	r := request("stock")
	if status := w.receive(t, r); status != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", status)
	}
	r.Method, r.Query = http.MethodPut, "token=secret"
	if status := w.receive(t, r); status != http.StatusOK {
		t.Fatalf("PUT: %d", status)
	}
	if kept := w.observations.take(t)[0].Delivery.Query; kept != "kept" {
		t.Errorf("the delivery keeps the query %q", kept)
	}
}
