package day

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Observed is one alert as it was raised.
type Observed struct {
	Integration, Rule, Class string
	// Keys are the records as people write them, as far as the alert describes
	// them one by one, and Records counts all.
	Keys    []string
	Records int
	// Opened and Resolved are times as the truth writes them, in the shop's zone.
	// Resolved is blank while a member is open.
	Opened, Resolved string
}

// clockLayout is how times of day are written.
const clockLayout = "15:04"

// slack is how long after the sides agree again an alert may take to resolve.
const slack = 3 * time.Minute

// Check compares the alerts that a day raised with those that it must raise,
// and returns every deviation in a sentence: alerts that are missing, were not
// called for, hold other records, or opened or resolved at the wrong time. No
// deviation returns nil.
func Check(truth Truth, got []Observed) []string {
	var deviations []string
	used := make([]bool, len(got))
	for _, want := range slices.Concat(truth.Alerts, truth.Told) {
		i := want.find(got, used)
		if i < 0 {
			deviations = append(deviations, fmt.Sprintf("%s: no alert of %s (%s) on %s",
				want.Name, ruleName(want.Integration, want.Rule), want.Class, keyList(want.Keys)))
			continue
		}
		used[i] = true
		deviations = append(deviations, want.compare(got[i], truth.Clock())...)
	}
	for i, o := range got {
		if !used[i] {
			deviations = append(deviations, fmt.Sprintf("not called for: %s (%s) on %s, opened %s%s",
				ruleName(o.Integration, o.Rule), o.Class, keyList(o.Keys), o.Opened, truth.trap(o.Keys)))
		}
	}
	return deviations
}

// find returns the first unused alert that is meant for the fault, or -1.
func (a Alert) find(got []Observed, used []bool) int {
	for i, o := range got {
		if !used[i] && a.matches(o) {
			return i
		}
	}
	return -1
}

// matches reports whether an alert is meant for the same fault, whatever its
// times and its other records.
func (a Alert) matches(o Observed) bool {
	return (a.Integration == "" || a.Integration == o.Integration) &&
		(a.Rule == "" || a.Rule == o.Rule) && a.Class == o.Class &&
		(len(a.Keys) == 0 || slices.ContainsFunc(a.Keys, func(k string) bool { return slices.Contains(o.Keys, k) }))
}

func (a Alert) compare(o Observed, clock string) []string {
	var deviations []string
	say := func(format string, args ...any) {
		deviations = append(deviations, a.Name+": "+fmt.Sprintf(format, args...))
	}
	if len(a.Keys) > 0 {
		if missing := without(a.Keys, o.Keys); len(missing) > 0 {
			say("the alert lacks %s", keyList(missing))
		}
		if extra := without(o.Keys, a.Keys); len(extra) > 0 {
			say("the alert must not hold %s", keyList(extra))
		}
	}
	if a.Records > 0 && o.Records != a.Records {
		say("the alert holds %d records, want %d", o.Records, a.Records)
	}
	if o.Opened < a.From || o.Opened > a.Until {
		say("opened %s, want %s to %s", o.Opened, a.From, a.Until)
	}
	switch {
	case a.Resolves == "" && o.Resolved != "":
		say("resolved %s, want open at the end of the day", o.Resolved)
	case a.Resolves != "" && o.Resolved == "":
		say("still open, want resolved %s", a.Resolves)
	case o.Resolved < a.Resolves || o.Resolved > later(a.Resolves, clock, slack):
		say("resolved %s, want %s", o.Resolved, a.Resolves)
	}
	return deviations
}

// trap names the healthy events that the records belong to.
func (t Truth) trap(keys []string) string {
	var names []string
	for _, s := range t.Silent {
		if slices.ContainsFunc(keys, func(k string) bool { return slices.Contains(s.Keys, k) }) {
			names = append(names, s.Name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return " (healthy: " + strings.Join(names, ", ") + ")"
}

func later(at, clock string, d time.Duration) string {
	t, err := time.Parse(clock, at)
	if err != nil {
		return at
	}
	return t.Add(d).Format(clock)
}

func without(keys, others []string) []string {
	return slices.DeleteFunc(slices.Clone(keys), func(k string) bool { return slices.Contains(others, k) })
}

func ruleName(integration, rule string) string {
	if integration == "" {
		return "any integration"
	}
	return integration + "/" + rule
}

// keyList writes at most five keys.
func keyList(keys []string) string {
	const shown = 5
	switch {
	case len(keys) == 0:
		return "any record"
	case len(keys) > shown:
		return fmt.Sprintf("%s and %d more", strings.Join(keys[:shown], ", "), len(keys)-shown)
	default:
		return strings.Join(keys, ", ")
	}
}
