package export

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/sheet"
)

// anyStore is the store of web orders where nothing says which store they are of:
// two files that are compared without a registry are of one store.
const anyStore = "web"

// Everywhere is the location of stock that a system counts for all locations
// together.
const Everywhere = "*"

// Why rows are left out although nothing is wrong with them.
const (
	notWebOrder     = "order number is not a web order's"
	noLocation      = "stock without a location"
	ignoredLocation = "location is left out"
	noEmail         = "customer without an e-mail address"
	noSKU           = "row without a SKU"
)

// keyPart reads one part of the key.
type keyPart struct {
	name     string
	column   int
	or       []int
	constant string
	as       string
	// spread is the name of the column that is read.
	spread bool
}

// keys reads the key of a row.
type keys struct {
	parts  []keyPart
	config platform.Config
	// own is the registry's location of a shop that has one stock, or blank.
	own string
}

// ownStock is where the registry has the one stock of a shop, as its platform's
// normaliser does.
func ownStock(of string, config platform.Config) string {
	if of != "woocommerce" || config.System == "" {
		return ""
	}
	return cmp.Or(config.Settings["location"], config.Locations[Everywhere], "main")
}

// newKeys prepares the key of a kind for a header.
func newKeys(m Mapping, header columns, config platform.Config) (*keys, error) {
	if err := fitsKind(m); err != nil {
		return nil, err
	}
	k := &keys{config: config, own: ownStock(m.Platform, config)}
	if k.config.OrderNumber.Store == "" && len(k.config.OrderNumber.Stores) == 0 {
		k.config.OrderNumber.Store = anyStore
	}
	for _, c := range inOrder(m) {
		p := keyPart{name: c.Part, column: nowhere, constant: c.Constant, as: c.As}
		if c.As == "" && c.Part == "number" {
			p.as = NumberKey
		}
		if !slices.Contains([]string{"", TrimKey, UpperKey, NumberKey, LocationKey, EmailKey}, c.As) {
			return nil, fmt.Errorf("%w: key part %s: %q, want trim, upper, order number, location or email", ErrMapping, c.Part, c.As)
		}
		for _, name := range append([]string{c.Column}, c.Or...) {
			if i := header.find(name); name != "" && i >= 0 {
				p.or = append(p.or, i)
			}
		}
		if len(p.or) > 0 {
			p.column, p.or = p.or[0], p.or[1:]
		}
		if p.column == nowhere && p.constant == "" {
			return nil, fmt.Errorf("%w: key part %s: the file has no column %q", ErrMapping, c.Part, c.Column)
		}
		k.parts = append(k.parts, p)
	}
	if m.Spread != nil {
		k.parts = append(k.parts, keyPart{name: m.Spread.Part, column: nowhere, as: LocationKey, spread: true})
	}
	return k, nil
}

// inOrder are the key columns in the order of the kind's key.
func inOrder(m Mapping) []KeyColumn {
	order := m.Kind.KeyParts()
	sorted := slices.Clone(m.Key)
	slices.SortStableFunc(sorted, func(a, b KeyColumn) int {
		return slices.Index(order, a.Part) - slices.Index(order, b.Part)
	})
	return sorted
}

// fitsKind reports a key that is not the kind's. An order's store need not be
// given, and where a total over all locations is meant the location may be left
// out.
func fitsKind(m Mapping) error {
	if len(m.Key) == 0 {
		return fmt.Errorf("%w: no key, want at least one column that identifies a record", ErrMapping)
	}
	if m.Kind == "" {
		return nil
	}
	if _, err := commerce.ParseKind(string(m.Kind)); err != nil {
		return fmt.Errorf("%w: %w", ErrMapping, err)
	}
	for _, c := range m.Key {
		if !slices.Contains(m.Kind.KeyParts(), c.Part) {
			return fmt.Errorf("%w: the key of %s has no part %q, want %s", ErrMapping, m.Kind, c.Part, m.Kind.KeyTemplate())
		}
	}
	return nil
}

