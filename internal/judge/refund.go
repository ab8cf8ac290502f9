package judge

import (
	"fmt"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// refundLook is when an order is judged again that a refund explains: nothing of
// its row changes when the refund's finding ends otherwise than by a booking.
const refundLook = time.Hour

// Unbooked is money of an order's refunds that one side has and the other has
// not.
type Unbooked struct {
	Amount, Tax commerce.Decimal
	// Lacks is the system that has not booked it.
	Lacks string
	// Finding is the open finding about it, or blank while there is none yet.
	Finding string
}

// UnbookedBy reads from a verdict on an order's refunds what is not booked, and
// reports false when nothing is.
func UnbookedBy(rule registry.Rule, refunds record.Row, v Verdict) (Unbooked, bool) {
	u := Unbooked{Lacks: rule.To, Finding: refunds.Marks[rule.Name()].Open}
	if v.Outcome != Differ && v.Outcome != Pending {
		return u, false
	}
	if v.Class == finding.Missing {
		side := refunds.SideOf(rule.From)
		u.Amount, u.Tax = amountOf(side.Facets["amount"]), amountOf(side.Facets["tax"])
		return u, u.Amount.Sign() != 0
	}
	for _, f := range v.Facets {
		if f.Delta != nil && f.Facet == "amount" && f.Outcome != Agree {
			u.Amount = *f.Delta
		} else if f.Delta != nil && f.Facet == "tax" {
			u.Tax = *f.Delta
		}
	}
	return u, u.Amount.Sign() != 0
}

// AsRefund makes a difference of an order pending that is exactly what is not
// booked of its refunds, up to the rule's tolerance: that is the refund's finding
// and no second one. Units that come back with the refund are part of it. Any
// other verdict stays as it is.
func AsRefund(rule registry.Rule, order record.Row, c Context, now time.Time, v Verdict, u Unbooked) Verdict {
	p := newPair(rule, order, c, now)
	total, units := 0, 0
	for i, f := range v.Facets {
		if f.Outcome == Agree {
			continue
		}
		if f.Outcome != Differ || f.Delta == nil || i >= len(rule.Expect) {
			return v
		}
		sign := f.Delta.Sign()
		switch e := rule.Expect[i]; {
		case (f.Facet == "total" || f.Facet == "total_current") && p.equals(e, f, u.Amount):
			total = sign
		case isTax(f.Facet) && p.equals(e, f, u.Tax):
		case strings.HasPrefix(f.Facet, "units") && units*sign >= 0:
			units = sign
		default:
			return v
		}
	}
	if total == 0 || units != 0 && units != total {
		return v
	}
	return v.asRefund(p, u)
}

// equals reports whether a difference is as large as the amount.
func (p *pair) equals(e registry.Expectation, f FacetVerdict, amount commerce.Decimal) bool {
	t, why := p.terms(e, p.from, p.to)
	if why != "" || t.rate != nil || t.set(p, e, p.from, p.to) != "" {
		return false
	}
	off, err := f.Delta.Abs().Sub(amount.Abs())
	return err == nil && off.Abs().Cmp(t.within) <= 0
}

func (v Verdict) asRefund(p *pair, u Unbooked) Verdict {
	t := terms{to: p.currency()}
	text := fmt.Sprintf("it is the refund of %s that %s has not booked", t.money(u.Amount), u.Lacks)
	if u.Finding == "" {
		v = v.pending(text + " yet")
	} else {
		v = v.pending(text + ": finding " + u.Finding)
	}
	for i, f := range v.Facets {
		if f.Outcome == Pending {
			v.Facets[i].Explanation = &Explanation{Text: v.Why, By: "refund"}
		}
	}
	v.Due, v.Again = p.now.Add(refundLook), true
	return v
}
