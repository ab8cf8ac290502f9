package dynamo_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/store/dynamo"
)

func TestHealthyTraffic_TakesHalfAReadOneWriteAndNoIndex(t *testing.T) {
	var meter dynamo.Meter
	records := dynamo.NewRecords(client(t), newTable(t, contract.Records), dynamo.WithMeter(&meter))
	const observations = 10
	for range observations {
		step(t, records)
	}
	u := meter.Usage()
	if u.Requests != 2*observations || u.Reads > 0.5*observations || u.Writes > observations || u.IndexWrites != 0 || u.Refused != 0 {
		t.Errorf("%d observations took %+v", observations, u)
	}
}

func TestMeter_CountsRefusedWritesAndTheIndex(t *testing.T) {
	var meter dynamo.Meter
	records := dynamo.NewRecords(client(t), newTable(t, contract.Records), dynamo.WithMeter(&meter))
	row := inventory(1)
	row.Due = time.Unix(1_772_546_400, 0)
	for range 2 {
		_ = records.Put(t.Context(), row) // the second one is refused
	}
	if u := meter.Usage(); u.Requests != 2 || u.Refused != 1 || u.IndexWrites != 1 || u.Writes != 1 {
		t.Errorf("%+v", u)
	}
}

func step(t testing.TB, records *dynamo.Records) {
	row := inventory(1)
	rows, err := records.Glance(t.Context(), []commerce.RecordID{row.ID()})
	if err != nil {
		t.Fatal(err)
	}
	if current, ok := rows[row.ID()]; ok {
		row = current
	}
	row.Views = []record.View{{
		ViewID: record.ViewID{System: "shopify-us", Part: "level", Native: "4914"}, Delivery: "d-1",
		Facets: commerce.Facets{"available": commerce.Number(commerce.Int(row.Rev))},
	}}
	if err := records.Put(t.Context(), row); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkObservation(b *testing.B) {
	var meter dynamo.Meter
	records := dynamo.NewRecords(client(b), newTable(b, contract.Records), dynamo.WithMeter(&meter))
	for b.Loop() {
		step(b, records)
	}
	report(b, meter.Usage())
}

func BenchmarkPut(b *testing.B) {
	var meter dynamo.Meter
	records := dynamo.NewRecords(client(b), newTable(b, contract.Records), dynamo.WithMeter(&meter))
	row := inventory(1)
	for b.Loop() {
		if err := records.Put(b.Context(), row); err != nil {
			b.Fatal(err)
		}
		row.Rev++
	}
	report(b, meter.Usage())
}

func BenchmarkGet100(b *testing.B) {
	var meter dynamo.Meter
	name := newTable(b, contract.Records)
	ids := putRows(b, dynamo.NewRecords(client(b), name), 100)
	records := dynamo.NewRecords(client(b), name, dynamo.WithMeter(&meter))
	for b.Loop() {
		if rows, err := records.Get(b.Context(), ids); err != nil || len(rows) != len(ids) {
			b.Fatal(len(rows), err)
		}
	}
	report(b, meter.Usage())
}

func report(b *testing.B, u dynamo.Usage) {
	b.ReportMetric(u.Reads/float64(b.N), "RCU/op")
	b.ReportMetric(u.Writes/float64(b.N), "WCU/op")
	b.ReportMetric(u.IndexWrites/float64(b.N), "indexWCU/op")
}

func TestFindings_CostTheIndexOnlyWhileTheyAreListed(t *testing.T) {
	for _, c := range []struct {
		name string
		put  func(*dynamo.Findings) error
		want bool
	}{
		{"open finding", func(s *dynamo.Findings) error {
			return s.PutFinding(t.Context(), finding.Finding{ID: "f", State: finding.Open})
		}, true},
		{"resolved finding", func(s *dynamo.Findings) error {
			return s.PutFinding(t.Context(), finding.Finding{ID: "f", State: finding.Resolved})
		}, false},
		{"alert to publish", func(s *dynamo.Findings) error { return s.PutAlert(t.Context(), alert.Alert{ID: "a", Seq: 1}) }, true},
		{"published alert", func(s *dynamo.Findings) error {
			return s.PutAlert(t.Context(), alert.Alert{ID: "a", Seq: 1, Published: 1})
		}, false},
		{"group", func(s *dynamo.Findings) error { return s.PutGroup(t.Context(), store.Group{Name: "g"}) }, false},
		{"mark", func(s *dynamo.Findings) error { return s.LatestMark(t.Context(), "m", time.Unix(1, 0)) }, false},
	} {
		var meter dynamo.Meter
		if err := c.put(dynamo.NewFindings(client(t), newTable(t, contract.Findings), dynamo.WithMeter(&meter))); err != nil {
			t.Fatal(err)
		}
		if u := meter.Usage(); (u.IndexWrites > 0) != c.want || u.Writes != 1 {
			t.Errorf("%s: %+v", c.name, u)
		}
	}
}
