package compare

import (
	"slices"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Distribution counts the differences of one facet by their size and sign.
type Distribution struct {
	Facet string
	// Bins go from the most negative to the most positive. Those at the ends are
	// never empty.
	Bins []Bin
}

// Bin counts the deltas whose size is at least Least and less than the next step
// of 1, 10, 100, …; those of a bin with the sign -1 are negative.
type Bin struct {
	Sign  int
	Least commerce.Decimal
	N     int
}

// steps are where bins begin.
var steps = func() []commerce.Decimal {
	var all []commerce.Decimal
	for _, text := range []string{"0", "0.02", "0.1", "1", "2", "5", "10", "20", "50", "100", "500", "1000", "10000", "100000", "1000000"} {
		all = append(all, commerce.MustDecimal(text))
	}
	return all
}()

func (e *evidence) distributions() []Distribution {
	var all []Distribution
	for _, f := range e.plan.Facets {
		if d := e.distribution(f.Name); len(d.Bins) > 0 {
			all = append(all, d)
		}
	}
	return all
}

func (e *evidence) distribution(facet string) Distribution {
	bins := make([]Bin, 2*len(steps))
	for i, s := range steps {
		bins[len(steps)-1-i] = Bin{Sign: -1, Least: s}
		bins[len(steps)+i] = Bin{Sign: 1, Least: s}
	}
	for _, i := range e.differ[facet] {
		delta := e.r.Findings[i].Delta
		if delta == nil || delta.Sign() == 0 {
			continue
		}
		at, exact := slices.BinarySearchFunc(steps, delta.Abs(), commerce.Decimal.Cmp)
		if !exact {
			at--
		}
		if delta.Sign() < 0 {
			at = -1 - at
		}
		bins[len(steps)+at].N++
	}
	for len(bins) > 0 && bins[0].N == 0 {
		bins = bins[1:]
	}
	for len(bins) > 0 && bins[len(bins)-1].N == 0 {
		bins = bins[:len(bins)-1]
	}
	return Distribution{facet, bins}
}
