package main

import (
	"bytes"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

func TestBacktest_ComparesTwoVersionsOfARule(t *testing.T) {
	was := time.Local
	time.Local = time.UTC
	defer func() { time.Local = was }()
	nine := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	fired := func(number, amount string, opened, ended time.Duration) finding.Finding {
		f := finding.Finding{
			ID: number, Kind: commerce.Order, Key: commerce.Key{"shopify-us", number}, Class: finding.Missing, Owner: "order-desk", Alert: "a1",
			State: finding.Open, Opened: nine.Add(opened), Currency: "USD",
		}
		if amount != "" {
			d := commerce.MustDecimal(amount)
			f.Impact = &d
		}
		if ended > 0 {
			f.State, f.Resolved = finding.Resolved, nine.Add(ended)
		}
		return f
	}
	changed := []finding.Finding{fired("US1042", "384.10", time.Hour, 0), fired("US1050", "", 2*time.Hour, 3*time.Hour)}
	current := []finding.Finding{fired("US1042", "384.10", time.Hour, 0)}
	for i := range 12 {
		current = append(current, fired("US11"+string(rune('A'+i)), "20", time.Duration(i)*time.Hour, time.Duration(i)*time.Hour+10*time.Minute))
	}
	a := backtestAnswer{
		Rule: "orders-to-erp/order-in-erp", Since: nine, Until: nine.AddDate(0, 0, 14), Result: resultAnswerOf(changed), Findings: firedAnswers(changed),
	}
	var text bytes.Buffer
	a.print(&output{Writer: &text})
	text.WriteString("\n")
	a.compare(current, changed)
	a.print(&output{Writer: &text})
	golden(t, "backtest.txt", text.Bytes())
}
