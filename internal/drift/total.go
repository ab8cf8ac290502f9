package drift

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/fold"
	"github.com/plumbline/plumbline/internal/generation"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/total"
)

const (
	// totalSweep is the walk that adds up the days that have closed.
	totalSweep = "totals"
	// openDays is how many closed days each walk adds up again, so that a late
	// change is seen in the day that it is about.
	openDays = 35
)

// totals begins to add up when a day of some rule has closed, and helps a walk
// that rests. What is closed and what was added up since a deployment is added up
// once.
func (r *run) totals(ctx context.Context) error {
	closed := r.lastClosing()
	if closed.IsZero() || r.Documents == nil {
		return nil
	}
	before, err := r.Sweeps.GetSweep(ctx, totalSweep)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("read sweep %s: %w", totalSweep, err)
	}
	if before.Generation == r.Registry.Generation && !before.Since.Before(closed) {
		return r.drive(ctx, before)
	}
	if current, err := r.Generation.Current(ctx); err != nil || !current {
		return onlyIf(!errors.Is(err, generation.ErrOld), err)
	}
	if held, err := r.behind(ctx); err != nil || held {
		return err
	}
	next := store.Sweep{
		Name: totalSweep, Run: fmt.Sprintf("%s@%d", closed.UTC().Format(time.RFC3339), r.now.UnixMilli()),
		Generation: r.Registry.Generation, Since: closed.UTC(), Cause: "a day has closed", Kinds: r.totalKinds(),
		Noted: r.now.UTC(), Segments: make([]store.SweepSegment, segments), Rev: before.Rev,
	}
	if err := r.Sweeps.PutSweep(ctx, next); errors.Is(err, store.ErrLost) {
		return nil // somebody else began
	} else if err != nil {
		return fmt.Errorf("begin to add up days: %w", err)
	}
	next.Rev++
	return r.drive(ctx, next)
}

// lastClosing is when the last day of some rule closed, zero when there is none.
func (r *run) lastClosing() time.Time {
	var last time.Time
	for _, rule := range r.Registry.TotalRules() {
		last = later(last, rule.Totals.Closed(rule.Totals.LastClosed(r.now)))
	}
	return last
}

// behind reports whether deliveries are merged late, so that what there is may
// not be all.
func (r *run) behind(ctx context.Context) (bool, error) {
	for _, kind := range r.totalKinds() {
		c, err := r.context(ctx, kind)
		if err != nil || c.Held != "" {
			return c.Held != "", err
		}
	}
	return false, nil
}

func (r *run) totalKinds() []commerce.Kind {
	var kinds []commerce.Kind
	for _, rule := range r.Registry.TotalRules() {
		for _, of := range rule.Sources() {
			if !slices.Contains(kinds, of.Kind) {
				kinds = append(kinds, of.Kind)
			}
		}
	}
	return kinds
}

// add adds a row to the totals of each rule, on the days that are still open to
// change.
func (r *run) add(row record.Row, judgements []judgement) {
	judged := make([]judge.Judged, 0, len(judgements))
	for _, j := range judgements {
		judged = append(judged, judge.Judged{Rule: j.rule, Verdict: j.Verdict})
	}
	for _, l := range r.books() {
		for _, a := range r.added(l.rule, row, l.days, judged) {
			switch {
			case a.Undated != "":
				r.fold.Totals.AddUndated(l.rule.Name(), a.Changed, a.Undated)
			case slices.Contains(l.days, a.Period):
				r.fold.Totals.Add(l.rule.Name(), a.Entry)
			}
		}
	}
}

// ledger is a rule about totals and the days that a walk adds up for it.
type ledger struct {
	rule registry.Rule
	days []string
}

// books are the ledgers of the walk that the run is about.
func (r *run) books() []ledger {
	if r.ledgers == nil {
		for _, rule := range r.Registry.TotalRules() {
			r.ledgers = append(r.ledgers, ledger{rule, daysOf(rule, r.fold.Until)})
		}
	}
	return r.ledgers
}

// added is what a row adds under a rule: once, or to each term of a law.
func (r *run) added(rule registry.Rule, row record.Row, days []string, judged []judge.Judged) []judge.Added {
	around := func(system string) judge.Context {
		return judge.Context{Tables: r.Registry.Tables, Currency: r.Registry.Systems[system].Currency}
	}
	if rule.Law == nil && rule.Kind == row.Kind {
		if a, counts := judge.Add(rule, row, judged, around(rule.From)); counts {
			return []judge.Added{a}
		}
	}
	if rule.Law == nil {
		return nil
	}
	var all []judge.Added
	for _, term := range rule.Law.Terms {
		all = append(all, judge.AddTerm(rule, term, row, days, judged, around(term.System))...)
	}
	return all
}

// daysOf are the days that a walk adds up which began at the time: the last that
// had closed, and those before it.
func daysOf(rule registry.Rule, at time.Time) []string {
	last, err := time.Parse(time.DateOnly, rule.Totals.LastClosed(at))
	if err != nil {
		return nil
	}
	days := make([]string, openDays)
	for i := range days {
		days[i] = last.AddDate(0, 0, i+1-openDays).Format(time.DateOnly)
	}
	return days
}

