package onboard

import (
	"slices"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/export"
	"github.com/plumbline/plumbline/internal/platform"
)

// Subject is what a system is believed for.
type Subject string

// The subjects.
const (
	Stock     Subject = "stock"
	Prices    Subject = "prices"
	Orders    Subject = "orders"
	Customers Subject = "customers"
)

// System is one system of the merchant.
type System struct {
	Name     string
	Platform platform.Platform
	Role     platform.Role
	// Settings are the platform's required ones. Without them the system is not
	// connected, and only its files are read.
	Settings map[string]string
	// Files are those that it wrote.
	Files []File
	// Example is a web order's number as the system shows it, and Match the pattern
	// that was made of it. Stores are its names of the storefronts, where there are
	// several.
	Example, Match string
	Stores         map[string]string
	// Places are the locations by their names in the system.
	Places map[string]string
}

// Plan is what the answers come to.
type Plan struct {
	Setting
	Systems        []*System
	Believed       map[Subject]string
	Zone, Currency string
	// Buffer is how many units are kept back, and BufferFile a table of them.
	Buffer, BufferFile string
	// Negatives says that a shop may show stock below zero.
	Negatives bool
	// Excluded are the orders that must not reach the ERP, in the words of the answer.
	Excluded []string
	// Collective says that the ERP books all web customers on one.
	Collective bool
	// Jobs are how often what runs, by integration.
	Jobs map[string]Job
	// Kits is the file of kits, or blank.
	Kits                  string
	Team, Channel, Deputy string
	// Breaks are what happens when an integration fails, by its name.
	Breaks map[string]string
	// CloseDay is the working day on which a month is closed, or blank.
	CloseDay string
}

// connected reports whether all that the platform needs was said.
func (s *System) connected() bool {
	for _, setting := range s.Platform.Settings {
		if setting.Required && s.Settings[setting.Name] == "" {
			return false
		}
	}
	return true
}

// tells reports whether the system says a facet of stock, as far as its files show. A
// system without such a file is believed to.
func (s *System) tells(facet string) bool {
	for _, f := range s.Files {
		for _, m := range f.Mappings {
			if m.Kind == commerce.Inventory {
				facets := m.Facets
				if m.Spread != nil {
					facets = m.Spread.Facets
				}
				return slices.ContainsFunc(facets, func(f export.FacetColumn) bool { return f.Facet == facet })
			}
		}
	}
	return true
}

func (p *Plan) system(name string) *System {
	i := slices.IndexFunc(p.Systems, func(s *System) bool { return s.Name == name })
	if i < 0 {
		return nil
	}
	return p.Systems[i]
}

// with are the systems of the roles, in their order.
func (p *Plan) with(roles ...platform.Role) []*System {
	var found []*System
	for _, s := range p.Systems {
		if slices.Contains(roles, s.Role) {
			found = append(found, s)
		}
	}
	return found
}

func (p *Plan) storefronts() []*System { return p.with(platform.Storefront) }

func (p *Plan) names() []string {
	names := make([]string, len(p.Systems))
	for i, s := range p.Systems {
		names[i] = s.Name
	}
	return names
}

// Leads says whether a system is believed for what records of a kind are about. Of
// kinds that nobody was asked about it does not.
func (p *Plan) Leads(system string, kind commerce.Kind) bool {
	subjects := map[commerce.Kind]Subject{
		commerce.Inventory: Stock, commerce.Price: Prices, commerce.Product: Prices, commerce.Order: Orders,
		commerce.Refund: Orders, commerce.Customer: Customers,
	}
	subject, asked := subjects[kind]
	return asked && p.Believed[subject] == system
}

// WriterOf is the name of the system that wrote a file, or blank.
func (p *Plan) WriterOf(file string) string {
	for _, s := range p.Systems {
		for _, f := range s.Files {
			if f.Name == file {
				return s.Name
			}
		}
	}
	return ""
}
