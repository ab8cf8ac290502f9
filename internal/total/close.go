package total

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Ledger is what one rule's days of a month came to.
type Ledger struct {
	Integration, Owner, Rule string
	// Wanted are the days of the month on which the rule applies, and Days what was
	// added up of them.
	Wanted []string
	Days   []Day
}

// OpenFinding is a difference that is not over when a month is closed. It names no
// person.
type OpenFinding struct {
	ID, Integration, Owner, Rule, Class, Kind, Record, State, Severity string
	Since                                                              time.Time
	Currency                                                           string
	Impact                                                             *commerce.Decimal
}

// SignOff is who accepted a month as it is, and when.
type SignOff struct {
	By string    `json:"by"`
	At time.Time `json:"at"`
}

// Close is a month with everything that is known of its totals.
type Close struct {
	// Month is the month, "2026-11", and Made when this was put together.
	Month    string
	Made     time.Time
	Ledgers  []Ledger
	Findings []OpenFinding
	SignOff  *SignOff
}

// Line is a measure over a whole month.
type Line struct {
	Integration string `json:"integration"`
	Owner       string `json:"owner"`
	Rule        string `json:"rule"`
	By          string `json:"by"`
	Currency    string `json:"currency"`
	Measure     string `json:"measure"`
	// Money says that the measure is an amount of the currency.
	Money       bool             `json:"money"`
	Expected    commerce.Decimal `json:"expected"`
	Actual      commerce.Decimal `json:"actual"`
	Allowed     commerce.Decimal `json:"allowed"`
	Explained   commerce.Decimal `json:"explained"`
	Waiting     commerce.Decimal `json:"waiting"`
	Unexplained commerce.Decimal `json:"unexplained"`
	// Inexact says that the sums need more digits than can be kept.
	Inexact bool `json:"inexact,omitempty"`
}

// Lines are the month's sums, by integration, rule, by-values and measure.
func (c Close) Lines() []Line {
	lines := map[string]*Line{}
	for _, l := range c.Ledgers {
		for _, d := range l.Days {
			for _, r := range d.Results {
				for _, measure := range r.Measures() {
					name := l.Integration + "|" + l.Rule + "|" + r.By + "|" + measure
					if lines[name] == nil {
						lines[name] = &Line{
							Integration: l.Integration, Owner: l.Owner, Rule: l.Rule, By: r.By, Currency: r.Currency, Measure: measure,
							Money: d.money(measure, r.Currency),
						}
					}
					lines[name].add(r.Sums[measure])
				}
			}
		}
	}
	all := make([]Line, 0, len(lines))
	for _, name := range slices.Sorted(maps.Keys(lines)) {
		all = append(all, *lines[name])
	}
	return all
}

func (l *Line) add(s Sum) {
	for _, p := range []struct {
		to  *commerce.Decimal
		add commerce.Decimal
	}{
		{&l.Expected, s.Expected},
		{&l.Actual, s.Actual},
		{&l.Allowed, s.Allowed},
		{&l.Explained, s.Explained},
		{&l.Waiting, s.Waiting},
		{&l.Unexplained, s.Rest},
	} {
		next, err := p.to.Add(p.add)
		if err != nil {
			l.Inexact = true
			continue
		}
		*p.to = next
	}
}

// Remainder is money that nothing explains, in one currency.
type Remainder struct {
	Currency    string           `json:"currency"`
	Unexplained commerce.Decimal `json:"unexplained"`
}

// Unexplained is what nothing explains of the month, by currency. Days do not
// make up for one another, and of several measures of a rule the largest counts,
// because tax is a part of the total.
func (c Close) Unexplained() []Remainder {
	rests := map[string]commerce.Decimal{}
	for _, l := range c.Ledgers {
		for _, d := range l.Days {
			for _, r := range d.Results {
				var most commerce.Decimal
				money := false
				for _, measure := range r.Measures() {
					if !d.money(measure, r.Currency) {
						continue
					}
					money = true
					if rest := r.Sums[measure].Rest.Abs(); r.Outcome == Differs && rest.Cmp(most) > 0 {
						most = rest
					}
				}
				if sum, err := rests[r.Currency].Add(most); money && err == nil {
					rests[r.Currency] = sum
				}
			}
		}
	}
	all := make([]Remainder, 0, len(rests))
	for _, currency := range slices.Sorted(maps.Keys(rests)) {
		all = append(all, Remainder{currency, rests[currency]})
	}
	return all
}

// Doubt is something about a month that is neither agreed nor explained.
type Doubt struct {
	Integration string  `json:"integration"`
	Rule        string  `json:"rule"`
	Period      string  `json:"period"`
	By          string  `json:"by"`
	Outcome     Outcome `json:"outcome"`
	Why         string  `json:"why"`
}

// Doubts lists the days that nothing explains, that wait, or of which nothing can
// be told. A month without doubts may be closed by anybody; whoever signs another
// accepts them.
func (c Close) Doubts() []Doubt {
	var all []Doubt
	for _, l := range c.Ledgers {
		days := map[string]Day{}
		for _, d := range l.Days {
			days[d.Period] = d
		}
		for _, period := range l.Wanted {
			d, known := days[period]
			if !known {
				all = append(all, Doubt{l.Integration, l.Rule, period, "", CannotTell, "not added up yet"})
			}
			if known && len(d.Results) == 0 && d.Trouble != "" {
				all = append(all, Doubt{l.Integration, l.Rule, period, "", CannotTell, d.Trouble})
			}
			for _, r := range d.Results {
				if r.Outcome != Agrees && r.Outcome != Explained {
					all = append(all, Doubt{l.Integration, l.Rule, period, r.By, r.Outcome, r.Why})
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Doubt) int {
		return cmp.Or(cmp.Compare(a.Integration, b.Integration), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Period, b.Period), cmp.Compare(a.By, b.By))
	})
	return all
}

// Closed reports whether the month may be taken as closed: nothing is in doubt, or
// somebody signed what is.
func (c Close) Closed() bool { return c.SignOff != nil || len(c.Doubts()) == 0 }
