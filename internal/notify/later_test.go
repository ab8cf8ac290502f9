package notify_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/plumbline/plumbline/internal/notify"
)

// hint is a message about the alert that was received so many times.
func hint(w *world, id string, receives int) events.SQSEvent {
	event := batch(published(w.alerts[id]))
	event.Records[0].Attributes = map[string]string{"ApproximateReceiveCount": strconv.Itoa(receives)}
	return event
}

// shut makes the channel answer every message with the error.
func (w *world) shut(err error) {
	w.fault = func(_ int, name string) (before, after error) {
		if name == "post" || name == "edit" || name == "reply" {
			return err, nil
		}
		return nil, nil
	}
}

// done demands that the hint does not come again.
func done(t *testing.T, w *world, id string, receives int) {
	t.Helper()
	if got := failed(t.Context(), t, w.service(), hint(w, id, receives)); len(got) > 0 {
		t.Fatalf("the hint comes again after calls %v", w.calls)
	}
}

func TestWhatTheChannelRefusesIsMailedAndShownAfterTheRepair(t *testing.T) {
	for _, edits := range []bool{true, false} {
		w := newWorld(edits, stock("a1", "MUG-BLU@east"))
		w.shut(notify.ErrRefused)
		done(t, w, "a1", 1)
		if len(w.mails) != 1 || w.mails[0].Attributes["owner"] != "inventory-ops" || !strings.Contains(w.mails[0].Body, "Slack does not take") {
			t.Fatalf("mails %+v", w.mails)
		}
		w.now = start.Add(time.Minute)
		done(t, w, "a1", 1)
		w.grow("a1", "CAP-BLK@east")
		done(t, w, "a1", 1)
		end(t, w, "a1")
		done(t, w, "a1", 1)
		done(t, w, "a1", 1)
		if len(w.mails) != 3 || !strings.HasPrefix(w.mails[2].Subject, "[closed]") {
			t.Errorf("%d mails, want beginning, growth and end; the last is %q", len(w.mails), w.mails[len(w.mails)-1].Subject)
		}
		w.fault = nil
		done(t, w, "a1", 1)
		if a := w.alerts["a1"]; len(w.seen) != 1 || a.Shown != a.Seq || !a.Refused.IsZero() || a.Mailed != a.Seq {
			t.Errorf("after the repair people see %v; noted %+v", w.seqs(), a)
		}
		if edits && len(w.thread()) != 1 {
			t.Errorf("the thread tells %q", w.thread())
		}
	}
}

func TestAnAlertThatIsRefusedIsTriedEverMoreSeldom(t *testing.T) {
	w := newWorld(true, stock("a1", "MUG-BLU@east"))
	w.shut(notify.ErrRefused)
	var waits []string
	for range 9 {
		done(t, w, "a1", 1)
		next := w.alerts["a1"].Next
		waits = append(waits, next.Sub(w.now).String())
		w.now = next
	}
	want := []string{"10m0s", "10m0s", "20m0s", "40m0s", "1h20m0s", "2h40m0s", "5h20m0s", "6h0m0s", "6h0m0s"}
	if !slices.Equal(waits, want) {
		t.Errorf("waits %v, want %v", waits, want)
	}
	if len(w.mails) != 1 {
		t.Errorf("%d mails about one state", len(w.mails))
	}
}

func TestASoonerWakingIsKept(t *testing.T) {
	w := newWorld(true, stock("a1", "MUG-BLU@east"))
	w.shut(notify.ErrRefused)
	a := w.alerts["a1"]
	a.Next = start.Add(time.Minute)
	w.alerts["a1"] = a
	done(t, w, "a1", 1)
	if got := w.alerts["a1"].Next; !got.Equal(start.Add(time.Minute)) {
		t.Errorf("wakes at %s", got)
	}
}

func TestAShortWaitIsWaitedAndALongOnePutOff(t *testing.T) {
	for _, c := range []struct {
		after    time.Duration
		deadline time.Duration // 0 is none
		waited   bool
	}{{5 * time.Second, 0, true}, {6 * time.Second, 0, false}, {3 * time.Second, 20 * time.Second, true}, {3 * time.Second, 9 * time.Second, false}} {
		t.Run(fmt.Sprint(c.after, " before ", c.deadline), func(t *testing.T) {
			w := newWorld(true, stock("a1", "MUG-BLU@east"))
			limited := true
			w.fault = func(_ int, name string) (before, after error) {
				if name == "post" && limited {
					limited = false
					return &notify.WaitError{After: c.after}, nil
				}
				return nil, nil
			}
			ctx := t.Context()
			if c.deadline > 0 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, c.deadline)
				defer cancel()
			}
			if got := failed(ctx, t, w.service(), hint(w, "a1", 4)); len(got) > 0 || len(w.mails) > 0 {
				t.Fatalf("failed %v with %d mails", got, len(w.mails))
			}
			a := w.alerts["a1"]
			if c.waited != (len(w.seen) == 1) || c.waited != a.Next.IsZero() || !a.Refused.IsZero() {
				t.Errorf("%d messages, wakes at %s", len(w.seen), a.Next)
			}
			if !c.waited && !a.Next.Equal(start.Add(c.after)) {
				t.Errorf("wakes at %s, want when the channel takes messages", a.Next)
			}
		})
	}
}

