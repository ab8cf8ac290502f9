package notify_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/notify"
)

func handle(t *testing.T, s *notify.Service, id string) {
	t.Helper()
	if err := s.Handle(t.Context(), id); err != nil {
		t.Fatal(err)
	}
}

// wholeLife is what a thread tells of an alert that opens, grows and ends.
var wholeLife = []string{"*MUG-BLU at east*", "1 more (CAP-BLK)", "Agree again 14:35, after 21 min; worst +5 — 2 SKUs at east"}

func TestOneMessageLivesAsLongAsItsAlert(t *testing.T) {
	w := newWorld(true, stock("a1", "MUG-BLU@east"))
	s := w.service()
	handle(t, s, "a1")
	w.grow("a1", "CAP-BLK@east")
	handle(t, s, "a1")
	end(t, w, "a1")
	handle(t, s, "a1")
	handle(t, s, "a1")
	if got := w.seqs(); !slices.Equal(got, []int64{4}) {
		t.Errorf("people see %v, want one message in its last state", got)
	}
	if got := w.thread(); !slices.Equal(got, wholeLife) {
		t.Errorf("the thread tells %q", got)
	}
	a := w.alerts["a1"]
	if a.Shown != a.Seq || a.Channel != "C-#inventory-ops" || a.Timestamp != "ts-1" || !a.Lease.IsZero() {
		t.Errorf("noted %+v", a)
	}
	if slices.Contains(w.calls, "find") {
		t.Error("the channel was searched although nothing was in doubt")
	}
}

func TestOldAndRepeatedHintsShowNothing(t *testing.T) {
	w := newWorld(true, stock("a1", "MUG-BLU@east", "CAP-BLK@east"))
	s := w.service()
	for range 5 {
		handle(t, s, "a1")
	}
	if got := w.calls; !slices.Equal(got, []string{"get", "put", "post", "reply", "put", "get", "get", "get", "get", "get"}) {
		t.Errorf("calls %v", got)
	}
}

func TestAnAlertThatGrowsWhileItIsShownIsShownAgain(t *testing.T) {
	w := newWorld(true, stock("a1", "MUG-BLU@east"))
	keys := []string{"CAP-BLK@east", "SOCK-M@east"}
	w.between = func() {
		if len(keys) > 0 {
			w.grow("a1", keys[0])
			keys = keys[1:]
		}
	}
	handle(t, w.service(), "a1")
	if got := w.seqs(); !slices.Equal(got, []int64{3}) {
		t.Errorf("people see %v, want one message that tells all three", got)
	}
}

func TestAnAlertThatKeepsChangingIsLeftForLater(t *testing.T) {
	w := newWorld(true, stock("a1", "MUG-BLU@east"))
	n := 0
	w.between = func() { n++; w.grow("a1", fmt.Sprintf("SKU-%d@east", n)) }
	if err := w.service().Handle(t.Context(), "a1"); !errors.Is(err, notify.ErrBusy) {
		t.Errorf("error %v, want busy", err)
	}
}

func TestAMessageThatSomebodyRemovedIsPostedAgain(t *testing.T) {
	w := newWorld(true, stock("a1", "MUG-BLU@east"))
	s := w.service()
	handle(t, s, "a1")
	w.seen = map[string]seen{}
	w.grow("a1", "CAP-BLK@east")
	handle(t, s, "a1")
	if got := w.seqs(); !slices.Equal(got, []int64{2}) {
		t.Errorf("people see %v", got)
	}
}

func TestAnAlertWithoutAChannelGoesToTheCommonOne(t *testing.T) {
	a := stock("a1", "MUG-BLU@east")
	a.Owner.Slack = ""
	w := newWorld(true, a)
	handle(t, w.service(), "a1")
	if got := w.alerts["a1"].Channel; got != "C-#alerts" {
		t.Errorf("channel %q", got)
	}
}

func TestAnAlertThatGaveItsFindingsAwayIsNotShown(t *testing.T) {
	for _, edits := range []bool{true, false} {
		a := stock("a1", "MUG-BLU@east")
		w := newWorld(edits, alert.Leave(a, "a2"))
		handle(t, w.service(), "a1")
		if len(w.seen) > 0 {
			t.Errorf("people see %v", w.seqs())
		}
	}
}

func TestOnlyOneRunActsOnAnAlert(t *testing.T) {
	w := newWorld(true, stock("a1", "MUG-BLU@east"))
	a := w.alerts["a1"]
	a.Lease = start.Add(time.Second)
	w.alerts["a1"] = a
	if err := w.service().Handle(t.Context(), "a1"); !errors.Is(err, notify.ErrBusy) || len(w.seen) > 0 {
		t.Errorf("error %v and %d messages while another run acts", err, len(w.seen))
	}
	w.now = start.Add(time.Second)
	handle(t, w.service(), "a1")
	if len(w.seen) != 1 {
		t.Errorf("%d messages after its lease", len(w.seen))
	}
}

func TestConcurrentHintsPostOneMessage(t *testing.T) {
	w := newWorld(true, stock("a1", "MUG-BLU@east"))
	s := w.service()
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() { _ = s.Handle(context.Background(), "a1") })
	}
	group.Wait()
	handle(t, s, "a1")
	if len(w.seen) != 1 {
		t.Errorf("%d messages", len(w.seen))
	}
}

