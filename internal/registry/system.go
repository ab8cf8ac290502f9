package registry

import (
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

// deployedSecret starts the references that a deployed function can resolve.
const deployedSecret = "ssm:"

func (c *checker) system(name string, y yamlSystem) System {
	s := System{
		Name: name, Platform: y.Platform.text(), Timezone: c.zone(y.Timezone, time.UTC), Currency: y.Currency.text(),
		Locations: c.locations(name, y), OrderNumber: c.orderNumber(name, y),
		ExpectEvery:  map[commerce.Kind]time.Duration{},
		CoveredSince: map[commerce.Kind]time.Time{},
		AdminURL:     map[commerce.Kind]string{},
	}
	for _, ref := range y.Secrets {
		s.Secrets = append(s.Secrets, ref.text())
		if !strings.HasPrefix(ref.text(), deployedSecret) {
			c.local.add(ref.at(), "systems.%s.secrets: want %s/name, a deployed function has no file and no variable with a secret", name, deployedSecret)
		}
	}
	for kind, d := range y.ExpectEvery {
		s.ExpectEvery[commerce.Kind(kind)] = c.duration(d.origin)
	}
	for kind, at := range y.CoveredSince {
		s.CoveredSince[commerce.Kind(kind)] = c.instant(at, s.Timezone)
	}
	s.Exports = c.exports(name, y)
	for kind, url := range y.AdminURL {
		s.AdminURL[commerce.Kind(kind)] = c.adminURL(url)
	}
	if name == commerce.Plumbline {
		c.errors.add(y.named(), "systems.%s: want another name, Plumbline reports itself under this one", name)
	}
	c.platform(&s, y)
	return s
}

// platform checks what only the system's platform knows: its own settings, and
// whether it can be set up with them.
func (c *checker) platform(s *System, y yamlSystem) {
	if !y.Platform.given() {
		return
	}
	p, ok := c.platforms[s.Platform]
	if !ok {
		c.errors.add(y.Platform.at(), "systems.%s: unknown platform %q, %s",
			s.Name, s.Platform, didYouMean(s.Platform, slices.Sorted(maps.Keys(c.platforms))))
		return
	}
	s.Subscriptions = p.Subscriptions
	before := len(c.errors.list)
	c.proof(s, p, y)
	s.Settings = c.settings(s.Name, p, y)
	if p.New == nil || len(c.errors.list) > before || y.incomplete() {
		return
	}
	// The key is secret and not in the file; any will do to try the settings.
	e, err := p.New(s.config(make([]byte, 32)))
	if err != nil {
		c.errors.add(y.blamed(err), "systems.%s: %s", s.Name, err)
		return
	}
	if inbox, ok := e.(platform.Inbox); ok {
		s.Senders = inbox.Senders()
	}
	c.credential(s, p, y, e)
	c.pull(s, y, e)
}

func (c *checker) settings(name string, p platform.Platform, y yamlSystem) map[string]string {
	settings := map[string]string{}
	known := fieldNames(reflect.TypeFor[yamlSystem]())
	for _, s := range p.Settings {
		known = append(known, s.Name)
	}
	d := decoder{problems: &c.errors}
	for _, entry := range y.own {
		path := "systems." + name
		if !slices.ContainsFunc(p.Settings, func(s platform.Setting) bool { return s.Name == entry.key.text }) {
			c.errors.add(entry.key.place, "%s: unknown field %q, %s", path, entry.key.text, didYouMean(entry.key.text, known))
			continue
		}
		if d.scalar(entry.value, settingSyntax, join(path, entry.key.text)) {
			settings[entry.key.text] = entry.value.text
		}
	}
	for _, s := range p.Settings {
		if s.Required && !y.node.has(s.Name) {
			c.errors.add(y.named(), "systems.%s lacks %s: %s", name, s.Name, s.Help)
		}
	}
	return settings
}

// incomplete reports whether the decoder has already said what is wrong.
func (s yamlSystem) incomplete() bool {
	return s.Timezone.given() != s.node.has("timezone") || s.Currency.given() != s.node.has("currency")
}

// blamed is the place of the setting that an error of the platform names.
func (s yamlSystem) blamed(err error) place {
	for _, p := range s.own {
		if strings.Contains(err.Error(), p.key.text) {
			return p.value.place
		}
	}
	return s.named()
}

func (c *checker) zone(name text, otherwise *time.Location) *time.Location {
	if !name.given() {
		return otherwise
	}
	zone, err := time.LoadLocation(name.text())
	if err != nil || name.text() == "Local" {
		c.errors.add(name.at(), "unknown time zone, want an IANA name such as America/New_York or UTC")
		return otherwise
	}
	return zone
}

func (c *checker) locations(system string, y yamlSystem) platform.Locations {
	if len(y.Locations) == 0 {
		return nil
	}
	locations := platform.Locations{}
	for native, location := range y.Locations {
		if strings.Contains(location.text(), "@") {
			c.errors.add(location.at(), "systems.%s.locations.%s: want a location without @, which keys are written with", system, native)
		}
		locations[string(native)] = location.text()
	}
	return locations
}

func (c *checker) orderNumber(system string, y yamlSystem) platform.OrderNumber {
	o := platform.OrderNumber{Match: c.match(y.OrderNumber.Match), Store: c.defaultStore(system, y)}
	if store := y.OrderNumber.Store; store.given() {
		o.Store = c.knownSystem(store.origin)
	}
	if len(y.OrderNumber.Stores) > 0 {
		o.Stores = map[string]string{}
		for native, store := range y.OrderNumber.Stores {
			o.Stores[string(native)] = c.knownSystem(store.origin)
		}
	}
	return o
}

func (c *checker) match(expression text) *regexp.Regexp {
	if !expression.given() {
		return nil
	}
	re, err := regexp.Compile(expression.text())
	if err != nil {
		c.errors.add(expression.at(), "order_number.match is not a regular expression: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		return nil
	}
	if re.NumSubexp() == 0 {
		c.errors.add(expression.at(), "order_number.match has no group, want one around the number that all systems share, such as ^#?(US\\d+)$")
		return nil
	}
	return re
}

// defaultStore is the storefront that a system's orders belong to when nothing
// says otherwise: itself, or the only one there is.
func (c *checker) defaultStore(system string, y yamlSystem) string {
	if c.platforms[y.Platform.text()].Storefront {
		return system
	}
	if fronts := c.storefronts(); len(fronts) == 1 {
		return fronts[0]
	}
	return ""
}

func (c *checker) storefronts() []string {
	var fronts []string
	for name, y := range ordered(c.file.Systems) {
		if c.platforms[y.Platform.text()].Storefront {
			fronts = append(fronts, string(name))
		}
	}
	return fronts
}

// knownSystem returns the name of a system of the file, or blank after
// reporting that there is none of that name.
func (c *checker) knownSystem(name origin) string {
	if !name.given() {
		return ""
	}
	if _, ok := c.file.Systems[nameKey(name.text())]; !ok {
		c.errors.add(name.at(), "unknown system %q, %s", name.text(), didYouMean(name.text(), c.systemNames()))
		return ""
	}
	return name.text()
}

func (c *checker) systemNames() []string {
	var all []string
	for name := range ordered(c.file.Systems) {
		all = append(all, string(name))
	}
	return all
}

// placeholder is what stands in braces in an admin address.
var placeholder = regexp.MustCompile(`\{[^}]*\}`)

func (c *checker) adminURL(url urlPattern) string {
	for _, p := range placeholder.FindAllString(url.text(), -1) {
		if p != "{native}" {
			c.errors.add(url.at(), "unknown placeholder %s, want {native} alone", p)
		}
	}
	return url.text()
}

// needsStore reports a system whose orders could belong to several storefronts
// or to none, when some rule needs to know.
func (c *checker) needsStore(kind commerce.Kind, names ...string) {
	if !slices.Contains(kind.KeyParts(), "store") {
		return
	}
	for _, name := range names {
		s, ok := c.systems[name]
		if !ok || s.OrderNumber.Store != "" || len(s.OrderNumber.Stores) > 0 {
			continue
		}
		y := c.file.Systems[nameKey(name)]
		if y.OrderNumber.node.has("store") || y.OrderNumber.node.has("stores") || !c.platformsKnown() {
			continue
		}
		c.errors.add(y.named(), "systems.%s lacks order_number.store: want the system whose web orders it holds; the storefronts are [%s]",
			name, strings.Join(c.storefronts(), ", "))
	}
}

// platformsKnown reports whether every system's platform exists, so that the
// storefronts are known.
func (c *checker) platformsKnown() bool {
	for _, y := range c.file.Systems {
		if _, ok := c.platforms[y.Platform.text()]; !ok {
			return false
		}
	}
	return true
}