func TestAChannelThatStaysSilentIsTriedAgainAndThenMailed(t *testing.T) {
	for _, err := range []error{notify.ErrUnsure, errors.New("cannot be reached")} {
		w := newWorld(true, stock("a1", "MUG-BLU@east"))
		w.shut(err)
		for receives := 1; receives <= 3; receives++ {
			if got := failed(t.Context(), t, w.service(), hint(w, "a1", receives)); len(got) != 1 || len(w.mails) > 0 {
				t.Fatalf("receipt %d: failed %v with %d mails", receives, got, len(w.mails))
			}
			w.now = w.now.Add(3 * time.Minute)
		}
		done(t, w, "a1", 4)
		if a := w.alerts["a1"]; len(w.mails) != 1 || !a.Next.Equal(w.now.Add(10*time.Minute)) {
			t.Errorf("%d mails, wakes at %s", len(w.mails), a.Next)
		}
	}
}

func TestTroubleOfOurOwnIsPutOffWithoutMail(t *testing.T) {
	w := newWorld(true, stock("a1", "MUG-BLU@east"))
	a := w.alerts["a1"]
	a.Lease = start.Add(time.Hour)
	w.alerts["a1"] = a
	if got := failed(t.Context(), t, w.service(), hint(w, "a1", 3)); len(got) != 1 {
		t.Error("a hint about an alert that another run shows was done")
	}
	done(t, w, "a1", 4)
	if a := w.alerts["a1"]; len(w.mails) > 0 || !a.Next.Equal(start.Add(10*time.Minute)) || !a.Refused.IsZero() {
		t.Errorf("%d mails, wakes at %s", len(w.mails), a.Next)
	}
}

func TestWithoutMailARefusedHintComesAgainUntilItIsPutOff(t *testing.T) {
	w := newWorld(true, stock("a1", "MUG-BLU@east"))
	down := true
	w.fault = func(_ int, name string) (before, after error) {
		switch {
		case name == "post":
			return notify.ErrRefused, nil
		case name == "mail" && down:
			return errors.New("no answer"), nil
		}
		return nil, nil
	}
	if got := failed(t.Context(), t, w.service(), hint(w, "a1", 1)); len(got) != 1 {
		t.Fatal("nobody was told and the hint is gone")
	}
	done(t, w, "a1", 4)
	down = false
	done(t, w, "a1", 1)
	if a := w.alerts["a1"]; len(w.mails) != 1 || a.Mailed != a.Seq {
		t.Errorf("%d mails after the topic was there again", len(w.mails))
	}
}

// TestARefusalLosesNothingWhereverTheRunEnds stops the run at each call, before
// and after its effect.
func TestARefusalLosesNothingWhereverTheRunEnds(t *testing.T) {
	for crash := 1; crash <= 9; crash++ {
		for _, afterwards := range []bool{false, true} {
			w := newWorld(true, stock("a1", "MUG-BLU@east"))
			dead := false
			w.fault = func(call int, name string) (before, after error) {
				switch {
				case dead || call == crash && !afterwards:
					dead = true
					return errCrash, nil
				case name == "post":
					return notify.ErrRefused, nil
				case call == crash:
					dead = true
					return nil, errCrash
				}
				return nil, nil
			}
			for receives := 1; receives <= 4; receives++ {
				if len(failed(t.Context(), t, w.service(), hint(w, "a1", receives))) == 0 {
					break
				}
				dead = false
				w.now = w.now.Add(3 * time.Minute)
			}
			a := w.alerts["a1"]
			if n := len(w.mails); n < 1 || n > 2 || a.Next.IsZero() || a.Mailed != 1 {
				t.Errorf("crash at call %d (afterwards: %t): %d mails, wakes at %s; calls %v", crash, afterwards, n, a.Next, w.calls)
			}
			w.fault = nil
			w.now = w.now.Add(time.Hour)
			done(t, w, "a1", 1)
			if len(w.seen) != 1 || len(w.thread()) != 1 {
				t.Errorf("crash at call %d (afterwards: %t): people see %v and %q", crash, afterwards, w.seqs(), w.thread())
			}
		}
	}
}
