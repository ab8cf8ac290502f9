package driftbench

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/driftbench/company"
)

const (
	// aimed is the least recall of every kind of fault, and the least precision, in
	// hundredths.
	aimed = 99
	// minutely is what the minute's run, which takes place every five minutes here
	// when nothing is due, and the way of a webhook may add to a settle time.
	minutely = 6 * time.Minute
)

// Aims prints what Plumbline is meant to reach, and what it reached.
func (r *Report) Aims(w io.Writer) {
	s := r.Scores[Plumbline]
	row(w, "aim", "reached", "where not")
	fmt.Fprintln(w, "|---|---:|---|")
	var missed, many, slow []string
	least, most := 1000, 0
	for _, e := range r.planted() {
		f := s.Faults[e.fault]
		recall := f.Found * 1000 / f.Causes
		least = min(least, recall)
		if recall < aimed*10 {
			missed = append(missed, fmt.Sprintf("%s %s", e.fault, share(f.Found, f.Causes)))
		}
		if f.Alerts > f.Found {
			many = append(many, fmt.Sprintf("%s %s", e.fault, ratio(f.Alerts, f.Found)))
			most = max(most, f.Alerts*100/max(1, f.Found))
		}
		if limit, fixed := r.limit(e); fixed && len(f.Delays) > 0 && median(f.Delays) > limit {
			slow = append(slow, fmt.Sprintf("%s %s, limit %s", e.fault, short(median(f.Delays)), short(limit)))
		}
	}
	sound, all := s.sum()
	row(w, "recall of every kind of fault at least 0.99", share(least, 1000), strings.Join(missed, ", "))
	row(w, "precision at least 0.99", share(sound, all), "")
	row(w, "no alert from lag", fmt.Sprint(s.False), "")
	t := s.total()
	row(w, "one alert for each cause", ratio(t.Alerts, t.Found), strings.Join(many, ", "))
	row(w, "median delay within the settle time; of slow faults, before a threshold monitor's", fmt.Sprintf("%d of %d kinds", len(r.planted())-len(slow), len(r.planted())), strings.Join(slow, ", "))
}

// limit is by when a fault is meant to be told, where that is a time of its own.
func (r *Report) limit(e expectation) (limit time.Duration, fixed bool) {
	if e.slow {
		other := r.Scores[Threshold].Faults[e.fault]
		if other == nil || len(other.Delays) == 0 {
			return 0, false
		}
		return median(other.Delays), true
	}
	settle, fixed := r.settle(e.fault)
	return settle*time.Duration(max(1, e.settles)) + minutely, fixed
}

func median(delays []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(delays))
	return sorted[(len(sorted)-1)/2]
}

// settle is the longest settle time of the rules that a fault breaks, where all of
// them are durations.
func (r *Report) settle(f company.Fault) (longest time.Duration, fixed bool) {
	for rule := range r.Scores[Plumbline].Faults[f].rules {
		settle, known := r.settles[rule]
		if !known || settle.By >= 0 {
			return 0, false
		}
		longest = max(longest, settle.For)
	}
	return longest, longest > 0
}
