package commerce

// dated are the facets that say when a record of a kind came about, of the kinds
// that have one.
var dated = map[Kind]string{Order: "created", Shipment: "shipped_at", Refund: "booked_at", Payout: "paid_at"}

// DatedBy names the facet that says when a record of the kind came about. It is
// blank for kinds without one: theirs is the time that views give for it.
func (k Kind) DatedBy() string { return dated[k] }
