package report

import (
	"time"

	"github.com/plumbline/plumbline/internal/fold"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/trend"
)

// Point is what the last audit of one day found of an integration.
type Point struct {
	At            time.Time
	Agree, Differ int
	// Leans are what small differences that settled since the audit before came to,
	// by the rule's id and the facet.
	Leans map[[2]string]trend.Tally
}

// Course is how an integration did, by the last audit of each day for which an
// error budget is, the oldest first. Audits are in the order in which they began.
func Course(i registry.Integration, audits []Audit, at time.Time) []Point {
	rules, _ := told(i)
	var points []Point
	for _, a := range lastOfDays(audits, at.Add(-Budget), at) {
		p := Point{At: a.Began}
		p.Agree, p.Differ = counts([]Audit{a}, rules)
		for _, r := range i.Rules {
			for facet, tally := range a.Rules[r.Name()].Leans {
				if p.Leans == nil {
					p.Leans = map[[2]string]trend.Tally{}
				}
				p.Leans[[2]string{r.ID, facet}] = tally
			}
		}
		points = append(points, p)
	}
	return points
}

// Waits are how long the changes of the last week took to be shown, and how long
// those had waited that were not yet at the last audit.
func Waits(i registry.Integration, audits []Audit, at time.Time) (shown, waiting fold.Sketch) {
	week := lastOfDays(audits, at.Add(-Week), at)
	if len(week) == 0 {
		return nil, nil
	}
	rules, _ := told(i)
	return waits(audits, week[len(week)-1], rules, at)
}
