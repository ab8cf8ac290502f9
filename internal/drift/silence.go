package drift

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/silence"
)

// quietKept is how long a silence that is over is remembered: longer than any
// settle time.
const quietKept = 7 * 24 * time.Hour

// heard is what a process has read of one source.
type heard struct {
	slots []silence.Slot
	// read is until when, and next when it has to be read again.
	read, next time.Time
}

// everything is what is silent when nobody is heard.
const everything = "everything"

// silences tells which sources have fallen silent and which are heard again. As
// long as none is, a source is read only when it may have fallen silent.
func (r *run) silences(ctx context.Context, w *watched) error {
	sources := r.sources()
	quiet := !w.Deaf.IsZero()
	for name, q := range w.Silent {
		quiet = quiet || q.Heard.IsZero()
		if !q.Heard.IsZero() && r.now.Sub(q.Heard) >= quietKept {
			delete(w.Silent, name)
		}
	}
	for _, source := range sources {
		if quiet {
			break
		}
		verdict, err := r.listen(ctx, source, w.Since)
		if err != nil {
			return err
		}
		quiet = verdict.State == silence.Silent
	}
	if !quiet {
		return nil
	}
	// Who may be silent is judged beside all others, unless merging is behind:
	// then what was received is not known.
	marks, err := r.Marks.GetMarks(ctx, []string{merge.LateMark})
	if err != nil {
		return fmt.Errorf("read mark %s: %w", merge.LateMark, err)
	}
	if late, ok := marks[merge.LateMark]; ok && r.now.Sub(late) < backlogHold {
		return nil
	}
	all := map[silence.Source]silence.History{}
	for _, source := range sources {
		slots, err := r.hear(ctx, source)
		if err != nil {
			return err
		}
		all[source] = silence.Of(slots, r.rulesOf(source, w.Since))
	}
	if over, err := r.deaf(ctx, w, all); err != nil || over {
		return err
	}
	for _, source := range sources {
		if err := r.silence(ctx, w, source, all[source]); err != nil {
			return err
		}
	}
	return r.unheeded(ctx, w, all)
}

// sources are those that somebody depends on, in order.
func (r *run) sources() []silence.Source {
	var sources []silence.Source
	for _, system := range slices.Sorted(maps.Keys(r.Registry.Systems)) {
		for _, kind := range commerce.Kinds() {
			if source := (silence.Source{System: system, Kind: kind}); merge.Listens(r.Registry, r.Rules, source) {
				sources = append(sources, source)
			}
		}
	}
	return sources
}

func (r *run) rulesOf(source silence.Source, since time.Time) silence.Rules {
	system := r.Registry.Systems[source.System]
	return silence.Rules{Zone: system.Timezone, Floor: system.ExpectEvery[source.Kind], Watched: since}
}

// listen judges a source, and does not read it before it can be silent.
func (r *run) listen(ctx context.Context, source silence.Source, since time.Time) (silence.Verdict, error) {
	if next := r.Watch.source(source).next; r.now.Before(next) {
		return silence.Verdict{State: silence.Heard, Next: next}, nil
	}
	slots, err := r.hear(ctx, source)
	if err != nil {
		return silence.Verdict{}, err
	}
	v := silence.Of(slots, r.rulesOf(source, since)).Judge(r.now)
	known := r.Watch.source(source)
	known.next = v.Next
	r.Watch.keep(source, known)
	return v, nil
}

// hear reads the slots of a source, of which it knows all but the last.
func (r *run) hear(ctx context.Context, source silence.Source) ([]silence.Slot, error) {
	known := r.Watch.source(source)
	from := r.now.Add(-silence.Kept)
	if known.read.After(from) && !known.read.After(r.now) {
		from = known.read.Add(-late)
	}
	slots, err := r.Watch.arrivals.Arrived(ctx, source, from, r.now)
	if err != nil {
		return nil, fmt.Errorf("listen to %s: %w", source.System, err)
	}
	known.slots, known.read = silence.Union(known.slots, slots), r.now
	if oldest, _ := slices.BinarySearch(known.slots, silence.SlotOf(r.now.Add(-silence.Kept))); oldest > 0 {
		known.slots = slices.Clone(known.slots[oldest:])
	}
	r.Watch.keep(source, known)
	return known.slots, nil
}

