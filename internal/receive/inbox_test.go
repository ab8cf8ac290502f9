package receive_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/receive"
)

// queued is a world whose shop delivers into a queue.
func queued() *world {
	w := newWorld()
	w.service.Systems["shop"] = receive.System{Endpoint: w.shop, Inbox: true}
	return w
}

func TestDeliver_QueuesWhatAMessageSays(t *testing.T) {
	w := queued()
	if err := w.service.Deliver(t.Context(), "shop", []byte("stock 7"), nine); err != nil {
		t.Fatal(err)
	}
	got := w.observations.take(t)
	if len(got) != 1 || string(got[0].Delivery.Body) != "stock 7" || got[0].Delivery.System != "shop" || !got[0].Delivery.Received.Equal(nine) {
		t.Errorf("queued %+v", got)
	}
}

func TestDeliver_LetsAMessageComeAgainThatCouldNotBeQueued(t *testing.T) {
	w := queued()
	w.observations.down = errors.New("the queue is down")
	if err := w.service.Deliver(t.Context(), "shop", []byte("stock 7"), nine); err == nil {
		t.Error("the message is gone")
	}
}

func TestDeliver_IsForSystemsWithAQueueAlone(t *testing.T) {
	w := newWorld()
	for _, system := range []string{"shop", "dana@acme.example"} {
		if err := w.service.Deliver(t.Context(), system, []byte("stock 7"), nine); !errors.Is(err, receive.ErrNoInbox) {
			t.Errorf("%s: %v", system, err)
		}
	}
	if w.observations.length(t) > 0 || strings.Contains(w.log.String(), "dana") {
		t.Errorf("queued %d, log %s", w.observations.length(t), w.log)
	}
}

func TestReceive_HasNoAddressForASystemWithAQueue(t *testing.T) {
	w := queued()
	if got := w.receive(t, request("stock 7")); got != http.StatusNotFound || w.observations.length(t) > 0 || w.shop.looked > 0 {
		t.Errorf("answered %d, looked at %d times, want 404 and no look", got, w.shop.looked)
	}
}
