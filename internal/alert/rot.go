package alert

import (
	"fmt"

	"github.com/plumbline/plumbline/internal/finding"
)

// unmappedFact is about all SKUs that one system does not know of another.
func (s story) unmappedFact() string {
	if why := s.told[0].Why; s.count == 1 && why != "" {
		return upper(clean(why))
	}
	system, _, _ := what(s.told[0].Key)
	return fmt.Sprintf("SKUs of %d systems are not known to %s", s.count, system)
}

func (s story) unitFact() string {
	if s.count > 1 {
		return fmt.Sprintf("%s are counted in another unit or pack than before (%s, %s)", upper(s.subject()), clean(s.From), clean(s.To))
	}
	return fmt.Sprintf("SKU %s: %s", s.short(s.told[0]), clean(s.told[0].Why))
}

// rotCheck is where to look first when two systems do not mean the same any more.
func (s story) rotCheck() string {
	if s.Class == finding.UnmappedSKU {
		system, _, other := what(s.told[0].Key)
		return fmt.Sprintf("the items in %s: create those that are sold, or correct the SKUs in %s.", system, other)
	}
	return "was it meant? Then change the other system as well, before stock and prices in the old unit are carried on."
}