// closeDays says what the days came to, keeps it, and reports what nothing
// explains. What was reported and is explained by now is taken back.
func (r *run) closeDays(ctx context.Context, s store.Sweep, f fold.Fold) error {
	_, left, _ := sums(s)
	for _, rule := range r.Registry.TotalRules() {
		sheet := f.Totals[rule.Name()]
		if sheet == nil {
			sheet = &total.Sheet{}
		}
		for _, period := range daysOf(rule, s.Noted) {
			if err := r.closeDay(ctx, s, rule, period, *sheet, left); err != nil {
				return fmt.Errorf("close %s of %s: %w", period, rule.Name(), err)
			}
		}
	}
	return nil
}

func (r *run) closeDay(ctx context.Context, s store.Sweep, rule registry.Rule, period string, sheet total.Sheet, left int) error {
	begins, ends, ok := rule.Totals.Span(period)
	if !ok || !rule.Valid.Holds(begins) || !rule.Valid.Holds(ends.Add(-1)) {
		return nil
	}
	day := total.Day{
		Integration: rule.Integration, Rule: rule.ID, Kind: rule.Kind, Period: period, Begins: begins.UTC(), Ends: ends.UTC(),
		From: rule.From, To: rule.To, Closed: rule.Totals.Closed(period).UTC(), Judged: s.Noted,
	}
	var err error
	if day.Trouble, err = r.trouble(ctx, rule, day, sheet, left); err != nil {
		return err
	}
	limits := total.Limits{Within: rule.Totals.Within, Each: rule.Law.Each(), Trouble: day.Trouble}
	for _, b := range sheet.Of(period) {
		day.Results = append(day.Results, total.Judge(balanced(rule, b), limits))
	}
	before, err := r.dayBefore(ctx, rule, period)
	if err != nil || before.Judged.After(day.Judged) {
		return err
	}
	if day.Told, err = r.tellTotals(ctx, rule, before, day); err != nil {
		return err
	}
	body, err := json.Marshal(day)
	if err != nil {
		return fmt.Errorf("keep what it came to: %w", err)
	}
	return r.publishDocument(ctx, store.Document{Name: total.Document(rule.Name(), period), Body: body}, func(before json.RawMessage) (bool, error) {
		var b total.Day
		err := json.Unmarshal(before, &b)
		return b.Judged.Before(day.Judged), err
	})
}

// dayBefore is what a day came to when it was last added up.
func (r *run) dayBefore(ctx context.Context, rule registry.Rule, period string) (total.Day, error) {
	var day total.Day
	d, err := r.Documents.GetDocument(ctx, total.Document(rule.Name(), period))
	if errors.Is(err, store.ErrNotFound) {
		return day, nil
	}
	if err != nil {
		return day, fmt.Errorf("read what it came to before: %w", err)
	}
	if err := json.Unmarshal(d.Body, &day); err != nil {
		return day, fmt.Errorf("read what it came to before: %w", err)
	}
	return day, nil
}

// balanced is a bucket with the two sides of a law that is about several terms.
func balanced(rule registry.Rule, b total.Bucket) total.Bucket {
	if rule.Law == nil || rule.Law.Each() {
		return b
	}
	left, right, why := judge.Sides(rule.Law, b.Terms)
	if why != "" {
		return b.Unbalanced(why)
	}
	return b.Balance(registry.HoldsMeasure, left, right)
}

// trouble says why a day cannot be judged, or is blank.
func (r *run) trouble(ctx context.Context, rule registry.Rule, day total.Day, sheet total.Sheet, left int) (string, error) {
	const at = "2006-01-02 15:04 MST"
	for _, of := range rule.Sources() {
		c, err := r.context(ctx, of.Kind)
		if err != nil {
			return "", err
		}
		covered, known := c.Covered[of.System]
		unread, bad := c.Unread[of.System]
		quiet, silent := c.Silent[of.System]
		switch {
		case !known:
			return fmt.Sprintf("%s has not reported any %s yet", of.System, of.Kind), nil
		case covered.After(day.Begins):
			return fmt.Sprintf("the %ss of %s are known since %s only", of.Kind, of.System, covered.UTC().Format(at)), nil
		case bad && !unread.Before(day.Begins) && unread.Before(day.Closed):
			return fmt.Sprintf("a delivery of %s could not be read at %s", of.System, unread.UTC().Format(at)), nil
		case silent && quiet.Since.Before(day.Ends) && !r.caughtUp(of, quiet, day):
			return fmt.Sprintf("%s sent no news of %s from %s on", of.System, of.Kind, quiet.Since.UTC().Format(at)), nil
		}
	}
	return incomplete(day, sheet, left), nil
}

// caughtUp reports whether what a silent system missed to say of a day has come in:
// it was heard again before the day, or for as long as single records may take. Then
// the records of the day are judged as always, and so is what they add up to.
func (r *run) caughtUp(of registry.Source, quiet judge.Quiet, day total.Day) bool {
	if quiet.Heard.IsZero() {
		return false
	}
	settled := quiet.Heard
	for _, rule := range r.Rules[of.Kind] {
		if rule.From == of.System || rule.To == of.System {
			settled = later(settled, rule.Settle.Due(quiet.Heard))
		}
	}
	return !quiet.Heard.After(day.Begins) || !day.Judged.Before(settled)
}

// incomplete says why the sums are not those of all records, or is blank.
func incomplete(day total.Day, sheet total.Sheet, left int) string {
	switch {
	case left > 0:
		return fmt.Sprintf("%d records could not be judged", left)
	case sheet.Crowded:
		return fmt.Sprintf("more than %d totals, want fewer parts in by", total.MaxBuckets)
	case sheet.Undated > 0 && !sheet.UndatedAt.Before(day.Begins):
		return sheet.UndatedWhy
	default:
		return ""
	}
}
