package adobecommerce

import (
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// dates are what every record has, if its subscription asks for them.
type dates struct {
	New     body.Field `json:"_isNew"`
	Created body.Field `json:"created_at"`
	Updated body.Field `json:"updated_at"`
}

// changed reads when a record changed: by its own time, or else by the event's.
func (n *normaliser) changed(d dates) time.Time {
	if !given(d.Updated) {
		return n.at
	}
	return n.Clock("updated_at", n.date("updated_at", d.Updated), n.delivery.Received)
}

// created reads when a record came to be, or zero where nothing says it.
func (n *normaliser) created(d dates) time.Time {
	fresh := given(d.New) && n.truth("_isNew", d.New)
	switch {
	case given(d.Created):
		return n.date("created_at", d.Created)
	case fresh:
		return n.changed(d)
	default:
		return time.Time{}
	}
}

// date reads a date, which is written without a zone.
func (n *normaliser) date(name string, f body.Field) time.Time {
	return n.Wall(name, f, n.zone, n.delivery.Received)
}

// given reports that there is a value: neither null nor blank.
func given(f body.Field) bool {
	text, isText := f.Text()
	return f.Given() && (!isText || strings.TrimSpace(text) != "")
}

// plain is a value without its quotes: "3" and 3 are one.
func plain(f body.Field) string {
	if text, ok := f.Text(); ok {
		return strings.TrimSpace(text)
	}
	return string(f)
}

// id reads an id, in quotes or without.
func (n *normaliser) id(name string, f body.Field) string { return n.ID(name, body.Field(plain(f))) }

// truth reads "1", 1 or true, and "0", 0 or false.
func (n *normaliser) truth(name string, f body.Field) bool {
	switch plain(f) {
	case "1", "true":
		return true
	case "0", "false":
		return false
	}
	n.Fail(name, "true or false, 1 or 0")
	return false
}

// number reads a number, in quotes or without.
func (n *normaliser) number(name string, f body.Field) commerce.Decimal {
	return n.Number(name, body.Field(plain(f)))
}

// some is the number that stands at the name, and 0 for null, which Commerce writes
// for what has not happened yet. It is false where the value is not there.
func (n *normaliser) some(name string, f body.Field) (commerce.Decimal, bool) {
	if given(f) {
		return n.number(name, f), true
	}
	return commerce.Decimal{}, !f.Absent()
}

// put sets a facet to a number. Null and blank are null, missing is missing.
func (n *normaliser) put(f body.Facets, facet, name string, v body.Field) {
	switch {
	case given(v):
		f.Put(facet, commerce.Number(n.number(name, v)))
	case !v.Absent():
		f.Put(facet, commerce.Null())
	}
}

// putText sets a facet to a text. Null and blank are null, missing is missing.
func (n *normaliser) putText(f body.Facets, facet, name string, v body.Field) {
	switch {
	case given(v):
		f.Put(facet, commerce.Text(n.Text(name, v)))
	case !v.Absent():
		f.Put(facet, commerce.Null())
	}
}

// putDate sets a facet to a date. Null and blank are null, missing is missing.
func (n *normaliser) putDate(f body.Facets, facet, name string, v body.Field) {
	switch {
	case given(v):
		f.Put(facet, commerce.Time(n.date(name, v)))
	case !v.Absent():
		f.Put(facet, commerce.Null())
	}
}

func (n *normaliser) facets() body.Facets { return body.NewFacets(&n.Reader) }

// earlier is the earlier of two times, of which the first may be unknown.
func earlier(created, changed time.Time) time.Time {
	if created.IsZero() || created.After(changed) {
		return changed
	}
	return created
}
