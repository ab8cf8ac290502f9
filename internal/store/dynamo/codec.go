package dynamo

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
)

// rowCodec numbers the shape below. Raise it with every change that an older
// function would misread; it then leaves the row alone. From 2 on rows may be
// erased, from 3 on the last change of a view is written once, from 4 on deliveries
// are named in bytes.
const rowCodec = 4

// Attributes of a row beside its keys. A view's attribute is named by its
// identity, a mark's by its rule, so that both can be read in a console.
const (
	attrGeneration = "gen"
	attrWaiting    = "w"
	attrSuppressed = "suppressed"
	attrRedacted   = "redacted"
	viewPrefix     = "v|"
	markPrefix     = "r|"
	lessonPrefix   = "s|"
)

// Every byte of a name is paid for with every item, so those inside are short.
const (
	viewVersion  = "v"
	viewReceived = "r"
	viewDelivery = "d"
	viewSlot     = "s"
	viewGone     = "g"
	viewSuccess  = "n"
	viewCreated  = "c"
	viewFacets   = "f"
	viewLines    = "l"
	viewVia      = "i"
	viewTies     = "t"
	viewWas      = "w"
	pastUntil    = "u"
	pastGap      = "x"
	pastLast     = "e"

	markSince       = "s"
	markFirst       = "f"
	markUnexplained = "x"
	markCause       = "c"
	markSystem      = "y"
	markVersion     = "v"
	markLook        = "l"
	markOpen        = "o"
)

// EncodeRow returns the row as the item of its next revision. Who writes such an
// item without Records sees to it that nobody else writes the row.
func EncodeRow(row record.Row) (map[string]types.AttributeValue, error) {
	row = store.Kept(row)
	id := row.ID()
	it := item{contract.PK: text(string(id)), attrCodec: number(rowCodec), attrRev: number(row.Rev + 1)}
	putText(it, attrGeneration, row.Generation)
	for _, v := range row.Views {
		name := viewName(v.ViewID)
		if _, twice := it[name]; twice {
			return nil, fmt.Errorf("view %s is there twice", name)
		}
		it[name] = nested(encodeView(v))
	}
	for rule, m := range row.Marks {
		it[markPrefix+rule] = nested(encodeMark(m))
	}
	for rule, l := range row.Lessons {
		it[lessonPrefix+rule] = binary(encodeLesson(l))
	}
	if len(row.Waiting) > 0 {
		it[attrWaiting] = list(row.Waiting, encodeObservation)
	}
	if !row.Due.IsZero() {
		it[contract.Due] = instant(row.Due)
		it[contract.Shard] = number(int64(store.ShardOf(id)))
	}
	putInstant(it, contract.TTL, row.Expires)
	putInstant(it, attrSuppressed, row.Suppressed)
	putInstant(it, attrRedacted, row.Redacted)
	return it, nil
}

// DecodeRow is the inverse of EncodeRow. Attributes that it does not know are
// left out: whoever adds one that matters raises the codec.
func DecodeRow(it map[string]types.AttributeValue) (record.Row, error) {
	r := &reader{}
	if codec := r.number(it, attrCodec); codec > rowCodec {
		return record.Row{}, fmt.Errorf("%w: %d, this one reads %d", store.ErrNewer, codec, rowCodec)
	}
	kind, key, err := commerce.RecordID(r.text(it, contract.PK)).Parse()
	if err != nil {
		return record.Row{}, err
	}
	row := record.Row{
		Kind: kind, Key: key,
		Rev:        r.number(it, attrRev),
		Generation: r.text(it, attrGeneration),
		Due:        r.instant(it, contract.Due),
		Expires:    r.instant(it, contract.TTL),
		Suppressed: r.instant(it, attrSuppressed),
		Redacted:   r.instant(it, attrRedacted),
	}
	for name := range it {
		switch {
		case strings.HasPrefix(name, viewPrefix):
			row.Views = append(row.Views, r.view(kind, name, r.nested(it, name)))
		case strings.HasPrefix(name, markPrefix):
			if row.Marks == nil {
				row.Marks = map[string]record.Mark{}
			}
			row.Marks[strings.TrimPrefix(name, markPrefix)] = r.mark(r.nested(it, name))
		case strings.HasPrefix(name, lessonPrefix):
			if row.Lessons == nil {
				row.Lessons = map[string]record.Lesson{}
			}
			row.Lessons[strings.TrimPrefix(name, lessonPrefix)] = r.lesson(it, name)
		}
	}
	for _, w := range r.list(it, attrWaiting) {
		row.Waiting = append(row.Waiting, r.observation(w))
	}
	slices.SortFunc(row.Views, store.CompareViews)
	return row, r.err
}

// System and part may not hold the separator unescaped; the native id comes
// last and may.
var (
	escapeName   = strings.NewReplacer("%", "%25", "|", "%7C")
	unescapeName = strings.NewReplacer("%25", "%", "%7C", "|")
)

