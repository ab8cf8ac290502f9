package board

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/fold"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/report"
	"github.com/plumbline/plumbline/internal/silence"
)

// Audited gives an integration the figures of audits, which are in the order in
// which they began; f is what the last one added up.
func (i Integration) Audited(of registry.Integration, audits []report.Audit, f fold.Fold, at time.Time) Integration {
	i.Line = report.LineOf(of, audits, nil, at)
	i.Days = nil
	for _, p := range report.Course(of, audits, at) {
		i.Days = append(i.Days, dayOf(p))
	}
	i.Waits = waitsOf(report.Waits(of, audits, at))
	for n := range i.Rules {
		i.Rules[n] = i.Rules[n].audited(f.Rules[of.Name+"/"+i.Rules[n].ID])
	}
	return i
}

func (r Rule) audited(f *fold.Rule) Rule {
	if f == nil {
		f = &fold.Rule{}
	}
	r.Agree, r.Differ, r.Pending = f.Outcomes[judge.Agree], f.Outcomes[judge.Differ], f.Outcomes[judge.Pending]
	r.Unknown, r.NotJudged = f.Outcomes[judge.CannotTell], f.Outcomes[judge.NotJudged]
	r.Reasons, r.Outside = Counts(f.Unknown), Counts(f.Outside)
	return r
}

// Counts orders what was counted, the most frequent first.
func Counts[K ~string](counted map[K]int) []Count {
	var all []Count
	for _, what := range slices.Sorted(maps.Keys(counted)) {
		all = append(all, Count{string(what), counted[what]})
	}
	slices.SortStableFunc(all, func(a, b Count) int { return cmp.Compare(b.N, a.N) })
	return all
}

func dayOf(p report.Point) Day {
	d := Day{At: p.At, Agree: p.Agree, Differ: p.Differ}
	for name, tally := range p.Leans {
		sum, err := tally.Up.Sum.Sub(tally.Down.Sum)
		if err != nil {
			continue // more digits than a decimal has say nothing on a chart
		}
		d.Residuals = append(d.Residuals, Residual{Facet: name[0] + " / " + name[1], Of: tally.N, Sum: sum})
	}
	slices.SortFunc(d.Residuals, func(a, b Residual) int { return cmp.Compare(a.Facet, b.Facet) })
	return d
}

// waitClasses are the times by which a page tells how long changes took.
var waitClasses = []time.Duration{
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour, 24 * time.Hour,
}

// waitsOf counts changes by how long they took.
func waitsOf(shown, waiting fold.Sketch) []Wait {
	if len(shown)+len(waiting) == 0 {
		return nil
	}
	var waits []Wait
	before := [2]float64{}
	for _, c := range append(slices.Clone(waitClasses), 0) {
		upTo := [2]float64{shown.Weight(), waiting.Weight()}
		if c > 0 {
			upTo = [2]float64{shown.UpTo(c).Weight(), waiting.UpTo(c).Weight()}
		}
		waits = append(waits, Wait{UpTo: c, Shown: round(upTo[0] - before[0]), Waiting: round(upTo[1] - before[1])})
		before = upTo
	}
	for len(waits) > 1 && waits[len(waits)-1].Shown+waits[len(waits)-1].Waiting == 0 {
		waits = waits[:len(waits)-1]
	}
	return waits
}

func round(f float64) int { return int(f + 0.5) }

// News is what came of one source, and what usually comes.
type News struct {
	Slots []silence.Slot
	Zone  *time.Location
}

// HoursOf adds up the last 24 whole hours before a time.
func HoursOf(all []News, before time.Time) []Hour {
	if len(all) == 0 {
		return nil
	}
	hours := make([]Hour, 24)
	end := before.UTC().Truncate(time.Hour)
	for _, news := range all {
		zone := news.Zone
		if zone == nil {
			zone = time.UTC
		}
		verdict := silence.Of(news.Slots, silence.Rules{Zone: zone}).Judge(before)
		for n := range hours {
			h := &hours[n]
			h.At = end.Add(time.Duration(n-len(hours)) * time.Hour)
			likely := 0.0
			for slot := silence.SlotOf(h.At); slot < silence.SlotOf(h.At.Add(time.Hour)); slot++ {
				if _, heard := slices.BinarySearch(news.Slots, slot); heard {
					h.Heard++
				}
				likely += verdict.Rhythm.Likely(slot, zone)
			}
			switch {
			case !verdict.Learnt:
				h.Usual = -1
			case h.Usual >= 0:
				h.Usual += round(10 * likely)
			}
		}
	}
	return hours
}

// SourceOf is what was heard of one kind of a system's news.
func SourceOf(source silence.Source, slots []silence.Slot, covered, now time.Time) Source {
	s := Source{Kind: source.Kind, Covered: covered}
	day := silence.SlotOf(now.Add(-24 * time.Hour))
	for _, slot := range slots {
		if slot > day {
			s.Slots++
		}
		s.Last = slot.End()
	}
	return s
}
