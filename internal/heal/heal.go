// Package heal says what would bring the systems together again, as files that the
// systems' own imports take. A person looks at them and imports them; nothing
// here writes into a system.
//
// Which side is right is the rule's authority, and what the other one should have
// is judge's verdict of now. What no file can correct is listed with the reason,
// because leaving it out would look like agreement.
package heal

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// Case is a finding that has not ended, its record, and what its rule says of it
// now. Verdict is the zero Verdict where the registry has no such rule any more.
type Case struct {
	Finding finding.Finding
	Row     record.Row
	Verdict judge.Verdict
}

// Target is one record in one system, and what of it would have to be another.
type Target struct {
	System registry.System
	Kind   commerce.Kind
	Key    commerce.Key
	// Side are all facets that the system has of the record.
	Side commerce.Facets
	// Native and Slot are those of the only view that has what would change.
	Native, Slot string
	// Changes are in the order of their facets.
	Changes []Change
}

// Change is one value that would have to be another.
type Change struct {
	Facet string
	// Current and Judged are in canonical form; Current may be "missing" or "null".
	Current, Judged string
	// Finding is its id, Integration and Rule say whose it is.
	Finding           string
	Integration, Rule string
	Class             finding.Class
	// Why says who says so.
	Why string
}

// Change is the change of a facet, and reports whether there is one.
func (t Target) Change(facet string) (Change, bool) {
	i := slices.IndexFunc(t.Changes, func(c Change) bool { return c.Facet == facet })
	if i < 0 {
		return Change{}, false
	}
	return t.Changes[i], true
}

// Left is a difference that no file corrects.
type Left struct {
	Finding           string
	Integration, Rule string
	Class             finding.Class
	Kind              commerce.Kind
	Key               commerce.Key
	System            string
	Facet             string
	Current, Judged   string
	Reason            string
}

// Plan is what would bring the systems together.
type Plan struct {
	// Targets are by system, kind and key.
	Targets []Target
	Left    []Left
}

// valued are the classes of differences that one right value mends.
var valued = []finding.Class{finding.ValueDiffers, finding.Late, finding.NeverSettles, finding.Overwritten}

// PlanOf judges every case. What agrees by now is left out.
func PlanOf(r *registry.Registry, cases []Case) Plan {
	p := planner{registry: r, targets: map[string]*Target{}, clash: map[string]bool{}}
	for _, c := range cases {
		p.take(c)
	}
	return p.plan()
}

type planner struct {
	registry *registry.Registry
	targets  map[string]*Target
	// clash are the facets of targets of which two rules want different things.
	clash map[string]bool
	left  []Left
}

// take plans what mends one finding.
func (p *planner) take(c Case) {
	if c.Verdict.Outcome == judge.Agree {
		return
	}
	rule, reason := p.rule(c)
	if reason != "" {
		p.leave(c, "", judge.FacetVerdict{}, reason)
		return
	}
	for _, f := range c.Verdict.Facets {
		if f.Outcome != judge.Differ {
			continue
		}
		system, current, judged, reason := p.right(rule, f)
		if reason == "" {
			reason = p.note(c, rule, system, Change{
				Facet: f.Facet, Current: current, Judged: judged, Finding: c.Finding.ID, Integration: c.Finding.Integration,
				Rule: c.Finding.Rule, Class: c.Finding.Class, Why: why(rule, system, c.Finding.Since),
			})
		}
		if reason != "" {
			p.leave(c, system, judge.FacetVerdict{Facet: f.Facet, Actual: current, Expected: judged}, reason)
		}
	}
}

// rule is the finding's rule, or why the finding cannot be mended by a file.
func (p *planner) rule(c Case) (registry.Rule, string) {
	i, _ := p.registry.Integration(c.Finding.Integration)
	at := slices.IndexFunc(i.Rules, func(r registry.Rule) bool { return r.ID == c.Finding.Rule })
	switch {
	case at < 0 && c.Verdict.Outcome == "":
		return registry.Rule{}, "the registry has no such rule: it is about Plumbline's own view of the systems, or was removed"
	case at < 0:
		return registry.Rule{}, "the finding is about the systems and no value: " + string(c.Finding.Class)
	case c.Finding.State == finding.Waived:
		return registry.Rule{}, "waived: the difference is accepted"
	case c.Verdict.Outcome != judge.Differ:
		return registry.Rule{}, "not judged to differ at the moment: " + cmp.Or(c.Verdict.Why, string(c.Verdict.Outcome))
	case !slices.Contains(valued, c.Verdict.Class):
		return registry.Rule{}, "no value mends it: " + classReason(c.Verdict.Class)
	case i.Rules[at].Authority == registry.AuthorityNobody:
		return registry.Rule{}, "authority: nobody: a person has to decide which side is right"
	}
	return i.Rules[at], ""
}

