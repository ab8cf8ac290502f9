package report

import (
	"cmp"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/fold"
	"github.com/plumbline/plumbline/internal/registry"
)

// MinDays is on how many days of a week there must have been an audit for
// figures of it.
const MinDays = 3

// Line is what a report says of one integration. What was not measured is zero.
type Line struct {
	Integration string
	// Watch says that all its rules only watch.
	Watch bool `json:",omitempty"`
	// Goal is what it is held to.
	Goal registry.Objectives
	// Days counts those of the last week with an audit. With fewer than MinDays
	// there are no figures of audits.
	Days int
	// Judged counts the records of all days of which one knows whether they agree,
	// and Agreement is the percentage that does; nil is not known.
	Judged    int
	Agreement *float64 `json:",omitempty"`
	// CatchUp is the time within which 95 of 100 changes were shown.
	CatchUp time.Duration `json:",omitempty"`
	// Stale is how long before the last audit the last change came from the system
	// from which none came for longer; nil is not known.
	Stale *time.Duration `json:",omitempty"`
	// Budget is how much is left of the disagreement that the goal allows, in
	// percent: 0 and less when it is used up, nil without a goal.
	Budget *float64 `json:",omitempty"`
	// Open counts the findings that are open or acknowledged, and Impact is their
	// money at risk by currency.
	Open   int
	Impact map[string]commerce.Decimal `json:",omitempty"`
}

// LineOf is what audits and findings say of an integration at a time. Audits are
// in the order in which they began; findings may be of any integration.
func LineOf(i registry.Integration, audits []Audit, findings []finding.Finding, at time.Time) Line {
	l := Line{Integration: i.Name, Goal: i.Objectives}
	rules, watch := told(i)
	l.Watch = watch
	l.open(i.Name, findings)
	week, month := lastOfDays(audits, at.Add(-Week), at), lastOfDays(audits, at.Add(-Budget), at)
	if l.Days = len(week); l.Days < MinDays {
		return l
	}
	agree, differ := counts(week, rules)
	if l.Judged = agree + differ; l.Judged > 0 {
		percent := 100 * float64(agree) / float64(l.Judged)
		l.Agreement = &percent
	}
	l.CatchUp = catchUp(audits, week[len(week)-1], rules, at)
	l.Stale = stale(week[len(week)-1], rules)
	if agree, differ := counts(month, rules); l.Goal.Agreement > 0 && agree+differ > 0 {
		allowed := (1 - l.Goal.Agreement/100) * float64(agree+differ)
		left := 100 * (1 - float64(differ)/allowed)
		l.Budget = &left
	}
	return l
}

// told are the names of the rules that a report tells of: those that alert, or
// where none does, those that watch.
func told(i registry.Integration) (rules []string, watch bool) {
	for _, mode := range []registry.Mode{registry.Alert, registry.Watch} {
		for _, r := range i.Rules {
			if r.Mode == mode {
				rules = append(rules, r.Name())
			}
		}
		if rules != nil {
			return rules, mode == registry.Watch
		}
	}
	return nil, false
}

// lastOfDays are the last audits of each day that began after one time and not
// after another.
func lastOfDays(audits []Audit, after, until time.Time) []Audit {
	var days []Audit
	for _, a := range audits {
		if !a.Began.After(after) || a.Began.After(until) {
			continue
		}
		if n := len(days); n > 0 && Name(days[n-1].Began) == Name(a.Began) {
			days[n-1] = a
			continue
		}
		days = append(days, a)
	}
	return days
}

func counts(audits []Audit, rules []string) (agree, differ int) {
	for _, a := range audits {
		for _, name := range rules {
			agree, differ = agree+a.Rules[name].Agree, differ+a.Rules[name].Differ
		}
	}
	return agree, differ
}

// catchUp is the time within which 95 of 100 changes of the week were shown,
// those that still waited at the last audit included.
func catchUp(audits []Audit, last Audit, rules []string, at time.Time) time.Duration {
	shown, waiting := waits(audits, last, rules, at)
	return shown.Quantile(0.95, waiting)
}

func waits(audits []Audit, last Audit, rules []string, at time.Time) (shown, waiting fold.Sketch) {
	for _, a := range audits {
		for _, name := range rules {
			if a.Began.After(at.Add(-Week)) && !a.Began.After(at) {
				shown = shown.Merge(a.Rules[name].Shown)
			}
		}
	}
	for _, name := range rules {
		waiting = waiting.Merge(last.Rules[name].Waiting)
	}
	return shown, waiting
}

// stale is how long neither side had been silent: of the rule that was heard of
// last, because records of some kinds change once a month.
func stale(last Audit, rules []string) *time.Duration {
	var heard time.Time
	for _, name := range rules {
		if at := last.Rules[name].Heard; at.After(heard) {
			heard = at
		}
	}
	if heard.IsZero() {
		return nil
	}
	age := max(last.Began.Sub(heard), 0)
	return &age
}

func (l *Line) open(integration string, findings []finding.Finding) {
	broken := map[string]bool{}
	for _, f := range findings {
		if f.Integration != integration || !f.Told() || f.Silent != l.Watch || f.State != finding.Open && f.State != finding.Acknowledged {
			continue
		}
		l.Open++
		if f.Impact == nil || f.Impact.Sign() == 0 || broken[f.Currency] {
			continue
		}
		if l.Impact == nil {
			l.Impact = map[string]commerce.Decimal{}
		}
		sum, err := l.Impact[f.Currency].Add(f.Impact.Abs())
		if l.Impact[f.Currency] = sum; err != nil {
			broken[f.Currency] = true
			delete(l.Impact, f.Currency)
		}
	}
}

// Misses counts the goals that the integration does not meet.
func (l Line) Misses() int {
	n := 0
	if l.Agreement != nil && *l.Agreement < l.Goal.Agreement || l.Budget != nil && *l.Budget <= 0 {
		n++
	}
	if l.Goal.CatchUp > 0 && l.CatchUp > l.Goal.CatchUp {
		n++
	}
	return n
}

// Worst orders by goals that are missed, then by what is left of the error
// budget, by money, by what is open, and by name.
func Worst(a, b Line) int {
	return cmp.Or(
		cmp.Compare(b.Misses(), a.Misses()), cmp.Compare(a.left(), b.left()),
		b.most().Cmp(a.most()), cmp.Compare(b.Open, a.Open), cmp.Compare(a.Integration, b.Integration))
}

// left is the error budget; without a goal all of it.
func (l Line) left() float64 {
	if l.Budget == nil {
		return 100
	}
	return *l.Budget
}

func (l Line) most() commerce.Decimal {
	var most commerce.Decimal
	for _, d := range l.Impact {
		if d.Cmp(most) > 0 {
			most = d
		}
	}
	return most
}
