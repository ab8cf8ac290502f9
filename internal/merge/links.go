package merge

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
)

// link sends tasks through the link rows: link observations are merged into
// them, and observations that need a link get their key from it or wait there.
// It returns the tasks that can go into rows now, those that had waited
// included.
func (b *batch) link(ctx context.Context, tasks []task) []task {
	byLink := map[commerce.RecordID][]task{}
	var ids []commerce.RecordID
	var ready []task
	for _, t := range tasks {
		id, needed := linkOf(t.o)
		if !needed {
			ready = append(ready, t)
			continue
		}
		if _, seen := byLink[id]; !seen {
			ids = append(ids, id)
		}
		byLink[id] = append(byLink[id], t)
	}
	if len(ids) == 0 {
		return ready
	}
	rows, err := b.read(ctx, ids, b.Records.Get)
	for _, id := range ids {
		if err != nil {
			b.failTasks(byLink[id], err)
			continue
		}
		resolved, err := b.linkRow(ctx, rows[id], byLink[id])
		if err != nil {
			b.failTasks(byLink[id], fmt.Errorf("link %s: %w", id, err))
		}
		ready = append(ready, resolved...)
	}
	return ready
}

// linkOf is the link row that an observation belongs to or needs. A customer
// needs the account's, which knows whether the person was erased.
func linkOf(o commerce.Observation) (commerce.RecordID, bool) {
	if o.Kind == commerce.Link {
		return o.Key.ID(o.Kind), true
	}
	if o.Kind == commerce.Customer && o.Via == nil {
		return commerce.Key{o.System, commerce.CustomerLink, o.Native}.ID(commerce.Link), true
	}
	if o.Via == nil || o.Key.Complete() && !o.Via.Each {
		return "", false
	}
	return commerce.Key{o.System, o.Via.Type, o.Via.Native}.ID(commerce.Link), true
}

// linkRow merges what one link learns and resolves what needs it.
func (b *batch) linkRow(ctx context.Context, row record.Row, tasks []task) (ready []task, err error) {
	defer recovered(&err)
	for range races {
		if !row.Suppressed.IsZero() {
			return nil, b.stayAway(ctx, row.Key, tasks)
		}
		whole, needy := apart(tasks)
		next, learnt, waits := learn(row, tasks)
		if learnt {
			if next, err = b.follow(ctx, row, next); err != nil {
				return nil, err
			}
			if next, err = b.leave(ctx, row, next); err != nil {
				return nil, err
			}
			next = b.anchor(row, next)
		}
		if learnt || waits {
			if err := b.Generation.Check(ctx, row.Generation); err != nil {
				return nil, err
			}
			next.Generation = b.Registry.Generation
			err = b.Records.Put(ctx, next)
			var lost *store.LostError
			if errors.As(err, &lost) {
				row = lost.Current
				continue
			}
			if err != nil {
				return nil, err
			}
		}
		if !next.Redacted.IsZero() {
			// The order may have been unknown when it was to be redacted.
			if err := b.redactOrder(ctx, next); err != nil {
				return nil, err
			}
		}
		return slices.Concat(whole, b.resolve(next, needy), b.awaited(next, tasks), overtaken(next, tasks)), nil
	}
	return nil, fmt.Errorf("%d races lost", races)
}

// learn is the link row with what the tasks say of it, and with those that have
// to wait for a key.
func learn(row record.Row, tasks []task) (next record.Row, learnt, waits bool) {
	next = row
	next.Kind, next.Key = commerce.Link, linkKey(tasks[0].o)
	whole, needy := apart(tasks)
	var news bool
	for _, t := range append(knownBy(row, whole), needy...) {
		if t.o.Kind == commerce.Link {
			next, news = record.Merge(next, t.o, t.from)
			learnt = learnt || news
		}
	}
	for _, t := range needy {
		if t.o.Kind == commerce.Link {
			continue
		}
		if _, known := keyed(next, t.o); t.o.Via.Each || !known {
			next, news = record.Wait(next, t.o)
			waits = waits || news
		}
	}
	if len(next.Views) == 0 && next.Redacted.IsZero() {
		// What never comes must not be waited for without end: refunds of
		// orders that are no web orders.
		next.Expires = tasks[0].from.Received.Add(record.Tombstones)
	}
	return next, learnt, waits
}

