package export

import "github.com/plumbline/plumbline/internal/commerce"

// Mapping says how the rows of a file are records of one kind. Columns are named
// as the header names them; letter case and spaces around a name do not count.
type Mapping struct {
	// Preset is the name of the list entry that it comes from, or blank.
	Preset string `json:"preset,omitempty" jsonschema:"The layout of a platform's export that the file has, such as shopify-inventory; what else is given here replaces that of the preset."`
	// Platform is the registry's word for the platform that writes such files,
	// blank when unknown.
	Platform string `json:"platform,omitempty" jsonschema:"The platform that writes such files."`
	// Kind is blank when it is not known what the rows are: keys and facets then
	// have the names of their columns.
	Kind commerce.Kind `json:"kind,omitempty" jsonschema:"What a row is: product, price, inventory, order, customer, shipment, return, refund, payment or payout."`
	// Part is the part of the platform's records that the rows tell about.
	Part string `json:"part,omitempty" jsonschema:"The part of the record that the rows tell about, as the platform's webhooks name it."`
	// Key are the parts of the key, in the kind's order. Without a kind any number
	// of columns make the key.
	Key []KeyColumn `json:"key,omitempty" jsonschema:"What identifies a record."`
	// Native are the columns with the platform's own id, joined by a slash. Without
	// any the key as the file writes it takes its place.
	Native []string `json:"native,omitempty" jsonschema:"The columns with the system's own id of the record."`
	// Facets are the compared values.
	Facets []FacetColumn `json:"facets,omitempty" jsonschema:"What is compared."`
	// Updated dates what a row says. Without it a row is as old as the export.
	Updated *TimeColumn `json:"updated,omitempty" jsonschema:"When the record was last changed; the time of the export when not given."`
	// Created is when the record came about.
	Created *TimeColumn `json:"created,omitempty" jsonschema:"When the record came to be."`
	// Currency is the column with the currency of all amounts. Without it they are
	// in the system's own.
	Currency string `json:"currency,omitempty" jsonschema:"The column with the currency of the amounts; the system's own when not given."`
	// Group joins the rows that have the same key to one record: Adjacent or
	// Anywhere. Blank: each row is a record.
	Group string `json:"group,omitempty" jsonschema:"Which rows with the same key are one record: adjacent or anywhere; none when not given."`
	// Many says that several native ids may stand side by side in one record, such as
	// the invoices of an order.
	Many bool `json:"many,omitempty" jsonschema:"True when several documents of a record may exist side by side, such as invoices."`
	// Lines are the units per SKU of an order's rows.
	Lines *LineColumns `json:"lines,omitempty" jsonschema:"The units per SKU that each row of an order has."`
	// Skip leaves rows out.
	Skip []Filter `json:"skip,omitempty" jsonschema:"Rows that are left out."`
	// Spread makes one record of each further column.
	Spread *Spread `json:"spread,omitempty" jsonschema:"Columns that each hold the value of one location."`
}

// The ways in which rows belong together.
const (
	// Adjacent rows with the same key are one record, such as the lines of an order.
	Adjacent = "adjacent"
	// Anywhere joins them wherever they stand, such as the entries of a ledger. All
	// records are kept until the end of the file, and a row whose key cannot be read
	// lacks in one of them.
	Anywhere = "anywhere"
)

// The ways in which a key part is normalised.
const (
	// TrimKey takes away spaces around it.
	TrimKey = "trim"
	// UpperKey also makes capital letters of all.
	UpperKey = "upper"
	// NumberKey reads the number of a web order as the registry says.
	NumberKey = "order number"
	// LocationKey maps the location as the registry says.
	LocationKey = "location"
	// EmailKey makes a keyed hash of an e-mail address, which goes no further.
	EmailKey = "email"
)

// KeyColumn is one part of the key.
type KeyColumn struct {
	// Part is the kind's name of it, such as sku.
	Part string `json:"part,omitempty" jsonschema:"The name of the key part: sku, location, store, number, hash."`
	// Column is where it stands. Blank: it is Constant in every row.
	Column string `json:"column,omitempty" jsonschema:"The column that holds it."`
	// Or are columns that are looked at in turn where Column is blank or, for the
	// number of a web order, holds none.
	Or []string `json:"or,omitempty" jsonschema:"The columns that are looked at next where it is blank."`
	// Constant is the value without a column, such as the price list base.
	Constant string `json:"constant,omitempty" jsonschema:"The value in all rows, when there is no column."`
	// As is how it is normalised, TrimKey when blank.
	As string `json:"as,omitempty" jsonschema:"How it is read: trim, upper, order number, location or email."`
}

// The types of facet columns.
const (
	// Number is a decimal number.
	Number = "number"
	// Money is an amount in the record's currency, which may carry a currency sign.
	Money = "money"
	// Text is taken as it stands, without spaces around it.
	Text = "text"
	// Bool is true or false in any of the usual words.
	Bool = "bool"
	// Time is an instant; without an offset it is in the system's zone.
	Time = "time"
	// Given is true where the column has a value, and false where it is blank or
	// null.
	Given = "given"
)

