package judge

import (
	"fmt"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/record"
)

// wrong is a state that no sound history leads to.
type wrong struct {
	since  time.Time
	system string
	why    string
}

// state judges the states that the sides show and, as far as the row remembers,
// showed. What a business does on purpose is no finding: an order that is edited,
// reopened, refunded in part, or of which a shipment is taken back.
func (p *pair) state() Verdict {
	applies, err := p.applies(p.from, p.to)
	switch {
	case err != nil:
		return p.verdict(CannotTell, p.reason(err))
	case !applies:
		return p.verdict(NotJudged, "the rule's condition is not met")
	case p.from.Ties || p.to.Ties:
		return p.verdict(CannotTell, tied)
	}
	for _, s := range p.sides() {
		if !s.Live {
			continue
		}
		for _, check := range []func(record.Side) (wrong, bool){p.backwards, p.unpaid} {
			if w, found := check(s); found {
				return p.impossible(w)
			}
		}
	}
	if w, found := p.shippedAfterCancel(); found {
		return p.impossible(w)
	}
	if p.forgotten() {
		return p.verdict(CannotTell, "what the record showed before is not remembered any more")
	}
	return p.verdict(Agree, "")
}

func (p *pair) impossible(w wrong) Verdict {
	v := p.overdue(finding.Impossible, w.since, w.why)
	v.Cause = p.cause(w.since, w.system)
	return v
}

// step is a value that cannot follow on another.
type step struct {
	facet    string
	was, now []string
}

// noWayBack are the steps that money and goods cannot take. What an edit, a
// cancelled shipment or a second return can bring about is none of them: a paid
// order becomes partially paid when a line is added, and a fulfilled one
// unfulfilled when its parcel is taken back.
var noWayBack = map[commerce.Kind][]step{
	commerce.Order: {
		{"payment", []string{"refunded"}, []string{"pending", "authorized", "partially_paid", "paid"}},
		{"payment", []string{"partially_refunded"}, []string{"pending", "authorized"}},
		{"payment", []string{"paid"}, []string{"pending", "authorized"}},
	},
	commerce.Shipment: {
		{"status", []string{"delivered"}, []string{"pending", "label_created", "pre_transit", "in_transit", "out_for_delivery", "shipped"}},
	},
	commerce.Return: {
		{"refunded", []string{"true"}, []string{"false"}},
		{"received", []string{"true"}, []string{"false"}},
	},
}

// backwards looks for a value that a view of a side cannot have come to from the
// last other one that it had. It is looked for view by view: a second invoice that
// nobody has paid takes nothing back of the first.
func (p *pair) backwards(s record.Side) (wrong, bool) {
	for _, v := range p.row.Views {
		if v.System != s.System || v.Gone {
			continue
		}
		for _, step := range noWayBack[p.row.Kind] {
			now := text(v.Facets, step.facet)
			was, left := before(v, step.facet, now)
			if slices.Contains(step.now, now) && slices.Contains(step.was, was) {
				return wrong{left, s.System, fmt.Sprintf("%s of %s went back from %s to %s", step.facet, s.System, was, now)}, true
			}
		}
	}
	return wrong{}, false
}

// before is the last other value that a view's facet had, and when it was left.
// It is blank where the view does not remember one.
func before(v record.View, facet, now string) (was string, left time.Time) {
	for _, past := range v.Was {
		if past.Gone {
			return "", time.Time{}
		}
		if value := text(past.Facets, facet); value != "" && value != now {
			return value, past.Until
		}
	}
	return "", time.Time{}
}

// text is a facet as text, blank where there is none.
func text(facets commerce.Facets, name string) string {
	if v, ok := facets[name]; ok && !v.IsNull() {
		return v.String()
	}
	return ""
}

// forgotten reports whether what made the open finding may have slipped the row's
// memory, while the state that it led to still stands.
func (p *pair) forgotten() bool {
	if p.mark.Open == "" {
		return false
	}
	for _, v := range p.row.Views {
		if p.row.Forgets(v.System).Before(p.mark.Since) || v.Gone {
			continue
		}
		if text(v.Facets, "cancelled") == "true" {
			return true
		}
		for _, step := range noWayBack[p.row.Kind] {
			if slices.Contains(step.now, text(v.Facets, step.facet)) {
				return true
			}
		}
	}
	return false
}

// unpaid is goods that left although the money never came: the authorization is
// void. An order that is to be paid later says pending, which is no fault.
func (p *pair) unpaid(s record.Side) (wrong, bool) {
	if p.row.Kind != commerce.Order || s.Facets["payment"] != commerce.Text("voided") || s.Facets["fulfilment"] != commerce.Text("fulfilled") {
		return wrong{}, false
	}
	since := later(p.shown(s.System, "payment"), p.shown(s.System, "fulfilment"))
	return wrong{since, s.System, fmt.Sprintf("%s shows the order as fulfilled and its payment as voided", s.System)}, true
}

// shown is since when a facet of a system has the value that it has now, as far
// as the row remembers.
func (p *pair) shown(system, facet string) time.Time {
	now := p.row.SideOf(system).Facets[facet]
	var since time.Time
	for _, change := range slices.Backward(p.row.Changes(system)) {
		since = change
		if p.row.SideAt(system, change.Add(-time.Nanosecond)).Facets[facet] != now {
			return since
		}
	}
	return since
}

// shippedAfterCancel looks for units that left after one of the sides had
// cancelled the order. What left within the settle time may only have been told
// late.
func (p *pair) shippedAfterCancel() (wrong, bool) {
	if p.row.Kind != commerce.Order {
		return wrong{}, false
	}
	for _, by := range p.sides() {
		if !by.Live || !by.Facets["cancelled"].IsTrue() {
			continue
		}
		told := p.rule.Settle.Due(p.shown(by.System, "cancelled"))
		for _, s := range p.sides() {
			if since, grew := p.shippedSince(s, told); grew {
				why := fmt.Sprintf("%s shipped the order after it was cancelled", s.System)
				if s.System != by.System {
					why += " in " + by.System
				}
				return wrong{since, s.System, why}, true
			}
		}
	}
	return wrong{}, false
}

// shippedSince reports when a side first showed more units as shipped than at the
// given time.
func (p *pair) shippedSince(s record.Side, at time.Time) (time.Time, bool) {
	const facet = "units_shipped"
	was, ok := p.row.SideAt(s.System, at).Facets[facet]
	now, told := s.Facets[facet]
	order, numbers := now.Compare(was)
	if !s.Live || !ok || !told || !numbers || order <= 0 {
		return time.Time{}, false
	}
	for _, change := range p.row.Changes(s.System) {
		value, shown := p.row.SideAt(s.System, change).Facets[facet]
		if order, _ := value.Compare(was); shown && change.After(at) && order > 0 {
			return change, true
		}
	}
	return time.Time{}, false
}
