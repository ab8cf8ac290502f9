package alert_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/report"
)

func share(p float64) *float64 { return &p }

func usd(amount string) map[string]commerce.Decimal {
	return map[string]commerce.Decimal{"USD": commerce.MustDecimal(amount)}
}

// oneWeek are integrations in every state that a report knows.
func oneWeek() []report.Line {
	four, day := 4*time.Minute, 26*time.Hour
	goal := registry.Objectives{Agreement: 99.5, CatchUp: 30 * time.Minute}
	return []report.Line{
		{Integration: "payouts", Days: 2, Open: 1},
		{
			Integration: "stock-to-storefront", Goal: goal, Days: 7, Judged: 7000, Agreement: share(99.8242), CatchUp: 14 * time.Minute,
			Stale: &four, Budget: share(64.6), Open: 3, Impact: usd("304"),
		},
		{Integration: "loyalty", Watch: true, Goal: goal, Days: 7, Judged: 70, Agreement: share(100), Budget: share(100)},
		{
			Integration: "prices", Goal: goal, Days: 6, Judged: 6000, Agreement: share(98.9999), CatchUp: 3 * time.Hour,
			Stale: &day, Budget: share(-100), Open: 214, Impact: map[string]commerce.Decimal{"USD": commerce.Int(1930), "CAD": commerce.MustDecimal("18.5")},
		},
		{Integration: "returns", Days: 7},
		{Integration: "orders", Days: 7, Judged: 412, Agreement: share(99.99999), CatchUp: 40 * time.Second, Open: 1},
	}
}

func manyIntegrations() []report.Line {
	var lines []report.Line
	for i := range 30 {
		lines = append(lines, report.Line{Integration: fmt.Sprintf("integration-%02d", i), Days: 7, Judged: 10, Agreement: share(100)})
	}
	return lines
}

func reported(lines []report.Line) built { return built{alert.NewReport(pricing, lines, at("08:30"))} }

func TestReport_OfOneWeekIsOne(t *testing.T) {
	first, again := reported(oneWeek()), reported(oneWeek()[:2])
	next := alert.NewReport(pricing, oneWeek(), at("08:30").AddDate(0, 0, 7))
	other := alert.NewReport(alert.Owner{Team: "pricing", Slack: "#stock"}, oneWeek(), at("08:30"))
	if first.ID != again.ID || first.ID == next.ID || first.ID == other.ID {
		t.Errorf("ids %s, %s, %s and %s", first.ID, again.ID, next.ID, other.ID)
	}
	if first.ID == digest(belowLimit()).ID {
		t.Error("a report is a digest")
	}
	if r := first.Week; r.Goals != 3 || r.Met != 2 || r.Open != 219 {
		t.Errorf("%d of %d meet their goals, %d open", r.Met, r.Goals, r.Open)
	}
}
