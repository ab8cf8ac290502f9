package drift

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/total"
)

// tellTotals sends what nothing explains of a day as a row of its own for each
// set of by-values, and takes back what was sent before and is explained by now.
// It returns what is told by then. What cannot be told by now stays as it was.
// Twice is once: versions are those of the walk.
func (r *run) tellTotals(ctx context.Context, rule registry.Rule, before, day total.Day) ([]string, error) {
	told := map[string]bool{}
	for _, name := range before.Told {
		told[name] = true
	}
	var observations []commerce.Observation
	say := func(by, measure string, facets commerce.Facets) {
		o := totalObservation(day, by, measure)
		o.Facets, o.Gone = facets, facets == nil
		o.Stamp(commerce.VersionParts{Clock: day.Judged})
		observations = append(observations, o)
	}
	differs := map[string]bool{}
	for _, result := range day.Results {
		if result.Outcome != total.Differs {
			continue
		}
		for _, measure := range openMeasures(rule, result) {
			facets, err := totalFacets(rule, day, result, measure)
			if err != nil {
				return nil, err
			}
			say(result.By, measure, facets)
			differs[toldName(result.By, measure)] = true
		}
	}
	names := make([]string, 0, len(told))
	for name := range told {
		by, measure := cutTold(name)
		switch {
		case differs[name]:
		case unknownOf(day, by):
			differs[name] = true
		default:
			say(by, measure, nil)
		}
	}
	for name := range differs {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, r.sendTotals(ctx, day, observations)
}

// openMeasures are those of which something is left that nothing explains. A law
// that does not hold for single records is open even when they make up for one
// another.
func openMeasures(rule registry.Rule, result total.Result) []string {
	if beyond := result.Beyond(rule.Totals.Within); len(beyond) > 0 || !rule.Law.Each() {
		return beyond
	}
	return []string{registry.HoldsMeasure}
}

// unknownOf reports whether nothing can be told of a day's by-values by now.
func unknownOf(day total.Day, by string) bool {
	for _, result := range day.Results {
		if result.By == by {
			return result.Outcome == total.CannotTell
		}
	}
	return day.Trouble != ""
}

func toldName(by, measure string) string { return by + "|" + measure }

func cutTold(name string) (by, measure string) {
	i := strings.LastIndex(name, "|")
	return name[:max(i, 0)], name[i+1:]
}

// totalObservation is about one measure of a day.
func totalObservation(day total.Day, by, measure string) commerce.Observation {
	return commerce.Observation{
		System: commerce.Plumbline, Kind: commerce.Total, Key: commerce.Key{day.Integration, day.Rule, day.Period, by},
		Part: measure, Native: day.Period + "/" + by, Created: day.Closed,
	}
}

// totalFacets are what a measure comes to beside what is known of it: what
// findings and settle times explain is taken off what is expected.
func totalFacets(rule registry.Rule, day total.Day, result total.Result, measure string) (commerce.Facets, error) {
	s := result.Sums[measure]
	expected, err := s.Actual.Sub(s.Rest)
	if err != nil {
		return nil, fmt.Errorf("tell %s of %s: %w", measure, result.By, err)
	}
	f := commerce.Facets{
		"expected": commerce.Number(expected), "actual": commerce.Number(s.Actual),
		"reason": commerce.Text(reasonOf(rule, day, result)),
	}
	if result.Currency != "" {
		f["currency"] = commerce.Text(result.Currency)
	}
	return f, nil
}

// reasonOf says what is known of a day that differs: what explains a part of it,
// and the records that nothing explains.
func reasonOf(rule registry.Rule, day total.Day, result total.Result) string {
	const few = 3
	var loose []string
	for _, p := range result.Parts {
		if p.Finding == "" && p.Waits == "" {
			loose = append(loose, p.Record)
		}
	}
	var said []string
	switch {
	case len(loose) > few:
		said = append(said, fmt.Sprintf("nothing is known of %s and %d more", strings.Join(loose[:few], ", "), result.Loose-few))
	case len(loose) > 0:
		said = append(said, "nothing is known of "+strings.Join(loose, ", "))
	}
	if n := result.Findings; n > 0 {
		said = append(said, fmt.Sprintf("open findings about %d others are taken off", n))
	}
	if n := result.Waits; n > 0 {
		said = append(said, fmt.Sprintf("%d others are inside their settle times", n))
	}
	if rule.Law != nil && !rule.Law.Each() {
		for _, name := range rule.Law.Names() {
			said = append(said, name+" is "+result.Terms[name].String())
		}
	}
	if len(said) == 0 {
		return fmt.Sprintf("the totals of %s and %s differ", day.From, day.To)
	}
	return strings.Join(said, "; ")
}

// sendTotals sends observations to merge as one delivery.
func (r *run) sendTotals(ctx context.Context, day total.Day, observations []commerce.Observation) error {
	if len(observations) == 0 || r.Moves == nil {
		return nil
	}
	slices.SortFunc(observations, func(a, b commerce.Observation) int {
		return strings.Compare(a.Native+a.Part, b.Native+b.Part)
	})
	body, err := queue.Encode(queue.Envelope{
		Delivery: commerce.Delivery{
			ID: fmt.Sprintf("totals of %s by %d", day.Period, day.Judged.UnixMilli()), System: commerce.Plumbline, Topic: "totals", Received: r.now,
		},
		Observations: observations, Generation: r.Registry.Generation,
	})
	if err != nil {
		return fmt.Errorf("tell totals: %w", err)
	}
	if err := r.Moves.Send(ctx, body); err != nil {
		return fmt.Errorf("tell totals: %w", err)
	}
	return nil
}