func viewName(id record.ViewID) string {
	return viewPrefix + escapeName.Replace(id.System) + "|" + escapeName.Replace(id.Part) + "|" + id.Native
}

func (r *reader) viewID(name string) record.ViewID {
	parts := strings.SplitN(strings.TrimPrefix(name, viewPrefix), "|", 3)
	if len(parts) != 3 {
		r.fail(name, "named system|part|native")
		return record.ViewID{}
	}
	return record.ViewID{System: unescapeName.Replace(parts[0]), Part: unescapeName.Replace(parts[1]), Native: parts[2]}
}

func encodeView(v record.View) item {
	m := item{viewVersion: binary(v.Version[:])}
	putInstant(m, viewReceived, v.Received)
	putDelivery(m, viewDelivery, v.Delivery)
	putText(m, viewSlot, v.Slot)
	putFlag(m, viewGone, v.Gone)
	putText(m, viewSuccess, v.SucceededBy)
	putInstant(m, viewCreated, v.Created)
	putFacets(m, v.Facets)
	putLines(m, v.Lines)
	putText(m, viewVia, v.Via)
	if v.Ties != 0 {
		m[viewTies] = number(int64(v.Ties))
	}
	if len(v.Was) > 0 {
		newer := v.Facets
		m[viewWas] = list(v.Was, func(p record.Past) types.AttributeValue {
			was := encodePast(p, v, newer)
			newer = p.Facets
			return nested(was)
		})
	}
	return m
}

func (r *reader) view(kind commerce.Kind, name string, m item) record.View {
	v := record.View{
		ViewID:      r.viewID(name),
		Version:     r.version(m, viewVersion),
		Received:    r.instant(m, viewReceived),
		Delivery:    r.delivery(m, viewDelivery),
		Slot:        r.text(m, viewSlot),
		Gone:        r.flag(m, viewGone),
		SucceededBy: r.text(m, viewSuccess),
		Created:     r.instant(m, viewCreated),
		Facets:      r.facets(kind, r.nested(m, viewFacets), nil),
		Lines:       r.lines(m),
		Via:         r.text(m, viewVia),
		Ties:        record.Ties(r.number(m, viewTies)),
	}
	newer := v.Facets
	for _, w := range r.list(m, viewWas) {
		p := r.past(kind, r.element(w), v, newer)
		v.Was = append(v.Was, p)
		newer = p.Facets
	}
	return v
}

// encodePast writes only the facets that had another value than in the newer
// state: most changes touch one facet of many. Of the value before the last
// change, the view says already when it was replaced and by which delivery.
func encodePast(p record.Past, v record.View, newer commerce.Facets) item {
	m := item{}
	if p.Until.Equal(v.Received) && p.Delivery == v.Delivery {
		putFlag(m, pastLast, true)
	} else {
		putInstant(m, pastUntil, p.Until)
		putDelivery(m, viewDelivery, p.Delivery)
	}
	putFlag(m, viewGone, p.Gone)
	putFlag(m, pastGap, p.Gap)
	if changed := changedFacets(p.Facets, newer); len(changed) > 0 {
		m[viewFacets] = nested(changed)
	}
	return m
}

func (r *reader) past(kind commerce.Kind, m item, v record.View, newer commerce.Facets) record.Past {
	p := record.Past{
		Until:    r.instant(m, pastUntil),
		Delivery: r.delivery(m, viewDelivery),
		Gone:     r.flag(m, viewGone),
		Gap:      r.flag(m, pastGap),
		Facets:   r.facets(kind, r.nested(m, viewFacets), newer),
	}
	if r.flag(m, pastLast) {
		p.Until, p.Delivery = v.Received, v.Delivery
	}
	return p
}

func encodeMark(k record.Mark) item {
	m := item{}
	putInstant(m, markSince, k.Since)
	putInstant(m, markFirst, k.First)
	putInstant(m, markUnexplained, k.Unexplained)
	putDelivery(m, markCause, k.Cause)
	putText(m, markSystem, k.System)
	putVersion(m, markVersion, k.Version)
	putInstant(m, markLook, k.Look)
	putText(m, markOpen, k.Open)
	return m
}

func (r *reader) mark(m item) record.Mark {
	return record.Mark{
		Since:       r.instant(m, markSince),
		First:       r.instant(m, markFirst),
		Unexplained: r.instant(m, markUnexplained),
		Cause:       r.delivery(m, markCause),
		System:      r.text(m, markSystem),
		Version:     r.version(m, markVersion),
		Look:        r.instant(m, markLook),
		Open:        r.text(m, markOpen),
	}
}

func putText(m item, name, s string) {
	if s != "" {
		m[name] = text(s)
	}
}

func putFlag(m item, name string, b bool) {
	if b {
		m[name] = flag(true)
	}
}

func putInstant(m item, name string, t time.Time) {
	if !t.IsZero() {
		m[name] = instant(t)
	}
}

func putVersion(m item, name string, v commerce.Version) {
	if !v.IsZero() {
		m[name] = binary(v[:])
	}
}
