package registry

import (
	"maps"
	"slices"

	"github.com/plumbline/plumbline/internal/commerce"
)

// SeverityOver is from where on an alert becomes graver: amounts by currency, by
// the severity that it gets from them on. What is compared with an amount is the
// money at risk of each open finding times the days for which it is open.
type SeverityOver map[string]map[string]commerce.Decimal

// raised are the severities that alerts may become, the gravest first.
var raised = []string{"critical", "major", "minor"}

// Graver lists the severities above the given one, the gravest first.
func Graver(severity string) []string {
	if i := slices.Index(raised, severity); i >= 0 {
		return raised[:i]
	}
	return raised
}

// limits are amounts of one severity, once for each currency.
type limits []amount

func (l limits) named() place { return l[0].at() }

func (c *checker) severityOver(path string, written map[severityKey]limits) SeverityOver {
	var over SeverityOver
	for severity, y := range ordered(readable(written)) {
		if over == nil {
			over = SeverityOver{}
		}
		over[string(severity)] = c.amounts(path+"."+string(severity), y)
	}
	for i, severity := range raised {
		for _, lower := range raised[i+1:] {
			for _, currency := range slices.Sorted(maps.Keys(over[severity])) {
				if less, both := over[lower][currency]; both && less.Cmp(over[severity][currency]) >= 0 {
					c.errors.add(written[severityKey(lower)].named(), "%s.%s: as much %s as for %s, want less", path, lower, currency, severity)
				}
			}
		}
	}
	return over
}

// readable leaves out limits that could not be read.
func readable(written map[severityKey]limits) map[severityKey]limits {
	return maps.Collect(func(yield func(severityKey, limits) bool) {
		for severity, y := range written {
			if len(y) > 0 && !yield(severity, y) {
				return
			}
		}
	})
}

// severityLimits is from where on alerts of the rule become graver than it: its own
// amounts, else the defaults'.
func (b ruleBuilder) severityLimits(severity string) SeverityOver {
	if b.yaml.SeverityOver == nil {
		return b.graver
	}
	path := "rule " + b.yaml.ID.text() + ": severity_over"
	over := b.severityOver(path, b.yaml.SeverityOver)
	for _, named := range slices.Sorted(maps.Keys(over)) {
		if !slices.Contains(Graver(severity), named) {
			b.errors.add(b.yaml.SeverityOver[severityKey(named)].named(), "%s.%s: the rule is %s already, want a graver severity", path, named, severity)
		}
	}
	return over
}
