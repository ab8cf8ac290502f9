package driftbench

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/driftbench/company"
	"github.com/plumbline/plumbline/internal/registry"
)

// Ways are what is compared, in the order of the columns.
var Ways = []string{Plumbline, Nightly, Threshold, FixedLag}

// Report is what came of any number of runs.
type Report struct {
	Scores map[string]*Score
	Traps  map[string]int
	Runs   int
	Days   int
	// Observations are those that were merged.
	Observations int
	// settles are the settle times of each rule, promises the same as people write
	// them.
	settles  map[string]registry.Settle
	promises map[string]string
}

// NewReport is the report of no run.
func NewReport() *Report {
	r := &Report{Scores: map[string]*Score{}, Traps: map[string]int{}, settles: map[string]registry.Settle{}, promises: map[string]string{}}
	for _, way := range Ways {
		r.Scores[way] = NewScore()
	}
	return r
}

// Add takes one more run into the report.
func (r *Report) Add(run *Run) {
	for _, way := range Ways {
		r.Scores[way].Add(run, way)
	}
	for name, n := range run.Truth.Traps {
		r.Traps[name] += n
	}
	for name, rule := range run.Rules {
		r.settles[name] = rule.Settle
		if rule.Totals != nil {
			r.promises[name] = fmt.Sprintf("at %02d:%02d", rule.Totals.Closes/60, rule.Totals.Closes%60)
		} else if rule.Settle.By >= 0 {
			r.promises[name] = fmt.Sprintf("by %02d:%02d", rule.Settle.By/60, rule.Settle.By%60)
		} else {
			r.promises[name] = short(rule.Settle.For)
		}
	}
	r.Runs++
	r.Days += run.Days
	r.Observations += run.Observations
}

// Summary prints how each way did over all faults.
func (r *Report) Summary(w io.Writer) {
	row(w, "", "recall", "precision", "alerts", "of which false", "false per company and week", "alerts per cause")
	line(w, 7)
	for _, way := range Ways {
		s := r.Scores[way]
		t := s.total()
		row(w, way, share(t.Found, t.Causes), share(s.sum()), fmt.Sprint(s.Alerts), fmt.Sprint(s.False),
			ratio(7*s.False, r.Days), ratio(t.Alerts, t.Found))
	}
}

// Recall prints which part of the causes each way found.
func (r *Report) Recall(w io.Writer) {
	row(w, append([]string{"fault", "causes", "records wrong"}, Ways...)...)
	line(w, 3+len(Ways))
	for _, e := range r.planted() {
		p := r.Scores[Plumbline].Faults[e.fault]
		cells := []string{string(e.fault), fmt.Sprint(p.Causes), fmt.Sprint(p.Records)}
		for _, way := range Ways {
			f := r.Scores[way].Faults[e.fault]
			cell := share(f.Found, f.Causes)
			if way == Plumbline && !e.detected {
				cell += " ¹"
			}
			if f.Records > f.Causes {
				cell += " (" + share(f.RecordsFound, f.Records) + ")"
			}
			cells = append(cells, cell)
		}
		row(w, cells...)
	}
}

// Delays prints how long after its beginning a cause was told.
func (r *Report) Delays(w io.Writer) {
	cells := []string{"fault", "settle time"}
	for _, way := range Ways {
		cells = append(cells, way+", median", "p95")
	}
	row(w, cells...)
	line(w, len(cells))
	for _, e := range r.planted() {
		cells := []string{string(e.fault), r.promise(e.fault)}
		for _, way := range Ways {
			f := r.Scores[way].Faults[e.fault]
			cells = append(cells, quantile(f.Delays, 50), quantile(f.Delays, 95))
		}
		row(w, cells...)
	}
}

