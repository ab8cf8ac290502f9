package board

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/change"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// Finding is one finding as its page tells it.
type Finding struct {
	ID                string
	Integration, Rule string
	Class             finding.Class
	Kind              commerce.Kind
	// Name is what people call the record.
	Name     string
	State    finding.State
	Severity string
	// Watched says that its rule only watches.
	Watched              bool
	Since, Opened, Ended time.Time
	// Until is when a waiver or a snooze ends, or zero.
	Until    time.Time
	Impact   *commerce.Decimal
	Currency string
	From, To string

	Headline, Cause, FirstCheck, OnFailure string
	Evidence                               []string
	Owner, Runbook                         string
	Links                                  []alert.Link
	Differences                            []finding.Difference
	Caused                                 finding.Cause
	History                                []finding.Event
	Record                                 Record
	// Alert is the alert that carries it with others of its cause, or blank, and
	// Member what it adds to that.
	Alert  string
	Member alert.Member
	// Rev is the finding's that is told, and Read when its record was read.
	Rev  int64
	Read time.Time
}

// Record is one record as the systems have it.
type Record struct {
	// Page names its page. Blank is a record that has none.
	Page string
	Kind commerce.Kind
	Name string
	// Views are what each system says of it, and Courses how its values went.
	Views    []View
	Courses  []Course
	Verdicts []Verdict
}

// View is what one system says in one place.
type View struct {
	System, Part, Native string
	Gone                 bool
	Received             time.Time
	Delivery             string
	Facets               []Facet
}

// Facet is one value by its name.
type Facet struct{ Name, Value string }

// Course is how one facet of a record went in the systems of a rule.
type Course struct {
	Facet string
	Lines []Line
}

// Line is how one facet went in one system, the oldest value first.
type Line struct {
	System, Facet string
	Points        []Point
}

// Point is a value and since when it was shown. Known is false for a value that
// is forgotten or was never there.
type Point struct {
	At    time.Time
	Value string
	Known bool
	// Earlier says that the value was shown up to At, since an unknown time.
	Earlier bool `json:",omitempty"`
}

// Verdict is how one rule judges the record.
type Verdict struct {
	Integration, Rule string
	Outcome           judge.Outcome
	Why               string
	Facets            []judge.FacetVerdict
}

// About is what a finding's page is made of beside the finding.
type About struct {
	Integration registry.Integration
	Rule        registry.Rule
	// Links open the record in each system, by its name.
	Links map[string]string
	Row   record.Row
	// Verdicts are those of all rules on the row.
	Verdicts []judge.Verdict
	// Near is the recorded change that lies nearest before it; its ID is blank where
	// none does.
	Near change.Change
	// Now is when all of it was read, in the zone in which times are told.
	Now time.Time
}

// FindingOf puts a finding into the words of its page.
func FindingOf(f finding.Finding, about About) Finding {
	f = unnamed(f)
	a := alert.Alert{
		ID: f.Alert, Integration: f.Integration, Rule: f.Rule, Class: f.Class, Severity: f.Severity,
		Owner: alert.Owner{Team: cmp.Or(about.Integration.Owner.Team, f.Owner), Slack: about.Integration.Owner.Slack},
		From:  f.From, To: f.To, Kind: f.Kind, Runbook: about.Integration.Runbook, OnFailure: about.Integration.OnFailure,
		FirstCheck: about.Rule.FirstCheck, Near: about.Near,
	}
	if a.Authority = about.Rule.Authority; a.Authority == registry.AuthorityTo {
		a.Plain = about.Rule.Plain()
	}
	a, _ = alert.Join(a, alert.MemberOf(f, about.Links), f.Opened)
	m := alert.Compose(a, about.Now)
	return Finding{
		ID: f.ID, Integration: f.Integration, Rule: f.Rule, Class: f.Class, Kind: f.Kind, Name: alert.Subject(a, about.Now),
		State: f.State, Severity: f.Severity, Watched: f.Silent,
		Since: f.Since, Opened: f.Opened, Ended: f.Resolved, Until: f.Wakes(), Impact: f.Impact, Currency: f.Currency, From: f.From, To: f.To,
		Headline: alert.Fact(a, about.Now), Cause: m.Cause, FirstCheck: m.FirstCheck, OnFailure: m.OnFailure, Evidence: m.Evidence,
		Owner: m.Owner, Runbook: m.Runbook, Links: m.Links,
		Differences: f.Differences, Caused: f.Cause, History: history(f.Timeline), Record: recordOf(f, about), Alert: f.Alert, Member: alert.MemberOf(f, nil), Rev: f.Rev, Read: about.Now,
	}
}

