package judge_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

func TestMapping_SaysWhatPlumblineDoesNotKnowOrCannotDo(t *testing.T) {
	at := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	rule := registry.Rule{ID: judge.MappingRule + "-erp", Kind: commerce.Mapping, From: "erp", To: "erp"}
	for _, c := range []struct {
		what, native string
		class        finding.Class
		why          string
	}{
		{"location", "70002", finding.UnknownMapping, "erp reports location 70002, which the registry does not map"},
		{judge.UnmappedSKU, "wms", finding.UnmappedSKU, "why"},
		{judge.Unreadable, "orders/create", finding.Unreadable, "orders/create deliveries of erp cannot be read: why"},
		{judge.Credential, "orders/fetched", finding.Refused, "erp cannot be asked for orders/fetched: why"},
		{judge.Subscription, "items", finding.Unsubscribed, "items in erp why"},
	} {
		o := commerce.Observation{
			System: "erp", Kind: commerce.Mapping, Key: commerce.Key{"erp", c.what, c.native}, Part: "mapping", Native: c.native, Slot: "mapping",
			Facets: commerce.Facets{"reason": commerce.Text("why")},
		}
		o.Stamp(commerce.VersionParts{Clock: at})
		row, _ := record.Merge(record.Row{Kind: o.Kind, Key: o.Key}, o, record.Source{Delivery: "d-1", Received: at})
		v := judge.Judge(rule, row, judge.Context{}, at)
		if v.Outcome != judge.Differ || v.Class != c.class || v.Why != c.why {
			t.Errorf("%s: %s, %s: %s", c.what, v.Outcome, v.Class, v.Why)
		}
		gone := o
		gone.Gone, gone.Facets = true, nil
		gone.Stamp(commerce.VersionParts{Clock: at.Add(time.Minute)})
		row, _ = record.Merge(row, gone, record.Source{Delivery: "d-2", Received: at.Add(time.Minute)})
		if v := judge.Judge(rule, row, judge.Context{}, at.Add(time.Minute)); v.Outcome != judge.Agree {
			t.Errorf("%s, when it is over: %s", c.what, v.Outcome)
		}
	}
}
