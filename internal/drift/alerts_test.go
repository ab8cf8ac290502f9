package drift_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/topic"
)

func TestWatch_FindsSilently(t *testing.T) {
	r := stockRegistry("from.free", 5*time.Minute)
	r.Integrations[0].Rules[0].Mode = registry.Watch
	w := newWorld(r)
	w.differ(t, "CAP-BLK")
	w.until(t, at(9, 30))
	if f := w.only(t); !f.Silent || f.Alert != "" || f.State != finding.Open {
		t.Errorf("silent %t, alert %q, state %s", f.Silent, f.Alert, f.State)
	}
	w.deliver(t, w.levelOf("shop", "CAP-BLK", 12))
	w.until(t, at(9, 40))
	if f := w.only(t); f.State != finding.Resolved {
		t.Errorf("state %s after the sides agreed", f.State)
	}
	if len(w.alerts(t))+w.published > 0 {
		t.Errorf("%d alerts, %d published", len(w.alerts(t)), w.published)
	}
}

func TestAlerts_TellTheOwnerWhatTheFindingSays(t *testing.T) {
	r := stockRegistry("from.free", 5*time.Minute)
	r.Integrations[0].Owner = registry.Owner{Team: "inventory-ops", Slack: "#inventory-ops", Person: "dana@acme.example"}
	r.Integrations[0].Deputy = registry.Owner{Person: "lee@acme.example"}
	r.People = map[string]registry.Person{"dana@acme.example": {Slack: "U024BE7LH"}}
	r.Integrations[0].Runbook, r.Integrations[0].OnFailure = "https://wiki.acme.example/stock", "Pause ads."
	r.Integrations[0].Rules[0].FirstCheck = "the job queue"
	shop := r.Systems["shop"]
	shop.AdminURL = map[commerce.Kind]string{commerce.Inventory: "https://shop.acme.example/stock/{native}"}
	r.Systems["shop"] = shop
	w := newWorld(r)
	w.differ(t, "CAP-BLK")
	w.until(t, at(9, 30))
	f := w.only(t)
	a, err := w.findings.GetAlert(t.Context(), f.Alert)
	if err != nil {
		t.Fatal(err)
	}
	if a.Owner.Team != "inventory-ops" || a.Owner.Slack != "#inventory-ops" || a.Owner.Person != "U024BE7LH" || a.Owner.Deputy != "" {
		t.Errorf("owner %+v, want people by their Slack ids alone", a.Owner)
	}
	if a.Runbook != "https://wiki.acme.example/stock" || a.OnFailure != "Pause ads." || a.FirstCheck != "the job queue" || a.Severity != "critical" {
		t.Errorf("runbook %q, on failure %q, first check %q, severity %q", a.Runbook, a.OnFailure, a.FirstCheck, a.Severity)
	}
	if m := a.Members; len(m) != 1 || m[0].Finding != f.ID || m[0].Links["shop"] != "https://shop.acme.example/stock/shop/CAP-BLK" || m[0].Links["erp"] != "" {
		t.Errorf("members %+v", m)
	}
}

func TestAlerts_FindingsOfOneCauseJoinWithinTheWindow(t *testing.T) {
	for _, c := range []struct {
		name   string
		settle time.Duration
		second time.Time
		alerts int
	}{
		{"a minute later", 5 * time.Minute, at(9, 1), 1},
		{"within two hours", 5 * time.Minute, at(10, 55), 1},
		{"after two hours", 5 * time.Minute, at(11, 5), 2},
		{"within the settle time of a slow rule", 3 * time.Hour, at(11, 55), 1},
		{"after the settle time of a slow rule", 3 * time.Hour, at(12, 5), 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(stockRegistry("from.free", c.settle))
			w.differ(t, "CAP-BLK")
			w.until(t, c.second)
			w.differ(t, "MUG")
			w.until(t, at(16, 0))
			got := w.opened(t, "stock")
			if len(got) != 2 {
				t.Fatalf("%d findings, want 2", len(got))
			}
			if all := w.alerts(t); len(all) != c.alerts || (got[0].Alert == got[1].Alert) != (c.alerts == 1) {
				t.Errorf("%d alerts, opened %s and %s; want %d", len(all), got[0].Opened, got[1].Opened, c.alerts)
			}
		})
	}
}

// What a stopped job leaves behind comes one by one, and is one message as long as
// it goes on, though not for ever.
func TestAlerts_ACauseThatGoesOnIsOneAlert(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	for i := range 9 {
		w.until(t, at(9, 0).Add(time.Duration(i)*100*time.Minute))
		w.differ(t, fmt.Sprintf("SKU-%d", i))
	}
	w.until(t, at(23, 59))
	var sizes []int
	for _, a := range w.alerts(t) {
		sizes = append(sizes, a.Size())
	}
	slices.Sort(sizes)
	if diff := cmp.Diff([]int{1, 8}, sizes); diff != "" {
		t.Errorf("findings of each alert (-want +got):\n%s", diff)
	}
}

