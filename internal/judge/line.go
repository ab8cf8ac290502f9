package judge

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
)

// maxLines is how many lines a difference may be told by.
const maxLines = 3

// lines explains what differs by the lines that one side has and the other has
// not, or nil. Platforms list what is still to be delivered, or all of it, and
// bundles or their parts; so lines explain something only where their units are
// exactly what the orders' units differ by.
func (p *pair) lines() *Explanation {
	from, to := p.units(p.rule.From), p.units(p.rule.To)
	if len(from) == 0 || len(to) == 0 {
		return nil
	}
	all := maps.Clone(from)
	maps.Copy(all, to)
	var sum commerce.Decimal
	lacks := map[string][]string{}
	count := 0
	for _, sku := range slices.Sorted(maps.Keys(all)) {
		gap, err := to[sku].Sub(from[sku])
		if err != nil {
			return nil
		}
		if sum, err = sum.Add(gap); err != nil {
			return nil
		}
		system := p.rule.To
		if gap.Sign() == 0 {
			continue
		} else if gap.Sign() > 0 {
			system = p.rule.From
		}
		count++
		lacks[system] = append(lacks[system], fmt.Sprintf("%s × %s", sku, gap.Abs()))
	}
	if count == 0 || count > maxLines || !p.unitsDifferBy(sum) {
		return nil
	}
	var parts []string
	for _, system := range []string{p.rule.To, p.rule.From} {
		if list := lacks[system]; len(list) > 0 {
			parts = append(parts, fmt.Sprintf("%s %s, which %s does not have", lineWord(len(list)), listed(list), system))
		}
	}
	return &Explanation{Text: "the gap is exactly " + strings.Join(parts, ", and "), By: "lines"}
}

func lineWord(n int) string {
	if n == 1 {
		return "line"
	}
	return "lines"
}

// units are those of each SKU on the lines of a system.
func (p *pair) units(system string) map[string]commerce.Decimal {
	units := map[string]commerce.Decimal{}
	for _, l := range p.row.Lines(system) {
		sum, err := units[l.SKU].Add(l.Units)
		if err != nil {
			return nil
		}
		units[l.SKU] = sum
	}
	return units
}

// unitsDifferBy reports whether a number of units that both sides report
// differs by exactly this.
func (p *pair) unitsDifferBy(sum commerce.Decimal) bool {
	of := func(s record.Side, name string) (commerce.Decimal, bool) { return s.Facets[name].Decimal() }
	return slices.ContainsFunc([]string{"units_current", "units", "units_open"}, func(name string) bool {
		a, okA := of(p.from, name)
		b, okB := of(p.to, name)
		d, err := b.Sub(a)
		return okA && okB && err == nil && d == sum
	})
}
