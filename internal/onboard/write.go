package onboard

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/export"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/registry"
)

const toBeNamed = registry.ToBeNamed

// Registry writes the registry that the answers make, and the files that it names,
// by their names.
func (p *Plan) Registry() (text []byte, beside map[string][]byte, err error) {
	w := &writer{Plan: p, beside: map[string][]byte{}}
	w.say("# The registry of your systems, as plumbline init wrote it. It is yours to change:")
	w.say("# plumbline check says what is wrong.")
	if p.Team == "" || p.Channel == "" || p.Deputy == "" {
		w.say("# Names that end with %q are placeholders, and the check lists them.", toBeNamed)
	}
	w.say("")
	w.say("systems:")
	for _, s := range p.Systems {
		w.oneSystem(s)
	}
	w.tables()
	w.say("")
	w.say("# Rules watch first: they keep findings and alert nobody. Once a rule's findings are")
	w.say("# what you would have wanted to know, plumbline promote lets it alert.")
	w.say("defaults: {mode: watch}")
	w.say("")
	w.say("# The rules are those of starter packs. What is said of one here replaces the pack's word.")
	w.say("integrations:")
	for _, l := range p.Links() {
		w.link(l)
	}
	if p.CloseDay != "" {
		w.say("")
		w.say("# A month is closed on working day %s of the next: by then, plumbline close 2026-11", p.CloseDay)
		w.say("# puts that month's totals, differences and open findings together.")
	}
	return []byte(w.String()), w.beside, w.err
}

// writer is the text so far, and the first error.
type writer struct {
	strings.Builder
	*Plan
	beside map[string][]byte
	err    error
}

func (w *writer) say(format string, args ...any) {
	fmt.Fprintf(w, format+"\n", args...)
}

func (w *writer) oneSystem(s *System) {
	w.say("  %s:", s.Name)
	of := s.Platform
	if s.connected() {
		w.say("    platform: %s", of.Name)
	} else {
		w.say("    # %s is not connected yet: only its files are read.", of.Title)
		w.say("    # To connect it, change the platform to %s and add", of.Name)
		for _, setting := range of.Settings {
			if setting.Required {
				w.say("    #   %s: %s", setting.Name, setting.Help)
			}
		}
		w.say("    platform: %s", freePlatform)
	}
	for _, setting := range of.Settings {
		if v := s.Settings[setting.Name]; s.connected() && v != "" {
			w.say("    %s: %s", setting.Name, scalar(v))
		}
	}
	if !s.connected() || !of.Inbox {
		w.say("    secrets: [%q] # what signs its webhooks; ssm:/plumbline/%s where it is deployed", "env:"+variable(s.Name), s.Name)
	}
	if s.connected() && !of.Telling && asked(s) {
		w.say("    credential: %q # of its API, for what webhooks do not say", "env:"+variable(s.Name)+"_API")
	}
	w.say("    timezone: %s", quoted(w.Zone))
	w.say("    currency: %s # of amounts that carry none", w.Currency)
	w.locations(s)
	w.orderNumber(s)
	w.exports(s)
}

func variable(system string) string {
	return "PLUMBLINE_" + strings.ToUpper(strings.ReplaceAll(system, "-", "_"))
}

// asked reports whether the platform's API is asked for something.
func asked(s *System) bool {
	if s.Platform.New == nil {
		return false
	}
	e, err := s.Platform.New(platform.Config{System: s.Name, Settings: s.Settings, OrderNumber: platform.OrderNumber{Store: s.Name}, HashKey: make([]byte, 32)})
	if err != nil {
		return false
	}
	_, is := e.(platform.API)
	return is
}

func (w *writer) locations(s *System) {
	if len(s.Places) == 0 {
		return
	}
	w.say("    # Locations as all systems call them. Webhooks may name them by ids: add those.")
	w.say("    locations:")
	for _, native := range slices.Sorted(maps.Keys(s.Places)) {
		why := ""
		if native == export.Everywhere {
			why = " # all its locations together"
		}
		w.say("      %s: %s%s", strconv.Quote(native), quoted(s.Places[native]), why)
	}
}

// orderNumber says which store's orders the system has, and how it writes their
// numbers.
func (w *writer) orderNumber(s *System) {
	fronts := w.storefronts()
	if len(fronts) == 0 {
		return
	}
	var fields []string
	if s.Match != "" {
		fields = append(fields, "match: "+singleQuoted(s.Match))
	}
	switch {
	case s.Role == platform.Storefront:
		fields = append(fields, "store: "+s.Name)
	case len(fronts) == 1:
		fields = append(fields, "store: "+fronts[0].Name)
	case len(s.Stores) > 0:
		var stores []string
		for _, native := range slices.Sorted(maps.Keys(s.Stores)) {
			stores = append(stores, strconv.Quote(native)+": "+s.Stores[native])
		}
		fields = append(fields, "stores: {"+strings.Join(stores, ", ")+"}")
	default:
		return
	}
	if s.Match != "" {
		w.say("    # The group is the number that all systems share: %s is one of its numbers.", s.Example)
	}
	w.say("    order_number: {%s}", strings.Join(fields, ", "))
}

// exports say how the system's files are read.
func (w *writer) exports(s *System) {
	said := map[commerce.Kind]bool{}
	for _, f := range s.Files {
		for _, m := range f.Mappings {
			if m.Kind == "" || said[m.Kind] {
				continue
			}
			if len(said) == 0 {
				w.say("    exports: # how its files are read; complete: true where a file has all records")
			}
			said[m.Kind] = true
			if m.Preset != "" {
				w.say("      %s: {preset: %s}", m.Kind, m.Preset)
				continue
			}
			name := s.Name + "-" + string(m.Kind) + ".yaml"
			content, err := yaml.Marshal(m)
			if err != nil {
				w.err = fmt.Errorf("write what the columns of %s mean: %w", f.Name, err)
			}
			w.beside[name] = content
			w.say("      %s: {mapping: %s}", m.Kind, name)
		}
	}
}

// tables are the files that rules take numbers from.
func (w *writer) tables() {
	if w.BufferFile != "" {
		columns, err := w.columns(w.BufferFile)
		if err != nil {
			w.err = err
		}
		w.say("")
		w.say("# What is kept back of each item.")
		w.say("tables:")
		w.say("  buffer: {file: %s, key: [%s], default: 0}", quoted(w.BufferFile), strings.Join(columns, ", "))
	}
	if w.Kits == "" {
		return
	}
	var names []string
	for _, s := range w.with(platform.ERP, platform.Warehouse) {
		names = append(names, s.Name)
	}
	w.say("")
	w.say("# Kits are sold as one and stocked as their parts in these systems.")
	w.say("kits: {file: %s, systems: [%s]}", quoted(w.Kits), strings.Join(names, ", "))
}

var (
	bare  = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9 ._/+-]*[A-Za-z0-9._/]$`)
	words = regexp.MustCompile(`(?i)^(y|n|yes|no|true|false|null|on|off)$`)
)

// quoted writes a text as YAML, with quotes where it needs them.
func quoted(text string) string {
	if bare.MatchString(text) && !words.MatchString(text) {
		return text
	}
	return strconv.Quote(text)
}

// scalar writes a platform's setting, of which some come with quotes already.
func scalar(text string) string { return quoted(strings.Trim(text, `"`)) }

func singleQuoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
