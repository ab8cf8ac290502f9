package fold

import (
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/trend"
)

// Trends are the small differences of a rule's records that settled since the walk
// before, by segment and facet.
type Trends map[string]map[string]trend.Tally

// maxTrends bounds in how many segments the differences of a rule are kept apart.
const maxTrends = 32

// trends adds how a record differs that this walk is the first to tell of.
func (f *Fold) trends(rule registry.Rule, row record.Row, v judge.Verdict) {
	for _, sample := range judge.Samples(rule, row, v) {
		if f.Within(sample.At) {
			var t trend.Tally
			t.Add(sample.Delta, judge.Smallest(row.Kind, sample.Facet), sample.At)
			f.rule(rule.Name()).trend(judge.SegmentOf(rule, row), sample.Facet, t)
		}
	}
}

func (r *Rule) trend(segment, facet string, t trend.Tally) {
	if r.Trends == nil {
		r.Trends = Trends{}
	}
	if _, known := r.Trends[segment]; !known && len(r.Trends) >= maxTrends {
		segment = judge.OtherSegments
	}
	if r.Trends[segment] == nil {
		r.Trends[segment] = map[string]trend.Tally{}
	}
	sum := r.Trends[segment][facet]
	sum.Merge(t)
	r.Trends[segment][facet] = sum
}

func (r *Rule) mergeTrends(o Trends) {
	for segment, facets := range o {
		for facet, t := range facets {
			r.trend(segment, facet, t)
		}
	}
}
