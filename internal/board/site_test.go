package board_test

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/board"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
)

var update = flag.Bool("update", false, "rewrite the golden pages")

func render(t *testing.T, s board.Snapshot) board.Site {
	t.Helper()
	site, err := board.Render(s, newYork)
	if err != nil {
		t.Fatal(err)
	}
	return site
}

func TestPagesReadAsTheyShould(t *testing.T) {
	site := render(t, snapshot())
	for _, name := range []string{
		"index.html", "findings.html", "finding-f-open.html", "finding-f-waived.html", "integration-stock-to-storefront.html",
		"systems.html", "unknown.html", "audits.html", "owners.html",
	} {
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, site[name], 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(site[name])); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestTheSameSnapshotGivesTheSameBytes(t *testing.T) {
	if diff := cmp.Diff(render(t, snapshot()), render(t, snapshot())); diff != "" {
		t.Error(diff)
	}
}

func TestABoardOfNothingIsWhole(t *testing.T) {
	if site := render(t, board.Snapshot{}); !strings.Contains(string(site[board.Index]), "Nothing is open") {
		t.Errorf("%s", site[board.Index])
	}
}

var links = regexp.MustCompile(`(?:href|src)="([^"#]+)(?:#[^"]*)?"`)

func TestLinksLeadToPagesOfTheSite(t *testing.T) {
	site := render(t, snapshot())
	for name, page := range site {
		for _, link := range links.FindAllStringSubmatch(string(page), -1) {
			if _, there := site[link[1]]; !there && !strings.HasPrefix(link[1], "https://") {
				t.Errorf("%s leads to %s", name, link[1])
			}
		}
	}
}

func TestNobodyIsNamed(t *testing.T) {
	for name, page := range render(t, snapshot()) {
		for _, of := range []string{"dana", "lee@", "acme.example\"", "U024BE7LH", "Robin"} {
			if strings.HasSuffix(name, ".html") && strings.Contains(string(page), of) {
				t.Errorf("%s has %q", name, of)
			}
		}
	}
}

func TestWhatSystemsSayIsTextAndNeverMarkup(t *testing.T) {
	const evil = `"><script>alert(1)</script>&'`
	f := differing("f-evil", evil, ten)
	f.Why, f.Differences[0].Actual, f.Differences[0].Facet = evil, evil, evil
	a := about(f)
	a.Row.Views[0].Native, a.Row.Views[0].Delivery, a.Verdicts[0].Why = evil, evil, evil
	a.Links["shop"] = "javascript:alert(1)"
	a.Integration.Runbook, a.Near.What = "javascript:alert(1)", evil
	s := snapshot()
	s.Findings = append(s.Findings, board.FindingOf(f, a))
	s.Integrations[0].Runbook, s.Integrations[0].Purpose = "javascript:alert(1)", evil
	site := render(t, s)
	if len(site) != len(render(t, snapshot()))+2 {
		t.Fatalf("%v", slices.Sorted(maps.Keys(site)))
	}
	for name, page := range site {
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		for _, bad := range []string{"<script>", "</script>&", `href="javascript`} {
			if strings.Contains(string(page), bad) {
				t.Errorf("%s has %s", name, bad)
			}
		}
	}
}

func TestACompanyMayBeAPersonAndIsNotShown(t *testing.T) {
	f := differing("f-company", "x", ten)
	f.Kind, f.Key = "order", []string{"shop", "US1042"}
	f.Differences = []finding.Difference{{Facet: "company", Expected: "Robin Doe", Actual: "R. Doe"}, {Facet: "total", Expected: "10", Actual: "11", Delta: amount("1")}}
	f.Timeline = []finding.Event{{At: ten, What: "opened: company is R. Doe, should be Robin Doe"}, {At: ten, What: "now company is R. Doe, should be Robin Doe"}}
	f.Why = "Robin Doe"
	a := about(f)
	a.Row.Views[0].Facets = commerce.Facets{"company": commerce.Text("Robin Doe")}
	a.Verdicts[0].Facets[0] = judge.FacetVerdict{Facet: "company", Outcome: judge.Differ, Expected: "Robin Doe", Actual: "R. Doe"}
	s := board.Snapshot{Findings: []board.Finding{board.FindingOf(f, a)}}
	for name, page := range render(t, s) {
		if strings.Contains(string(page), "Doe") {
			t.Errorf("%s names the company", name)
		}
	}
}

func TestARecordThatIsAPersonHasNoPage(t *testing.T) {
	f := differing("f-person", "hash", ten)
	f.Kind, f.Key = "customer", []string{"hash"}
	a := about(f)
	a.Row.Kind = f.Kind
	if page := board.FindingOf(f, a); page.Record.Page != "" || page.Record.Views != nil {
		t.Errorf("%+v", page.Record)
	}
}

func TestTheGravestComeFirst(t *testing.T) {
	minor, costly, cheap := differing("minor", "A", ten), differing("costly", "B", ten), differing("cheap", "C", ten)
	minor.Severity, cheap.Impact = "minor", amount("1")
	waived, old, ended := differing("waived", "D", ten), differing("old", "E", ten), differing("ended", "F", ten)
	waived.State, old.State, ended.State = finding.Waived, finding.Resolved, finding.Resolved
	old.Resolved, ended.Resolved = ten.Add(-1), ten
	all := []finding.Finding{old, ended, waived, minor, cheap, costly}
	slices.SortFunc(all, board.Gravest)
	var got []string
	for _, f := range all {
		got = append(got, f.ID)
	}
	if want := []string{"costly", "cheap", "minor", "waived", "ended", "old"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
