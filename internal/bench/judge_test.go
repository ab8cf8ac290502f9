package bench

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
)

// BenchmarkJudge judges one stock row of the demo registry, without any I/O.
// The floor folds the views of the row into its two sides and compares nothing.
func BenchmarkJudge(b *testing.B) {
	w := newWorld(b)
	rule := judge.Rules(w.registry)[commerce.Inventory][0]
	agreed := stockRow(0)
	changed, _ := record.Merge(agreed, stockOf("erp", "free", 50, time.Hour), source(time.Hour))
	full := stockRow(record.MaxPast + 2)
	behind, _ := record.Merge(full, stockOf("erp", "free", 50, time.Hour), source(time.Hour))
	for _, c := range []struct {
		name string
		row  record.Row
		want judge.Outcome
		now  time.Time
	}{
		{"agree", agreed, judge.Agree, nine.Add(time.Hour)},
		{"pending", changed, judge.Pending, nine.Add(time.Hour + time.Minute)},
		{"late with a full memory", behind, judge.Differ, nine.Add(5 * time.Hour)},
	} {
		b.Run(c.name, func(b *testing.B) {
			context := judge.Context{Tables: w.registry.Tables, InFlight: &judge.InFlight{}}
			if v := judge.Judge(rule, c.row, context, c.now); v.Outcome != c.want {
				b.Fatalf("%s: %s, want %s", v.Outcome, v.Why, c.want)
			}
			verdict := func() error { judge.Judge(rule, c.row, context, c.now); return nil }
			sides := func() error { c.row.SideOf("erp"); c.row.SideOf("shopify-us"); return nil }
			took := turns(b, hundred(sides), hundred(verdict))
			b.ReportMetric(float64(took[0])/100, "ns-floor-sides")
			b.ReportMetric(float64(took[1])/100, "ns/row")
			b.ReportMetric(allocations(b, verdict), "allocs")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// hundred makes a step long enough to be timed.
func hundred(step func() error) func() error {
	return func() error {
		for range 100 {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	}
}

// stockRow is a row on which both sides agree after so many changes of both.
func stockRow(changes int) record.Row {
	row := record.Row{Kind: commerce.Inventory, Key: commerce.Key{"TENT-2P", "east"}}
	for i := range changes + 1 {
		at := time.Duration(i) * time.Minute
		row, _ = record.Merge(row, stockOf("erp", "free", 100+i, at), source(at))
		row, _ = record.Merge(row, stockOf("shopify-us", "available", 97+i, at), source(at+30*time.Second))
	}
	return row
}

func stockOf(system, facet string, units int, at time.Duration) commerce.Observation {
	o := commerce.Observation{
		System: system, Kind: commerce.Inventory, Key: commerce.Key{"TENT-2P", "east"}, Part: "level", Native: "TENT-2P", Slot: "east",
		Facets: commerce.Facets{facet: commerce.Number(commerce.Int(int64(units))), "tracked": commerce.Bool(true)},
	}
	o.Stamp(commerce.VersionParts{Clock: nine.Add(at), Sequence: 1})
	return o
}

func source(at time.Duration) record.Source {
	return record.Source{Delivery: "00000001-bdd9-4b37-8a5f-bf7d70bcd043", Received: nine.Add(at)}
}
