package drift

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/fold"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
)

// patience is for how long a system may not have heard of another one's new SKU
// before that is said.
const patience = 24 * time.Hour

// lonersDocument is the name of what the last audit found.
const lonersDocument = "lone"

// loners are SKUs that an audit found with one system of a rule alone, by the
// rule's name.
type loners struct {
	Run  string
	SKUs map[string][]string
}

// awaitLone notes what an audit found and when the next of it is to be told. An
// audit that finds nothing to wait for writes nothing.
func (r *run) awaitLone(ctx context.Context, l loners, due time.Time) error {
	for range races {
		if err := r.keepLoners(ctx, l, due); errors.Is(err, store.ErrLost) {
			continue
		} else if err != nil {
			return err
		}
		w, err := r.readWatched(ctx)
		if err != nil || w.Lone.Equal(due) {
			return err
		}
		w.Lone = due
		if err := r.keepWatched(ctx, w); !errors.Is(err, store.ErrLost) {
			return err
		}
	}
	return fmt.Errorf("keep SKUs to tell: %d races lost", races)
}

func (r *run) keepLoners(ctx context.Context, l loners, due time.Time) error {
	if due.IsZero() {
		return nil
	}
	before, err := r.Documents.GetDocument(ctx, lonersDocument)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("read SKUs to tell: %w", err)
	}
	body, err := json.Marshal(l)
	if err == nil {
		err = r.Documents.PutDocument(ctx, store.Document{Name: lonersDocument, Body: body, Expires: due.Add(auditsExpire), Rev: before.Rev})
	}
	if err != nil {
		return fmt.Errorf("keep SKUs to tell: %w", err)
	}
	return nil
}

// loneDue tells of SKUs whose time has come since the audit.
func (r *run) loneDue(ctx context.Context, w *watched) error {
	if w.Lone.IsZero() || r.now.Before(w.Lone) {
		return nil
	}
	d, err := r.Documents.GetDocument(ctx, lonersDocument)
	if errors.Is(err, store.ErrNotFound) {
		w.Lone = time.Time{}
		return nil
	}
	var l loners
	if err == nil {
		err = json.Unmarshal(d.Body, &l)
	}
	if err != nil {
		return fmt.Errorf("read SKUs to tell: %w", err)
	}
	w.Lone, err = r.tellLoneOf(ctx, l, r.now)
	return err
}

// tellLone says which SKUs the systems of stock rules do not know, one row for
// each pair of systems however many there are, and takes back what is over. When
// the next of them has been unknown for long enough, it is said again.
func (r *run) tellLone(ctx context.Context, s store.Sweep, f fold.Fold) error {
	due, err := r.tellLoneOf(ctx, loners{Run: s.Run, SKUs: f.Lone}, s.Noted)
	if err != nil || r.Watch == nil {
		return err
	}
	return r.awaitLone(ctx, loners{Run: s.Run, SKUs: f.Lone}, due)
}

// tellLoneOf is tellLone as of a time, and says when to do it again, zero for not
// before the next audit.
func (r *run) tellLoneOf(ctx context.Context, l loners, now time.Time) (due time.Time, err error) {
	for _, rule := range r.Rules[commerce.Inventory] {
		if !rule.Check.Presence() {
			continue
		}
		skus, next, err := r.unknownTo(ctx, rule, l.SKUs[rule.Name()], now)
		if err != nil {
			return due, fmt.Errorf("look for SKUs that %s does not know: %w", rule.To, err)
		}
		if !next.IsZero() {
			due = earlier(due, next)
		}
		if err := r.sendLone(ctx, l.Run, now, rule, skus, len(l.SKUs[rule.Name()]) == fold.MaxLone); err != nil {
			return due, fmt.Errorf("tell SKUs that %s does not know: %w", rule.To, err)
		}
	}
	return due, nil
}

