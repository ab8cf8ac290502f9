package alert_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

var exact = cmpopts.EquateComparable(commerce.Decimal{})

// news is one thing that may be reported of a finding, early, late or twice.
type news struct {
	join   bool
	member alert.Member
}

// findingIDs are the findings that an alert has, described or not, and whether each is
// open.
func findingIDs(a alert.Alert) map[string]bool {
	open := map[string]bool{}
	for _, m := range a.Members {
		open[m.Finding] = m.State != finding.Resolved
	}
	for id, ended := range a.Beyond {
		open[id] = ended.IsZero()
	}
	return open
}

func apply(a alert.Alert, n news) (alert.Alert, bool) {
	if n.join {
		return alert.Join(a, n.member, n.member.Opened)
	}
	return alert.Update(a, n.member)
}

func drawNews(t *rapid.T, findings int) []news {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) news {
		n := rapid.IntRange(0, findings-1).Draw(t, "finding")
		m := member(fmt.Sprintf("SKU-%d@east", n), "09:14", differs("available", "2", "1"))
		m.Opened = m.Opened.Add(time.Duration(n) * time.Second)
		if rapid.Bool().Draw(t, "resolved") {
			m.State, m.Resolved = finding.Resolved, m.Opened.Add(time.Hour)
		}
		return news{join: m.State == finding.Open && rapid.Bool().Draw(t, "join"), member: m}
	}), 1, 3*findings).Draw(t, "news")
}

func TestAnAlertIsTheSameWhateverTheOrderOfNews(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := drawNews(t, 6)
		again := slices.Concat(rapid.Permutation(all).Draw(t, "order"), rapid.SliceOf(rapid.SampledFrom(all)).Draw(t, "repeated"))
		var a, b alert.Alert
		for _, n := range all {
			a, _ = apply(a, n)
		}
		for _, n := range again {
			b, _ = apply(b, n)
		}
		if diff := cmp.Diff(findingIDs(a), findingIDs(b)); diff != "" {
			t.Fatalf("members differ (-first order +second order):\n%s", diff)
		}
		if !a.Closed.Equal(b.Closed) || a.Open() != b.Open() {
			t.Fatalf("closed %v with %d open, and %v with %d open", a.Closed, a.Open(), b.Closed, b.Open())
		}
	})
}

func TestSeqRisesOnChangeAndNeverOtherwise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := alert.Alert{Opened: at("09:00")}
		for _, n := range drawNews(t, 4) {
			before := a
			next, changed := apply(a, n)
			if diff := cmp.Diff(before, a, exact); diff != "" {
				t.Fatalf("the alert given was modified:\n%s", diff)
			}
			next.Seq, before.Seq = next.Seq-a.Seq, 0
			if equal := cmp.Equal(before.Members, next.Members, exact); changed == equal {
				t.Fatalf("changed is %t, members equal is %t", changed, equal)
			}
			if changed != (next.Seq > 0) {
				t.Fatalf("changed is %t and Seq rose by %d", changed, next.Seq)
			}
			next.Seq += a.Seq
			a = next
		}
	})
}

func TestAnAlertIsClosedWhenAllMembersHaveEnded(t *testing.T) {
	a := fourSKUs().Alert
	for i, m := range a.Members {
		m.State, m.Resolved = finding.Resolved, at("10:30").Add(time.Duration(-i)*time.Minute)
		if a, _ = alert.Update(a, m); a.Closed.IsZero() != (i < 3) {
			t.Fatalf("after %d of 4 ended: closed %v", i+1, a.Closed)
		}
	}
	if !a.Closed.Equal(at("10:30")) {
		t.Errorf("closed %v, want when the last member ended, 10:30", a.Closed)
	}
	a, changed := alert.Join(a, member("NEW@east", "10:40"), at("11:00"))
	if !changed || !a.Closed.IsZero() || a.Open() != 1 {
		t.Errorf("a finding that joins opens the alert again: changed %t, closed %v, open %d", changed, a.Closed, a.Open())
	}
}

