package compare

import (
	"fmt"

	"github.com/plumbline/plumbline/internal/commerce"
)

var (
	one        = commerce.Int(1)
	hundred    = commerce.Int(100)
	minusOne   = commerce.Int(-1)
	mostTax    = commerce.MustDecimal("1.30")
	leastTax   = commerce.MustDecimal("1.02")
	ratioSlack = commerce.MustDecimal("0.0005")
)

// ratioPlaces are the places to which ratios of rounded amounts are told apart.
const ratioPlaces = 3

// factor: the right side is always the left one times the same number: a pack
// size, cents for units, an amount with tax.
func (e *evidence) factor(f Facet, g group) []candidate {
	up, down := e.ratio(f, g, false), e.ratio(f, g, true)
	best := up
	if len(down.places) > len(up.places) {
		best = down
	}
	if !most(len(best.places), len(g.places)) || best.lefts < 2 {
		return nil
	}
	if f.Money && best.by.Abs().Cmp(leastTax) < 0 && best.by.Sign() > 0 {
		return nil // cents look like a factor near one
	}
	return []candidate{{best.words(f, g), f.Name, best.places, true}}
}

// ratio is a number of which one side is that many times the other.
type ratio struct {
	by     commerce.Decimal
	down   bool // left is so many times right
	places []int
	lefts  int // different values, so that one value alone is no rule
}

// ratio finds the number that most records of a group share.
func (e *evidence) ratio(f Facet, g group, down bool) ratio {
	by := map[commerce.Decimal]int{}
	for _, i := range g.places {
		small, large, ok := e.sides(i, down)
		if !ok {
			continue
		}
		q, err := large.Quo(small)
		if err != nil {
			continue
		}
		by[q.Round(ratioPlaces)]++
	}
	found, n := mode(by, commerce.Decimal.Cmp)
	if n == 0 || found == one || found.Sign() == 0 || found.Abs().Cmp(one) < 0 {
		return ratio{}
	}
	r := ratio{by: found, down: down}
	lefts := map[commerce.Decimal]bool{}
	for _, i := range g.places {
		small, large, ok := e.sides(i, down)
		if ok && r.fits(f, small, large) {
			r.places = append(r.places, i)
			lefts[small] = true
		}
	}
	r.lefts = len(lefts)
	return r
}

func (e *evidence) sides(i int, down bool) (small, large commerce.Decimal, ok bool) {
	left, right, _, ok := e.numbers(i)
	if down {
		left, right = right, left
	}
	return left, right, ok && left.Sign() != 0 && right.Sign() != 0
}

// fits reports whether large is small times the ratio. Amounts may be a cent off,
// and as much more as the ratio itself is rounded.
func (r ratio) fits(f Facet, small, large commerce.Decimal) bool {
	product, err := small.Mul(r.by)
	if err != nil {
		return false
	}
	off, err := product.Sub(large)
	if err != nil {
		return false
	}
	if !f.Money {
		return off.Sign() == 0
	}
	slack, err := small.Abs().Mul(ratioSlack)
	if err != nil {
		return false
	}
	if slack, err = slack.Add(hundredth); err != nil {
		return false
	}
	return off.Abs().Cmp(slack) <= 0
}

func (r ratio) words(f Facet, g group) string {
	more, less := "right", "left"
	if r.down {
		more, less = less, more
	}
	switch {
	case r.by == minusOne:
		return fmt.Sprintf("%s has the opposite sign on the right%s", f.Name, g.at())
	case r.by == hundred:
		return fmt.Sprintf("%s is 100 times as much on the %s%s: cents, or percent?", f.Name, more, g.at())
	case f.Money && r.by.Cmp(leastTax) >= 0 && r.by.Cmp(mostTax) <= 0:
		percent, _ := r.by.Sub(one)
		percent, _ = percent.Mul(hundred)
		return fmt.Sprintf("%s is %s%% more on the %s%s: is tax included there, and not on the %s?", f.Name, percent, more, g.at(), less)
	case r.by.Floor() == r.by && !f.Money:
		return fmt.Sprintf("%s is %s times as much on the %s%s: counted in packs on the %s?", f.Name, r.by, more, g.at(), less)
	default:
		return fmt.Sprintf("%s is %s times as much on the %s%s", f.Name, r.by, more, g.at())
	}
}
