package board_test

import (
	"time"

	"github.com/plumbline/plumbline/internal/board"
	"github.com/plumbline/plumbline/internal/change"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/fold"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/report"
	"github.com/plumbline/plumbline/internal/silence"
	"github.com/plumbline/plumbline/internal/trend"
)

var (
	newYork = must(time.LoadLocation("America/New_York"))
	// ten is 10:00 in New York.
	ten = time.Date(2026, 3, 3, 15, 0, 0, 0, time.UTC)
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func amount(text string) *commerce.Decimal {
	d := commerce.MustDecimal(text)
	return &d
}

// stock is the integration that the fixtures are about.
func stock() registry.Integration {
	return registry.Integration{
		Name: "stock-to-storefront", Purpose: "Stock from the ERP to the storefront", From: "erp", To: "shop",
		Owner:  registry.Owner{Team: "inventory-ops", Slack: "#inventory-ops", Person: "dana@acme.example", Until: ten.AddDate(0, 6, 0)},
		Deputy: registry.Owner{Person: "lee@acme.example"}, Runbook: "https://wiki.acme.example/stock",
		OnFailure: "We oversell within the hour. Pause ads.", Objectives: registry.Objectives{Agreement: 99.5, CatchUp: 30 * time.Minute},
		Rules: []registry.Rule{
			{Integration: "stock-to-storefront", ID: "stock", Kind: commerce.Inventory, From: "erp", To: "shop", Mode: registry.Alert, FirstCheck: "ERP › Job Queue Entries"},
			{Integration: "stock-to-storefront", ID: "cost", Kind: commerce.Inventory, From: "erp", To: "shop", Mode: registry.Off},
		},
	}
}

// differing is a finding about one SKU.
func differing(id, sku string, opened time.Time) finding.Finding {
	return finding.Finding{
		ID: id, Integration: "stock-to-storefront", Rule: "stock", Class: finding.Late, Kind: commerce.Inventory, Key: commerce.Key{sku, "east"},
		State: finding.Open, Severity: "critical", Owner: "inventory-ops", Since: opened.Add(-20 * time.Minute), Opened: opened, From: "erp", To: "shop",
		Differences: []finding.Difference{{Facet: "available", Expected: "9", Actual: "14", Delta: amount("5")}},
		Impact:      amount("120"), Currency: "USD", Natives: map[string]string{"shop": "4914"},
		Cause:    finding.Cause{System: "erp", Delivery: "d-0914", Received: opened.Add(-20 * time.Minute)},
		Timeline: []finding.Event{{At: opened, What: "opened: available is 14, should be 9"}}, Rev: 1,
	}
}

func numbers(pairs ...any) commerce.Facets {
	f := commerce.Facets{}
	for i := 0; i < len(pairs); i += 2 {
		f[pairs[i].(string)] = commerce.Number(commerce.Int(int64(pairs[i+1].(int))))
	}
	return f
}

// about is what is known around a finding about a SKU.
func about(f finding.Finding) board.About {
	i := stock()
	since := f.Since
	row := record.Row{
		Kind: f.Kind, Key: f.Key, Rev: 3, Views: []record.View{
			{
				ViewID: record.ViewID{System: "erp", Part: "level", Native: "EAST"}, Facets: numbers("available", 9), Received: since, Delivery: "d-0914",
				Was: []record.Past{{Until: since, Delivery: "d-0914", Facets: numbers("available", 14)}, {Until: since.Add(-time.Hour), Delivery: "d-0814", Facets: numbers("available", 17)}},
			},
			{ViewID: record.ViewID{System: "shop", Part: "level", Native: "4914"}, Facets: numbers("available", 14), Received: since.Add(-50 * time.Minute), Delivery: "d-0824"},
		},
	}
	return board.About{
		Integration: i, Rule: i.Rules[0], Links: map[string]string{"shop": "https://admin.acme.example/items/4914"}, Row: row,
		Verdicts: []judge.Verdict{{
			Integration: i.Name, Rule: "stock", Outcome: judge.Differ, Class: f.Class,
			Facets: []judge.FacetVerdict{{Facet: "available", Outcome: judge.Differ, Expected: "9", Actual: "14"}},
		}},
		Near: change.Change{ID: "c1", At: since.Add(-5 * time.Minute), What: "deploy stock job 2026.3", System: "erp"},
		Now:  f.Opened.Add(time.Minute).In(newYork),
	}
}

// snapshot is a board with one finding of each standing, and audits of a week.
func snapshot() board.Snapshot {
	open, also := differing("f-open", "MUG-BLU", ten), differing("f-also", "BOT-05L", ten.Add(time.Minute))
	open.Alert, also.Alert = "a-0914", "a-0914"
	waived, ended := differing("f-waived", "CAP-BLK", ten.Add(-time.Hour)), differing("f-ended", "TEE-RED-M", ten.Add(-30*time.Hour))
	waived.State, waived.Waiver = finding.Waived, &finding.Waiver{By: "U024BE7LH", At: ten, Until: ten.AddDate(0, 0, 14), Reason: "Robin counts it"}
	waived.Timeline = append(waived.Timeline, finding.Event{At: ten, What: "waived until 2026-03-16 by U024BE7LH: Robin counts it"})
	ended.State, ended.Resolved = finding.Resolved, ten.Add(-29*time.Hour)
	s := board.Snapshot{
		Changed: ten.Add(time.Minute), Confirmed: ten, Heard: ten, Registered: ten.AddDate(0, 0, -9), OpenLeft: 2,
		Windows: []string{"Tuesdays 07:30–08:30 America/New_York: stocktake at west"}, Ignored: []string{"sku SAMPLE-*"},
	}
	for _, f := range []finding.Finding{open, also, waived, ended} {
		s.Findings = append(s.Findings, board.FindingOf(f, about(f)))
	}
	audits, last := week()
	i := board.IntegrationOf(stock(), board.Integration{}).Audited(stock(), audits, last, ten)
	i.Line.Open, i.Line.Impact = 3, map[string]commerce.Decimal{"USD": commerce.MustDecimal("360")}
	i.Hours = board.HoursOf([]board.News{{Slots: heard(), Zone: newYork}}, ten)
	s.Integrations = []board.Integration{i}
	source := board.SourceOf(silence.Source{System: "erp", Kind: commerce.Inventory}, heard(), ten.AddDate(0, 0, -40), ten)
	source.Lost = &board.Lost{Untold: 2, Changed: 512, Since: ten.AddDate(0, 0, -2), AsOf: ten.AddDate(0, 0, -1)}
	s.Systems = []board.System{
		{
			Name: "erp", Platform: "businesscentral", Zone: "America/New_York", Sources: []board.Source{source},
			Subscribed: board.SubscribedOf(&platform.Subscriptions{Chore: "subscriptions", Lasts: 3 * 24 * time.Hour}, ten.Add(-time.Hour)),
		},
		{Name: "shop", Platform: "shopify", Zone: "America/New_York", Version: "2026-01"},
	}
	s.Audit = board.Audit{
		Run: "r", Generation: "5f2c", Began: ten.Add(-8 * time.Hour), Walked: ten.Add(-8*time.Hour + 3*time.Minute), Rows: 1204, Opened: 1, Days: 7,
		Kinds: []board.Count{{What: "inventory", N: 1204}},
	}
	return s
}

// week are seven audits, and what the last one added up.
func week() ([]report.Audit, fold.Fold) {
	var audits []report.Audit
	for day := range 7 {
		var shown fold.Sketch
		for n := range 40 {
			shown = shown.Add(time.Duration(n*n) * time.Second)
		}
		var lean trend.Tally
		lean.Add(commerce.Int(int64(day)-1), commerce.Int(1), ten)
		audits = append(audits, report.Audit{Run: "r", Began: ten.AddDate(0, 0, day-6).Add(-8 * time.Hour), Rules: map[string]report.Rule{
			"stock-to-storefront/stock": {
				Agree: 1190 + day, Differ: 6 - day/2, Shown: shown, Waiting: fold.Sketch(nil).Add(20 * time.Minute), Heard: ten,
				Leans: map[string]trend.Tally{"available": lean},
			},
		}})
	}
	return audits, fold.Fold{Rules: map[string]*fold.Rule{"stock-to-storefront/stock": {
		Outcomes: map[judge.Outcome]int{judge.Agree: 1196, judge.Differ: 3, judge.CannotTell: 4, judge.NotJudged: 3},
		Unknown:  map[string]int{"available of erp is missing": 4},
		Outside:  map[string]int{"the rule's condition is not met": 2},
	}}}
}

// heard are the slots of three weeks of a system that sends every half hour.
func heard() []silence.Slot {
	var slots []silence.Slot
	for slot := silence.SlotOf(ten.AddDate(0, 0, -21)); slot < silence.SlotOf(ten); slot += 3 {
		slots = append(slots, slot)
	}
	return slots
}
