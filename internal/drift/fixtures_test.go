package drift_test

import (
	"context"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
)

// at is a time of the world's day.
func at(hour, minute int) time.Time { return time.Date(2026, 3, 3, hour, minute, 0, 0, time.UTC) }

// use makes merge and drift work under another registry.
func (w *world) use(r *registry.Registry) {
	w.merge.Registry, w.merge.Rules = r, judge.Rules(r)
	w.drift.Registry, w.drift.Rules = r, judge.Rules(r)
}

// levelOf is the stock of a SKU, changed at the world's time.
func (w *world) levelOf(system, sku string, amount int) commerce.Observation {
	facet := map[string]string{"erp": "free", "shop": "available"}[system]
	o := commerce.Observation{
		System: system, Kind: commerce.Inventory, Key: commerce.Key{sku, "east"}, Part: "level", Native: system + "/" + sku, Slot: "east",
		Facets: commerce.Facets{facet: commerce.Number(commerce.Int(int64(amount)))},
	}
	o.Stamp(commerce.VersionParts{Clock: w.now, Sequence: 1})
	return o
}

// differ makes the shop show another stock of the SKU than the ERP, from now on.
func (w *world) differ(t testing.TB, sku string) {
	t.Helper()
	w.deliver(t, w.levelOf("erp", sku, 12))
	w.deliver(t, w.levelOf("shop", sku, 9))
}

// lookAt is the message that asks to judge a record.
func lookAt(kind commerce.Kind, key ...string) string {
	return queue.EncodeLook(queue.Look{Kind: kind, Key: key, Due: nine})
}

// until lets time pass, with looks and ticks.
func (w *world) until(t *testing.T, end time.Time) {
	t.Helper()
	w.play(t, nil, end)
	w.now = end
}

func (w *world) rowOf(t testing.TB, kind commerce.Kind, key ...string) record.Row {
	t.Helper()
	id := commerce.Key(key).ID(kind)
	rows, err := w.records.Get(t.Context(), []commerce.RecordID{id})
	if err != nil {
		t.Fatal(err)
	}
	return rows[id]
}

// all lists every finding that was ever written, told or not.
func (w *world) all(t testing.TB) []finding.Finding {
	t.Helper()
	all, err := w.findings.AllFindings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (w *world) alerts(t testing.TB) []alert.Alert {
	t.Helper()
	all, err := w.findings.AllAlerts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// only is the one finding of the stock rule.
func (w *world) only(t testing.TB) finding.Finding {
	t.Helper()
	got := w.opened(t, "stock")
	if len(got) != 1 {
		t.Fatalf("%d findings, want 1", len(got))
	}
	return got[0]
}

// tampered runs before each write of a row or finding, and may refuse it.
type tampered struct {
	store.Records
	store.Findings
	row     func(record.Row) error
	finding func(finding.Finding) error
}

func (r tampered) Put(ctx context.Context, row record.Row) error {
	if r.row != nil {
		if err := r.row(row); err != nil {
			return err
		}
	}
	return r.Records.Put(ctx, row)
}

func (r tampered) PutFinding(ctx context.Context, f finding.Finding) error {
	if r.finding != nil {
		if err := r.finding(f); err != nil {
			return err
		}
	}
	return r.Findings.PutFinding(ctx, f)
}

// tamper lets drift write through the functions until the result is called.
func (w *world) tamper(row func(record.Row) error, write func(finding.Finding) error) (restore func()) {
	through := tampered{w.records, w.findings, row, write}
	w.drift.Records, w.drift.Findings = through, through
	return func() { w.drift.Records, w.drift.Findings = w.records, w.findings }
}
