package board

import (
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// maxCourses bounds the facets whose values a page draws.
const maxCourses = 4

// courses are how the facets went that differ: the facet itself on the side that
// is held to it, and what is expected of it on the other.
func courses(f finding.Finding, about About) []Course {
	var all []Course
	naming := about.Row.Kind.NamingFacets()
	for _, d := range f.Differences {
		if len(all) == maxCourses || slices.Contains(naming, d.Facet) {
			break
		}
		c := Course{Facet: d.Facet}
		for _, name := range expected(about.Rule, d.Facet) {
			if !slices.Contains(naming, name) {
				c.add(about.Row, f.From, name)
			}
		}
		c.add(about.Row, f.To, d.Facet)
		if c.Lines != nil {
			all = append(all, c)
		}
	}
	return all
}

// expected are the facets of the believed side that a facet is expected by.
func expected(rule registry.Rule, facet string) []string {
	for _, e := range rule.Expect {
		if e.Facet != facet || e.Value == nil {
			continue
		}
		var names []string
		for _, name := range e.Value.Names() {
			if own, ok := strings.CutPrefix(name, "from."); ok && !slices.Contains(names, own) {
				names = append(names, own)
			}
		}
		return names
	}
	return []string{facet}
}

// add draws a facet of one system, as far as the row remembers.
func (c *Course) add(row record.Row, system, facet string) {
	line := Line{System: system, Facet: facet}
	times := row.Changes(system)
	slices.SortFunc(times, time.Time.Compare)
	if len(times) > 0 {
		if value, known := row.SideAt(system, times[0].Add(-time.Nanosecond)).Facets[facet]; known {
			line.Points = []Point{{At: times[0], Value: value.String(), Known: true, Earlier: true}}
		}
	}
	for _, at := range slices.CompactFunc(times, time.Time.Equal) {
		value, known := row.SideAt(system, at).Facets[facet]
		p := Point{At: at, Known: known}
		if known {
			p.Value = value.String()
		}
		if n := len(line.Points); n > 0 && line.Points[n-1].Value == p.Value && line.Points[n-1].Known == known {
			continue
		}
		line.Points = append(line.Points, p)
	}
	if len(line.Points) > 0 {
		c.Lines = append(c.Lines, line)
	}
}

// Moment is one row of a course's table of a course: what each line showed then.
type Moment struct {
	At      time.Time
	Earlier bool
	Values  []Point
}

// Moments are the times at which some line changed, and what all of them showed,
// up to the time at which they were read.
func (c Course) Moments(read time.Time) []Moment {
	var times []time.Time
	earlier := false
	for _, l := range c.Lines {
		for _, p := range l.Points {
			earlier = earlier || p.Earlier
			if !p.Earlier {
				times = append(times, p.At)
			}
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	times = slices.CompactFunc(times, time.Time.Equal)
	var moments []Moment
	if earlier {
		m := Moment{Earlier: true}
		for _, l := range c.Lines {
			m.Values = append(m.Values, l.earlier())
		}
		moments = append(moments, m)
	}
	if n := len(times); n == 0 || read.After(times[n-1]) {
		times = append(times, read)
	}
	for _, at := range times {
		m := Moment{At: at}
		for _, l := range c.Lines {
			m.Values = append(m.Values, l.at(at))
		}
		moments = append(moments, m)
	}
	return moments
}

func (l Line) earlier() Point {
	if len(l.Points) > 0 && l.Points[0].Earlier {
		return l.Points[0]
	}
	return Point{}
}

func (l Line) at(t time.Time) Point {
	var last Point
	for _, p := range l.Points {
		if p.Earlier || !p.At.After(t) {
			last = p
		}
	}
	return last
}
