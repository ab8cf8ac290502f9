package respond_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/queue"
)

// looks remembers what was asked for.
type looks struct{ asked []queue.Look }

func (l *looks) Send(_ context.Context, bodies ...string) error {
	for _, body := range bodies {
		look, err := queue.DecodeLook(body)
		if err != nil {
			return err
		}
		l.asked = append(l.asked, look)
	}
	return nil
}

func TestDecide_AboutSomeFindingsTheAlertTellsThoseAlone(t *testing.T) {
	w := newWorld(t, 3)
	d := decision(finding.Waive).Decision
	decided, err := w.service().Decide(t.Context(), []string{"f0001"}, d)
	must(t, err)
	a := w.alert(t)
	if len(decided) != 1 || decided[0].State != finding.Waived || a.Open() != 2 || len(a.Decided) != 0 {
		t.Errorf("decided %d, %d of the alert open, %d decisions about all of it", len(decided), a.Open(), len(a.Decided))
	}
	if a.Published != a.Seq || len(w.hints) != 1 {
		t.Errorf("published %d of %d", a.Published, a.Seq)
	}
	if _, err := w.service().Decide(t.Context(), []string{"f0001"}, d); err != nil || w.alert(t).Seq != a.Seq {
		t.Errorf("deciding twice: %v, seq %d, want %d", err, w.alert(t).Seq, a.Seq)
	}
}

func TestDecide_AboutAllThatIsOpenIsAboutTheAlert(t *testing.T) {
	w := newWorld(t, 3)
	var ids []string
	for _, f := range w.findings(t) {
		ids = append(ids, f.ID)
	}
	_, err := w.service().Decide(t.Context(), slices.Concat(ids, []string{"never written"}), decision(finding.Acknowledge).Decision)
	must(t, err)
	if a := w.alert(t); a.Taken.By != dana || len(a.Decided) != 1 {
		t.Errorf("taken by %q with %d decisions", a.Taken.By, len(a.Decided))
	}
}

func TestDecide_AFindingThatNoAlertToldIsDecidedAllTheSame(t *testing.T) {
	w := newWorld(t, 1)
	f := w.findings(t)[0]
	f.ID, f.Alert, f.Rev, f.Silent = "quiet", "", 0, true
	must(t, w.Findings.PutFinding(t.Context(), f))
	decided, err := w.service().Decide(t.Context(), []string{"quiet"}, decision(finding.Acknowledge).Decision)
	must(t, err)
	if len(decided) != 1 || decided[0].State != finding.Acknowledged || len(w.hints) != 0 {
		t.Errorf("decided %v with %d hints", states(decided), len(w.hints))
	}
}

// TestDecide_WhatEndsByItselfIsLookedAt: drift finds out then until when the row
// may rest.
func TestDecide_WhatEndsByItselfIsLookedAt(t *testing.T) {
	for action, want := range map[finding.Action]int{finding.Snooze: 3, finding.Waive: 3, finding.Acknowledge: 0} {
		w, l := newWorld(t, 3), &looks{}
		s := w.service()
		s.Looks = l
		d := decision(action)
		if action == finding.Snooze {
			d.Until = nine.Add(time.Hour)
		}
		_, err := s.Decide(t.Context(), []string{"f0000", "f0001", "f0002"}, d.Decision)
		must(t, err)
		if len(l.asked) != want {
			t.Errorf("%s: %d looks, want %d", action, len(l.asked), want)
		}
	}
}

func TestDecide_WhatIsNoDecisionIsRefused(t *testing.T) {
	w := newWorld(t, 1)
	if _, err := w.service().Decide(t.Context(), []string{"f0000"}, finding.Decision{ID: "d", By: dana, Action: finding.Snooze, At: nine}); err == nil {
		t.Error("a snooze without an end was taken")
	}
}
