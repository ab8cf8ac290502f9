package onboard

import (
	"fmt"
	"slices"

	"github.com/plumbline/plumbline/internal/platform"
)

// The starter packs that are used here.
const (
	stockPack     = "starter/stock"
	countPack     = "starter/wms-count"
	ordersPack    = "starter/orders"
	refundsPack   = "starter/refunds"
	shippedPack   = "starter/fulfilment"
	pricesPack    = "starter/prices"
	itemsPack     = "starter/items"
	contactsPack  = "starter/contacts"
	taxPack       = "starter/tax"
	payoutsPack   = "starter/payouts"
	quarterHourly = "every 15 minutes"
)

// Link is one integration of the registry.
type Link struct {
	Name, Purpose, From, To string
	Uses                    []string
	// Every is how often its job runs by default, and blank where that is not asked:
	// then the starter rules' time is long enough for any.
	Every string
	// Settles are the rules that wait for the job.
	Settles []string
}

// Links are the integrations that the answers come to, those first whose
// differences cost most.
func (p *Plan) Links() []Link {
	var all []Link
	add := func(base, purpose string, from, to *System, every string, settles []string, uses ...string) {
		if from == nil || to == nil || from == to {
			return
		}
		name := base + "-to-" + to.Name
		if slices.ContainsFunc(all, func(l Link) bool { return l.Name == name }) {
			name += "-from-" + from.Name
		}
		all = append(all, Link{name, fmt.Sprintf("%s from %s to %s", purpose, from.Name, to.Name), from.Name, to.Name, uses, every, settles})
	}
	fronts, books := p.storefronts(), p.with(platform.ERP)
	sources := func(s Subject) []*System { return p.each(p.system(p.Believed[s])) }
	stock := p.system(p.Believed[Stock])
	for _, to := range p.stockReaders(stock) {
		add("stock", "Stock", stock, to, quarterHourly, []string{"stock"}, stockPack)
	}
	for _, from := range sources(Orders) {
		targets := books
		if len(targets) == 0 {
			targets = p.with(platform.Warehouse)
		}
		if from != nil && from.Role != platform.Storefront {
			targets = fronts
		}
		for _, to := range targets {
			add("orders", "Orders", from, to, "every 20 minutes", []string{"order-in-erp", "order-money"}, ordersPack)
		}
	}
	for _, from := range p.with(platform.Warehouse) {
		for _, to := range fronts {
			add("shipments", "Shipments", from, to, "every 20 minutes", []string{"shipped-told", "line-cancelled"}, shippedPack)
		}
	}
	for _, from := range sources(Prices) {
		uses := []string{pricesPack}
		if from != nil && from.Role == platform.ERP {
			uses = []string{itemsPack, pricesPack}
		}
		targets := books
		if from != nil && from.Role != platform.Storefront {
			targets = fronts
		}
		for _, to := range targets {
			add("prices", "Prices", from, to, "nightly at 05:00", []string{"price"}, uses...)
		}
	}
	for _, to := range books {
		for _, from := range fronts {
			add("refunds", "Refunds", from, to, "daily", []string{"refund-booked"}, refundsPack)
		}
		for _, from := range p.with(platform.Warehouse) {
			add("counts", "Counted stock", from, to, "nightly at 05:00", []string{"wms-count"}, countPack)
		}
		for _, from := range p.with(platform.Payments) {
			add("payouts", "Payouts", from, to, "", nil, payoutsPack)
		}
	}
	for _, to := range p.with(platform.Tax) {
		for _, from := range fronts {
			add("transactions", "Tax of orders", from, to, "", nil, taxPack)
		}
	}
	targets := p.with(platform.Contacts)
	if !p.Collective {
		targets = append(targets, books...)
	}
	for _, to := range targets {
		for _, from := range sources(Customers) {
			add("customers", "Customers", from, to, "every 4 hours", []string{"contact", "consent"}, contactsPack)
		}
	}
	return all
}

// each is a system, or all storefronts where it is one: each has its own orders and
// customers.
func (p *Plan) each(s *System) []*System {
	if s != nil && s.Role == platform.Storefront {
		return p.storefronts()
	}
	return []*System{s}
}

// stockReaders are the systems that show another one's stock: the storefronts, or
// where it is one of them those that book and ship, or else all others.
func (p *Plan) stockReaders(of *System) []*System {
	found := p.with(platform.ERP, platform.Warehouse)
	if of != nil && of.Role != platform.Storefront {
		found = p.storefronts()
	}
	others := func(all []*System) []*System {
		return slices.DeleteFunc(slices.Clone(all), func(s *System) bool { return s == of })
	}
	if found = others(found); len(found) > 0 {
		return found
	}
	return others(p.Systems)
}
