package e2e_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/local/emulator"
)

// kept takes messages and keeps them.
type kept struct{ bodies []string }

func (k *kept) Send(_ context.Context, bodies ...string) error {
	k.bodies = append(k.bodies, bodies...)
	return nil
}

func TestAPoisonedMessage_HarmsNoOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t, local.Options{
		Memory: true, Emulators: emulator.ForTest(t), Plan: local.Plan{Prefix: "poison-", Visibility: time.Second},
		Clock: local.SteppedClock(time.Date(2026, 3, 3, 17, 0, 0, 0, time.UTC)), Schedules: []contract.Schedule{},
	})
	const garbage, good = "{\"codec\": 1, not an envelope", 9
	// Among the others of its batch, and not the last.
	bodies := slices.Insert(sealed(t, w, good), 3, garbage)
	if err := w.wire.Queue(contract.Observations).Send(t.Context(), bodies...); err != nil {
		t.Fatal(err)
	}
	w.quiesce(t)
	wantDead(t, w, map[string]int{contract.DeadLetters(contract.Observations): 1})
	batch, err := w.wire.Queue(contract.DeadLetters(contract.Observations)).Receive(t.Context(), 10, time.Second)
	if err != nil || len(batch) != 1 || batch[0].Body != garbage {
		t.Errorf("the dead letters hold %d messages and not the garbage, %v", len(batch), err)
	}
	if n := strings.Count(w.log.String(), "delivery not merged"); n != contract.MaxReceive {
		t.Errorf("the garbage was tried %d times, want %d", n, contract.MaxReceive)
	}
	rows := w.mustRows(t)
	for i := range good {
		if row := rows[fmt.Sprintf("inventory SKU-%d@east", i)]; len(row.Views) != 1 {
			t.Errorf("message %d was not applied", i)
		}
	}
	w.advance(t, 5*time.Minute) // what the archive gathers for
	kept, err := archived(t.Context(), w.wire, w.Clock().Now())
	if err != nil || len(names(kept)) != good {
		t.Errorf("%d deliveries are in the archive, want %d, %v", len(names(kept)), good, err)
	}
}

// wantDead waits until the dead letters are as wanted: a message moves there
// when it would be received once more.
func wantDead(t *testing.T, w *world, want map[string]int) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for {
		got, err := deadLetters(t.Context(), w.wire)
		if err != nil {
			t.Fatal(err)
		}
		wrong := ""
		for name, n := range got {
			if n != want[name] {
				wrong += fmt.Sprintf(" %d in %s, want %d;", n, name, want[name])
			}
		}
		if wrong == "" {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("dead letters:", wrong)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// sealed are messages as receive queues them.
func sealed(t *testing.T, w *world, n int) []string {
	t.Helper()
	service := w.receiver(t)
	var queued kept
	service.Observations = &queued
	for i := range n {
		d := commerce.Delivery{
			ID: fmt.Sprintf("message-%d", i), System: "erp", Topic: "records.reported", Received: w.Clock().Now(),
			Body: stockReport(fmt.Sprintf("SKU-%d", i), "5", w.Clock().Now()),
		}
		if _, count, err := service.Accept(t.Context(), d); err != nil || count != 1 {
			t.Fatalf("read %d observations, %v", count, err)
		}
	}
	return queued.bodies
}
