package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/registry"
)

func TestFindings_SayWhatWasDecidedAndWhoIsRight(t *testing.T) {
	r := &registry.Registry{Integrations: []registry.Integration{{Name: "stock", Rules: []registry.Rule{
		{ID: "level"}, {ID: "count", Authority: registry.AuthorityNobody},
	}}}}
	opened := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	now := opened.Add(25 * time.Hour)
	ten, low := commerce.Int(10), commerce.Int(-3)
	for name, c := range map[string]struct {
		f          finding.Finding
		json, text string
	}{
		"waived": {
			finding.Finding{
				Integration: "stock", Rule: "count", State: finding.Waived, Opened: opened, Impact: &ten, Currency: "USD",
				Waiver: &finding.Waiver{By: "dana", Reason: "display pieces", Until: now, Facet: "available", Low: &low, High: &commerce.Decimal{}},
			},
			`{"score":"20","currency":"USD","authority":"nobody","assigned_to":"","snoozed_until":null,"waiver":{"by":"dana",` +
				`"until":"2026-03-02T10:00:00Z","reason":"display pieces","facet":"available","low":"-3","high":"0"}}`,
			"available from -3 to 0: display pieces",
		},
		"snoozed": {
			finding.Finding{Integration: "stock", Rule: "level", State: finding.Acknowledged, Opened: opened, Snoozed: now, AssignedTo: "lee"},
			`{"score":null,"currency":"","authority":"from","assigned_to":"lee","snoozed_until":"2026-03-02T10:00:00Z","waiver":null}`,
			"snoozed   until ",
		},
		"of no rule": {
			finding.Finding{Integration: "stock", Rule: "silent", State: finding.Resolved, Opened: opened, Impact: &ten, Currency: "USD"},
			`{"score":null,"currency":"USD","authority":"","assigned_to":"","snoozed_until":null,"waiver":null}`, "",
		},
	} {
		a := decidedAnswerOf(r, c.f, now)
		if got, err := json.Marshal(a); err != nil || string(got) != c.json {
			t.Errorf("%s: %s, error %v", name, got, err)
		}
		var text bytes.Buffer
		a.print(&output{Writer: &text})
		if !strings.Contains(text.String(), c.text) || c.text == "" && text.Len() > 0 {
			t.Errorf("%s: prints %q", name, text.String())
		}
	}
}