// late is how long after its receipt a delivery may be merged and still be seen
// by who has read the source before.
const late = 24 * time.Hour

// silence tells of one source what is news.
func (r *run) silence(ctx context.Context, w *watched, source silence.Source, h silence.History) error {
	name := sourceName(source)
	was, known := w.Silent[name]
	silent := known && was.Heard.IsZero()
	v := h.Judge(r.now)
	n := note{system: source.System, what: judge.Silence, native: string(source.Kind)}
	switch {
	case silent && v.Since.After(was.Since):
		// The last slot is that in which it was heard again, or a later one.
		n.at, n.over = r.now, true
		was.Heard = r.now.UTC()
	case !silent && v.State == silence.Silent && w.Deaf.IsZero():
		n.at, n.since, n.reason = r.now, v.Since, r.usual(v, r.rulesOf(source, w.Since))
		was = judge.Quiet{Since: v.Since}
	default:
		return nil
	}
	if err := r.note(ctx, n); err != nil {
		return err
	}
	if w.Silent == nil {
		w.Silent = map[string]judge.Quiet{}
	}
	w.Silent[name] = was
	return nil
}

// usual says what makes a silence one.
func (r *run) usual(v silence.Verdict, rules silence.Rules) string {
	if !v.Learnt {
		return fmt.Sprintf("nothing came for longer than the %s of expect_every", shortly(rules.Floor))
	}
	zone := rules.Zone
	if zone == nil {
		zone = time.UTC
	}
	busiest := v.Rhythm.Busiest(later(v.Since, rules.Watched), r.now, zone)
	heard, all := v.Rhythm.Usual(busiest, zone)
	at := busiest.Start().In(zone)
	return fmt.Sprintf("on %ss from %02d:00 to %02d:00 something comes in %d of %d ten-minute slots", at.Weekday(), at.Hour(), at.Hour()+1, heard, all)
}

// shortly writes a duration without what is zero in it: 30m, 1h30m.
func shortly(d time.Duration) string {
	h, m := d/time.Hour, d%time.Hour/time.Minute
	switch {
	case h == 0:
		return fmt.Sprintf("%dm", m)
	case m == 0:
		return fmt.Sprintf("%dh", h)
	default:
		return fmt.Sprintf("%dh%dm", h, m)
	}
}

// deaf tells that nobody is heard, which is one finding about Plumbline and not
// one about each system. It reports whether that is over: what was not heard
// meanwhile says nothing later.
func (r *run) deaf(ctx context.Context, w *watched, all map[silence.Source]silence.History) (over bool, err error) {
	n := note{
		system: commerce.Plumbline, what: judge.Silence, native: everything, at: r.now,
		reason: "it hears no system any more, as if its front door were shut",
	}
	since := silence.Deaf(all, r.now)
	switch {
	case w.Deaf.IsZero() && !since.IsZero():
		n.since = since
	case !w.Deaf.IsZero() && heardAfter(all, w.Deaf):
		n.over, since = true, time.Time{}
	default:
		return false, nil
	}
	if err := r.note(ctx, n); err != nil {
		return false, err
	}
	if w.Deaf = since; n.over {
		w.Since = r.now.UTC()
	}
	return n.over, nil
}

func heardAfter(all map[silence.Source]silence.History, t time.Time) bool {
	for _, h := range all {
		if h.Last().After(t) {
			return true
		}
	}
	return false
}

// unheeded ends the silence of sources that nobody depends on any more.
func (r *run) unheeded(ctx context.Context, w *watched, all map[silence.Source]silence.History) error {
	for _, name := range slices.Sorted(maps.Keys(w.Silent)) {
		source := sourceNamed(name)
		if _, heeded := all[source]; heeded || !w.Silent[name].Heard.IsZero() {
			continue
		}
		if err := r.note(ctx, note{system: source.System, what: judge.Silence, native: string(source.Kind), at: r.now, over: true}); err != nil {
			return err
		}
		delete(w.Silent, name)
	}
	return nil
}

func (w *Watch) source(s silence.Source) heard {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.heard[s]
}

func (w *Watch) keep(s silence.Source, h heard) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.heard[s] = h
}
