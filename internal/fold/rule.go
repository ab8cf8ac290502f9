package fold

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// Rule is how a rule judged the rows of its kind.
type Rule struct {
	// Outcomes counts them by outcome.
	Outcomes map[judge.Outcome]int `json:",omitempty"`
	// Unknown counts those of which nothing can be told, by the reason with its
	// numbers left out: the most frequent ones, the rest as Others.
	Unknown map[string]int `json:",omitempty"`
	// Outside counts those that the rule does not apply to, by the reason likewise.
	Outside map[string]int `json:",omitempty"`
	// Open counts the findings that are open, whatever was decided about them.
	Open int `json:",omitempty"`
	// Trends are the small differences that settled since the walk before.
	Trends Trends `json:",omitempty"`
	// From and To are when the changes of the two sides were received.
	From, To Span
	// Waits are by segment, those of all records under the blank one.
	Waits map[string]Waits `json:",omitempty"`
}

// Others counts reasons beyond the most frequent ones.
const Others = "other reasons"

// maxReasons bounds how many reasons a rule keeps apart.
const maxReasons = 16

// Span is the time between two changes. The zero Span is of none.
type Span struct {
	Oldest, Newest time.Time `json:",omitzero"`
}

func (r *Rule) row(rule registry.Rule, row record.Row, v judge.Verdict) {
	r.Outcomes = added(r.Outcomes, v.Outcome, 1)
	switch v.Outcome {
	case judge.CannotTell:
		r.Unknown = fewReasons(added(r.Unknown, reason(v.Why), 1))
	case judge.NotJudged:
		r.Outside = fewReasons(added(r.Outside, reason(v.Why), 1))
	case judge.Agree, judge.Differ, judge.Pending:
	}
	if row.Marks[rule.Name()].Open != "" {
		r.Open++
	}
	for _, view := range row.Views {
		if view.System == rule.From {
			r.From.add(view.Received, view.Received)
		}
		if view.System == rule.To {
			r.To.add(view.Received, view.Received)
		}
	}
}

func (r *Rule) merge(o Rule) {
	for outcome, n := range o.Outcomes {
		r.Outcomes = added(r.Outcomes, outcome, n)
	}
	for why, n := range o.Unknown {
		r.Unknown = added(r.Unknown, why, n)
	}
	for why, n := range o.Outside {
		r.Outside = added(r.Outside, why, n)
	}
	r.Unknown, r.Outside = fewReasons(r.Unknown), fewReasons(r.Outside)
	r.mergeTrends(o.Trends)
	r.Open += o.Open
	r.From.add(o.From.Oldest, o.From.Newest)
	r.To.add(o.To.Oldest, o.To.Newest)
	for segment, w := range o.Waits {
		r.wait(segment, w)
	}
}

// Agreement is the share of rows whose sides agree among those that agree or
// differ. It is not known when there are none of either.
func (r *Rule) Agreement() (share float64, known bool) {
	agree, differ := r.Outcomes[judge.Agree], r.Outcomes[judge.Differ]
	if agree+differ == 0 {
		return 0, false
	}
	return float64(agree) / float64(agree+differ), true
}

// CatchUp is how long it took until a share p of the changes were shown, 0 when
// there were none.
func (r *Rule) CatchUp(p float64) time.Duration {
	return r.Waits[""].Shown.Quantile(p, r.Waits[""].Waiting)
}

// reason is why nothing can be told, without what makes one reason look like
// many: numbers, times and dates.
func reason(why string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return '#'
		}
		return r
	}, why)
}

// fewReasons puts the rarest reasons together when there are too many. It changes
// and returns what it is given.
func fewReasons(counts map[string]int) map[string]int {
	if len(counts) <= maxReasons {
		return counts
	}
	reasons := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	reasons = slices.DeleteFunc(reasons, func(why string) bool { return why == Others })
	for _, why := range reasons[maxReasons-1:] {
		counts[Others] += counts[why]
		delete(counts, why)
	}
	return counts
}

func (s *Span) add(oldest, newest time.Time) {
	if !oldest.IsZero() && (s.Oldest.IsZero() || oldest.Before(s.Oldest)) {
		s.Oldest = oldest
	}
	if newest.After(s.Newest) {
		s.Newest = newest
	}
}
