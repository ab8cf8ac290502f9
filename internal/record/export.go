package record

import (
	"maps"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// What an export file says stands in views of its own (commerce.Exported), beside
// those of the webhooks: a file tells less of a record, and often not by the
// platform's own id. A side shows of each facet what was true last: the file's
// value where the file is newer than every webhook that told the facet.

// moment is how new a view is, in the source's time.
type moment struct {
	at time.Time
	// back is set for what was read back after the second, and so is newer than
	// what else was told of it.
	back bool
}

func (m moment) after(o moment) bool {
	return m.at.After(o.at) || m.at.Equal(o.at) && m.back && !o.back
}

// firstClock is before every time that a source gives of a change. What is older
// numbers its changes (commerce.SequenceClock), and is as new as its receipt.
var firstClock = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)

// Told is when the view's source says that it came to be as it is; where it does
// not date its changes, when that was received.
func (v View) Told() time.Time { return v.moment().at }

func (v View) moment() moment {
	parts := v.Version.Parts()
	if parts.Clock.Before(firstClock) {
		return moment{at: v.Received}
	}
	return moment{parts.Clock, parts.ReadBack}
}

// shown is a view as a side shows it, and how new that is.
type shown struct {
	View
	Past
	moment moment
}

// now shows the views as they are.
func now(v View) (shown, bool) {
	return shown{v, Past{Gone: v.Gone, Facets: v.Facets}, v.moment()}, true
}

// then shows the views as they were at a time. What was newer is told by the order
// of arrival: of earlier values nothing else is remembered.
func then(at time.Time) func(View) (shown, bool) {
	return func(v View) (shown, bool) {
		p, ok := v.at(at)
		return shown{v, p, moment{at: v.began(at)}}, ok
	}
}

// began is when the value was received that the view showed at a time.
func (v View) began(at time.Time) time.Time {
	if !at.Before(v.Received) {
		return v.Received
	}
	for i, p := range v.Was {
		if at.Before(p.Until) && i+1 < len(v.Was) && !at.Before(v.Was[i+1].Until) {
			return v.Was[i+1].Until
		}
	}
	return time.Time{}
}

// side folds what a system's views show.
func (r Row) side(system string, show func(View) (shown, bool)) Side {
	exported := func(v View) bool { return v.System == system && commerce.Exported(v.Part) }
	if !slices.ContainsFunc(r.Views, exported) {
		return r.fold(system, past(show))
	}
	told, file := r.apart(system, show)
	views, ofFile := r.split(system, show)
	return told.under(file, views, ofFile)
}

// apart folds what a system told by itself, and what files say of it.
func (r Row) apart(system string, show func(View) (shown, bool)) (told, file Side) {
	only := func(exported bool) func(View) (Past, bool) {
		return func(v View) (Past, bool) {
			if commerce.Exported(v.Part) != exported {
				return Past{}, false
			}
			return past(show)(v)
		}
	}
	return r.fold(system, only(false)), r.fold(system, only(true))
}

func past(show func(View) (shown, bool)) func(View) (Past, bool) {
	return func(v View) (Past, bool) {
		s, ok := show(v)
		return s.Past, ok
	}
}

// split tells what only files say from what else a system's views show.
func (r Row) split(system string, show func(View) (shown, bool)) (told, exported []shown) {
	for _, v := range r.Views {
		if v.System != system {
			continue
		}
		s, ok := show(v)
		switch {
		case !ok:
		case commerce.Exported(v.Part):
			exported = append(exported, s)
		default:
			told = append(told, s)
		}
	}
	return told, exported
}

// newest is the newest of the views that the condition holds for.
func newest(views []shown, of func(shown) bool) (last moment) {
	for _, s := range views {
		if of(s) && s.moment.after(last) {
			last = s.moment
		}
	}
	return last
}

// outdated reports whether what files say was overtaken: the system has removed
// something since.
func outdated(told, exported []shown) bool {
	file := newest(exported, live)
	return newest(told, func(s shown) bool { return s.Past.Gone }).after(file)
}

func live(s shown) bool { return !s.Past.Gone }

// under puts what files say over a side, as far as it is newer.
func (s Side) under(file Side, told, exported []shown) Side {
	if !s.Known {
		s.Changed, s.Succeeded = file.Changed, file.Succeeded // also when what only files told of is gone
	}
	s.Known, s.Created = true, earliest(s.Created, file.Created)
	if !file.Live || outdated(told, exported) {
		return s
	}
	at, corrects := newest(exported, live), !s.Live
	s.Facets = orEmpty(maps.Clone(s.Facets)) // they may be a view's own
	for name, value := range file.Facets {
		of := newest(told, func(t shown) bool { _, tells := t.Past.Facets[name]; return tells && live(t) })
		if have, tells := s.Facets[name]; tells && (have == value || !at.after(of)) {
			continue
		}
		s.Facets[name], corrects = value, true
		s.Mixed = without(s.Mixed, name)
	}
	if corrects && file.Changed.After(s.Changed) {
		s.Changed = file.Changed
	}
	if at.after(newest(told, func(shown) bool { return true })) {
		s.Ties = false // the file says how it ended
	}
	s.Live, s.Ties, s.Duplicate = true, s.Ties || file.Ties, s.Duplicate || file.Duplicate
	return s
}

func without(names []string, name string) []string {
	var left []string
	for _, n := range names {
		if n != name {
			left = append(left, n)
		}
	}
	return left
}

// Lines are the lines of a system's live views. Those of a file count where it is
// newer than everything else, and alone then.
func (r Row) Lines(system string) []commerce.Line {
	told, exported := r.split(system, now)
	if file := newest(exported, live); file.after(newest(told, func(shown) bool { return true })) {
		if lines := linesOf(exported); len(lines) > 0 {
			return lines
		}
	}
	return linesOf(told)
}

func linesOf(views []shown) []commerce.Line {
	var lines []commerce.Line
	for _, s := range views {
		if live(s) {
			lines = append(lines, s.Lines...)
		}
	}
	return lines
}

// Sources tell what a system told of its record by itself from what files say.
type Sources struct {
	Told, File Side
	// ToldAt and FileAt are how new the newest of each is, zero where there is none.
	ToldAt, FileAt time.Time
	// Newer says that a file says something later than all that was told.
	Newer bool
}

// Sources are those of one system.
func (r Row) Sources(system string) Sources {
	var s Sources
	s.Told, s.File = r.apart(system, now)
	views, exported := r.split(system, now)
	every := func(shown) bool { return true }
	told, file := newest(views, every), newest(exported, every)
	s.ToldAt, s.FileAt, s.Newer = told.at, file.at, file.after(told)
	return s
}
