package drift_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/registry"
)

// decideNow stores a decision about the only finding, and has its row looked at.
func (w *world) decideNow(t *testing.T, d finding.Decision) {
	t.Helper()
	f := w.only(t)
	d.ID, d.By, d.At = "d-"+string(d.Action), "dana", w.now
	next, _, err := finding.Decide(f, d)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.findings.PutFinding(t.Context(), next); err != nil {
		t.Fatal(err)
	}
	if err := w.looks.SendAfter(t.Context(), 0, queue.EncodeLook(queue.Look{Kind: f.Kind, Key: f.Key, Due: w.now})); err != nil {
		t.Fatal(err)
	}
}

func TestDecided_ASnoozeAndAWaiverEndOnTime(t *testing.T) {
	for _, d := range []finding.Decision{
		{Action: finding.Snooze, Until: at(10, 17)},
		{Action: finding.Waive, Until: at(10, 17), Reason: "counted tonight"},
	} {
		w := newWorld(stockRegistry("from.free", 5*time.Minute))
		w.differ(t, "CAP-BLK")
		w.until(t, at(9, 30))
		w.decideNow(t, d)
		w.until(t, at(10, 16))
		if f := w.only(t); f.State == finding.Open {
			t.Errorf("%s: open again at %v, want 10:17", d.Action, w.now)
		}
		w.until(t, at(10, 19))
		if f := w.only(t); f.State != finding.Open {
			t.Errorf("%s: %s two minutes after its end, want open", d.Action, f.State)
		}
	}
}

func TestHandOver_OpenFindingsAndTheirAlertsFollowTheRegistry(t *testing.T) {
	r := stockRegistry("from.free", 5*time.Minute)
	w := newWorld(r)
	w.differ(t, "CAP-BLK")
	w.until(t, at(9, 30))
	r.Integrations[0].Owner = registry.Owner{Team: "stock", Slack: "#stock"}
	w.until(t, at(16, 0))
	f := w.only(t)
	a, err := w.findings.GetAlert(t.Context(), f.Alert)
	if err != nil || f.Owner != "stock" || a.Owner.Team != "stock" || a.Owner.Slack != "#stock" {
		t.Errorf("%v: the finding is %s's, the alert %+v's", err, f.Owner, a.Owner)
	}
}

func TestPromoted_WhatARuleOnlyWatchedIsAlerted(t *testing.T) {
	r := stockRegistry("from.free", 5*time.Minute)
	r.Integrations[0].Rules[0].Mode = registry.Watch
	w := newWorld(r)
	w.differ(t, "CAP-BLK")
	w.until(t, at(9, 30))
	if f := w.only(t); !f.Silent || f.Alert != "" {
		t.Fatalf("silent %t, alert %q", f.Silent, f.Alert)
	}
	stored := &stored{now: w.now, records: w.records, findings: w.findings, looks: w.looks.waiting}
	r.Integrations[0].Rules[0].Mode = registry.Alert
	w = newWorldOver(r, stored)
	w.until(t, at(16, 0))
	if f := w.only(t); f.Silent || f.Alert == "" {
		t.Errorf("silent %t, alert %q after the rule was promoted", f.Silent, f.Alert)
	}
}
