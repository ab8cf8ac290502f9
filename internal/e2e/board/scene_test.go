package board_test

import (
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/blob/memblob"
	"github.com/plumbline/plumbline/internal/board/web"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/day/daytest"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/fold"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/report"
	"github.com/plumbline/plumbline/internal/silence"
	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/trend"
)

const root = "../../.."

// scene is the board as it stood in the afternoon of the recorded day, served to
// this machine.
type scene struct {
	address string
	pages   []string
	// typical are the first pages of each sort: of findings, by their rule and how
	// they stand, and of records, by their kind.
	typical map[string]bool
	// open is the page of a finding that is open.
	open string
}

const integrationPage = "integration-stock-to-storefront.html"

func newScene(t *testing.T) scene {
	t.Helper()
	reg := daytest.Load(t, filepath.Join(root, "plumbline.yaml"))
	for i := range reg.Integrations {
		reg.Integrations[i].Objectives = registry.Objectives{Agreement: 99.5, CatchUp: 30 * time.Minute}
	}
	s := daytest.New(t, reg, root, daytest.Read(t, filepath.Join(root, "events", "day")))
	bucket, then := &memblob.Store{}, &memblob.Store{}
	s.Drift.Board = &drift.Board{Pages: bucket, Zone: s.Zone}
	first := time.Date(2026, 3, 3, 0, 0, 0, 0, s.Zone)
	remember(t, s, reg, first)
	s.Aside(10, 5, func() {
		if err := s.Drift.Audit(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
	s.Aside(10, 25, func() {
		keys, err := bucket.List(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range keys {
			page, err := bucket.Get(t.Context(), key)
			if err == nil {
				err = then.Put(t.Context(), key, page)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	})
	s.Play(t)
	server := httptest.NewServer(web.Handler(then, slog.New(slog.DiscardHandler)))
	t.Cleanup(server.Close)
	keys, err := then.List(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	out := scene{address: server.URL + "/", typical: map[string]bool{}}
	seen := map[string]bool{}
	for _, key := range keys {
		if !strings.HasSuffix(key, ".html") {
			continue
		}
		page, err := then.Get(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		out.pages = append(out.pages, key)
		sort := sortOf(key, string(page))
		out.typical[key] = !seen[sort]
		seen[sort] = true
		if strings.HasPrefix(key, "finding-") && strings.Contains(string(page), "<title>MUG-BLU") {
			out.open = key
		}
	}
	if out.open == "" || len(out.pages) < 50 {
		t.Fatalf("%d pages, and %q", len(out.pages), out.open)
	}
	return out
}

var lead = regexp.MustCompile(`<p class="lead">(.*?)(?:, as of.*)?</p>`)

// sortOf is what a page has in common with others of its sort.
func sortOf(name, page string) string {
	if of := lead.FindStringSubmatch(page); of != nil && (strings.HasPrefix(name, "finding-") || strings.HasPrefix(name, "record-")) {
		return of[1]
	}
	return name
}

// remember gives the day the weeks before it: what audits found, and when systems
// were heard.
func remember(t *testing.T, s *daytest.Stage, reg *registry.Registry, day time.Time) {
	t.Helper()
	for back := 6; back > 0; back-- {
		began := day.AddDate(0, 0, -back).Add(2 * time.Hour)
		audit := report.Audit{Run: began.UTC().Format(time.RFC3339), Began: began.UTC(), Rules: map[string]report.Rule{}}
		for _, i := range reg.Integrations {
			for _, r := range i.Rules {
				audit.Rules[r.Name()] = judged(r, back, began)
			}
		}
		body, err := json.Marshal(report.Day{}.With(audit))
		if err == nil {
			err = s.Findings.PutDocument(t.Context(), store.Document{Name: report.Name(began), Body: body})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for system, kinds := range map[string][]commerce.Kind{
		"erp": {commerce.Inventory, commerce.Order}, "shopify-us": {commerce.Inventory, commerce.Order}, "wms": {commerce.Order},
	} {
		for _, kind := range kinds {
			for at := day.AddDate(0, 0, -21); at.Before(day); at = at.Add(20 * time.Minute) {
				if hour := at.Hour(); hour < 7 || hour > 20 {
					continue
				}
				if err := s.Arrivals.Arrive(t.Context(), silence.Source{System: system, Kind: kind}, at); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// judged is what the audit so many days back found of a rule.
func judged(r registry.Rule, back int, began time.Time) report.Rule {
	of := report.Rule{Agree: 900 - 7*back, Differ: 2 + back%3, Heard: began.Add(-6 * time.Minute)}
	for n := range 60 {
		of.Shown = of.Shown.Add(time.Duration(1+n*n/150) * time.Minute)
	}
	of.Waiting = fold.Sketch{}.Add(4 * time.Minute)
	if r.Kind == commerce.Inventory {
		var t trend.Tally
		for range 3 {
			t.Add(commerce.Int(int64(2-back)), commerce.Int(1), began)
		}
		of.Leans = map[string]trend.Tally{"available": t}
	}
	return of
}
