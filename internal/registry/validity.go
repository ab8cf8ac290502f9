package registry

import (
	"slices"
	"time"
)

// Validity is a span of time in which a rule applies: from the instant From
// until just before Until. Zero is without that bound.
type Validity struct{ From, Until time.Time }

// Holds reports whether the time is within the span.
func (v Validity) Holds(at time.Time) bool {
	return !at.Before(v.From) && (v.Until.IsZero() || at.Before(v.Until))
}

// Policy names what is judged by at a time: a generation, and the last of its
// rules' dates that has passed. The zero Policy is none.
type Policy struct {
	Generation string
	// Since is that date, or zero when none has passed. Rules whose dates are
	// the same instant begin and end together.
	Since time.Time
}

// PolicyAt is the policy in force at the time.
func (r *Registry) PolicyAt(at time.Time) Policy {
	p := Policy{Generation: r.Generation}
	for _, boundary := range r.boundaries() {
		if !boundary.After(at) {
			p.Since = boundary.UTC()
		}
	}
	return p
}

// Equal reports whether two policies are the same.
func (p Policy) Equal(o Policy) bool { return p.Generation == o.Generation && p.Since.Equal(o.Since) }

// boundaries are the instants at which some rule begins or ends, in order.
func (r *Registry) boundaries() []time.Time {
	var all []time.Time
	for _, i := range r.Integrations {
		for _, rule := range i.Rules {
			for _, at := range []time.Time{rule.Valid.From, rule.Valid.Until} {
				if rule.Mode != Off && !at.IsZero() {
					all = append(all, at)
				}
			}
		}
	}
	slices.SortFunc(all, time.Time.Compare)
	return all
}

// valid reads when the rule applies. Days are those of the rule's systems.
func (b ruleBuilder) valid(r Rule) Validity {
	y := b.yaml.Valid
	if !y.given() {
		return Validity{}
	}
	v := Validity{From: b.bound(y.From, r, 0), Until: b.bound(y.Until, r, 1)}
	switch {
	case !y.node.has("from") && !y.node.has("until"):
		b.add(y.named(), "valid says nothing, want from, until or both")
	case !v.From.IsZero() && !v.Until.IsZero() && !v.From.Before(v.Until):
		b.add(y.Until.at(), "valid ends before it begins, want until after from")
	}
	return v
}

// bound is an instant, or the beginning of a day plus some days.
func (b ruleBuilder) bound(y instant, r Rule, days int) time.Time {
	if !y.given() || !dates.MatchString(y.text()) {
		return b.instant(y, time.UTC)
	}
	from, to := b.systems[r.From].Timezone, b.systems[r.To].Timezone
	if from == nil || to == nil {
		return time.Time{}
	}
	if from.String() != to.String() {
		b.add(y.at(), "%s and %s are in different zones, want a time with an offset such as 2026-03-01T08:00:00-05:00", r.From, r.To)
		return time.Time{}
	}
	day := b.day(y.origin, to)
	if day.IsZero() {
		return day
	}
	return day.AddDate(0, 0, days)
}
