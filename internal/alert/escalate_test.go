package alert_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/registry"
)

// sent is an alert of four findings that was published at 09:35.
func sent() built {
	b := fourSKUs()
	b.Sent, b.Published, b.Shown = at("09:35"), b.Seq, b.Seq
	return b
}

// called is an alert that called the deputy and then the team.
func called(clocks ...string) built {
	b := sent()
	for _, c := range clocks {
		b.Alert, _ = alert.Plan(b.Alert, alert.Ladder{After: time.Minute, Then: time.Minute}, at(c))
		b.Shown = b.Seq - 1
	}
	return b
}

func taken(b built, clock string) built {
	b.Taken = alert.Taken{By: "U024BE7LK", At: at(clock)}
	return b
}

// climbs lists whom the alert calls, minute by minute over two days.
func climbs(a alert.Alert, l func(now time.Time) alert.Ladder, change func(now time.Time, a alert.Alert) alert.Alert) []string {
	var calls []string
	for now := a.Sent; now.Before(a.Sent.Add(48 * time.Hour)); now = now.Add(time.Minute) {
		if change != nil {
			a = change(now, a)
		}
		before := len(a.Calls)
		a, _ = alert.Plan(a, l(now), now)
		for _, c := range a.Calls[before:] {
			calls = append(calls, c.At.In(newYork).Format("2 15:04 ")+c.Whom)
		}
	}
	return calls
}

