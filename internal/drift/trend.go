package drift

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/fold"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/trend"
)

// courses is what the audits know of the small differences of a rule's records.
type courses struct {
	// Until is the beginning of the last audit that it knows of.
	Until time.Time
	// Segments has a series for each facet.
	Segments map[string]map[string]trend.Series
	// Ended are the segments and facets of which the last audit ended a trend.
	Ended [][2]string `json:",omitempty"`
}

// trendName names the document of a rule's courses.
func trendName(rule registry.Rule) string { return "trend|" + rule.Name() }

// trends takes the courses of each rule one audit further, and then reports as a
// row of its own what goes one way. The document goes first, and names its audit:
// knowing the same audit twice is knowing it once, and reports the same again.
func (r *run) trends(ctx context.Context, s store.Sweep, f fold.Fold) error {
	for _, kind := range commerce.Kinds() {
		for _, rule := range r.Rules[kind] {
			of := f.Rules[rule.Name()]
			if of == nil {
				continue
			}
			c, err := r.coursesAfter(ctx, rule, of.Trends, f)
			if err != nil {
				return fmt.Errorf("trends of %s: %w", rule.Name(), err)
			}
			if !c.Until.Equal(f.Until) {
				continue // a later audit knows more
			}
			if err := r.tellTrends(ctx, rule, c); err != nil {
				return fmt.Errorf("trends of %s: %w", rule.Name(), err)
			}
		}
	}
	return nil
}

// coursesAfter are a rule's courses after an audit, or after a later one.
func (r *run) coursesAfter(ctx context.Context, rule registry.Rule, news fold.Trends, f fold.Fold) (courses, error) {
	var c courses
	d, err := r.Documents.GetDocument(ctx, trendName(rule))
	if err == nil {
		err = json.Unmarshal(d.Body, &c)
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return c, fmt.Errorf("read: %w", err)
	}
	if !c.Until.Before(f.Until) {
		return c, nil
	}
	if len(news) == 0 && len(c.Segments) == 0 && len(c.Ended) == 0 {
		return courses{}, nil // nothing to know, and nothing to keep
	}
	c = c.after(news, f.After, f.Until)
	body, err := json.Marshal(c)
	if err != nil {
		return c, fmt.Errorf("keep: %w", err)
	}
	if err := r.Documents.PutDocument(ctx, store.Document{Name: trendName(rule), Body: body, Rev: d.Rev}); err != nil {
		return c, fmt.Errorf("keep: %w", err)
	}
	return c, nil
}

// after takes each course one audit further.
func (c courses) after(news fold.Trends, from, until time.Time) courses {
	next := courses{Until: until.UTC(), Segments: map[string]map[string]trend.Series{}}
	step := func(segment, facet string) {
		if _, done := next.Segments[segment][facet]; done {
			return
		}
		before := c.Segments[segment][facet]
		after := before.Step(news[segment][facet], from, until)
		if _, was := oneSided(before); was {
			if _, is := oneSided(after); !is {
				next.Ended = append(next.Ended, [2]string{segment, facet})
			}
		}
		if next.Segments[segment] == nil {
			next.Segments[segment] = map[string]trend.Series{}
		}
		next.Segments[segment][facet] = after
	}
	for segment, facets := range c.Segments {
		for facet := range facets {
			step(segment, facet)
		}
	}
	for segment, facets := range news {
		for facet := range facets {
			step(segment, facet)
		}
	}
	slices.SortFunc(next.Ended, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	return next
}

// oneSided is the course of a series that is a trend, with the sign of its sum.
func oneSided(s trend.Series) (trend.Course, bool) {
	switch {
	case s.Up.Trend():
		return s.Up, true
	case s.Down.Trend():
		c := s.Down
		c.Sum, c.Back = c.Sum.Neg(), c.Back.Neg()
		return c, true
	default:
		return trend.Course{}, false
	}
}

// tellTrends sends what goes one way, and takes back what the audit ended. Twice is
// once: versions are those of the audit.
func (r *run) tellTrends(ctx context.Context, rule registry.Rule, c courses) error {
	var observations []commerce.Observation
	say := func(segment, facet string, facets commerce.Facets) {
		o := commerce.Observation{
			System: commerce.Plumbline, Kind: commerce.Trend, Key: commerce.Key{rule.Integration, rule.ID, segment},
			Part: facet, Native: segment, Facets: facets, Gone: facets == nil,
		}
		o.Stamp(commerce.VersionParts{Clock: c.Until})
		observations = append(observations, o)
	}
	for _, segment := range slices.Sorted(maps.Keys(c.Segments)) {
		for _, facet := range slices.Sorted(maps.Keys(c.Segments[segment])) {
			if course, is := oneSided(c.Segments[segment][facet]); is {
				say(segment, facet, trendFacets(rule, course, r.currencyIn(rule, segment, facet)))
			}
		}
	}
	for _, ended := range c.Ended {
		say(ended[0], ended[1], nil)
	}
	if len(observations) == 0 || r.Moves == nil {
		return nil
	}
	body, err := queue.Encode(queue.Envelope{
		Delivery: commerce.Delivery{
			ID: fmt.Sprintf("trends of %s by %d", rule.Name(), c.Until.UnixMilli()), System: commerce.Plumbline, Topic: "trends", Received: r.now,
		},
		Observations: observations, Generation: r.Registry.Generation,
	})
	if err != nil {
		return fmt.Errorf("tell: %w", err)
	}
	if err := r.Moves.Send(ctx, body); err != nil {
		return fmt.Errorf("tell: %w", err)
	}
	return nil
}

// currencyIn is the currency of a facet in a segment: that of the system where
// records carry none.
func (r *run) currencyIn(rule registry.Rule, segment, facet string) string {
	if currency := judge.CurrencyIn(rule, segment, facet); currency != "" || rule.Kind.CurrencyOf(facet) != "currency" {
		return currency
	}
	return r.Registry.Systems[rule.From].Currency
}

func trendFacets(rule registry.Rule, c trend.Course, currency string) commerce.Facets {
	count := func(n int) commerce.Value { return commerce.Number(commerce.Int(int64(n))) }
	f := commerce.Facets{
		"sum": commerce.Number(c.Sum), "most": commerce.Number(c.Most), "since": commerce.Time(c.Since),
		"with": count(c.With), "against": count(c.Against), "of": count(c.N), "kind": commerce.Text(string(rule.Kind)),
	}
	if currency != "" {
		f["currency"] = commerce.Text(currency)
	}
	return f
}
