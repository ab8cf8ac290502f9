package main

import (
	"bytes"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/replay"
)

func TestReplay_SaysWhatWouldChange(t *testing.T) {
	was := time.Local
	time.Local = time.UTC
	defer func() { time.Local = was }()
	nine := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	r := replay.Report{
		Deliveries: 9120, Observed: 310, Rows: 25, New: 2, Newer: 4, Erased: 3, Unmerged: 1,
		Counts: []replay.Count{
			{System: "erp", Kind: commerce.Order, Observations: 120},
			{System: "shopify-us", Kind: commerce.Inventory, Observations: 8800, Views: 25},
		},
		Unread: []replay.Unread{{System: "wms", Topic: "records.reported", Problem: "records[0].facets: want an object", Count: 2}},
	}
	r.Changes = append(r.Changes, replay.Change{Kind: commerce.Inventory, Key: commerce.Key{"CAP-BLK", "east"}, System: "shopify-us", Before: "not known", After: "there"})
	for range 24 {
		r.Changes = append(r.Changes, replay.Change{
			Kind: commerce.Inventory, Key: commerce.Key{"MUG-BLU", "east"}, System: "shopify-us", Facet: "available", Before: "14", After: "9",
		})
	}
	var text bytes.Buffer
	printReplay(&output{Writer: &text}, replayAnswerOf(r, replay.Span{Since: nine, Until: nine.AddDate(0, 0, 40)}, true), nine.AddDate(0, 0, 15))
	golden(t, "replay.txt", text.Bytes())
}