// The ways in which the rows of one record make one value.
const (
	// First takes the value of the rows that have one, which must not differ.
	First = "first"
	// Sum adds the rows up.
	Sum = "sum"
	// Count counts the rows that have a value.
	Count = "count"
)

// The ways in which several columns make one value.
const (
	// Plus adds the columns of With to the value.
	Plus = "plus"
	// Minus takes them off it.
	Minus = "minus"
	// Greatest takes the greatest of them.
	Greatest = "greatest"
)

// FacetColumn is one compared value.
type FacetColumn struct {
	// Facet is the kind's name of it, or any name without a kind.
	Facet string `json:"facet" jsonschema:"The name of the compared value, such as available."`
	// Column is where it stands. Blank: it is Constant in every row.
	Column string `json:"column,omitempty" jsonschema:"The column that holds it."`
	// Constant is the value without a column.
	Constant string `json:"constant,omitempty" jsonschema:"The value in all rows, when there is no column."`
	// Type is one of the types, Text when blank.
	Type string `json:"type,omitempty" jsonschema:"How it is read: number, money, text, bool, time or given."`
	// Style is how numbers or times are written, by an example: "1.234,56",
	// "20/11/2026", or "46346" for a spreadsheet's days. Blank takes what can be read
	// in one way only.
	Style string `json:"style,omitempty" jsonschema:"How its numbers or times are written, such as 1.234,56 or 20/11/2026 or 11/20/2026."`
	// Factor multiplies a number: 0.01 for cents, -1 for what is written as negative.
	Factor string `json:"factor,omitempty" jsonschema:"What a number is multiplied by, such as 0.01 for cents."`
	// Values are texts that mean something else: "not stocked" is null. Letter case
	// does not count.
	Values map[string]string `json:"values,omitempty" jsonschema:"Texts that mean something else, such as not stocked: null."`
	// Others is the value of texts that Values does not list. Blank takes them as
	// they are.
	Others string `json:"others,omitempty" jsonschema:"What all other texts mean; themselves when not given."`
	// Blank is the value of a blank cell. Without it the facet is missing there.
	Blank string `json:"blank,omitempty" jsonschema:"What a blank cell means, such as null or 0; nothing when not given."`
	// Rows is how the rows of one record make one value, First when blank.
	Rows string `json:"rows,omitempty" jsonschema:"How several rows of one record make one value: first, sum or count."`
	// With are the further columns, and Combine is what is done with them.
	With    []string `json:"with,omitempty" jsonschema:"Further columns that make up the value."`
	Combine string   `json:"combine,omitempty" jsonschema:"What is done with the further columns: plus, minus or greatest."`
	// Below makes the value null unless it is below that of the named column: a sale
	// price is one only below the price before.
	Below string `json:"below,omitempty" jsonschema:"The column below whose value it has to be; null elsewhere."`
}

// TimeColumn is a column with times.
type TimeColumn struct {
	Column string `json:"column" jsonschema:"The column that holds it."`
	// Style is how its times are written, as that of a facet.
	Style string `json:"style,omitempty" jsonschema:"How its times are written, such as 20/11/2026 or 11/20/2026."`
}

// LineColumns are the columns with what a row has of one SKU.
type LineColumns struct {
	SKU   string `json:"sku" jsonschema:"The column with the SKU."`
	Units string `json:"units" jsonschema:"The column with the number of units."`
	// Location is a column with the location that the units come from, or blank.
	Location string `json:"location,omitempty" jsonschema:"The column with the location that the units come from."`
	// Style is how the units are written, as that of a facet.
	Style string `json:"style,omitempty" jsonschema:"How its numbers are written, such as 1.234,56."`
}

// Filter leaves out the rows whose column holds one of the texts. Letter case does
// not count; the blank text is a blank cell.
type Filter struct {
	Column string   `json:"column" jsonschema:"The column that is looked at."`
	Is     []string `json:"is,omitempty" jsonschema:"The texts of rows that are left out."`
	// Not leaves out the rows that hold none of the texts.
	Not []string `json:"not,omitempty" jsonschema:"The texts of the only rows that are not left out."`
	Why string   `json:"why,omitempty" jsonschema:"The reason, as reports tell it."`
}

// Spread says that each further column of a row is a record of its own: the column's
// name is a key part, and its cell a facet.
type Spread struct {
	// Part is the key part that the names of the columns are.
	Part string `json:"part" jsonschema:"The key part that the names of the columns are, such as location."`
	// Columns are those columns.
	Columns []string `json:"columns,omitempty" jsonschema:"The columns that each hold the value of one location."`
	// Facets are what a cell says; their Column is blank.
	Facets []FacetColumn `json:"facets" jsonschema:"What a cell says."`
}