func TestAlerts_AClosedAlertTakesNoNewFinding(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	w.differ(t, "CAP-BLK")
	w.until(t, at(9, 7))
	w.deliver(t, w.levelOf("shop", "CAP-BLK", 12))
	w.differ(t, "MUG")
	w.until(t, at(9, 30))
	if all := w.alerts(t); len(all) != 2 {
		t.Errorf("%d alerts, want a new one: what people were told is over stays over", len(all))
	}
}

func TestAlerts_AnotherClassIsAnotherAlert(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	w.deliver(t, w.levelOf("erp", "CAP-BLK", 12))
	w.deliver(t, w.levelOf("shop", "CAP-BLK", 12))
	w.now = at(9, 1)
	w.deliver(t, w.levelOf("erp", "CAP-BLK", 9))
	w.differ(t, "MUG")
	w.until(t, at(9, 30))
	got := w.opened(t, "stock")
	if len(got) != 2 || got[0].Class == got[1].Class || got[0].Alert == got[1].Alert {
		t.Errorf("%+v, want a late one and one whose value was never expected, in two alerts", got)
	}
}

// flaky is a topic that is down for the first calls.
type flaky struct {
	world *world
	down  int
	calls int
}

func (f *flaky) Publish(ctx context.Context, m topic.Message) error {
	if f.calls++; f.calls <= f.down {
		return errDown
	}
	return f.world.Publish(ctx, m)
}

func TestOutbox_IsSentAgainUntilTheTopicTakesIt(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	w.drift.Topic = &flaky{world: w, down: 2}
	w.differ(t, "CAP-BLK")
	w.now = at(9, 5)
	w.runLooks(t)
	for try := 1; try <= 2; try++ {
		if err := w.drift.Tick(t.Context()); err == nil {
			t.Errorf("tick %d hides that the topic failed", try)
		}
		if out, _ := w.findings.Outbox(t.Context(), w.now); len(out) != 1 {
			t.Fatalf("tick %d: %d alerts in the outbox, want 1", try, len(out))
		}
	}
	w.tick(t)
	w.tick(t)
	if out, _ := w.findings.Outbox(t.Context(), w.now); len(out) != 0 || w.published != 1 {
		t.Errorf("%d alerts in the outbox, %d published; want none and one", len(out), w.published)
	}
}

// crashing fails the first writes of alerts.
type crashing struct {
	store.Findings
	crashes int
}

func (c *crashing) PutAlert(ctx context.Context, a alert.Alert) error {
	if c.crashes--; c.crashes >= 0 {
		return errDown
	}
	return c.Findings.PutAlert(ctx, a)
}

type topicFunc func(ctx context.Context, m topic.Message) error

func (f topicFunc) Publish(ctx context.Context, m topic.Message) error { return f(ctx, m) }

func TestOutbox_PublishedTwiceIsHarmless(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	w.differ(t, "CAP-BLK")
	w.now = at(9, 5)
	w.runLooks(t)
	w.drift.Findings = &crashing{Findings: w.findings, crashes: 1}
	if err := w.drift.Tick(t.Context()); err == nil {
		t.Error("the tick hides that it does not know what it has published")
	}
	w.drift.Findings = w.findings
	w.tick(t)
	w.tick(t)
	all := w.alerts(t)
	if w.published != 2 || len(all) != 1 || len(all[0].Members) != 1 || all[0].Published != all[0].Seq {
		t.Errorf("published %d times, alerts %+v; want the same alert twice", w.published, all)
	}
}

func TestOutbox_AChangeDuringPublicationIsPublishedToo(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	w.differ(t, "CAP-BLK")
	w.now = at(9, 5)
	w.runLooks(t)
	w.drift.Topic = topicFunc(func(ctx context.Context, m topic.Message) error {
		if w.published == 0 {
			a := w.alerts(t)[0]
			a.Seq++
			if err := w.findings.PutAlert(ctx, a); err != nil {
				t.Fatal(err)
			}
		}
		return w.Publish(ctx, m)
	})
	w.tick(t)
	if out, _ := w.findings.Outbox(t.Context(), w.now); len(out) != 1 {
		t.Fatalf("%d alerts in the outbox, want the changed one", len(out))
	}
	w.tick(t)
	if out, _ := w.findings.Outbox(t.Context(), w.now); len(out) != 0 || w.published != 2 {
		t.Errorf("%d alerts in the outbox, %d published", len(out), w.published)
	}
}