var errCrash = errors.New("crash")

// TestEveryCrashEndsWithOneMessage stops the life of an alert at each call,
// before and after its effect, and lets the queue deliver again.
func TestEveryCrashEndsWithOneMessage(t *testing.T) {
	for crash := 1; crash <= 18; crash++ {
		for _, afterwards := range []bool{false, true} {
			w := newWorld(true, stock("a1", "MUG-BLU@east"))
			dead := false
			w.fault = func(call int, _ string) (before, after error) {
				switch {
				case dead || call == crash && !afterwards:
					dead = true
					return errCrash, nil
				case call == crash:
					dead = true
					return nil, errCrash
				default:
					return nil, nil
				}
			}
			steps := []func(){func() {}, func() { w.grow("a1", "CAP-BLK@east") }, func() { end(t, w, "a1") }}
			for _, step := range steps {
				step()
				for range 3 {
					if w.service().Handle(t.Context(), "a1") == nil {
						break
					}
					dead = false
					w.now = w.now.Add(time.Minute)
				}
			}
			if got := w.seqs(); !slices.Equal(got, []int64{4}) || w.alerts["a1"].Shown != 4 {
				t.Errorf("crash at call %d (afterwards: %t): people see %v, noted %d; calls %v", crash, afterwards, got, w.alerts["a1"].Shown, w.calls)
			}
			if got := w.thread(); len(got) != 3 || got[0] != wholeLife[0] || got[1] != wholeLife[1] || !strings.HasPrefix(got[2], "Agree again") {
				t.Errorf("crash at call %d (afterwards: %t): the thread tells %q; calls %v", crash, afterwards, got, w.calls)
			}
		}
	}
}

// TestEveryAnswerOfTheChannelEndsWithOneMessage does the same with the errors
// that a channel gives, while the run lives on.
func TestEveryAnswerOfTheChannelEndsWithOneMessage(t *testing.T) {
	for _, c := range []struct {
		name     string
		err      error
		happened bool
		searched bool
	}{
		{"unsure, posted", notify.ErrUnsure, true, true},
		{"unsure, not posted", notify.ErrUnsure, false, true},
		{"refused", notify.ErrRefused, false, false},
		{"rate limit", &notify.WaitError{After: time.Minute}, false, false},
		{"other", errors.New("cannot be reached"), false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(true, stock("a1", "MUG-BLU@east"))
			failed := false
			w.fault = func(_ int, name string) (before, after error) {
				if name != "post" || failed {
					return nil, nil
				}
				failed = true
				if c.happened {
					return nil, c.err
				}
				return c.err, nil
			}
			s := w.service()
			if err := s.Handle(t.Context(), "a1"); !errors.Is(err, c.err) {
				t.Fatalf("error %v, want %v", err, c.err)
			}
			handle(t, s, "a1")
			if got := w.seqs(); !slices.Equal(got, []int64{1}) {
				t.Errorf("people see %v", got)
			}
			if got := w.thread(); len(got) != 1 {
				t.Errorf("the thread tells %q", got)
			}
			if got := slices.Contains(w.calls, "find"); got != c.searched {
				t.Errorf("searched: %t", got)
			}
		})
	}
}

func TestDoubtOutlastsASearchThatFails(t *testing.T) {
	w := newWorld(true, stock("a1", "MUG-BLU@east"))
	w.fault = func(call int, name string) (before, after error) {
		switch {
		case name == "post" && call < 5:
			return nil, notify.ErrUnsure
		case name == "find" && call < 10:
			return &notify.WaitError{After: time.Second}, nil
		default:
			return nil, nil
		}
	}
	s := w.service()
	for range 2 {
		if err := s.Handle(t.Context(), "a1"); err == nil {
			t.Fatal("the fault did not happen")
		}
	}
	handle(t, s, "a1")
	if len(w.seen) != 1 {
		t.Errorf("%d messages", len(w.seen))
	}
}

func TestAChannelWithoutEditsTellsBeginningGrowthAndEnd(t *testing.T) {
	w := newWorld(false, stock("a1", "SKU-0@east"))
	s := w.service()
	handle(t, s, "a1")
	for i := 1; i < 80; i++ {
		w.grow("a1", fmt.Sprintf("SKU-%d@east", i))
		handle(t, s, "a1")
	}
	grown := len(w.seen)
	end(t, w, "a1")
	handle(t, s, "a1")
	handle(t, s, "a1")
	if grown != 7 || len(w.seen) != 8 {
		t.Errorf("%d messages while it grew to 80 and %d in all, want 7 and 8", grown, len(w.seen))
	}
	w.grow("a1", "BACK@east")
	handle(t, s, "a1")
	if len(w.seen) != 9 {
		t.Error("nobody was told that a closed alert is open again")
	}
	if slices.Contains(w.calls, "find") || slices.Contains(w.calls, "edit") {
		t.Error("asked the channel for what it cannot do")
	}
}

func TestAnAlertThatEndedBeforeAnybodySawItIsToldOnce(t *testing.T) {
	w := newWorld(false, stock("a1", "MUG-BLU@east"))
	end(t, w, "a1")
	s := w.service()
	handle(t, s, "a1")
	handle(t, s, "a1")
	if len(w.seen) != 1 {
		t.Errorf("%d messages", len(w.seen))
	}
}
