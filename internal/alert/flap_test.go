package alert_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/finding"
)

// flapping is an alert about records that each came the given number of times,
// every ten minutes since 09:10, the last ones differing at 11:00.
func flapping(spells ...int) built {
	b := stock(alert.ClassFlapping)
	b.Calm, b.FirstCheck = 2*time.Hour, ""
	for i, last := range spells {
		for n := 3; n <= last; n++ {
			m := spellOf(fmt.Sprintf("SKU-%d@east", i), n)
			b.Alert, _ = alert.Flap(b.Alert, m, n, at("09:10"))
			if n < last || i == 1 {
				m.State, m.Resolved = finding.Resolved, m.Opened.Add(5*time.Minute)
				b.Alert, _ = alert.Flap(b.Alert, m, n, at("09:10"))
			}
		}
	}
	return b
}

func spellOf(key string, n int) alert.Member {
	opened := at("10:00").Add(time.Duration(n) * 10 * time.Minute)
	m := member(key, "09:14", differs("available", "14", "9"))
	m.Finding, m.Since, m.Opened = fmt.Sprintf("%s-%d", key, n), opened.Add(-time.Minute), opened
	return m
}

func rested(b built) built {
	m := b.Members[0]
	m.State, m.Resolved = finding.Resolved, at("11:05")
	b.Alert, _ = alert.Flap(b.Alert, m, m.Spells, m.Since)
	b.Alert, _ = alert.Plan(b.Alert, alert.Ladder{}, at("13:05"))
	return b
}

func TestFlap_ARecordIsOneMemberHoweverOftenItComes(t *testing.T) {
	a := flapping(9).Alert
	if len(a.Members) != 1 || a.Members[0].Finding != "SKU-0@east-9" || a.Members[0].Spells != 9 || !a.Members[0].Since.Equal(at("09:10")) {
		t.Fatalf("members %+v", a.Members)
	}
	before := a
	for name, m := range map[string]alert.Member{
		"the same again":             spellOf("SKU-0@east", 9),
		"late news of an older time": spellOf("SKU-0@east", 7),
	} {
		spells := 9
		if name != "the same again" {
			spells = 7
		}
		if got, changed := alert.Flap(a, m, spells, at("09:10")); changed {
			t.Errorf("%s changed the alert: %+v", name, got.Members)
		}
	}
	m := spellOf("SKU-0@east", 9)
	m.State, m.Resolved = finding.Resolved, at("11:40")
	if a, _ = alert.Flap(a, m, 9, at("09:10")); a.Open() != 1 || !a.Closed.IsZero() {
		t.Errorf("an end is not the end: %d open, closed %s", a.Open(), a.Closed)
	}
	if late, changed := alert.Flap(a, spellOf("SKU-0@east", 9), 9, at("09:10")); changed {
		t.Errorf("late news opens it again: %+v", late.Members)
	}
	if diff := cmp.Diff(flapping(9).Alert, before, exact); diff != "" {
		t.Errorf("the alert given was modified:\n%s", diff)
	}
}

func TestFlap_ComesToRestAfterALongCalm(t *testing.T) {
	a := flapping(4, 3).Alert // the second agrees since 10:35, the first differs
	a, changed := alert.Plan(a, alert.Ladder{}, at("10:40"))
	if !changed || !a.Next.Equal(at("12:35")) {
		t.Fatalf("wakes at %s, want when the second has agreed for two hours", a.Next)
	}
	if a, changed = alert.Plan(a, alert.Ladder{}, at("12:35")); !changed || a.Open() != 1 || !a.Next.IsZero() {
		t.Fatalf("%d open, wakes at %s", a.Open(), a.Next)
	}
	if again, changed := alert.Plan(a, alert.Ladder{}, at("20:00")); changed {
		t.Errorf("what still differs comes to rest: %+v", again.Members)
	}
	m := a.Members[0]
	m.State, m.Resolved = finding.Resolved, at("20:05")
	a, _ = alert.Flap(a, m, m.Spells, m.Since)
	if a, _ = alert.Plan(a, alert.Ladder{}, at("22:05")); !a.Closed.Equal(at("20:05")) {
		t.Errorf("closed %s, want when the last one began to agree", a.Closed)
	}
	if a.TakesFlapping(at("22:06")) {
		t.Error("an alert that is over takes records")
	}
}

func TestFlap_AcknowledgedStaysSo(t *testing.T) {
	a := flapping(4).Alert
	m := a.Members[0]
	m.State, m.Since = finding.Acknowledged, at("11:00")
	a, _ = alert.Update(a, m)
	if m := a.Members[0]; m.Spells != 4 || !m.Since.Equal(at("09:10")) {
		t.Errorf("a decision forgets how often it came: %+v", m)
	}
	a, _ = alert.Flap(a, spellOf("SKU-0@east", 5), 5, at("09:10"))
	if m := a.Members[0]; m.State != finding.Acknowledged || m.Spells != 5 {
		t.Errorf("the next time it is %s, %d times", m.State, m.Spells)
	}
}

func TestCalm_IsLongForSlowRules(t *testing.T) {
	for settle, want := range map[time.Duration]time.Duration{0: 2 * time.Hour, 20 * time.Minute: 2 * time.Hour, time.Hour: 6 * time.Hour} {
		if got := alert.Calm(settle); got != want {
			t.Errorf("settle %s: %s, want %s", settle, got, want)
		}
	}
}

// Whoever decides about a finding may do so while the record's next one is told.
func TestFlap_ADecisionAboutAnOlderFindingAddsNoMember(t *testing.T) {
	a := flapping(9).Alert
	older := spellOf("SKU-0@east", 7)
	older.State, older.Resolved = finding.Resolved, older.Opened.Add(5*time.Minute)
	if next, changed := alert.Update(a, older); changed {
		t.Errorf("members %+v, want the record once", next.Members)
	}
}