func linkKey(o commerce.Observation) commerce.Key {
	if o.Kind == commerce.Link {
		return o.Key
	}
	if o.Via == nil {
		return accountLink(o.System, o.Native)
	}
	return commerce.Key{o.System, o.Via.Type, o.Via.Native}
}

// target is the view that gives a link's single key, or nil.
func target(link record.Row) *record.View {
	for i := range link.Views {
		if v := link.Views[i]; !v.Gone && v.Part != knownPart && v.Part != anchorPart {
			return &link.Views[i]
		}
	}
	return nil
}

// resolve gives the tasks of this batch their keys.
func (b *batch) resolve(link record.Row, tasks []task) []task {
	var out []task
	for _, t := range tasks {
		if t.o.Kind == commerce.Link || t.o.Via.Each {
			continue
		}
		if o, known := keyed(link, t.o); known {
			t.o = o
			out = append(out, t)
		}
	}
	return out
}

// awaited are the observations that wait on the link and have a key by now. The
// work is accounted to the batch's first message for the link.
func (b *batch) awaited(link record.Row, tasks []task) []task {
	var out []task
	add := func(waited, filled commerce.Observation, known bool) {
		if known {
			out = append(out, task{message: tasks[0].message, o: filled, waited: &waited, from: tasks[0].from})
		}
	}
	for _, o := range link.Waiting {
		if o.Kind == commerce.Anchor || o.Kind == commerce.Customer && o.Key.Complete() {
			// It waited for nothing but to be written after its link.
			filled := o
			filled.Via = nil
			add(o, filled, true)
			continue
		}
		if !o.Via.Each {
			filled, known := keyed(link, o)
			add(o, filled, known)
			continue
		}
		for _, v := range link.Views {
			filled, known := fill(o, v)
			add(o, filled, known)
		}
	}
	return out
}

// keyed is an observation with the key that its link gives by now.
func keyed(link record.Row, o commerce.Observation) (commerce.Observation, bool) {
	if v := target(link); v != nil {
		return fill(o, *v)
	}
	return o, false
}

// fill completes an observation from a link's view. It reports false when the
// view does not know a part of the key.
func fill(o commerce.Observation, v record.View) (commerce.Observation, bool) {
	o.Key = slices.Clone(o.Key)
	for i, part := range o.Kind.KeyParts() {
		if o.Key[i] != "" {
			continue
		}
		value, known := v.Facets[part]
		if !known || value.IsNull() {
			return o, false
		}
		o.Key[i] = value.String()
	}
	for name, value := range v.Facets {
		o.Native = strings.ReplaceAll(o.Native, "{"+name+"}", value.String())
	}
	unfilled := o.Via.Each && strings.Contains(o.Native, "{")
	return o, o.Key.Complete() && !unfilled
}

// release takes observations off their link rows once they are merged. What
// applies to each view of a link stays, for views that are still to come.
func (b *batch) release(ctx context.Context, tasks []task) {
	done := map[commerce.RecordID][]task{}
	for _, t := range tasks {
		if t.waited != nil && !t.waited.Via.Each && b.errs[t.message] == nil {
			id := linkKey(*t.waited).ID(commerce.Link)
			done[id] = append(done[id], t)
		}
	}
	for id, merged := range done {
		if err := b.releaseLink(ctx, id, merged); err != nil {
			b.failTasks(merged, fmt.Errorf("release what waited on %s: %w", id, err))
		}
	}
}

// releaseLink removes merged observations from their link row. A row that
// changed meanwhile keeps them: merging them once more changes nothing.
func (b *batch) releaseLink(ctx context.Context, id commerce.RecordID, merged []task) error {
	rows, err := b.Records.Get(ctx, []commerce.RecordID{id})
	if err != nil {
		return err
	}
	row, changed := rows[id], false
	for _, t := range merged {
		var gone bool
		row, gone = record.Release(row, *t.waited)
		changed = changed || gone
	}
	if !changed {
		return nil
	}
	if err := b.Generation.Check(ctx, row.Generation); err != nil {
		return err
	}
	row.Generation = b.Registry.Generation
	if err := b.Records.Put(ctx, row); !errors.Is(err, store.ErrLost) {
		return err
	}
	return nil
}
