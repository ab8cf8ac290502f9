package total

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Outcome is what a period's total comes to.
type Outcome string

// The outcomes.
const (
	// Agrees: both sides show the same, within what the rule allows.
	Agrees Outcome = "agree"
	// Explained: they differ, and open findings tell all of it.
	Explained Outcome = "explained"
	// Waiting: they differ, and what no finding tells is inside a settle time.
	Waiting Outcome = "waiting"
	// Differs: a part of the difference is told by nothing.
	Differs Outcome = "differ"
	// CannotTell: what would be needed is not known; Why says what.
	CannotTell Outcome = "cannot_tell"
)

// Result is what a period came to for one set of by-values.
type Result struct {
	Bucket
	Outcome Outcome
	// Why says in words what decided.
	Why string
}

// Limits is how a bucket is judged.
type Limits struct {
	// Within is how far the rest of a measure may be off; a measure that is not
	// named may not be.
	Within map[string]commerce.Decimal
	// Each says that every record has to hold by itself: two that make up for one
	// another are a difference all the same.
	Each bool
	// Trouble says why the period cannot be judged, whatever the sums, or is
	// blank.
	Trouble string
}

// Judge says what a bucket comes to.
func Judge(b Bucket, l Limits) Result {
	r := Result{Bucket: b}
	r.Outcome, r.Why = judge(b, l)
	return r
}

func judge(b Bucket, l Limits) (Outcome, string) {
	switch {
	case l.Trouble != "":
		return CannotTell, l.Trouble
	case b.Unknown == 1:
		return CannotTell, b.Why
	case b.Unknown > 1:
		return CannotTell, fmt.Sprintf("%s, and %d more", b.Why, b.Unknown-1)
	}
	if rest := b.Beyond(l.Within); len(rest) > 0 {
		return Differs, "nothing explains what is left of " + strings.Join(rest, ", ")
	}
	if l.Each && b.Loose > 0 {
		return Differs, fmt.Sprintf("%s by themselves", records(b.Loose, "does not add up", "do not add up"))
	}
	switch {
	case b.differs(func(s Sum) commerce.Decimal { return s.Waiting }):
		return Waiting, records(b.Waits, "is inside its settle time", "are inside their settle times")
	case b.differs(func(s Sum) commerce.Decimal { return s.Explained }):
		return Explained, fmt.Sprintf("open findings about %s explain it", records(b.Findings, "", ""))
	default:
		return Agrees, ""
	}
}

func records(n int, one, many string) string {
	if n == 1 {
		return strings.TrimSpace("1 record " + one)
	}
	return strings.TrimSpace(fmt.Sprintf("%d records %s", n, many))
}

// Beyond names the measures whose rest is beyond what is allowed.
func (b Bucket) Beyond(within map[string]commerce.Decimal) []string {
	return slices.DeleteFunc(b.Measures(), func(name string) bool {
		return b.Sums[name].Rest.Abs().Cmp(within[name]) <= 0
	})
}

func (b Bucket) differs(part func(Sum) commerce.Decimal) bool {
	return slices.ContainsFunc(b.Measures(), func(name string) bool { return part(b.Sums[name]).Sign() != 0 })
}

// Day is what one rule's totals of one day came to.
type Day struct {
	Integration, Rule string
	// Kind is that of the records, blank where there are several.
	Kind commerce.Kind `json:",omitempty"`
	// Period is the day, "2026-11-22", from Begins until just before Ends.
	Period       string
	Begins, Ends time.Time
	// From and To are the two systems.
	From, To string
	// Closed is when the day was due to be judged, Judged when it last was.
	Closed, Judged time.Time
	// Trouble says why the day cannot be judged, or is blank.
	Trouble string `json:",omitempty"`
	// Results are by their by-values. A day without records has none.
	Results []Result
	// Told names the differences that were told and not taken back, "USD|total".
	Told []string `json:",omitempty"`
}

// Text writes a measure's number as people read it: amounts with all the places
// of their currency.
func (d Day) Text(measure, currency string, n commerce.Decimal) string {
	if !d.money(measure, currency) {
		return n.String()
	}
	return Money(n, currency)
}

// money reports whether a measure is an amount of the currency.
func (d Day) money(measure, currency string) bool {
	return currency != "" && measure != Records && (d.Kind == "" || d.Kind.CurrencyOf(measure) != "")
}

// Money writes an amount with at least the places of its currency.
func Money(n commerce.Decimal, currency string) string {
	whole, fraction, _ := strings.Cut(n.String(), ".")
	if short := commerce.MinorDigits(currency) - len(fraction); short > 0 {
		fraction += strings.Repeat("0", short)
	}
	if fraction == "" {
		return whole
	}
	return whole + "." + fraction
}

// Document names the document that keeps what a rule's totals of a day came to.
func Document(rule, period string) string { return "total|" + rule + "|" + period }
