package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/fold"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/learnt"
)

// nightly is what an audit came to of which all has to be said.
func nightly() (drift.Audited, learnt.Learnt) {
	began := time.Date(2026, 3, 4, 3, 0, 0, 0, time.UTC)
	var shown fold.Sketch
	for minute := range 20 {
		shown = shown.Add(time.Duration(minute+1) * time.Minute)
	}
	a := drift.Audited{
		Run: "2026-03-04T03:00:00Z", Generation: "9f2c41d0a7b3", Began: began, Walked: began.Add(4*time.Minute + 10*time.Second),
		Segments: 4, Rows: 20412, Left: 1, Opened: 2, Mended: []string{"a1b2c3d4e5f6"},
		Fold: fold.Fold{
			Until: began, Kinds: map[commerce.Kind]int{commerce.Inventory: 20000, commerce.Order: 412},
			Rules: map[string]*fold.Rule{
				"orders/order-in-erp": {Outcomes: map[judge.Outcome]int{judge.NotJudged: 412}},
				"stock/stock": {
					Outcomes: map[judge.Outcome]int{judge.Agree: 19890, judge.Differ: 10, judge.Pending: 40, judge.CannotTell: 60},
					Unknown:  map[string]int{"free of erp is missing": 48, "shopify-us has the record twice": 12}, Open: 11,
					From:  fold.Span{Oldest: began.Add(-200 * time.Hour), Newest: began.Add(-time.Minute)},
					To:    fold.Span{Oldest: began.Add(-100 * time.Hour), Newest: began.Add(-5 * time.Minute)},
					Waits: map[string]fold.Waits{"": {Shown: shown}},
				},
			},
		},
	}
	l := learnt.Learnt{N: 7, Rules: map[string]map[string]learnt.Time{"stock/stock": {
		"":     {Settle: 23 * time.Minute, Of: 4120, P99: 15 * time.Minute},
		"east": {Settle: 22 * time.Minute, Of: 3800, P99: 14 * time.Minute},
	}}}
	return a, l
}

func TestAudit_IsShownWithWhatItLearnt(t *testing.T) {
	var text, json bytes.Buffer
	printAudit(&output{Writer: &text}, auditAnswers(nightly()))
	golden(t, "audit.txt", text.Bytes())
	for line := range strings.Lines(text.String()) {
		if len(line) > 81 {
			t.Errorf("a line of %d columns, want 80 at most:\n%s", len(line)-1, line)
		}
	}
	if err := (&output{Writer: &json}).encode(auditAnswers(nightly())); err != nil {
		t.Fatal(err)
	}
	golden(t, "audit.json", json.Bytes())
}
