package alert

import (
	"slices"

	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/registry"
)

// aPersonDecides is said where neither side is right by itself.
const aPersonDecides = "a person has to decide which side is right"

// fix says which system to change, or is blank where the registry does not say
// which side is right or there is nothing to change in one of them.
func (s story) fix() string {
	switch s.Class {
	case finding.ValueDiffers, finding.Late, finding.NeverSettles, finding.Missing, finding.Gone:
	default:
		return ""
	}
	switch s.Authority {
	case registry.AuthorityFrom:
		return "fix in " + clean(s.To)
	case registry.AuthorityTo:
		return "fix in " + clean(s.From)
	case registry.AuthorityNobody:
		return aPersonDecides
	default:
		return ""
	}
}

// fixOf is fix for one finding, with the value to set where it is known: what to
// should show, or what it has where from should have the same.
func (s story) fixOf(m Member) string {
	text, d := s.fix(), mainDifference(m)
	if text == "" || d.Facet == "" || s.Authority == registry.AuthorityNobody {
		return text
	}
	right := d.Expected
	if s.Authority == registry.AuthorityTo {
		if right = d.Actual; !slices.Contains(s.Plain, d.Facet) {
			return text
		}
	}
	if right == "missing" {
		return text
	}
	return text + ": " + s.value(d.Facet, m.Currency, right)
}
