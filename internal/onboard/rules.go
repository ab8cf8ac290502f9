package onboard

import (
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/registry"
)

// link writes an integration.
func (w *writer) link(l Link) {
	w.say("  %s:", l.Name)
	w.say("    purpose: %s", l.Purpose)
	w.say("    owner: {team: %s, slack: %q}", quoted(either(w.Team, "owner-"+toBeNamed)), either(w.Channel, "#owner-"+toBeNamed))
	w.say("    deputy: %s", deputyOf(w.Deputy))
	w.say("    runbook: builtin # or the page that says what to do")
	w.say("    on_failure: %s", quoted(either(w.Breaks[l.Name], registry.ToBeWritten+" by the owner.")))
	w.say("    from: %s # is believed", l.From)
	w.say("    to: %s", l.To)
	w.say("    uses: [%s]", strings.Join(l.Uses, ", "))
	rules := w.rules(l)
	if len(rules) == 0 {
		return
	}
	w.say("    rules:")
	for _, r := range rules {
		w.say("      - id: %s", r.id)
		for _, line := range r.lines {
			w.say("        %s", line)
		}
	}
}

func either(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// ruleText is what replaces parts of a starter rule.
type ruleText struct {
	id    string
	lines []string
}

// rules are the replacements of an integration.
func (w *writer) rules(l Link) []ruleText {
	var all []ruleText
	put := func(id string, lines ...string) {
		i := slices.IndexFunc(all, func(r ruleText) bool { return r.id == id })
		if i < 0 {
			i, all = len(all), append(all, ruleText{id: id})
		}
		all[i].lines = append(all[i].lines, lines...)
	}
	from, to := w.system(l.From), w.system(l.To)
	switch {
	case slices.Contains(l.Uses, stockPack):
		put("stock", w.stockRule(from, to)...)
	case slices.Contains(l.Uses, ordersPack):
		if when := w.reaches(); when != "" {
			put("order-in-erp", "# What has to reach "+l.To+"; all else may stay out.", "when: "+singleQuoted(when))
			put("day-close", "when: "+singleQuoted(when))
		}
		if to.Role == platform.Warehouse {
			put("order-money", "mode: off # no amounts are kept there")
			put("day-close", "mode: off")
		}
	case slices.Contains(l.Uses, contactsPack) && to.Role != platform.Contacts:
		put("consent", "mode: off # nobody is written to from there")
	}
	if job, ok := w.Jobs[l.Name]; ok {
		for _, id := range l.Settles {
			put(id, "settle: "+job.Settle+" # its job runs "+job.Says)
		}
	}
	return all
}

// stockRule is what the shop should show: what is free, less what is kept back and
// what is on orders that the other side has not seen. Where a file counts pieces on
// the shelf alone, those are compared.
func (w *writer) stockRule(from, to *System) []string {
	var lines []string
	if !from.tells("tracked") || !to.tells("tracked") {
		lines = append(lines, `when: "true" # the files do not say which items are tracked`)
	}
	if from.Role == platform.Storefront && to.Role != platform.Storefront {
		return append(lines, "# What "+from.Name+" may still sell has to be free in "+to.Name+".", "expect: {free: from.available}")
	}
	facet := from.sellable()
	if facet == "on_hand" && to.tells("on_hand") || !to.tells("available") {
		return append(lines,
			"# The file of "+from.Name+" has what is on the shelf, and not what is free: that is compared.",
			"expect: {on_hand: from.on_hand}")
	}
	free := "floor(from." + facet + ")"
	about := "# " + to.Name + " may sell what is free"
	if w.Buffer != "" && w.Buffer != "0" {
		free += " - " + w.Buffer
		about += ", less what is kept back"
	}
	if !w.Negatives {
		free = "max(0, " + free + ")"
		about += ", and never less than nothing"
	}
	lines = append(lines, about+".")
	if w.hasOrders(to, from) {
		free += " - in_flight"
		lines = append(lines, "# Units on orders that "+from.Name+" has not seen yet are taken off.")
	}
	return append(lines, "expect: {available: \""+free+"\"}")
}

// sellable is the facet with what a system has to sell: an ERP knows what is free, a
// warehouse what is available, and some files only what is on the shelf.
func (s *System) sellable() string {
	facets := []string{"free", "available"}
	if s.Role != platform.ERP {
		facets = []string{"available", "free"}
	}
	for _, name := range facets {
		if s.tells(name) {
			return name
		}
	}
	return "on_hand"
}

// hasOrders reports whether an integration brings the orders of one system to
// another, so that those on their way are known.
func (w *writer) hasOrders(from, to *System) bool {
	return slices.ContainsFunc(w.Links(), func(l Link) bool {
		return slices.Contains(l.Uses, ordersPack) && l.From == from.Name && l.To == to.Name
	})
}