// classReason says what a difference is that is not one of values.
func classReason(class finding.Class) string {
	switch class {
	case finding.Missing:
		return "the record is missing, and has to be made by the integration"
	case finding.Gone:
		return "one side has removed the record"
	case finding.Duplicate:
		return "the record exists twice"
	case finding.UnitChanged:
		return "the sides count in different units"
	default:
		return strings.ReplaceAll(string(class), "_", " ")
	}
}

// right is the system that has to change, what it says, and what it should say by
// the rule's authority.
func (p *planner) right(rule registry.Rule, f judge.FacetVerdict) (system, current, judged, reason string) {
	system, current, judged = rule.To, f.Actual, f.Expected
	if rule.Authority == registry.AuthorityTo {
		system, current, judged = rule.From, f.Expected, f.Actual
		if !slices.Contains(rule.Plain(), f.Facet) || rule.Rates != nil {
			return system, "", "", "to is right, and what from should have cannot be worked out from it: the rule computes what it expects"
		}
	}
	if judged == "missing" || judged == "null" {
		return system, current, judged, "there is no value to write: the side that is right has none"
	}
	return system, current, judged, ""
}

// note adds a change to its target.
func (p *planner) note(c Case, rule registry.Rule, system string, change Change) (reason string) {
	facet := change.Facet
	if system == rule.From {
		for _, e := range rule.Expect {
			if e.Facet == facet {
				change.Facet = strings.TrimPrefix(e.Value.String(), "from.")
			}
		}
	}
	var holders []record.View
	for _, v := range c.Row.Views {
		if _, told := v.Facets[change.Facet]; v.System == system && !v.Gone && told {
			holders = append(holders, v)
		}
	}
	switch len(holders) {
	case 0:
		return fmt.Sprintf("%s does not report %s of it", system, change.Facet)
	case 1:
	default:
		return fmt.Sprintf("%s has %s in %d places, of which nobody knows which is wrong", system, change.Facet, len(holders))
	}
	id := system + "|" + string(c.Row.ID())
	t := p.targets[id]
	if t == nil {
		t = &Target{
			System: p.registry.Systems[system], Kind: c.Row.Kind, Key: c.Row.Key, Side: c.Row.SideOf(system).Facets,
			Native: holders[0].Native, Slot: holders[0].Slot,
		}
		p.targets[id] = t
	}
	if other, twice := t.Change(change.Facet); twice {
		if other.Judged != change.Judged {
			p.clash[id+"|"+change.Facet] = true
			return fmt.Sprintf("two rules want different things of it: %s and %s", other.Judged, change.Judged)
		}
		return ""
	}
	t.Changes = append(t.Changes, change)
	return ""
}

func (p *planner) leave(c Case, system string, f judge.FacetVerdict, reason string) {
	p.left = append(p.left, Left{
		Finding: c.Finding.ID, Integration: c.Finding.Integration, Rule: c.Finding.Rule, Class: c.Finding.Class,
		Kind: c.Finding.Kind, Key: c.Finding.Key, System: system, Facet: f.Facet, Current: f.Actual, Judged: f.Expected, Reason: reason,
	})
}

func (p *planner) plan() Plan {
	plan := Plan{Left: p.left}
	for id, t := range p.targets {
		t.Changes = slices.DeleteFunc(t.Changes, func(c Change) bool {
			clashes := p.clash[id+"|"+c.Facet]
			if clashes {
				plan.Left = append(plan.Left, t.leave(c, "two rules want different things of it"))
			}
			return clashes
		})
		slices.SortFunc(t.Changes, func(a, b Change) int { return cmp.Compare(a.Facet, b.Facet) })
		if len(t.Changes) > 0 {
			plan.Targets = append(plan.Targets, *t)
		}
	}
	slices.SortFunc(plan.Targets, func(a, b Target) int {
		return cmp.Or(cmp.Compare(a.System.Name, b.System.Name), cmp.Compare(a.Kind, b.Kind), slices.Compare(a.Key, b.Key))
	})
	sortLeft(plan.Left)
	return plan
}

func sortLeft(left []Left) {
	slices.SortStableFunc(left, func(a, b Left) int {
		return cmp.Or(cmp.Compare(a.Integration, b.Integration), cmp.Compare(a.Rule, b.Rule), slices.Compare(a.Key, b.Key), cmp.Compare(a.Facet, b.Facet))
	})
}

// leave is a change that no file can make.
func (t Target) leave(c Change, reason string) Left {
	return Left{
		Finding: c.Finding, Integration: c.Integration, Rule: c.Rule, Class: c.Class, Kind: t.Kind, Key: t.Key, System: t.System.Name,
		Facet: c.Facet, Current: c.Current, Judged: c.Judged, Reason: reason,
	}
}

// why says which rule wants it, who is believed, and since when they differ.
func why(rule registry.Rule, system string, since time.Time) string {
	believed := rule.From
	if system == rule.From {
		believed = rule.To
	}
	return fmt.Sprintf("%s: %s is right, they differ since %s", rule.Name(), believed, since.UTC().Format("2006-01-02 15:04 MST"))
}
