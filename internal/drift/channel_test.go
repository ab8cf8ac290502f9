package drift_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/topic"
)

// minutes counts what is published in each minute: alerts that people have not
// seen, and all messages.
type minutes struct {
	*world
	fresh, all map[time.Time]map[string]bool
	seen       map[string]bool
}

func (w *world) count() *minutes {
	m := &minutes{w, map[time.Time]map[string]bool{}, map[time.Time]map[string]bool{}, map[string]bool{}}
	w.drift.Topic = m
	return m
}

func (m *minutes) Publish(_ context.Context, message topic.Message) error {
	var body struct{ Alert string }
	if err := json.Unmarshal([]byte(message.Body), &body); err != nil {
		return err
	}
	minute := m.now.Truncate(time.Minute)
	for _, counts := range []map[time.Time]map[string]bool{m.fresh, m.all} {
		if counts[minute] == nil {
			counts[minute] = map[string]bool{}
		}
	}
	m.all[minute][body.Alert] = true
	if !m.seen[body.Alert] {
		m.fresh[minute][body.Alert] = true
	}
	m.seen[body.Alert] = true
	return nil
}

// rush is n alerts of many findings each, which nobody has seen.
func rush(channel string, n int) []alert.Alert {
	var all []alert.Alert
	for i := range n {
		a := alert.Alert{
			ID: fmt.Sprintf("%s-%03d", channel, i), Integration: fmt.Sprintf("integration-%d", i%5), Rule: "stock", Class: finding.Late,
			Severity: []string{"major", "critical"}[i%2], Owner: alert.Owner{Team: "ops", Slack: channel}, Kind: commerce.Inventory,
			From: "erp", To: "shop", Opened: nine, Seq: alert.MaxFindings, More: alert.MaxFindings - alert.MaxMembers, Beyond: map[string]time.Time{},
		}
		for j := range alert.MaxMembers {
			a.Members = append(a.Members, alert.Member{Finding: fmt.Sprintf("%d-%d", i, j), Key: fmt.Sprintf("SKU-%d@east", j), State: finding.Open, Since: nine, Opened: nine})
		}
		for j := range a.More {
			a.Beyond[fmt.Sprintf("%d+%d", i, j)] = time.Time{}
		}
		all = append(all, a)
	}
	return all
}

