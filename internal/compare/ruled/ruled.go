// Package ruled compares two exports by the rules of an integration: each record
// of the files becomes a row, and judge says of it what it says of rows that
// webhooks made.
//
// Files know no clock: what they say is old enough for every settle time.
package ruled

import (
	"fmt"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/compare"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// settled is longer than any settle time.
const settled = 90 * 24 * time.Hour

// Judge judges records by rules. It is a compare.Judge.
type Judge struct {
	kind    commerce.Kind
	rules   []registry.Rule
	systems [2]string
	facets  []compare.Facet
	flight  *compare.Flight
	context judge.Context
	now     time.Time
}

// New returns a judge by the rules of an integration about a kind. The systems are
// those of the two files, and now is when the files were exported. The error says
// that the integration has no rule that files can be judged by.
func New(reg *registry.Registry, integration string, systems [2]string, plan compare.Plan, now time.Time) (*Judge, error) {
	if _, ok := reg.Integration(integration); !ok {
		return nil, fmt.Errorf("no integration %q in the registry", integration)
	}
	j := &Judge{
		kind: plan.Kind, systems: systems, facets: plan.Facets, flight: plan.Flight, now: now,
		context: judge.Context{Tables: reg.Tables, Currency: reg.Systems[systems[compare.Left]].Currency},
	}
	for _, rule := range reg.RulesFor(plan.Kind) {
		between := rule.From == systems[0] && rule.To == systems[1] || rule.From == systems[1] && rule.To == systems[0]
		if rule.Integration == integration && between {
			j.rules = append(j.rules, rule)
		}
	}
	if len(j.rules) == 0 {
		return nil, fmt.Errorf("integration %s has no rule about the kind %q between %s and %s", integration, plan.Kind, systems[0], systems[1])
	}
	return j, nil
}

// Judge judges one record by every rule.
func (j *Judge) Judge(left, right []compare.Record) []compare.Judgement {
	row := record.Row{Kind: j.kind}
	key := ""
	for side, rows := range [2][]compare.Record{left, right} {
		for _, r := range rows {
			key = r.Key
			row.Key = strings.Split(key, compare.KeySeparator)
			row, _ = record.Merge(row, j.observation(compare.Side(side), r), record.Source{Delivery: j.systems[side], Received: j.now.Add(-settled)})
		}
	}
	lacks, alone := compare.Right, len(right) == 0
	if len(left) == 0 {
		lacks, alone = compare.Left, true
	}
	var all []compare.Judgement
	told := false
	for _, rule := range j.rules {
		if alone && (!j.presence(rule) || rule.To != j.systems[lacks]) {
			continue
		}
		told = true
		all = append(all, j.judge(rule, row, key, lacks))
	}
	if alone && !told {
		f := compare.Finding{Class: finding.Missing, Outcome: compare.Differ, Side: lacks, Integration: j.rules[0].Integration}
		all = append(all, compare.Judgement{Outcome: compare.Differ, Findings: []compare.Finding{f}})
	}
	return all
}

// presence reports whether a rule judges records that one side lacks.
func (j *Judge) presence(rule registry.Rule) bool {
	return rule.Check == registry.Present || rule.Check == registry.One
}

// observation is what a row says.
func (j *Judge) observation(side compare.Side, r compare.Record) commerce.Observation {
	o := commerce.Observation{
		System: j.systems[side], Kind: j.kind, Key: strings.Split(r.Key, compare.KeySeparator), Part: r.About.Part,
		Native: r.About.Native, Slot: r.About.Slot, Created: r.About.Created, Facets: commerce.Facets{},
	}
	for i, f := range j.facets {
		if v, told := value(f, r.Values[i]); told {
			o.Facets[f.Name] = v
		}
	}
	at := r.About.Changed
	if at.IsZero() {
		at = j.now.Add(-settled)
	}
	o.Stamp(commerce.VersionParts{Clock: at, Sequence: uint64(r.About.Line)})
	return o
}

func value(f compare.Facet, t compare.Text) (commerce.Value, bool) {
	switch t.State {
	case compare.Null:
		return commerce.Null(), true
	case compare.Present:
		v, err := commerce.ParseValue(f.Type, t.Text)
		return v, err == nil
	default:
		return commerce.Value{}, false
	}
}

// judge judges by one rule.
func (j *Judge) judge(rule registry.Rule, row record.Row, key string, lacks compare.Side) compare.Judgement {
	c := j.context
	if rule.UsesInFlight() {
		c.InFlight = &judge.InFlight{}
		if j.flight != nil {
			c.InFlight.Located, c.InFlight.Floating, c.InFlight.Orders = j.flight.Units(key)
		}
	}
	v := judge.Judge(rule, row, c, j.now)
	outcome := map[judge.Outcome]compare.Outcome{
		judge.Agree: compare.Agree, judge.Differ: compare.Differ, judge.Pending: compare.Explained,
		judge.CannotTell: compare.CannotTell, judge.NotJudged: compare.NotJudged,
	}[v.Outcome]
	said := compare.Judgement{Outcome: outcome}
	base := compare.Finding{
		Class: v.Class, Outcome: outcome, Side: lacks, Why: v.Why, Integration: v.Integration, Rule: v.Rule, Impact: v.Impact, Currency: v.Currency,
	}
	differences := v.Differences()
	for _, d := range differences {
		f := base
		f.Facet, f.Left, f.Right, f.Delta = d.Facet, text(d.Expected), text(d.Actual), d.Delta
		if d.Explained != "" {
			f.Why = d.Explained
		}
		if f.Class == "" {
			f.Class = finding.ValueDiffers
		}
		said.Findings = append(said.Findings, f)
	}
	if len(differences) == 0 && (outcome == compare.Differ || v.Class == finding.Duplicate) {
		said.Findings = append(said.Findings, base)
	}
	return said
}

// text is a value as a verdict writes it.
func text(s string) compare.Text {
	switch s {
	case "null":
		return compare.Text{State: compare.Null}
	case "missing":
		return compare.Text{State: compare.Missing}
	case "":
		return compare.Text{State: compare.Blank}
	default:
		return compare.Text{State: compare.Present, Text: s}
	}
}
