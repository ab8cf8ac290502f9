package drift_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/store"
)

// audited is what an audit that ended said of itself.
func (f *fleet) audited(t testing.TB, name string) drift.Audited {
	t.Helper()
	d, err := f.findings.GetDocument(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	var a drift.Audited
	if err := json.Unmarshal(d.Body, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// shelves is a fleet with so many SKUs that agree, and one that does not.
func shelves(t *testing.T, skus int) (*fleet, *version) {
	t.Helper()
	f := newFleet()
	v := f.version(stocked("g1", "0", atEast))
	f.deploy(v)
	for i := range skus {
		f.receive(v, f.stockOf("erp", fmt.Sprintf("SKU-%02d", i), "east", 10))
		f.receive(v, f.stockOf("shop", fmt.Sprintf("SKU-%02d", i), "501", 10))
	}
	f.receive(v, f.stockOf("erp", "MUG", "east", 10))
	f.receive(v, f.stockOf("shop", "MUG", "501", 12))
	f.mergeAll(t, v)
	f.run(t, v, 20*time.Minute)
	return f, v
}

func TestAudit_SaysWhatItWentBy(t *testing.T) {
	f, v := shelves(t, 20)
	began := f.now
	if err := v.drift.Audit(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.run(t, v, 5*time.Minute)
	a := f.audited(t, drift.AuditLatest)
	rule := a.Fold.Rules["stock/stock"]
	want := map[judge.Outcome]int{judge.Agree: 20, judge.Differ: 1}
	if diff := cmp.Diff(want, rule.Outcomes); diff != "" || rule.Open != 1 {
		t.Errorf("%d open (-want +got):\n%s", rule.Open, diff)
	}
	if a.Rows != 21 || a.Fold.Kinds[commerce.Inventory] != 21 || a.Left != 0 || a.Opened != 0 || a.Segments != 4 {
		t.Errorf("%+v", a)
	}
	if !a.Began.Equal(began) || !rule.From.Newest.Equal(nine) || !rule.To.Oldest.Equal(nine) {
		t.Errorf("began %s, sides of %+v and %+v", a.Began, rule.From, rule.To)
	}
	if diff := cmp.Diff(a, f.audited(t, "audit|"+a.Run)); diff != "" {
		t.Errorf("the audit by its run (-latest +run):\n%s", diff)
	}
}

// TestAudit_ACrashAtAnyCallCountsNothingTwice ends an invocation at each call of
// a whole audit, and compares what it says with that of one that nobody
// disturbed.
func TestAudit_ACrashAtAnyCallCountsNothingTwice(t *testing.T) {
	undisturbed := &crash{}
	want := crashedAudit(t, undisturbed)
	if undisturbed.calls < 20 {
		t.Errorf("%d calls: the test looks at too little", undisturbed.calls)
	}
	for at := 1; at <= undisturbed.calls; at++ {
		for _, applied := range []bool{false, true} {
			got := crashedAudit(t, &crash{at: at, applied: applied})
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("call %d, applied %t (-undisturbed +got):\n%s", at, applied, diff)
			}
		}
	}
}

func crashedAudit(t *testing.T, c *crash) drift.Audited {
	t.Helper()
	f, v := shelves(t, 8)
	dying(v.drift, c)
	for range 45 {
		c.dead = false
		if err := v.drift.Audit(t.Context()); err == nil {
			break
		}
	}
	for range 45 {
		f.now = f.now.Add(time.Minute)
		c.dead = false
		if err := v.drift.Tick(t.Context()); err != nil && !errors.Is(err, errDown) && !strings.Contains(err.Error(), "due rows not judged") {
			t.Fatal(err)
		}
		for more := true; more; {
			c.dead = false
			more = f.lookOne(t.Context(), v)
		}
	}
	if f.sweep(t, "audit").Ended.IsZero() {
		t.Fatalf("call %d, applied %t: the audit has no end", c.at, c.applied)
	}
	a := f.audited(t, drift.AuditLatest)
	a.Walked = time.Time{} // the only thing that a crash may change
	return a
}

// TestAudit_APartThatGoesOnTwiceIsCountedOnce lets two invocations work on the
// same part from the same place.
func TestAudit_APartThatGoesOnTwiceIsCountedOnce(t *testing.T) {
	f, v := shelves(t, 20)
	if err := v.drift.Audit(t.Context()); err != nil {
		t.Fatal(err)
	}
	again := *v.drift
	overlap := &overlapping{Documents: f.findings}
	v.drift.Documents = overlap
	for _, body := range f.sweepMessages() {
		overlap.before = func() {
			overlap.before = nil
			if failed := again.Look(t.Context(), []drift.Message{{ID: "again", Body: body}}); len(failed) > 0 {
				t.Error("the second invocation failed")
			}
		}
		if failed := v.drift.Look(t.Context(), []drift.Message{{ID: "first", Body: body}}); len(failed) > 0 {
			t.Error("the first invocation failed")
		}
	}
	f.run(t, v, 5*time.Minute)
	if a := f.audited(t, drift.AuditLatest); a.Rows != 21 || a.Fold.Kinds[commerce.Inventory] != 21 {
		t.Errorf("%d rows judged, %v counted", a.Rows, a.Fold.Kinds)
	}
}

// overlapping calls before each write of a document.
type overlapping struct {
	store.Documents
	before func()
}

func (o *overlapping) PutDocument(ctx context.Context, d store.Document) error {
	if o.before != nil {
		o.before()
	}
	return o.Documents.PutDocument(ctx, d)
}
