package main

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/docpage"
)

// curve is what drift took of ever more records in one home.
type curve struct {
	home   string
	points []point
}

// names are the columns of the steps.
var names = [steps]string{"minute's run, 1,000 due", "minute's run, none due", "one look", "audit, all records"}

func render(series []curve, version string) string {
	var b strings.Builder
	for _, c := range series {
		if len(c.points) == 0 {
			continue
		}
		fmt.Fprintf(&b, "| records %s |", c.home)
		for _, name := range names {
			fmt.Fprintf(&b, " %s |", name)
		}
		b.WriteString("\n|---:|" + strings.Repeat("---:|", steps) + "\n")
		for _, p := range c.points {
			fmt.Fprintf(&b, "| %s |", docpage.Thousands(p.records))
			for _, s := range p.steps {
				fmt.Fprintf(&b, " %s |", s)
			}
			b.WriteByte('\n')
		}
		b.WriteString("| **growth exponent** |")
		for step := range steps {
			fmt.Fprintf(&b, " **%.2f** |", c.exponent(step))
		}
		b.WriteString("\n\n")
	}
	fmt.Fprintf(&b, "Medians of %d runs (one of audits of more than %s records), %s. Units are capacity units of DynamoDB, read + written.\n", rounds, docpage.Thousands(oneLong), version)
	return b.String()
}

// String is the time, and the units where there are any.
func (s spent) String() string {
	text := short(s.took)
	if s.reads+s.writes > 0 {
		text += fmt.Sprintf(", %s + %s", amount(s.reads), amount(s.writes))
	}
	return text
}

func amount(units float64) string {
	if units >= 100 {
		return docpage.Thousands(int(math.Round(units)))
	}
	return fmt.Sprintf("%.1f", units)
}

func short(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return fmt.Sprintf("%d µs", d.Microseconds())
	case d < time.Second:
		return fmt.Sprintf("%.3g ms", float64(d.Microseconds())/1e3)
	default:
		return fmt.Sprintf("%.3g s", d.Seconds())
	}
}

// exponent is the slope of time over records, both as logarithms, by least
// squares: 0 is flat, 1 is in proportion.
func (c curve) exponent(step int) float64 {
	var sx, sy, sxx, sxy float64
	for _, p := range c.points {
		x, y := math.Log(float64(p.records)), math.Log(p.steps[step].took.Seconds())
		sx, sy, sxx, sxy = sx+x, sy+y, sxx+x*x, sxy+x*y
	}
	n := float64(len(c.points))
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}
