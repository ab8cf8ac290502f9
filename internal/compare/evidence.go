package compare

import (
	"cmp"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/trend"
)

// evidence is what explanations are looked for in: the findings that nothing
// settles yet, by facet.
type evidence struct {
	*scholar
	// differ are places in Result.Findings, by facet name.
	differ  map[string][]int
	missing [2][]int
}

func newEvidence(s *scholar) *evidence {
	e := &evidence{scholar: s, differ: map[string][]int{}}
	for i, f := range s.r.Findings {
		switch {
		case f.Outcome != Differ:
		case f.Class == finding.ValueDiffers:
			e.differ[f.Facet] = append(e.differ[f.Facet], i)
		case f.Class == finding.Missing:
			e.missing[f.Side] = append(e.missing[f.Side], i)
		}
	}
	return e
}

// group is a set of findings with one value of a segment. The group of all has
// neither.
type group struct {
	segment, value string
	places         []int
	// records is how many records of the group there are on the side that has more.
	records int
}

// groups splits findings by every segment. The first group is of all.
func (e *evidence) groups(places []int) []group {
	all := []group{{places: places, records: max(e.r.Summary.Left, e.r.Summary.Right)}}
	for segment, name := range e.plan.segments() {
		by := map[string][]int{}
		for _, i := range places {
			p := e.pairs[e.r.Findings[i].pair]
			if v := e.plan.group(segment, p.first()); v != "" {
				by[v] = append(by[v], i)
			}
		}
		if len(by) > maxGroups {
			continue
		}
		for v, members := range by {
			n := max(e.census[Left].of(segment, v), e.census[Right].of(segment, v), len(members))
			all = append(all, group{name, v, members, n})
		}
	}
	slices.SortFunc(all[1:], func(a, b group) int {
		return cmp.Or(cmp.Compare(len(b.places), len(a.places)), cmp.Compare(a.segment, b.segment), cmp.Compare(a.value, b.value))
	})
	return all
}

func (g group) whole() bool { return g.segment == "" }

// maxBiases is how many biased segments are listed.
const maxBiases = 30

// biases are how segments differ in each facet, those with the most records first.
func (e *evidence) biases() []Bias {
	var all []Bias
	for _, f := range e.plan.Facets {
		if !f.number() || len(e.differ[f.Name]) == 0 {
			continue
		}
		for _, g := range e.groups(e.differ[f.Name]) {
			t := e.tally(g)
			if n := t.Up.N + t.Down.N; n == 0 || n < fewest && !g.whole() {
				continue
			}
			b := Bias{Segment: g.segment, Value: g.value, Facet: f.Name, Records: g.records, Higher: t.Up.N, Lower: t.Down.N}
			b.Sum, _ = t.Up.Sum.Sub(t.Down.Sum)
			s := trend.Series{}.Step(t, epoch, epoch)
			b.Trend = s.Up.Trend() || s.Down.Trend()
			all = append(all, b)
		}
	}
	slices.SortStableFunc(all, func(a, b Bias) int { return cmp.Compare(b.Higher+b.Lower, a.Higher+a.Lower) })
	return all[:min(len(all), maxBiases)]
}

// epoch stands for the one time that all samples of two exports have.
var epoch = time.Unix(0, 0).UTC()

func (e *evidence) tally(g group) trend.Tally {
	var t trend.Tally
	for _, i := range g.places {
		if d := e.r.Findings[i].Delta; d != nil {
			t.Add(*d, hundredth, epoch)
		}
	}
	t.N = g.records
	return t
}

// numbers are the left value, the right one and the delta of a finding, and false
// where there are none.
func (e *evidence) numbers(i int) (left, right, delta commerce.Decimal, ok bool) {
	f := e.r.Findings[i]
	if f.Delta == nil {
		return
	}
	left, err1 := commerce.ParseDecimal(f.Left.Text)
	right, err2 := commerce.ParseDecimal(f.Right.Text)
	return left, right, *f.Delta, err1 == nil && err2 == nil
}