func TestPlan_WhoIsCalledAndWhen(t *testing.T) {
	night := registry.Hours{From: 20 * 60, Until: 7 * 60, Zone: newYork}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	usual := alert.Ladder{After: 15 * time.Minute, Then: time.Hour, Deputy: night, Team: night}
	ladder := func(change func(*alert.Ladder)) func(time.Time) alert.Ladder {
		l := usual
		change(&l)
		return func(time.Time) alert.Ladder { return l }
	}
	as := func(l alert.Ladder) func(time.Time) alert.Ladder { return func(time.Time) alert.Ladder { return l } }
	from := func(clock, severity string) alert.Alert {
		a := sent().Alert
		a.Sent, a.Severity = at(clock), severity
		return a
	}
	atClock := func(clock string, then func(*alert.Alert)) func(time.Time, alert.Alert) alert.Alert {
		return func(now time.Time, a alert.Alert) alert.Alert {
			if now.Equal(at(clock)) {
				then(&a)
			}
			return a
		}
	}
	states := func(state finding.State) func(*alert.Alert) {
		return func(a *alert.Alert) {
			for _, m := range a.Members {
				m.State = state
				*a, _ = alert.Update(*a, m)
			}
		}
	}
	for _, c := range []struct {
		name   string
		alert  alert.Alert
		ladder func(time.Time) alert.Ladder
		change func(time.Time, alert.Alert) alert.Alert
		want   []string
	}{
		{"the deputy, then the team, each once", from("09:35", "major"), as(usual), nil, []string{"3 09:50 deputy", "3 10:50 team"}},
		{"in quiet hours what is major waits for the morning", from("19:50", "major"), as(usual), nil, []string{"4 07:00 deputy", "4 08:00 team"}},
		{"in quiet hours what is critical calls", from("19:50", "critical"), as(usual), nil, []string{"3 20:05 deputy", "3 21:05 team"}},
		{
			"each has quiet hours of their own", from("18:50", "major"), ladder(func(l *alert.Ladder) { l.Team.From = 21 * 60 }), nil,
			[]string{"3 19:05 deputy", "3 20:05 team"},
		},
		{
			"the deputy's night is the deputy's", from("18:50", "major"), ladder(func(l *alert.Ladder) { l.Deputy.Zone = berlin }), nil,
			[]string{"4 01:00 deputy", "4 07:00 team"},
		},
		{"nobody is called without a ladder", from("09:35", "minor"), as(alert.Ladder{}), nil, nil},
		{"the team is never called", from("09:35", "major"), ladder(func(l *alert.Ladder) { l.Then = 0 }), nil, []string{"3 09:50 deputy"}},
		{
			"the owner's last day has passed", from("09:35", "major"), ladder(func(l *alert.Ladder) { l.NoOwner = true }), nil,
			[]string{"3 09:35 deputy", "3 10:35 team"},
		},
		{"the deputy's last day has passed", from("09:35", "major"), ladder(func(l *alert.Ladder) { l.NoDeputy = true }), nil, []string{"3 09:50 team"}},
		{"somebody takes it on first", from("09:35", "major"), as(usual), atClock("09:45", func(a *alert.Alert) { a.Taken.By = "U1" }), nil},
		{"the deputy takes it on", from("09:35", "major"), as(usual), atClock("09:55", func(a *alert.Alert) { a.Taken.By = "U1" }), []string{"3 09:50 deputy"}},
		{"all is acknowledged", from("09:35", "major"), as(usual), atClock("09:45", states(finding.Acknowledged)), nil},
		{"all is waived", from("09:35", "major"), as(usual), atClock("09:45", states(finding.Waived)), nil},
		{"all has ended", from("09:35", "major"), as(usual), atClock("10:00", states(finding.Resolved)), []string{"3 09:50 deputy"}},
		{"another finding opens after all was acknowledged", from("09:35", "major"), as(usual), func(now time.Time, a alert.Alert) alert.Alert {
			if now.Equal(at("09:45")) {
				states(finding.Acknowledged)(&a)
			}
			if now.Equal(at("12:00")) {
				a, _ = alert.Join(a, member("NEW@east", "11:40"), now)
			}
			return a
		}, []string{"3 12:00 deputy", "3 13:00 team"}},
		{"what nobody has seen is not escalated", func() alert.Alert { a := sent().Alert; a.Sent = time.Time{}; return a }(), as(usual), nil, nil},
	} {
		if diff := cmp.Diff(c.want, climbs(c.alert, c.ladder, c.change)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestPlan_WakesWhenTheNextCallIsDueAndNotBefore(t *testing.T) {
	l := alert.Ladder{After: 15 * time.Minute, Then: time.Hour}
	a := sent().Alert
	for _, want := range []string{"09:50", "10:50", ""} {
		var changed bool
		seen := a.Seq
		if a, changed = alert.Plan(a, l, latest(a.Next, at("09:35"))); !changed {
			t.Errorf("before %q nothing changed", want)
		}
		if a.CalledAfter(seen) != (want != "09:50") || a.CalledAfter(a.Seq) {
			t.Errorf("waiting for %q, calls %+v after %d", want, a.Calls, seen)
		}
		next := ""
		if !a.Next.IsZero() {
			next = a.Next.In(newYork).Format("15:04")
		}
		if next != want {
			t.Errorf("wakes at %q, want %q", next, want)
		}
	}
	if _, changed := alert.Plan(a, l, at("12:00")); changed {
		t.Error("all are called, and still something changes")
	}
	a = sent().Alert
	a.Next = at("09:40") // somebody else asked for it
	if a, _ = alert.Plan(a, l, at("09:36")); !a.Next.Equal(at("09:40")) {
		t.Errorf("wakes at %s, but was to be looked at earlier", a.Next)
	}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func TestLadder_IsTheIntegrations(t *testing.T) {
	i := registry.Integration{
		Owner:    registry.Owner{Quiet: registry.Hours{From: 1, Until: 2}, Until: at("09:00")},
		Deputy:   registry.Owner{Quiet: registry.Hours{From: 3, Until: 4}, Until: at("10:00")},
		Escalate: map[string]registry.Escalation{"major": {After: time.Minute, Then: time.Hour}},
	}
	want := alert.Ladder{
		After: time.Minute, Then: time.Hour, Deputy: registry.Hours{From: 3, Until: 4}, Team: registry.Hours{From: 1, Until: 2}, NoOwner: true,
	}
	if got := alert.LadderOf(i, "major", at("09:30")); got != want {
		t.Errorf("ladder %+v", got)
	}
	if got := alert.LadderOf(i, "minor", at("10:30")); got.After != 0 || !got.NoDeputy {
		t.Errorf("ladder of a minor alert %+v", got)
	}
}

func TestPlan_WhatComesBackIsAnsweredAnew(t *testing.T) {
	over := taken(called("09:50"), "09:55")
	for _, m := range over.Members {
		ended("10:30")(&m)
		m.Rev++
		over.Alert, _ = alert.Update(over.Alert, m)
	}
	if over.Over == 0 {
		t.Fatal("the alert is not over")
	}
	back := member("CAP-RED@east", "13:40", differs("available", "123", "116"))
	back.Finding, back.Opened = "back", at("14:00")
	again, joined := alert.Join(over.Alert, back, at("14:00"))
	if !joined || again.Taken.By != "" || len(again.Calls) > 0 {
		t.Errorf("taken by %q, called %v: want nobody to have answered for what came back", again.Taken.By, again.Calls)
	}
	want := []string{"3 14:15 deputy"}
	calls := climbs(again, func(time.Time) alert.Ladder { return alert.Ladder{After: 15 * time.Minute} }, nil)
	if diff := cmp.Diff(want, calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}
