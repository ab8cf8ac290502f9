package standard

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// readMessage reads a body. Everything that is wrong with it, up to
// maxProblems, is one error that joins *platform.BodyError values.
func readMessage(body []byte, zone *time.Location, received time.Time) (message, error) {
	doc, problem := parse(body)
	if problem != nil {
		return message{}, problem
	}
	r := &reader{document: doc, zone: zone, received: received}
	m := r.message()
	return m, r.err()
}

func (r *reader) message() message {
	var m message
	if !r.object(0, messageFields...) {
		return m
	}
	r.required(0, "type", func(i int) {
		if m.Type = r.text(i); m.Type != messageType {
			r.wrong(i, strconv.Quote(messageType))
		}
	})
	r.optional(0, "timestamp", func(i int) { m.Timestamp = r.clock(i) })
	r.required(0, "records", func(i int) {
		m.Records = make([]record, 0, min(r.count(i), maxRecords))
		r.list(i, 1, maxRecords, func(item int) {
			m.Records = append(m.Records, r.record(item, m.Timestamp))
		})
	})
	return m
}

func (r *reader) record(at int, timestamp time.Time) record {
	rec := record{UpdatedAt: timestamp}
	if !r.object(at, recordFields...) || !r.kind(at, &rec) {
		return rec
	}
	rec.Part = string(rec.Kind)
	r.optional(at, "part", func(i int) { rec.Part = r.name(i) })
	r.required(at, "key", func(i int) { rec.Key = r.key(i, rec.Kind) })
	r.optional(at, "id", func(i int) { rec.ID = r.id(i, rec.Kind) })
	rec.Many = manyByDefault(rec.Kind, rec.Part)
	r.optional(at, "many", func(i int) { rec.Many = r.bool(i) })
	r.times(at, &rec)
	r.ending(at, &rec)
	r.optional(at, "facets", func(i int) { rec.Facets = r.facets(i, rec.Kind) })
	r.optional(at, "lines", func(i int) { rec.Lines = r.lines(i, rec.Kind) })
	return rec
}

// kind comes first: what else is right depends on it.
func (r *reader) kind(at int, rec *record) (ok bool) {
	r.required(at, "kind", func(i int) {
		kind, err := commerce.ParseKind(r.text(i))
		if err != nil {
			r.wrong(i, fmt.Sprintf("one of %v", commerce.Kinds()))
			return
		}
		rec.Kind, ok = kind, true
	})
	return ok
}

func (r *reader) times(at int, rec *record) {
	r.optional(at, "created_at", func(i int) { rec.CreatedAt = r.time(i) })
	r.optional(at, "updated_at", func(i int) { rec.UpdatedAt = r.clock(i) })
	r.optional(at, "sequence", func(i int) { rec.Sequence = r.sequence(i) })
	_, dated := r.field(at, "updated_at")
	if _, timestamp := r.field(0, "timestamp"); !dated && !timestamp {
		r.wrongField(at, "updated_at", "a time, because the body has no timestamp")
	}
}

func (r *reader) ending(at int, rec *record) {
	r.optional(at, "gone", func(i int) { rec.Gone = r.bool(i) })
	r.optional(at, "succeeded_by", func(i int) {
		rec.SucceededBy = r.name(i)
		if !rec.Gone {
			r.wrong(i, "it beside \"gone\": true only")
		}
	})
}

func (r *reader) key(at int, kind commerce.Kind) key {
	required, optional := keyFields(kind)
	if !r.object(at, slices.Concat(required, optional)...) {
		return nil
	}
	k := key{}
	for _, name := range required {
		r.required(at, name, func(i int) { k[name] = r.name(i) })
	}
	for _, name := range optional {
		r.optional(at, name, func(i int) { k[name] = r.name(i) })
	}
	if kind == commerce.Customer {
		r.customer(at, k)
	}
	return k
}

func (r *reader) customer(at int, k key) {
	if len(k) != 1 {
		r.wrong(at, "either an email or a hash")
	}
	if i, ok := r.field(at, "hash"); ok && !isHash(k["hash"]) {
		r.wrong(i, "32 lower-case hexadecimal digits")
	}
}

func isHash(text string) bool {
	return len(text) == 32 && strings.Trim(text, "0123456789abcdef") == ""
}

// id refuses an e-mail address as the id of a customer: ids are stored, and
// addresses are not.
func (r *reader) id(i int, kind commerce.Kind) string {
	id := r.name(i)
	if kind == commerce.Customer && strings.Contains(id, "@") {
		r.wrong(i, "an id that is no e-mail address")
	}
	return id
}

func (r *reader) facets(at int, kind commerce.Kind) commerce.Facets {
	if !r.isObject(at) {
		return nil
	}
	facets := commerce.Facets{}
	for name, i := range r.members(at) {
		text := r.document[name].text
		if facet, ok := kind.FacetOf(text); ok {
			facets[text] = r.value(i, facet.Type)
		} else {
			r.unknown(name, kind.FacetNames())
		}
	}
	return facets
}

func (r *reader) lines(at int, kind commerce.Kind) []line {
	if kind != commerce.Order && kind != commerce.Shipment {
		r.wrong(at, "no lines, only orders and shipments have them")
		return nil
	}
	var lines []line
	r.list(at, 0, maxLines, func(item int) {
		if !r.object(item, lineFields...) {
			return
		}
		var l line
		r.required(item, "sku", func(i int) { l.SKU = r.name(i) })
		r.required(item, "units", func(i int) { l.Units = r.decimal(i) })
		r.optional(item, "location", func(i int) { l.Location = r.name(i) })
		lines = append(lines, l)
	})
	return lines
}
