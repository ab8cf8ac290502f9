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

// made says where and when the figures were measured.
type made struct {
	command, platform, version string
	at                         time.Time
	cores                      int
}

func render(m made, series []curve) string {
	var b strings.Builder
	fmt.Fprintf(&b, "On %s with `%s`: %d virtual cores (%s), %s.\n\n", m.at.Format(time.DateOnly), m.command, m.cores, m.platform, m.version)
	for _, c := range series {
		if len(c.points) == 0 {
			fmt.Fprintf(&b, "Nothing was measured %s.\n\n", c.home)
			continue
		}
		c.table(&b)
	}
	fmt.Fprintf(&b, "Medians of %d runs, or of as many as fit into %d s.", rounds, int(enough.Seconds()))
	b.WriteString(" With a time go the capacity units of DynamoDB that it took, read + written.\n")
	return b.String()
}

func (c curve) table(b *strings.Builder) {
	fmt.Fprintf(b, "| records %s |", c.home)
	for _, name := range names {
		fmt.Fprintf(b, " %s |", name)
	}
	b.WriteString("\n|---:|" + strings.Repeat("---:|", steps) + "\n")
	for _, p := range c.points {
		fmt.Fprintf(b, "| %s |", docpage.Thousands(p.records))
		for _, s := range p.steps {
			fmt.Fprintf(b, " %s |", s)
		}
		b.WriteByte('\n')
	}
	if len(c.points) > 1 {
		c.growth(b, "time", func(s spent) float64 { return s.took.Seconds() })
		if c.metered() {
			c.growth(b, "units", spent.units)
		}
	}
	b.WriteByte('\n')
	if most := c.points[len(c.points)-1]; !c.metered() {
		fmt.Fprintf(b, "Each of %s records took %d bytes.\n\n", docpage.Thousands(most.records), most.held/uint64(most.records))
	}
}

// metered reports whether units were counted.
func (c curve) metered() bool { return c.points[0].steps[look].units() > 0 }

func (c curve) growth(b *strings.Builder, what string, of func(spent) float64) {
	fmt.Fprintf(b, "| **growth exponent of %s** |", what)
	for step := range steps {
		// Of what is flat, no minus is left.
		fmt.Fprintf(b, " **%.2f** |", math.Round(100*c.exponent(step, of))/100+0)
	}
	b.WriteByte('\n')
}

func (s spent) units() float64 { return s.reads + s.writes }

// String is the time, and the units where there are any.
func (s spent) String() string {
	text := short(s.took)
	if s.units() > 0 {
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

// exponent is the slope of what a step took over records, both as logarithms, by
// least squares: 0 is flat, 1 is in proportion.
func (c curve) exponent(step int, of func(spent) float64) float64 {
	var sx, sy, sxx, sxy float64
	for _, p := range c.points {
		x, y := math.Log(float64(p.records)), math.Log(of(p.steps[step]))
		sx, sy, sxx, sxy = sx+x, sy+y, sxx+x*x, sxy+x*y
	}
	n := float64(len(c.points))
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}
