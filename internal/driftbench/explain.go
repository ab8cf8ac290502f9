package driftbench

import (
	"fmt"
	"io"
	"time"
)

// Explain lists what Plumbline reported wrongly, what it missed, and what it told in
// more than one message, for whoever wants to know why.
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
	for _, m := range s.Many {
		fmt.Fprintf(w, "%d messages: seed %d: %s %s from %s to %s, %d records\n", len(m.Told), m.Seed, m.Cause.Fault, m.Cause.What, at(m.Cause.Start), at(m.Cause.End), len(m.Cause.Episodes))
		for _, f := range m.Told {
			fmt.Fprintf(w, "  %s %s %v %s since %s, alert %s: %s\n", at(f.At), f.Rule, f.Key, f.Class, at(f.Since), f.Alert, f.Says)
		}
	}
}

// few is how many records of a cause are listed.
const few = 3
