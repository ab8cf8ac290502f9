package drift_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
)

// crash ends an invocation at one of its calls, before the call has an effect or
// after it: from then on nothing that it asks for is done.
type crash struct {
	calls, at int
	applied   bool
	dead      bool
}

func (c *crash) call(do func() error) error {
	if c.dead {
		return errDown
	}
	c.calls++
	if c.calls != c.at {
		return do()
	}
	c.dead = true
	if c.applied {
		_ = do()
	}
	return errDown
}

// dying makes all that a drift writes, and all that it reads on a walk, a call
// that may be the last.
func dying(d *drift.Service, c *crash) {
	d.Records, d.Sweeps = crashRecords{d.Records, c}, crashSweeps{d.Sweeps, c}
	d.Looks, d.Findings = crashLooks{d.Looks, c}, crashFindings{d.Findings, c}
	d.Documents = crashDocuments{d.Documents, c}
}

type (
	crashRecords struct {
		drift.Records
		*crash
	}
	crashFindings struct {
		store.Findings
		*crash
	}
	crashSweeps struct {
		store.Sweeps
		*crash
	}
	crashLooks struct {
		drift.Looks
		*crash
	}
	crashDocuments struct {
		store.Documents
		*crash
	}
)

func (c crashRecords) Put(ctx context.Context, row record.Row) error {
	return c.call(func() error { return c.Records.Put(ctx, row) })
}

func (c crashRecords) Page(ctx context.Context, segment, segments int, cursor string, limit int) (rows []record.Row, next string, err error) {
	err = c.call(func() (err error) {
		rows, next, err = c.Records.Page(ctx, segment, segments, cursor, limit)
		return err
	})
	return rows, next, err
}

func (c crashSweeps) GetSweep(ctx context.Context, name string) (s store.Sweep, err error) {
	err = c.call(func() (err error) {
		s, err = c.Sweeps.GetSweep(ctx, name)
		return err
	})
	return s, err
}

func (c crashSweeps) PutSweep(ctx context.Context, s store.Sweep) error {
	return c.call(func() error { return c.Sweeps.PutSweep(ctx, s) })
}

func (c crashDocuments) GetDocument(ctx context.Context, name string) (d store.Document, err error) {
	err = c.call(func() (err error) {
		d, err = c.Documents.GetDocument(ctx, name)
		return err
	})
	return d, err
}

func (c crashDocuments) PutDocument(ctx context.Context, d store.Document) error {
	return c.call(func() error { return c.Documents.PutDocument(ctx, d) })
}

func (c crashLooks) SendAfter(ctx context.Context, delay time.Duration, body string) error {
	return c.call(func() error { return c.Looks.SendAfter(ctx, delay, body) })
}

func (c crashFindings) PutFinding(ctx context.Context, f finding.Finding) error {
	return c.call(func() error { return c.Findings.PutFinding(ctx, f) })
}

func (c crashFindings) PutGroup(ctx context.Context, g store.Group) error {
	return c.call(func() error { return c.Findings.PutGroup(ctx, g) })
}

func (c crashFindings) PutAlert(ctx context.Context, a alert.Alert) error {
	return c.call(func() error { return c.Findings.PutAlert(ctx, a) })
}

// TestWalk_ACrashAtAnyCallIsMadeGood ends an invocation at each call of a whole
// walk, from the tick that notes the change to the end.
func TestWalk_ACrashAtAnyCallIsMadeGood(t *testing.T) {
	undisturbed := &crash{}
	crashedWalk(t, undisturbed)
	if undisturbed.calls < 30 {
		t.Errorf("%d calls: the test looks at too little", undisturbed.calls)
	}
	for at := 1; at <= undisturbed.calls; at++ {
		crashedWalk(t, &crash{at: at})
		crashedWalk(t, &crash{at: at, applied: true})
	}
}

func crashedWalk(t *testing.T, c *crash) {
	t.Helper()
	f := newFleet()
	old, next := f.version(stocked("g1", "5", atEast)), f.version(stocked("g2", "1", atEast, withSecond))
	f.deploy(old)
	f.apart(t, old, 3)
	f.deploy(next)
	dying(next.drift, c)
	for range 40 {
		f.now = f.now.Add(time.Minute)
		c.dead = false
		if err := next.drift.Tick(t.Context()); err != nil && !errors.Is(err, errDown) && !strings.Contains(err.Error(), "due rows not judged") {
			t.Fatal(err)
		}
		for more := true; more; {
			c.dead = false
			more = f.lookOne(t.Context(), next)
		}
	}
	where := fmt.Sprintf("call %d, applied %t", c.at, c.applied)
	if len(f.open(t)) != 6 {
		t.Errorf("%s: %d findings, want 6", where, len(f.open(t)))
	}
	if alerts := f.alerts(t); len(alerts) != 1 || alerts[0].Open() != 6 {
		t.Errorf("%s: %d alerts, want one with all findings", where, len(alerts))
	}
	if s := f.sweep(t, "policy"); s.Ended.IsZero() || s.Generation != "g2" {
		t.Errorf("%s: the walk has no end: %+v", where, s)
	}
}
