package queue

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Look asks for a judgement of one record at a later time. It is a hint: more
// looks than needed do no harm.
type Look struct {
	Kind commerce.Kind
	Key  commerce.Key
	// Due is when the look was asked for.
	Due time.Time
	// Rule is the rule that asked, or blank for all.
	Rule string
	// Left says that a view of the record has another key by now.
	Left bool
}

type lookJSON struct {
	Codec int           `json:"codec"`
	Kind  commerce.Kind `json:"kind"`
	Key   commerce.Key  `json:"key"`
	Due   instant       `json:"due,omitzero"`
	Rule  string        `json:"rule,omitempty"`
	Left  bool          `json:"left,omitempty"`
}

// EncodeLook writes the look as one JSON text of characters that SQS takes.
func EncodeLook(l Look) string {
	// A look holds texts and one instant, which always have a JSON form.
	text, _ := encodeJSON(lookJSON{codec, l.Kind, l.Key, instant{l.Due}, l.Rule, l.Left})
	return text
}

// DecodeLook reads what EncodeLook wrote. A newer codec is ErrNewer, anything
// else that is not as written a *PoisonError.
func DecodeLook(body string) (Look, error) {
	var m lookJSON
	if err := decodeJSON(body, &m); err != nil {
		return Look{}, err
	}
	if !knownKind(m.Kind, m.Key) {
		return Look{}, &PoisonError{"kind and key", "a known kind and as many key parts as it has"}
	}
	return Look{m.Kind, m.Key, m.Due.UTC(), m.Rule, m.Left}, nil
}
