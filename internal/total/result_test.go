package total_test

import (
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/total"
)

func bucket(entries ...total.Entry) total.Bucket {
	var s total.Sheets
	for _, e := range entries {
		s.Add(rule, e)
	}
	return s[rule].Of("2026-11-22")[0]
}

func told(e total.Entry) total.Entry {
	e.Finding = "f-1"
	return e
}

func waits(e total.Entry) total.Entry {
	e.Waits = "order-money"
	return e
}

func unknown(e total.Entry) total.Entry {
	e.Unknown = "total of erp is missing"
	return e
}

func TestJudge_SaysHowMuchOfADifferenceIsKnown(t *testing.T) {
	cents := total.Limits{Within: map[string]commerce.Decimal{"total": commerce.MustDecimal("0.05")}}
	for _, c := range []struct {
		name    string
		bucket  total.Bucket
		limits  total.Limits
		outcome total.Outcome
		why     string
	}{
		{"the same", bucket(order(1, "10", "10")), total.Limits{}, total.Agrees, ""},
		{
			"told by findings", bucket(order(1, "10", "10"), told(order(2, "384.10", "0")), told(order(3, "5", "0"))),
			total.Limits{},
			total.Explained, "open findings about 2 records explain it",
		},
		{
			"inside a settle time", bucket(told(order(1, "10", "0")), waits(order(2, "5", "0"))),
			total.Limits{},
			total.Waiting, "1 record is inside its settle time",
		},
		{
			"told in part", bucket(told(order(1, "10", "0")), order(2, "18", "0")),
			total.Limits{},
			total.Differs, "nothing explains what is left of total",
		},
		{"within what is allowed", bucket(order(1, "10", "10.05")), cents, total.Agrees, ""},
		{"just beyond what is allowed", bucket(order(1, "10", "9.94")), cents, total.Differs, "nothing explains what is left of total"},
		{"two that make up for one another", bucket(order(1, "10", "15"), order(2, "15", "10")), total.Limits{}, total.Agrees, ""},
		{
			"two that make up for one another where each has to hold", bucket(order(1, "10", "15"), order(2, "15", "10")),
			total.Limits{Each: true},
			total.Differs, "2 records do not add up by themselves",
		},
		{
			"a facet is missing", bucket(order(1, "10", "0"), unknown(order(2, "0", "0"))),
			total.Limits{},
			total.CannotTell, "shopify-us/US0002: total of erp is missing",
		},
		{
			"facets are missing", bucket(unknown(order(3, "0", "0")), unknown(order(2, "0", "0"))),
			total.Limits{},
			total.CannotTell, "shopify-us/US0002: total of erp is missing, and 1 more",
		},
		{"the day is not covered", bucket(order(1, "10", "0")), total.Limits{Trouble: "erp is silent"}, total.CannotTell, "erp is silent"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := total.Judge(c.bucket, c.limits)
			if r.Outcome != c.outcome || r.Why != c.why {
				t.Errorf("%s: %q, want %s: %q", r.Outcome, r.Why, c.outcome, c.why)
			}
		})
	}
}