// unnamed is the finding without values that may name a person, wherever they
// stand in it.
func unnamed(f finding.Finding) finding.Finding {
	naming := f.Kind.NamingFacets()
	names := func(d finding.Difference) bool { return slices.Contains(naming, d.Facet) }
	if !slices.ContainsFunc(f.Differences, names) {
		return f
	}
	f.Differences = slices.DeleteFunc(slices.Clone(f.Differences), names)
	f.Why, f.Worst = "", nil
	f.Timeline = slices.Clone(f.Timeline)
	for i, e := range f.Timeline {
		what, _, _ := strings.Cut(e.What, ":")
		if what, _, _ = strings.Cut(what, ";"); strings.HasPrefix(what, "now ") {
			what = "its values changed"
		}
		f.Timeline[i].What = what
	}
	return f
}

// history is the timeline without who decided, and why they did in their own
// words: people are not named on the board.
func history(timeline []finding.Event) []finding.Event {
	told := make([]finding.Event, 0, len(timeline))
	for _, e := range timeline {
		for _, decided := range []string{"assigned to ", "waived until ", "acknowledged by ", "snoozed until ", "reopened by "} {
			if strings.HasPrefix(e.What, decided) {
				e.What, _, _ = strings.Cut(e.What, " by ")
			}
		}
		if strings.HasPrefix(e.What, "assigned to ") {
			e.What = "assigned"
		}
		told = append(told, e)
	}
	return told
}

// PageOf names the page of a record. Keys may hold any character, and be longer
// than an address may.
func PageOf(kind commerce.Kind, key commerce.Key) string {
	sum := sha256.Sum256([]byte(key.ID(kind)))
	return "record-" + hex.EncodeToString(sum[:8]) + ".html"
}

// recordOf is the finding's record, as far as it says nothing of a person.
func recordOf(f finding.Finding, about About) Record {
	row := about.Row
	if row.Rev == 0 || person(f.Kind) {
		return Record{}
	}
	r := Record{Page: PageOf(f.Kind, f.Key), Kind: f.Kind, Name: f.Key.Text(f.Kind), Courses: courses(f, about)}
	for _, v := range row.Views {
		facets, _ := v.Facets.NamesNobody(row.Kind)
		view := View{System: v.System, Part: v.Part, Native: v.Native, Gone: v.Gone, Received: v.Received, Delivery: v.Delivery}
		for _, name := range slices.Sorted(maps.Keys(facets)) {
			view.Facets = append(view.Facets, Facet{name, facets[name].String()})
		}
		r.Views = append(r.Views, view)
	}
	naming := row.Kind.NamingFacets()
	for _, v := range about.Verdicts {
		facets := slices.DeleteFunc(slices.Clone(v.Facets), func(f judge.FacetVerdict) bool { return slices.Contains(naming, f.Facet) })
		r.Verdicts = append(r.Verdicts, Verdict{v.Integration, v.Rule, v.Outcome, v.Why, facets})
	}
	return r
}

// person reports whether records of a kind are persons.
func person(kind commerce.Kind) bool {
	return commerce.Observation{Kind: kind}.Personal()
}
