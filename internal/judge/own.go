package judge

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/formula"
	"github.com/plumbline/plumbline/internal/registry"
)

const (
	// SilenceRule begins the id of the rule under which what a system does not
	// send becomes findings: "silence-erp". It belongs to the first integration
	// that names the system, and is as severe as the worst rule that depends on it.
	SilenceRule = "silence"
	// OwnRule is the rule under which Plumbline reports itself, to the owner of
	// the first integration.
	OwnRule = "plumbline"
	// CanaryRule is the rule that finds the difference that Plumbline makes in
	// itself. No integration has it, and nobody hears of it.
	CanaryRule = "canary"
)

// What mapping rows are about that drift keeps.
const (
	// Silence is a kind that a system sends no news of.
	Silence = "silence"
	// Schedule is something of Plumbline's own that should have run.
	Schedule = "schedule"
	// Canary is a difference that Plumbline made in itself and did not find.
	Canary = "canary"
)

// The two sides of a canary.
const (
	CanarySinger   = "plumbline-singer"
	CanaryListener = "plumbline-listener"
)

// CanarySettle is how long the sides of a canary may differ.
const CanarySettle = 2 * time.Minute

// ruleAbout is the id of the rule that judges a mapping row.
func ruleAbout(system, what string) string {
	switch {
	case system == commerce.Plumbline:
		return OwnRule
	case what == Silence:
		return SilenceRule + "-" + system
	default:
		return MappingRule + "-" + system
	}
}

// silenceJoins is how long the kinds of a system that fall silent one after the
// other are one event. What comes seldom is missed late.
const silenceJoins = 12 * time.Hour

func silenceRule(r *registry.Registry, i registry.Integration, system string) registry.Rule {
	rule := mappingRule(i, system)
	rule.ID, rule.Severity = ruleAbout(system, Silence), worstOf(r, system)
	rule.Settle.For = silenceJoins
	return rule
}

func ownRule(i registry.Integration) registry.Rule {
	rule := mappingRule(i, commerce.Plumbline)
	rule.ID, rule.Severity = OwnRule, "critical"
	return rule
}

func canaryRule() registry.Rule {
	// A constant, which a test compiles.
	song, _ := formula.Compile("from.song", func(string) (commerce.Type, bool) { return commerce.NumberType, true }, commerce.NumberType)
	return registry.Rule{
		Integration: commerce.Plumbline, ID: CanaryRule, Kind: commerce.Canary, From: CanarySinger, To: CanaryListener,
		Check: registry.Equal, Mode: registry.Watch, Severity: "info", Settle: registry.Settle{For: CanarySettle, By: -1},
		Expect: []registry.Expectation{{Facet: "song", Value: song}},
	}
}

// worstOf is the severity of the worst rule that depends on a system, at least
// minor.
func worstOf(r *registry.Registry, system string) string {
	worst := "minor"
	for _, i := range r.Integrations {
		for _, rule := range i.Rules {
			if rule.Mode == registry.Off || rule.From != system && rule.To != system {
				continue
			}
			switch rule.Severity {
			case "critical":
				return rule.Severity
			case "major":
				worst = rule.Severity
			}
		}
	}
	return worst
}
