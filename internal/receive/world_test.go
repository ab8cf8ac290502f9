package receive_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/queue/memqueue"
	"github.com/plumbline/plumbline/internal/receive"
	"github.com/plumbline/plumbline/internal/secret"
)

var nine = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)

const maxBody = 100

// The secrets of the shop.
var (
	current  = secret.Reference{Store: secret.SSM, Name: "/acme/current"}
	previous = secret.Reference{Store: secret.SSM, Name: "/acme/previous"}
)

// world is receive over queues in memory, with one system named shop.
type world struct {
	service      *receive.Service
	observations *lane
	quarantine   *lane
	fetches      *lane
	secrets      secrets
	shop         *shop
	log          *bytes.Buffer
	sealing      error
}

func newWorld() *world {
	w := &world{
		observations: newLane(), quarantine: newLane(), fetches: newLane(), shop: &shop{}, log: &bytes.Buffer{},
		secrets: secrets{current: "key-of-today", previous: "key-of-yesterday"},
	}
	w.service = &receive.Service{
		Systems: map[string]receive.System{"shop": {Endpoint: w.shop, Secrets: []secret.Reference{previous, current}}},
		Secrets: w.secrets, Observations: w.observations, Quarantine: w.quarantine, Fetches: w.fetches,
		Seal: func(_ context.Context, e queue.Envelope) (string, error) {
			if w.sealing != nil {
				return "", w.sealing
			}
			return queue.Encode(e)
		},
		Generation: "g1", MaxBody: maxBody,
		Log: slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	return w
}

// request is what the shop sends, signed with the current secret.
func request(body string) platform.Request {
	return platform.Request{
		Method:   http.MethodPost,
		Header:   http.Header{"Signature": {"key-of-today"}, "Topic": {"stock/update"}, "Id": {"d-1"}, "Cookie": {"not kept"}},
		Query:    "retry=1",
		Body:     []byte(body),
		Received: nine.Add(1234567 * time.Nanosecond),
	}
}

func signed(r platform.Request, key string) platform.Request {
	r.Header = r.Header.Clone()
	r.Header.Set("Signature", key)
	return r
}

func (w *world) receive(t *testing.T, r platform.Request) int {
	t.Helper()
	return w.service.Receive(t.Context(), "shop", r).Code()
}

// lane is a queue that may be down.
type lane struct {
	*memqueue.Queue
	down error
}

func newLane() *lane {
	return &lane{Queue: memqueue.New(memqueue.Options{Now: func() time.Time { return nine }, Visibility: time.Minute})}
}

func (l *lane) Send(ctx context.Context, bodies ...string) error {
	if l.down != nil {
		return l.down
	}
	return l.Queue.Send(ctx, bodies...)
}

// take takes everything off the queue.
func (l *lane) take(t *testing.T) []queue.Envelope {
	t.Helper()
	var all []queue.Envelope
	for {
		messages, err := l.Receive(t.Context(), 10, 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(messages) == 0 {
			return all
		}
		for _, m := range messages {
			e, err := queue.Decode(m.Body)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, e)
		}
		if err := l.Delete(t.Context(), messages...); err != nil {
			t.Fatal(err)
		}
	}
}

func (l *lane) length(t *testing.T) int {
	t.Helper()
	visible, inFlight, delayed, err := l.Depth(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return visible + inFlight + delayed
}

// secrets gives secrets by reference; one that is not there is out of reach.
type secrets map[secret.Reference]string

func (s secrets) Resolve(_ context.Context, ref secret.Reference) (string, error) {
	if value, ok := s[ref]; ok {
		return value, nil
	}
	return "", fmt.Errorf("resolve %s: %w", ref, secret.ErrUnavailable)
}

// shop is a platform whose signature is its secret, and whose bodies say how
// they are to be read.
type shop struct {
	looked, read int
}

func (s *shop) Verify(r platform.Request, secrets []platform.Secret) error {
	for _, key := range secrets {
		if r.Header.Get("Signature") == string(key) {
			return nil
		}
	}
	return platform.ErrSignature
}

func (s *shop) Identify(r platform.Request) (topic, id string) {
	s.looked++
	return r.Header.Get("Topic"), r.Header.Get("Id")
}

func (s *shop) Headers() []string { return []string{"topic", "id", "zone"} }

func (s *shop) Sign(platform.Sample, platform.Secret) http.Header { return nil }

func (s *shop) Normalise(d commerce.Delivery) (platform.Reading, error) {
	s.read++
	where := func(path string) error { return &platform.BodyError{Where: path, Want: "a number"} }
	switch string(d.Body) {
	case "unknown topic":
		return platform.Reading{Ignored: "unknown topic"}, nil
	case "wrong":
		return platform.Reading{}, fmt.Errorf("read stock: %w", where("records[3].facets.free"))
	case "wrong in two places":
		return platform.Reading{}, errors.Join(where("records[1].id"), fmt.Errorf("and: %w", where("records[2].id")))
	case "foreign error":
		return platform.Reading{}, fmt.Errorf("invalid character in %q", "dana@acme.example")
	case "forget a customer":
		return platform.Reading{Erase: []commerce.Erasure{{System: d.System, Native: "77", Hash: "c0ffee", Orders: []string{"5"}}}}, nil
	case "forget a customer without an address":
		return platform.Reading{Erase: []commerce.Erasure{{System: d.System, Native: "77"}}}, nil
	case "forget the shop":
		return platform.Reading{Erase: []commerce.Erasure{{System: d.System}}}, nil
	case "order 250 changed":
		return platform.Reading{Ignored: "thin event", Fetch: []platform.Fetch{
			{Topic: "orders/fetched", Target: "orders/250"}, {Topic: "lines/fetched", Target: "orders/250"}, {Topic: "orders/fetched", Target: "orders/250"},
		}}, nil
	case "panic":
		panic("dana@acme.example")
	}
	o := commerce.Observation{
		System: d.System, Kind: commerce.Inventory, Key: commerce.Key{"MUG-BLU", "east"}, Part: "level", Native: "1", Slot: "east",
		Facets: commerce.Facets{"available": commerce.Number(commerce.Int(12))},
	}
	o.Stamp(commerce.VersionParts{Clock: nine})
	return platform.Reading{Observations: []commerce.Observation{o}}, nil
}