// unknownTo are those of the SKUs that the rule's To has never told of, anywhere,
// although its From changed them while To was heard, and did so long ago. Due is
// when that will be long ago for the next one, zero when there is none.
func (r *run) unknownTo(ctx context.Context, rule registry.Rule, skus []string, now time.Time) (unknown []string, due time.Time, err error) {
	around, err := r.context(ctx, commerce.Inventory)
	if err != nil {
		return nil, due, err
	}
	covered, heard := around.Covered[rule.To]
	if !heard {
		return nil, due, nil
	}
	ids := map[string][]commerce.RecordID{}
	var all []commerce.RecordID
	for _, sku := range skus {
		ids[sku] = r.placesOf(sku)
		all = append(all, ids[sku]...)
	}
	rows, err := r.Records.Get(ctx, all)
	if err != nil {
		return nil, due, fmt.Errorf("read the rows of %d SKUs: %w", len(skus), err)
	}
	for _, sku := range skus {
		var changed time.Time
		known := false
		for _, id := range ids[sku] {
			known = known || rows[id].SideOf(rule.To).Known
			if at := firstChange(rows[id], rule.From, covered); !at.IsZero() {
				changed = earlier(changed, at)
			}
		}
		switch long := changed.Add(patience); {
		case known || changed.IsZero():
		case long.Before(now):
			unknown = append(unknown, sku)
		default:
			due = earlier(due, long.Add(time.Second))
		}
	}
	return unknown, due, nil
}

// firstChange is when a system first told of a change after a time, as far as the
// row remembers, or zero.
func firstChange(row record.Row, system string, after time.Time) time.Time {
	for _, at := range row.Changes(system) {
		if at.After(after) {
			return at
		}
	}
	return time.Time{}
}

// placesOf are the records that a SKU may have: the item, and its stock at every
// location that some system is mapped to.
func (r *run) placesOf(sku string) []commerce.RecordID {
	ids := []commerce.RecordID{commerce.Key{sku}.ID(commerce.Product)}
	for _, s := range r.Registry.Systems {
		for _, name := range s.Locations {
			if id := (commerce.Key{sku, name}).ID(commerce.Inventory); !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// sendLone sends what is known as an observation of the row of the two systems.
// Where there is nothing to say and nothing was said, nothing is sent.
func (r *run) sendLone(ctx context.Context, run string, now time.Time, rule registry.Rule, skus []string, more bool) error {
	o := commerce.Observation{
		System: rule.To, Kind: commerce.Mapping, Key: commerce.Key{rule.To, judge.UnmappedSKU, rule.From},
		Part: "mapping", Native: rule.Name(), Slot: rule.Name(), Gone: len(skus) == 0,
	}
	if o.Gone {
		rows, err := r.Records.Get(ctx, []commerce.RecordID{o.Key.ID(o.Kind)})
		if err != nil || !rows[o.Key.ID(o.Kind)].SideOf(rule.To).Live {
			return err
		}
	} else {
		o.Facets = commerce.Facets{"reason": commerce.Text(loneReason(rule, skus, more))}
	}
	o.Stamp(commerce.VersionParts{Clock: now})
	if r.Moves == nil {
		return nil
	}
	body, err := queue.Encode(queue.Envelope{
		Delivery:     commerce.Delivery{ID: fmt.Sprintf("audit of %s at %d", run, now.UnixMilli()), System: rule.To, Topic: "audited", Received: now},
		Observations: []commerce.Observation{o}, Generation: r.Registry.Generation,
	})
	if err != nil {
		return err
	}
	return r.Moves.Send(ctx, body)
}

// loneReason names a few of the SKUs.
func loneReason(rule registry.Rule, skus []string, more bool) string {
	const few = 5
	count, least := len(skus), ""
	if more {
		least = "at least "
	}
	if count == 1 {
		return fmt.Sprintf("SKU %s of %s is not known to %s", skus[0], rule.From, rule.To)
	}
	text := fmt.Sprintf("%s%d SKUs of %s are not known to %s", least, count, rule.From, rule.To)
	if count > few {
		return text + ", such as " + strings.Join(skus[:few], ", ")
	}
	return text + ": " + strings.Join(skus, ", ")
}