func TestFindingsBeyondTheBoundAreCountedOnce(t *testing.T) {
	var a alert.Alert
	var all []alert.Member
	for i := range alert.MaxFindings + 5 {
		m := member(fmt.Sprintf("SKU-%04d@east", i), "09:14")
		all = append(all, m)
		a, _ = alert.Join(a, m, m.Opened)
		a, _ = alert.Join(a, m, m.Opened)
	}
	if len(a.Members) != alert.MaxMembers || a.Open() != alert.MaxFindings || a.Takes(at("09:14")) {
		t.Fatalf("%d described, %d open, takes more: %t", len(a.Members), a.Open(), a.Takes(at("09:14")))
	}
	for _, m := range all {
		if _, has := findingIDs(a)[m.Finding]; !has {
			continue
		}
		m.State, m.Resolved = finding.Resolved, at("10:31")
		a, _ = alert.Update(a, m)
		a, _ = alert.Update(a, m)
	}
	if a.Open() != 0 || !a.Closed.Equal(at("10:31")) {
		t.Errorf("%d open, closed %v; want 0 and 10:31", a.Open(), a.Closed)
	}
}

func TestAnAlertTakesFindingsUntilItsTimeIsOver(t *testing.T) {
	a := fourSKUs().Alert
	a.JoinUntil = at("09:45")
	closed := resolve(fourSKUs(), "09:40").Alert
	closed.JoinUntil = at("09:45")
	for name, c := range map[string]struct {
		alert alert.Alert
		now   string
		want  bool
	}{
		"within": {a, "09:45", true}, "after": {a, "09:46", false}, "closed": {closed, "09:41", false},
	} {
		if got := c.alert.Takes(at(c.now)); got != c.want {
			t.Errorf("%s: takes is %t", name, got)
		}
	}
}

func TestAnIDIsShortAndStable(t *testing.T) {
	ids := map[string]bool{}
	for _, parts := range [][3]string{{"a", "bc", "d"}, {"ab", "c", "d"}, {"a", "b", "cd"}, {"", "abc", "d"}} {
		id := alert.NewID(parts[0], parts[1], finding.Late, parts[2])
		if len(id) != 16 || id != alert.NewID(parts[0], parts[1], finding.Late, parts[2]) {
			t.Errorf("id %q of %v", id, parts)
		}
		ids[id] = true
	}
	if len(ids) != 4 {
		t.Errorf("different causes share an id: %v", slices.Collect(maps.Keys(ids)))
	}
}

func TestACustomerIsNamedByWhatPeopleCanLookUp(t *testing.T) {
	f := finding.Finding{
		ID: "f1", Kind: commerce.Customer, Key: commerce.Key{"9f3a0c1d2e4b5a697887"}, From: "shopify-us", To: "crm",
		Natives: map[string]string{"shopify-us": "7123", "crm": "10233"}, Cause: finding.Cause{System: "shopify-us", Delivery: "d-1"},
	}
	if got := alert.MemberOf(f, nil); got.Key != "shopify-us 7123 ↔ crm 10233" || got.Source != "shopify-us" || got.Delivery != "d-1" {
		t.Errorf("member %+v", got)
	}
	f.Natives = nil
	if got := alert.MemberOf(f, nil).Key; got != "9f3a0c1…" {
		t.Errorf("key %q, want the beginning of the hash", got)
	}
}

func TestAStoredAlertIsTheSameAndFitsInATable(t *testing.T) {
	for name, s := range samples() {
		encoded, err := json.Marshal(s.Alert)
		if err != nil {
			t.Fatal(err)
		}
		if limit := 400_000; len(encoded) > limit {
			t.Errorf("%s has %d bytes, a table takes %d", name, len(encoded), limit)
		}
		var stored alert.Alert
		if err := json.Unmarshal(encoded, &stored); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(s.Alert, stored, exact); diff != "" {
			t.Errorf("%s is not what was stored (-before +after):\n%s", name, diff)
		}
	}
}
