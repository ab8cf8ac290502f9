package driftbench

import (
	"fmt"
	"io"
	"time"
)

// Explain lists what Plumbline reported wrongly and what it missed, for whoever
// wants to know why.
func (r *Report) Explain(w io.Writer) {
	s := r.Scores[Plumbline]
	at := func(t time.Time) string { return t.UTC().Format(time.DateTime) }
	for _, f := range s.Wrong {
		fmt.Fprintf(w, "wrong: seed %d, told %s: %s %v %s since %s, %s, alert %s\n", f.Seed, at(f.At), f.Rule, f.Key, f.Class, at(f.Since), f.Says, f.Alert)
	}
	for _, m := range s.Missed {
		fmt.Fprintf(w, "missed: seed %d: %s %s from %s, %d records\n", m.Seed, m.Cause.Fault, m.Cause.What, at(m.Cause.Start), len(m.Cause.Episodes))
		for _, e := range m.Cause.Episodes[:min(few, len(m.Cause.Episodes))] {
			fmt.Fprintf(w, "  %s %v from %s to %s\n", e.Kind, e.Key, at(e.Start), at(e.End))
		}
	}
}

// few is how many records of a cause are listed.
const few = 3
