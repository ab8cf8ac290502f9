package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/docpage"
)

// row are the measures of one size.
type row struct {
	keys     int
	measures map[string][]measure
}

// render writes the table: the median of each, as a multiple of plumbline's.
func render(rows []row, peers []peer, missing []string, runs int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| keys in each file |")
	for _, p := range peers {
		fmt.Fprintf(&b, " %s |", p.name)
	}
	b.WriteString(" DuckDB, query alone |\n|---|" + strings.Repeat("---|", len(peers)+1) + "\n")
	for _, r := range rows {
		base := median(r.measures["plumbline"], func(m measure) time.Duration { return m.whole })
		busy := median(r.measures["plumbline"], func(m measure) time.Duration { return m.cpu })
		fmt.Fprintf(&b, "| %s |", docpage.Thousands(r.keys))
		for _, p := range peers {
			if len(r.measures[p.name]) == 0 {
				b.WriteString(" not run |")
				continue
			}
			took := median(r.measures[p.name], func(m measure) time.Duration { return m.whole })
			memory := median(r.measures[p.name], func(m measure) int64 { return m.memory })
			cpu := median(r.measures[p.name], func(m measure) time.Duration { return m.cpu })
			fmt.Fprintf(&b, " %.2f× (%.2f×), %d MB |", took.Seconds()/base.Seconds(), cpu.Seconds()/busy.Seconds(), memory>>20)
		}
		query := median(r.measures["DuckDB"], func(m measure) time.Duration { return m.work })
		fmt.Fprintf(&b, " %.2f× |\n", query.Seconds()/base.Seconds())
	}
	fmt.Fprintf(&b, "\nMedians of %d runs in turns (%d above %s keys), whole processes, as multiples of the time that plumbline takes, in brackets of its processor time, which other work on the machine changes least; memory is the most that was resident.\n", runs, min(runs, largeRuns), docpage.Thousands(large))
	if len(missing) > 0 {
		fmt.Fprintf(&b, "Not on the machine: %s.\n", strings.Join(missing, ", "))
	}
	return b.String()
}

func median[T cmp.Ordered](all []measure, of func(measure) T) T {
	var zero T
	if len(all) == 0 {
		return zero
	}
	values := make([]T, len(all))
	for i, m := range all {
		values[i] = of(m)
	}
	slices.Sort(values)
	return values[len(values)/2]
}
