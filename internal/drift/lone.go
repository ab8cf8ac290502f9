package drift

import (
	"context"
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

// tellLone says which SKUs the systems of stock rules do not know, one row for
// each pair of systems however many there are, and takes back what is over.
func (r *run) tellLone(ctx context.Context, s store.Sweep, f fold.Fold) error {
	for _, rule := range r.Rules[commerce.Inventory] {
		if !rule.Check.Presence() {
			continue
		}
		skus, err := r.unknownTo(ctx, rule, f.Lone[rule.Name()], s.Noted)
		if err != nil {
			return fmt.Errorf("look for SKUs that %s does not know: %w", rule.To, err)
		}
		if err := r.sendLone(ctx, s, rule, skus, len(f.Lone[rule.Name()]) == fold.MaxLone); err != nil {
			return fmt.Errorf("tell SKUs that %s does not know: %w", rule.To, err)
		}
	}
	return nil
}

// unknownTo are those of the SKUs that the rule's To has never told of, anywhere,
// although its From changed them while To was heard.
func (r *run) unknownTo(ctx context.Context, rule registry.Rule, skus []string, now time.Time) ([]string, error) {
	around, err := r.context(ctx, commerce.Inventory)
	if err != nil {
		return nil, err
	}
	covered, heard := around.Covered[rule.To]
	if !heard {
		return nil, nil
	}
	ids := map[string][]commerce.RecordID{}
	var all []commerce.RecordID
	for _, sku := range skus {
		ids[sku] = r.placesOf(sku)
		all = append(all, ids[sku]...)
	}
	rows, err := r.Records.Get(ctx, all)
	if err != nil {
		return nil, fmt.Errorf("read the rows of %d SKUs: %w", len(skus), err)
	}
	return slices.DeleteFunc(slices.Clone(skus), func(sku string) bool {
		changed := false
		for _, id := range ids[sku] {
			if rows[id].SideOf(rule.To).Known {
				return true
			}
			changed = changed || changedWithin(rows[id], rule.From, covered, now.Add(-patience))
		}
		return !changed
	}), nil
}

// changedWithin reports whether a system told of a change after one time and
// before another, as far as the row remembers.
func changedWithin(row record.Row, system string, after, before time.Time) bool {
	return slices.ContainsFunc(row.Changes(system), func(at time.Time) bool { return at.After(after) && at.Before(before) })
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
func (r *run) sendLone(ctx context.Context, s store.Sweep, rule registry.Rule, skus []string, more bool) error {
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
	o.Stamp(commerce.VersionParts{Clock: s.Noted})
	if r.Moves == nil {
		return nil
	}
	body, err := queue.Encode(queue.Envelope{
		Delivery:     commerce.Delivery{ID: "audit of " + s.Run, System: rule.To, Topic: "audited", Received: s.Noted},
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
