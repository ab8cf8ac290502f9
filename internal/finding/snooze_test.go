package finding_test

import (
	"testing"

	"github.com/plumbline/plumbline/internal/finding"
)

func TestSnooze_EndsByItselfAndCountsAsAcknowledgedUntilThen(t *testing.T) {
	f := decide(t, in(finding.Open), decided(finding.Snooze))
	if !f.Wakes().Equal(minutes(60)) {
		t.Errorf("wakes at %v, want when the snooze ends", f.Wakes())
	}
	same, notice := finding.Advance(f, differing(f), minutes(59))
	if same.State != finding.Acknowledged || notice != finding.Nothing {
		t.Errorf("%s with notice %d while it is snoozed", same.State, notice)
	}
	for name, e := range map[string]finding.Evidence{"it differs": differing(f), "nobody can tell": {}} {
		back, notice := finding.Advance(f, e, minutes(60))
		if back.State != finding.Open || notice != finding.Reopened || !back.Snoozed.IsZero() {
			t.Errorf("%s: %s with notice %d when the snooze is over, want open", name, back.State, notice)
		}
	}
	if over, _ := finding.Advance(f, finding.Evidence{Standing: finding.Agrees}, minutes(61)); over.State != finding.Resolved {
		t.Errorf("%s when the systems agree, want resolved", over.State)
	}
}

func TestSnooze_GivesWayToWhatIsDecidedLater(t *testing.T) {
	snoozed := decide(t, in(finding.Open), decided(finding.Snooze))
	for _, action := range []finding.Action{finding.Acknowledge, finding.Waive, finding.Reopen} {
		d := decided(action)
		d.At = minutes(20)
		if f := decide(t, snoozed, d); !f.Snoozed.IsZero() {
			t.Errorf("still snoozed until %v after %s", f.Snoozed, action)
		}
	}
}

// differing is evidence that says what the finding says already.
func differing(f finding.Finding) finding.Evidence {
	return finding.Evidence{Standing: finding.Differs, Class: f.Class, Differences: f.Differences}
}

func TestHandOver_TheNewTeamBeginsAnew(t *testing.T) {
	f := decide(t, in(finding.Open), decided(finding.Assign))
	f.Owner = "inventory-ops"
	after := finding.HandOver(f, "stock", minutes(30))
	if after.Owner != "stock" || after.AssignedTo != "" || len(after.Timeline) != len(f.Timeline)+1 {
		t.Errorf("owner %q, assigned to %q, %d events", after.Owner, after.AssignedTo, len(after.Timeline))
	}
	if again := finding.HandOver(after, "stock", minutes(40)); len(again.Timeline) != len(after.Timeline) {
		t.Error("handing over twice is told twice")
	}
	ended := in(finding.Resolved)
	if finding.HandOver(ended, "stock", minutes(30)).Owner != ended.Owner {
		t.Error("what has ended was handed over")
	}
}
