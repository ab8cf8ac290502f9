package commerce

import "time"

// Observation is what one delivery says about one record in one system.
type Observation struct {
	// System is the registry's name of the connected instance.
	System string
	Kind   Kind
	// Key identifies the record. Parts that only a link knows are empty, and
	// Via says which link.
	Key Key
	// Via names the link that fills the key's empty parts, or that a whole key
	// depends on: the view is dropped once the link names another. Nil when the
	// key is the delivery's own.
	Via *Via
	// Part is the set of facets that this source always reports whole, such
	// as "level" or "item". Version and tombstone are per part and native id.
	Part string
	// Native is the platform's own id, exact, as text. It is unique within
	// system, kind and part.
	Native string
	// Slot is the place in which only one live native is meant, such as the
	// native location of a stock level. Two live natives in one slot make a
	// side a duplicate. Blank: any number of natives may live side by side,
	// such as the invoices of an order.
	Slot string
	// Version orders observations of one (system, part, native).
	Version Version
	// Gone is a tombstone: the system no longer has this native.
	Gone bool
	// SucceededBy names the native that took over from a gone one, such as
	// the posted invoice of a sales order. A succeeded native is no loss.
	SucceededBy string
	// Created is when the source says that the record came to be, or zero.
	Created time.Time
	// Facets are what the part reports.
	Facets Facets
	// Lines are the units per SKU of an order, for what is in flight, or of a
	// shipment, for from where it may leave. They are not compared.
	Lines []Line
}

// Line is a number of units of one SKU on an order.
type Line struct {
	SKU string
	// Location is the registry's location, or blank when the source does not
	// say where the units come from.
	Location string
	Units    Decimal
}

// Via says which link fills what an observation does not know itself.
//
// A link is a record of kind Link with key (system, type, native). Its views'
// facets are texts: the key parts by name ("sku", "number") and whatever native
// ids its platform wants to remember ("variant", "item").
type Via struct {
	// Type and Native name the link of the same system: "item", "4914…".
	Type   string
	Native string
	// Each applies the observation once for every live view of the link, now
	// and later: the deletion of a product for each of its variants. The
	// observation's Native may hold {facet} and is filled from each view.
	Each bool
}

// Stamp sets the version from its parts and the observation's own content.
func (o *Observation) Stamp(p VersionParts) { o.Version = NewVersion(p, contentHash(*o)) }

// Delivery is one webhook call, fetched page, export row or replay, as it came:
// what a corrected normaliser needs to read it again.
type Delivery struct {
	// ID is the platform's delivery id, or one derived from the content. It is
	// a convenience for people; nothing relies on it being unique.
	ID       string
	System   string
	Topic    string
	Received time.Time
	// Header holds the allow-listed headers, names in lower case.
	Header map[string]string
	// Query is the raw query string of the request.
	Query string
	Body  []byte
}
