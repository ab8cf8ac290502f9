package drift

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// flightLimit bounds the orders of one shard that are looked through for units
// in flight.
const flightLimit = 2000

// endOfTime is after every due time.
var endOfTime = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// inFlight counts the units of a stock record's SKU on orders that the rule's
// To has and its From does not have yet, or not all of them. Those orders are the
// unsettled ones of the index.
func (r *run) inFlight(ctx context.Context, rule registry.Rule, key commerce.Key) (judge.InFlight, error) {
	orders, err := r.unsettledOrders(ctx)
	if err != nil {
		return judge.InFlight{}, err
	}
	var flight judge.InFlight
	var each []taken
	rules := r.between(rule)
	sku, location := key[0], key[len(key)-1]
	for _, order := range orders {
		here := has(order, rule.From)
		if here && !unsettled(order, rules) {
			continue
		}
		located, floating := r.units(order, rule.To, sku, location)
		if located.Sign() == 0 && floating.Sign() == 0 {
			continue
		}
		if here {
			more, err := r.surplus(ctx, order, rule.To, rules)
			if err != nil {
				return flight, err
			}
			// Of which line the units are that were added, nobody says.
			if located, floating = (commerce.Decimal{}), least(more, plus(located, floating)); floating.Sign() <= 0 {
				continue
			}
		}
		flight.Orders++
		if located.Sign() > 0 {
			each = append(each, taken{since(order, rules), located})
		}
		if flight.Located, err = flight.Located.Add(located); err != nil {
			return flight, err
		}
		if flight.Floating, err = flight.Floating.Add(floating); err != nil {
			return flight, err
		}
	}
	slices.SortStableFunc(each, func(a, b taken) int { return b.since.Compare(a.since) })
	for _, t := range each {
		flight.Each = append(flight.Each, t.units)
	}
	return flight, nil
}

// taken are units that one order takes off, and since when it does.
type taken struct {
	since time.Time
	units commerce.Decimal
}

// since is when an order became unsettled under one of the rules, zero where it is not.
func since(order record.Row, rules []registry.Rule) time.Time {
	var first time.Time
	for _, rule := range rules {
		if m, marked := order.Marks[rule.Name()]; marked {
			first = earlier(first, m.Since)
		}
	}
	return first
}

// has reports whether the system has, or had, the order.
func has(order record.Row, system string) bool {
	side := order.SideOf(system)
	return side.Known && (side.Live || side.Succeeded)
}

// between are the rules about orders that compare the systems of a stock rule.
func (s *Service) between(stock registry.Rule) []registry.Rule {
	var rules []registry.Rule
	for _, rule := range s.Rules[commerce.Order] {
		if rule.From == stock.To && rule.To == stock.From || rule.From == stock.From && rule.To == stock.To {
			rules = append(rules, rule)
		}
	}
	return rules
}

// unsettled reports whether an order is not settled under one of the rules.
func unsettled(order record.Row, rules []registry.Rule) bool {
	return slices.ContainsFunc(rules, func(rule registry.Rule) bool {
		_, marked := order.Marks[rule.Name()]
		return marked
	})
}

// surplus is how many units more a system has on an order than another one, as
// rules say under which it is not settled.
func (r *run) surplus(ctx context.Context, order record.Row, system string, rules []registry.Rule) (commerce.Decimal, error) {
	var most commerce.Decimal
	around, err := r.context(ctx, commerce.Order)
	if err != nil {
		return most, err
	}
	for _, rule := range rules {
		if !unsettled(order, []registry.Rule{rule}) {
			continue
		}
		for _, d := range judge.Judge(rule, order, around, r.now).Differences() {
			if d.Facet != "units_current" && d.Facet != "units" || d.Delta == nil {
				continue
			}
			more := *d.Delta
			if rule.From == system {
				more = more.Neg()
			}
			most = largest(most, more)
		}
	}
	return most, nil
}

func least(a, b commerce.Decimal) commerce.Decimal {
	if b.Cmp(a) < 0 {
		return b
	}
	return a
}

func largest(a, b commerce.Decimal) commerce.Decimal {
	if b.Cmp(a) > 0 {
		return b
	}
	return a
}

// plus is a sum of units, of which those that cannot be added are left out.
func plus(a, b commerce.Decimal) commerce.Decimal {
	if sum, err := a.Add(b); err == nil {
		return sum
	}
	return a
}

// units sums a SKU on an order, alone or within kits: those that leave the location, and those of
// which nobody says yet from where they leave.
func (s *Service) units(order record.Row, system, sku, location string) (located, floating commerce.Decimal) {
	for _, l := range order.Lines(system) {
		n := s.Registry.Kits.Units(sku, l.SKU, l.Units)
		switch l.Location {
		case location:
			located, _ = located.Add(n)
		case "":
			floating, _ = floating.Add(n)
		}
	}
	return located, floating
}

func (r *run) unsettledOrders(ctx context.Context) ([]record.Row, error) {
	if r.orders != nil {
		return *r.orders, nil
	}
	due, err := r.due(ctx, endOfTime, flightLimit)
	if err != nil {
		return nil, err
	}
	var ids []commerce.RecordID
	for _, id := range due {
		if strings.HasPrefix(string(id), string(commerce.Order)+"|") {
			ids = append(ids, id)
		}
	}
	rows, err := r.Records.Get(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("read %d orders in flight: %w", len(ids), err)
	}
	orders := make([]record.Row, 0, len(rows))
	for _, row := range rows {
		orders = append(orders, row)
	}
	r.orders = &orders
	return orders, nil
}