// named is a row's key: the record's, as all systems write it, and as the file
// writes it.
type named struct {
	key    commerce.Key
	native string
	// place is the location as the file writes it.
	place string
	// skipped is why the row has no record; unknown is a location that nobody
	// mapped.
	skipped, unknown string
}

// read is the key of a row. spread is the name of the column that is read, where a
// row has several records.
func (k *keys) read(cells []sheet.Cell, spread string) (named, *fault) {
	n := named{key: make(commerce.Key, 0, len(k.parts)+1)}
	raw := make([]string, 0, len(k.parts))
	store := ""
	for _, p := range k.parts {
		text := p.text(cells)
		if p.spread {
			text = spread
		}
		if p.name == "store" {
			store = text
			continue
		}
		if len(text) > maxKeyPart {
			return n, &fault{p.column, "a text of at most 512 bytes"}
		}
		shown, f := k.part(&n, p, cells, text, store)
		if f != nil || n.skipped != "" || n.unknown != "" {
			return n, f
		}
		raw = append(raw, shown)
	}
	n.native = strings.Join(raw, "/")
	return n, nil
}

// part adds one part to a key, and returns it as the file writes it.
func (k *keys) part(n *named, p keyPart, cells []sheet.Cell, text, store string) (string, *fault) {
	switch p.as {
	case NumberKey:
		if text == "" {
			return "", &fault{p.column, wantKey(p.name)}
		}
		system, number, written := k.number(cells, p, store)
		if system == "" {
			n.skipped = notWebOrder
		}
		n.key = append(n.key, system, number)
		return written, nil
	case EmailKey:
		hash := k.config.CustomerHash(text)
		if hash == "" {
			n.skipped = noEmail
		}
		n.key = append(n.key, hash)
		return hash, nil
	case LocationKey:
		location, skipped, unknown := k.location(text)
		n.place, n.skipped, n.unknown = text, skipped, unknown
		n.key = append(n.key, location)
		return text, nil
	case UpperKey:
		text = strings.ToUpper(text)
	}
	switch {
	case text == "" && p.name == "sku":
		n.skipped = noSKU
	case text == "":
		return "", &fault{p.column, wantKey(p.name)}
	}
	n.key = append(n.key, text)
	return text, nil
}

// maxKeyPart is the longest part of a key, in bytes.
const maxKeyPart = 512

func wantKey(part string) string {
	if part == "" {
		return "a value, as it identifies the record"
	}
	return fmt.Sprintf("a %s, as it identifies the record", part)
}

// text is what a part's columns say: the first that is not blank.
func (p keyPart) text(cells []sheet.Cell) string {
	if p.column == nowhere {
		return p.constant
	}
	if text, ok := said(at(cells, p.column)); ok {
		return string(text)
	}
	for _, column := range p.or {
		if text, ok := said(at(cells, column)); ok {
			return string(text)
		}
	}
	return ""
}

// number is the web order's, of the first column that has one. It is blank when
// none has.
func (k *keys) number(cells []sheet.Cell, p keyPart, store string) (system, number, written string) {
	columns := append([]int{p.column}, p.or...)
	for _, column := range columns {
		text, ok := said(at(cells, column))
		if !ok {
			continue
		}
		if system, number, ok := k.config.OrderNumber.Read(store, string(text)); ok {
			return system, number, string(text)
		}
	}
	return "", "", ""
}

// location maps a location. Without any locations in the registry its own name
// stands.
func (k *keys) location(native string) (location, skipped, unknown string) {
	location, known, ignored := k.config.Locations.Locate(native)
	if native == Everywhere && k.own != "" {
		location, known, ignored = k.own, true, k.own == platform.Ignore
	}
	switch {
	case ignored:
		return "", ignoredLocation, ""
	case known:
		return location, "", ""
	case native == "":
		return "", noLocation, ""
	case k.config.Locations == nil:
		return native, "", ""
	default:
		return "", "", native
	}
}