func (w *world) put(t testing.TB, alerts ...alert.Alert) {
	t.Helper()
	for _, a := range alerts {
		if err := w.findings.PutAlert(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
}

func TestChannel_AHundredThousandFindingsAreAFewMessagesAMinute(t *testing.T) {
	r := stockRegistry("from.free", 5*time.Minute)
	r.AlertsPerMinute = 6
	w := newWorld(r)
	w.put(t, rush("#ops", 50)...)
	m := w.count()
	var notice alert.Alert
	for range 12 {
		w.tick(t)
		w.tick(t) // a second tick in the same minute
		if minute := w.now.Truncate(time.Minute); len(m.fresh[minute]) > 6 {
			t.Errorf("%s: %d new messages, at most 6 may be", minute, len(m.fresh[minute]))
		}
		if w.now.Equal(nine) {
			notice = w.storms(t)[0]
		}
		w.now = w.now.Add(time.Minute)
	}
	if waits := notice.Waits; waits.Alerts != 45 || waits.Findings != 45*alert.MaxFindings || waits.Integrations != 5 || len(waits.Biggest) != 5 {
		t.Errorf("the notice tells of %+v", waits)
	}
	if len(m.seen) != 51 {
		t.Errorf("%d alerts were told, want all 50 and one notice", len(m.seen))
	}
	if all := w.storms(t); len(all) != 1 || all[0].Closed.IsZero() || all[0].Published != all[0].Seq {
		t.Errorf("notices %+v, want one that is over", all)
	}
	if out, _ := w.findings.Outbox(t.Context(), w.now); len(out) > 0 {
		t.Errorf("%d alerts never rest", len(out))
	}
	for _, a := range w.alerts(t) {
		if a.Severity == "major" && a.Class != alert.ClassStorm && a.Sent.Before(nine.Add(4*time.Minute)) {
			t.Errorf("%s was told at %s, before what is critical", a.ID, a.Sent)
		}
	}
}

func (w *world) storms(t *testing.T) []alert.Alert {
	t.Helper()
	var all []alert.Alert
	for _, a := range w.alerts(t) {
		if a.Class == alert.ClassStorm {
			all = append(all, a)
		}
	}
	return all
}

func TestChannel_ChangesAndEndsAreNotHeldBack(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	known := rush("#ops", 30)
	for i := range known {
		known[i].Published, known[i].Sent = known[i].Seq-1, nine
	}
	w.put(t, known...)
	m := w.count()
	w.tick(t)
	if len(m.all[nine]) != 30 || len(w.storms(t)) > 0 {
		t.Errorf("%d of 30 changes are published, %d notices", len(m.all[nine]), len(w.storms(t)))
	}
}

func TestChannel_OneChannelDoesNotWaitForAnother(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	w.put(t, rush("#busy", 20)...)
	w.put(t, rush("#calm", 2)...)
	m := w.count()
	w.tick(t)
	if !m.seen["#calm-000"] || !m.seen["#calm-001"] || len(m.fresh[nine]) != 8 {
		t.Errorf("told %v", m.seen)
	}
}

func TestChannel_EachRushHasItsNotice(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	for i := range 2 {
		w.put(t, rush(fmt.Sprint("#ops", i), 9)...) // another id each time
		for _, a := range w.alerts(t) {
			if a.Owner.Slack != "#ops" && a.Class != alert.ClassStorm {
				a.Owner.Slack = "#ops"
				w.put(t, a)
			}
		}
		for range 3 {
			w.now = w.now.Add(time.Minute)
			w.tick(t)
		}
	}
	all := w.storms(t)
	if len(all) != 2 || all[0].Closed.IsZero() || all[1].Closed.IsZero() {
		t.Errorf("notices %+v, want one for each rush", all)
	}
}

// TestChannel_TwoTicksAtOnceShareTheRation lets a second tick do all of its work
// just before the first one takes its part.
func TestChannel_TwoTicksAtOnceShareTheRation(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	w.put(t, rush("#ops", 20)...)
	m := w.count()
	second, ran := *w.drift, false
	w.drift.Findings = &before{w.findings, func() {
		if !ran {
			ran = true
			if err := second.Tick(t.Context()); err != nil {
				t.Error(err)
			}
		}
	}}
	w.tick(t)
	if !ran || len(m.fresh[nine]) != 6 {
		t.Errorf("%d new messages from two ticks, want 6", len(m.fresh[nine]))
	}
}

// before does something before a group is written.
type before struct {
	store.Findings
	do func()
}

func (b *before) PutGroup(ctx context.Context, g store.Group) error {
	b.do()
	return b.Findings.PutGroup(ctx, g)
}

// TestChannel_AStopAnywhereTellsAll stops the work of the minute in which a rush
// begins, or in which it ends, at each of its writes.
func TestChannel_AStopAnywhereTellsAll(t *testing.T) {
	for _, ticks := range []int{0, 1} {
		stopAnywhere(t, ticks, false)
		stopAnywhere(t, ticks, true)
	}
}

func stopAnywhere(t *testing.T, ticks int, after bool) {
	t.Helper()
	for write := 1; ; write++ {
		w := newWorld(stockRegistry("from.free", 5*time.Minute))
		w.put(t, rush("#ops", 9)...)
		m := w.count()
		for range ticks {
			w.tick(t)
			w.now = w.now.Add(time.Minute)
		}
		stop := &stopping{Findings: w.findings, at: write, after: after}
		w.drift.Findings = stop
		_ = w.drift.Tick(t.Context())
		w.drift.Findings = w.findings
		if stop.at > 0 {
			return
		}
		for range 6 {
			w.now = w.now.Add(time.Minute)
			w.tick(t)
		}
		for _, a := range w.alerts(t) {
			if a.Published != a.Seq || a.Class == alert.ClassStorm && a.Closed.IsZero() {
				t.Errorf("stopped at write %d: %s is published up to %d of %d, closed %s", write, a.ID, a.Published, a.Seq, a.Closed)
			}
		}
		for minute, fresh := range m.fresh {
			if len(fresh) > 6 {
				t.Errorf("stopped at write %d: %d new messages at %s", write, len(fresh), minute)
			}
		}
	}
}

func TestOutbox_WhatIsNotShownIsHintedAtAgain(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	refused := rush("#ops", 1)[0]
	refused.Published, refused.Sent, refused.Shown, refused.Next = refused.Seq, nine, refused.Seq-1, at(9, 10)
	w.put(t, refused)
	m := w.count()
	w.drift.Topic = &deaf{w, refused.ID}
	w.now = at(9, 10)
	if err := w.drift.Tick(t.Context()); err == nil {
		t.Error("the tick hides that the topic failed")
	}
	w.drift.Topic = m
	w.tick(t)
	w.now = at(9, 20)
	w.tick(t)
	if len(m.all) != 1 || !m.all[at(9, 10)][refused.ID] {
		t.Errorf("hints %v, want one when the topic takes it", m.all)
	}
	if a := w.alerts(t)[0]; a.Seq != refused.Seq || !a.Next.IsZero() {
		t.Errorf("alert is at %d of %d and wakes at %s", a.Seq, refused.Seq, a.Next)
	}
	if out, _ := w.findings.Outbox(t.Context(), w.now); len(out) > 0 {
		t.Errorf("%d alerts never rest", len(out))
	}
}
