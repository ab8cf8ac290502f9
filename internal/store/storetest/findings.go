package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/store"
)

// FindingsAndMarks is what one store of findings offers.
type FindingsAndMarks interface {
	store.Findings
	store.Sweeps
	store.Documents
	store.Marks
}

// Findings runs the suite of findings, alerts, groups, sweeps and marks. Each call of
// open returns an empty store.
func Findings(t *testing.T, open func(t *testing.T) FindingsAndMarks) {
	for name, test := range map[string]func(*testing.T, FindingsAndMarks){
		"a finding comes back as written":        findingComesBack,
		"a finding's lost race changes nothing":  findingLost,
		"active findings are those not resolved": activeFindings,
		"ended quietly are those no alert told":  endedQuietly,
		"what went into another alert is passed": followAlert,
		"an alert comes back as written":         alertComesBack,
		"the outbox holds what is not published": outbox,
		"of many claims one wins":                oneClaim,
		"a group follows its revisions":          groups,
		"a record's findings are found":          findingsOf,
		"a deleted finding is gone":              deleteFinding,
		"a deleted group is gone":                deleteGroup,
		"a sweep follows its revisions":          sweeps,
		"a document is kept whole":               documents,
		"marks keep the earliest and the latest": marksKeep,
		"more marks than one request takes":      manyMarks,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

// Finding returns a finding with every field set.
func Finding(id string) finding.Finding {
	impact, worst := commerce.MustDecimal("43.50"), commerce.Int(-3)
	return finding.Finding{
		ID: id, Integration: "stock-to-storefront", Rule: "stock", Class: finding.ValueDiffers,
		Kind: commerce.Inventory, Key: commerce.Key{"MUG-BLU", "east"}, State: finding.Open,
		Severity: "high", Owner: "inventory-ops", Silent: true,
		Since: noon, Opened: noon.Add(time.Minute), Resolved: noon.Add(time.Hour),
		Cause: finding.Cause{
			System: "erp", Delivery: "d-1", Received: noon,
			Version: commerce.NewVersion(commerce.VersionParts{Clock: noon, Sequence: 7}, [8]byte{1}),
		},
		Differences: []finding.Difference{{Facet: "available", Expected: "17", Actual: "14", Delta: &worst}, {Facet: "tracked", Expected: "true", Actual: "missing"}},
		From:        "erp", To: "shopify-us", Impact: &impact, Currency: "USD", Worst: &worst, Began: map[string]commerce.Decimal{"available": worst},
		Natives: map[string]string{"shopify-us": "4914"}, Alert: "a-1",
		Timeline: []finding.Event{{At: noon, What: "opened"}}, Why: "the ERP counted again",
	}
}

// Alert returns an alert with every field set and nothing published.
func Alert(id string) alert.Alert {
	f := Finding("f-1")
	return alert.Alert{
		ID: id, Integration: f.Integration, Rule: f.Rule, Class: f.Class, Severity: f.Severity,
		Owner: alert.Owner{Team: "inventory-ops", Slack: "#inventory-ops", Person: "dana", Deputy: "lee"},
		From:  f.From, To: f.To, Kind: f.Kind, Runbook: "builtin", OnFailure: "We oversell.", FirstCheck: "Look.",
		Members: []alert.Member{{
			Finding: f.ID, Key: "MUG-BLU@east", State: f.State, Since: f.Since, Opened: f.Opened, Resolved: f.Resolved,
			Differences: f.Differences, Impact: f.Impact, Currency: f.Currency, Why: f.Why,
			Links: map[string]string{"erp": "https://erp.acme.example/1"},
		}},
		More: 2, Opened: noon, JoinUntil: noon.Add(10 * time.Minute), Closed: noon.Add(time.Hour),
		Seq: 3, Published: 2, Shown: 1, Channel: "C1", Timestamp: "1.2",
	}
}

func findingComesBack(t *testing.T, s FindingsAndMarks) {
	if _, err := s.GetFinding(t.Context(), "f-1"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("before: got %v, want ErrNotFound", err)
	}
	want := Finding("f-1")
	must(t, s.PutFinding(t.Context(), want))
	got, err := s.GetFinding(t.Context(), "f-1")
	want.Rev = 1
	if diff := Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	must(t, s.PutFinding(t.Context(), finding.Finding{ID: "f-2"}))
	got, err = s.GetFinding(t.Context(), "f-2")
	if diff := Diff(finding.Finding{ID: "f-2", Rev: 1}, got); diff != "" || err != nil {
		t.Errorf("an empty one: %v %s", err, diff)
	}
}

func findingLost(t *testing.T, s FindingsAndMarks) {
	f := Finding("f-1")
	must(t, s.PutFinding(t.Context(), f))
	f.State = finding.Resolved
	for _, rev := range []int64{0, 2} {
		f.Rev = rev
		if err := s.PutFinding(t.Context(), f); !errors.Is(err, store.ErrLost) {
			t.Errorf("revision %d: got %v, want ErrLost", rev, err)
		}
	}
	if got, err := s.GetFinding(t.Context(), "f-1"); err != nil || got.State != finding.Open || got.Rev != 1 {
		t.Errorf("a lost write changed the finding: %v %v %v", got.State, got.Rev, err)
	}
}

func activeFindings(t *testing.T, s FindingsAndMarks) {
	states := []finding.State{finding.Open, finding.Acknowledged, finding.Waived, finding.Resolved}
	for i, state := range states {
		f := Finding(fmt.Sprintf("f-%d", i))
		f.State = state
		must(t, s.PutFinding(t.Context(), f))
	}
	expectFindings(t, "active", s.ActiveFindings, "f-0", "f-1", "f-2")
	f, err := s.GetFinding(t.Context(), "f-1")
	must(t, err)
	f.State = finding.Resolved
	must(t, s.PutFinding(t.Context(), f))
	expectFindings(t, "active after one resolved", s.ActiveFindings, "f-0", "f-2")
	expectFindings(t, "all", s.AllFindings, "f-0", "f-1", "f-2", "f-3")
}

func endedQuietly(t *testing.T, s FindingsAndMarks) {
	for id, change := range map[string]func(*finding.Finding){
		"f-0": func(*finding.Finding) {},
		"f-1": func(f *finding.Finding) { f.Resolved = noon.Add(time.Minute) },
		"f-2": func(f *finding.Finding) { f.Resolved = noon.Add(-time.Second) },
		"f-3": func(f *finding.Finding) { f.State = finding.Waived },
		"f-4": func(f *finding.Finding) { f.Alert = "a-1" },
		"f-5": func(f *finding.Finding) { f.Opened = time.Time{} },
	} {
		f := Finding(id)
		f.Opened, f.State, f.Resolved, f.Alert = noon.Add(-time.Hour), finding.Resolved, noon, ""
		change(&f)
		must(t, s.PutFinding(t.Context(), f))
	}
	since := func(at time.Time) func(context.Context) ([]finding.Finding, error) {
		return func(ctx context.Context) ([]finding.Finding, error) { return s.EndedQuietly(ctx, at) }
	}
	expectFindings(t, "ended since noon", since(noon), "f-0", "f-1")
	expectFindings(t, "ended since a minute later", since(noon.Add(time.Minute)), "f-1")
	expectFindings(t, "active beside", s.ActiveFindings, "f-3")
}

func followAlert(t *testing.T, s FindingsAndMarks) {
	for from, to := range map[string]string{"a-1": "a-2", "a-2": "a-3", "a-3": "", "a-4": "a-4"} {
		a := Alert(from)
		a.Into = to
		must(t, s.PutAlert(t.Context(), a))
	}
	for _, id := range []string{"a-1", "a-2", "a-3"} {
		if a, err := store.FollowAlert(t.Context(), s, id); err != nil || a.ID != "a-3" {
			t.Errorf("%s leads to %q, %v", id, a.ID, err)
		}
	}
	if _, err := store.FollowAlert(t.Context(), s, "a-4"); err == nil {
		t.Error("an alert that went into itself is found")
	}
	if _, err := store.FollowAlert(t.Context(), s, "a-5"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
	expectAlerts(t, "all", s.AllAlerts, "a-3")
}

func alertComesBack(t *testing.T, s FindingsAndMarks) {
	if _, err := s.GetAlert(t.Context(), "a-1"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("before: got %v, want ErrNotFound", err)
	}
	want := Alert("a-1")
	must(t, s.PutAlert(t.Context(), want))
	got, err := s.GetAlert(t.Context(), "a-1")
	want.Rev = 1
	if diff := Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	if err := s.PutAlert(t.Context(), Alert("a-1")); !errors.Is(err, store.ErrLost) {
		t.Errorf("a second first write: got %v, want ErrLost", err)
	}
}

func outbox(t *testing.T, s FindingsAndMarks) {
	for _, id := range []string{"a-2", "a-1"} {
		must(t, s.PutAlert(t.Context(), Alert(id)))
	}
	expectOutbox(t, "at first", s, noon, "a-1", "a-2")
	a, err := s.GetAlert(t.Context(), "a-1")
	must(t, err)
	change := func(f func(*alert.Alert)) {
		t.Helper()
		f(&a)
		must(t, s.PutAlert(t.Context(), a))
		a.Rev++
	}
	change(func(a *alert.Alert) { a.Published = a.Seq })
	expectOutbox(t, "after one was published", s, noon, "a-2")
	change(func(a *alert.Alert) { a.Seq++ })
	expectOutbox(t, "after it changed", s, noon, "a-1", "a-2")
	change(func(a *alert.Alert) { a.Hold = noon })
	expectOutbox(t, "before the end of a hold", s, noon.Add(-time.Second), "a-2")
	expectOutbox(t, "at the end of a hold", s, noon, "a-1", "a-2")
	change(func(a *alert.Alert) { a.Published, a.Hold, a.Next = a.Seq, time.Time{}, noon })
	expectOutbox(t, "before it wants attention", s, noon.Add(-time.Second), "a-2")
	expectOutbox(t, "when it wants attention", s, noon, "a-1", "a-2")
	must(t, s.PutFinding(t.Context(), Finding("f-1")))
	expectAlerts(t, "all", s.AllAlerts, "a-1", "a-2")
}

func expectOutbox(t *testing.T, what string, s FindingsAndMarks, until time.Time, want ...string) {
	t.Helper()
	expectAlerts(t, "outbox "+what, func(ctx context.Context) ([]alert.Alert, error) { return s.Outbox(ctx, until) }, want...)
}

func oneClaim(t *testing.T, s FindingsAndMarks) {
	var all sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for range 20 {
		all.Go(func() {
			err := s.PutAlert(t.Context(), Alert("a-1"))
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			} else if !errors.Is(err, store.ErrLost) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if won != 1 {
		t.Errorf("%d of 20 won", won)
	}
}

func groups(t *testing.T, s FindingsAndMarks) {
	if _, err := s.GetGroup(t.Context(), "stock|erp"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("before: got %v, want ErrNotFound", err)
	}
	g := store.Group{
		Name:   "stock|erp",
		Alerts: []store.Joinable{{Alert: "a-1", Until: noon, Traits: alert.Traits{alert.ByLocation: "east"}}, {Alert: "a-2", Until: noon}},
		Spells: alert.Spells{Count: 3, First: noon, Ended: noon.Add(time.Hour), Last: "f-1"}, Expires: noon.Add(time.Minute),
		Channel: alert.Channel{Minute: noon, Sent: 2, Storm: "a-3"},
	}
	must(t, s.PutGroup(t.Context(), g))
	if err := s.PutGroup(t.Context(), g); !errors.Is(err, store.ErrLost) {
		t.Errorf("a second first write: got %v, want ErrLost", err)
	}
	g.Rev, g.Alerts = 1, nil
	must(t, s.PutGroup(t.Context(), g))
	got, err := s.GetGroup(t.Context(), g.Name)
	g.Rev = 2
	if diff := Diff(g, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
}

func sweeps(t *testing.T, s FindingsAndMarks) {
	if _, err := s.GetSweep(t.Context(), "policy"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("before: got %v, want ErrNotFound", err)
	}
	sweep := store.Sweep{
		Name: "policy", Run: "r-1", Generation: "0123456789ab", Since: noon, Cause: "the registry changed: rule stock",
		Rules:   map[string]store.SweepRule{"stock-to-storefront/stock": {Kind: commerce.Inventory, Digest: "aa"}},
		Changed: []string{"stock-to-storefront/stock"}, Kinds: []commerce.Kind{commerce.Inventory},
		Noted: noon, Begun: noon.Add(time.Minute), Ended: noon.Add(time.Hour),
		Segments: []store.SweepSegment{{Cursor: "inventory|7:MUG-BLU|4:east", Rows: 3, Left: 1, Opened: 2, Moved: noon}, {Done: true, Moved: noon}},
	}
	must(t, s.PutSweep(t.Context(), sweep))
	if err := s.PutSweep(t.Context(), sweep); !errors.Is(err, store.ErrLost) {
		t.Errorf("a second first write: got %v, want ErrLost", err)
	}
	sweep.Rev, sweep.Segments[0].Done = 1, true
	must(t, s.PutSweep(t.Context(), sweep))
	got, err := s.GetSweep(t.Context(), sweep.Name)
	sweep.Rev = 2
	if diff := Diff(sweep, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	if _, err := s.GetSweep(t.Context(), "audit"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("another name: got %v, want ErrNotFound", err)
	}
}

func marksKeep(t *testing.T, s FindingsAndMarks) {
	for _, offset := range []time.Duration{0, 5, -7 * time.Hour, time.Hour, time.Minute, -1} {
		must(t, s.EarliestMark(t.Context(), "first", noon.Add(offset)))
		must(t, s.LatestMark(t.Context(), "last", noon.Add(offset)))
	}
	must(t, s.LatestMark(t.Context(), "gone", noon))
	must(t, s.DeleteMark(t.Context(), "gone"))
	must(t, s.DeleteMark(t.Context(), "never there"))
	got, err := s.GetMarks(t.Context(), []string{"first", "last", "gone", "never there", "last"})
	want := map[string]time.Time{"first": noon.Add(-7 * time.Hour), "last": noon.Add(time.Hour)}
	if diff := Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
}

func manyMarks(t *testing.T, s FindingsAndMarks) {
	var names []string
	for i := range 120 {
		names = append(names, fmt.Sprintf("seen|erp|%d", i))
		must(t, s.LatestMark(t.Context(), names[i], noon))
	}
	if got, err := s.GetMarks(t.Context(), names); err != nil || len(got) != len(names) {
		t.Errorf("got %d marks, %v", len(got), err)
	}
	if got, err := s.GetMarks(t.Context(), nil); err != nil || len(got) != 0 {
		t.Errorf("no names: got %d marks, %v", len(got), err)
	}
}