// Alerts prints how many messages told of one cause.
func (r *Report) Alerts(w io.Writer) {
	row(w, append([]string{"fault"}, Ways...)...)
	line(w, 1+len(Ways))
	for _, e := range r.planted() {
		cells := []string{string(e.fault)}
		for _, way := range Ways {
			f := r.Scores[way].Faults[e.fault]
			cells = append(cells, ratio(f.Alerts, f.Found))
		}
		row(w, cells...)
	}
}

// Precision prints which part of what was reported under each rule is true.
func (r *Report) Precision(w io.Writer) {
	row(w, append([]string{"rule", "settle time"}, Ways...)...)
	line(w, 2+len(Ways))
	for _, name := range slices.Sorted(maps.Keys(r.promises)) {
		cells := []string{name, r.promises[name]}
		for _, way := range Ways {
			cell := "–"
			if s := r.Scores[way].Rules[name]; s != nil {
				cell = fmt.Sprintf("%s of %d", share(s.True, s.True+s.False), s.True+s.False)
			}
			cells = append(cells, cell)
		}
		row(w, cells...)
	}
}

// Healthy prints what happened that nobody should hear of.
func (r *Report) Healthy(w io.Writer) {
	row(w, "event", "times")
	line(w, 2)
	for _, name := range slices.Sorted(maps.Keys(r.Traps)) {
		row(w, name, fmt.Sprint(r.Traps[name]))
	}
}

// planted are the faults that were planted and lasted.
func (r *Report) planted() []expectation {
	return slices.DeleteFunc(slices.Clone(expectations), func(e expectation) bool {
		f := r.Scores[Plumbline].Faults[e.fault]
		return f == nil || f.Causes == 0
	})
}

// promise is the settle time of the rules that a fault breaks.
func (r *Report) promise(f company.Fault) string {
	var all []string
	for _, rule := range slices.Sorted(maps.Keys(r.Scores[Plumbline].Faults[f].rules)) {
		if p := r.promises[rule]; !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	if len(all) == 0 {
		return "–"
	}
	return strings.Join(all, ", ")
}

// total adds up the faults that are expected to be found.
func (s *Score) total() FaultScore {
	var t FaultScore
	for fault, f := range s.Faults {
		if expectationOf(fault).detected {
			t.Causes, t.Found, t.Alerts = t.Causes+f.Causes, t.Found+f.Found, t.Alerts+f.Alerts
		}
	}
	return t
}

// sum counts the true reports, and all.
func (s *Score) sum() (sound, all int) {
	for _, r := range s.Rules {
		sound, all = sound+r.True, all+r.True+r.False
	}
	return sound, all
}

func row(w io.Writer, cells ...string) { fmt.Fprintf(w, "| %s |\n", strings.Join(cells, " | ")) }

func line(w io.Writer, columns int) {
	fmt.Fprintf(w, "|---|%s\n", strings.Repeat("---:|", columns-1))
}

// share writes a part of a whole with three digits, and 1 only for the whole.
func share(part, whole int) string {
	switch {
	case whole == 0:
		return "–"
	case part == whole:
		return "1"
	}
	return fmt.Sprintf("0.%03d", min((part*2000+whole)/(2*whole), 999))
}

// ratio writes a quotient with two digits.
func ratio(a, b int) string {
	if b == 0 {
		return "–"
	}
	hundredths := (a*200 + b) / (2 * b)
	return fmt.Sprintf("%d.%02d", hundredths/100, hundredths%100)
}

// quantile writes the delay that so many of a hundred do not exceed.
func quantile(delays []time.Duration, percent int) string {
	if len(delays) == 0 {
		return "–"
	}
	sorted := slices.Sorted(slices.Values(delays))
	return short(sorted[(len(sorted)*percent+99)/100-1])
}

// short writes a duration as people say it.
func short(d time.Duration) string {
	switch tenths := int(d / (6 * time.Minute)); {
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case tenths%10 == 0:
		return fmt.Sprintf("%d h", tenths/10)
	default:
		return fmt.Sprintf("%d.%d h", tenths/10, tenths%10)
	}
}
