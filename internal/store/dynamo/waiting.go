package dynamo

import (
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Inner names of an observation that waits on a link row, beside those that it
// shares with a view.
const (
	waitSystem    = "y"
	waitKind      = "k"
	waitKey       = "key"
	waitPart      = "p"
	waitNative    = "m"
	waitViaType   = "vt"
	waitViaNative = "vn"
	waitViaEach   = "ve"
)

func encodeObservation(o commerce.Observation) types.AttributeValue {
	m := item{
		waitSystem: text(o.System), waitKind: text(string(o.Kind)),
		waitPart: text(o.Part), waitNative: text(o.Native),
		waitKey: list(o.Key, text),
	}
	if o.Via != nil {
		m[waitViaType], m[waitViaNative], m[waitViaEach] = text(o.Via.Type), text(o.Via.Native), flag(o.Via.Each)
	}
	putVersion(m, viewVersion, o.Version)
	putText(m, viewSlot, o.Slot)
	putFlag(m, viewGone, o.Gone)
	putText(m, viewSuccess, o.SucceededBy)
	putInstant(m, viewCreated, o.Created)
	putFacets(m, o.Facets)
	putLines(m, o.Lines)
	return nested(m)
}

func (r *reader) observation(stored types.AttributeValue) commerce.Observation {
	m := r.element(stored)
	kind := commerce.Kind(r.text(m, waitKind))
	o := commerce.Observation{
		System: r.text(m, waitSystem), Kind: kind,
		Part: r.text(m, waitPart), Native: r.text(m, waitNative),
		Version:     r.version(m, viewVersion),
		Slot:        r.text(m, viewSlot),
		Gone:        r.flag(m, viewGone),
		SucceededBy: r.text(m, viewSuccess),
		Created:     r.instant(m, viewCreated),
		Facets:      r.facets(kind, r.nested(m, viewFacets), nil),
		Lines:       r.lines(m),
	}
	for _, part := range r.list(m, waitKey) {
		s, ok := part.(*types.AttributeValueMemberS)
		if !ok {
			r.fail(waitKey, "a list of texts")
			return o
		}
		o.Key = append(o.Key, s.Value)
	}
	if _, ok := m[waitViaType]; ok {
		o.Via = &commerce.Via{Type: r.text(m, waitViaType), Native: r.text(m, waitViaNative), Each: r.flag(m, waitViaEach)}
	}
	return o
}
