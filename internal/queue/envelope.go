package queue

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf16"

	"github.com/plumbline/plumbline/internal/commerce"
)

// codec numbers the shape of messages. Raise it with every change that an older
// function would misread; it then leaves the message to a newer one.
const codec = 1

// erasureCodec is the shape of messages that ask to forget somebody. Functions
// that know no such request leave them, and read all others.
const erasureCodec = 2

// maxBody bounds what a compressed body may unfold to.
const maxBody = 64 << 20

// Envelope is one message of the observations or quarantine queue: a whole
// delivery, and what was read in it.
type Envelope struct {
	Delivery     commerce.Delivery
	Observations []commerce.Observation
	// Erase names the subjects that the delivery asks to forget.
	Erase []commerce.Erasure
	// Generation is the registry generation that read the delivery.
	Generation string
	// Reason says why a quarantined delivery cannot be read, or is blank.
	Reason string
	// Codec is the shape in which the message was written. Encode ignores it.
	Codec int
}

type envelopeJSON struct {
	Codec        int               `json:"codec"`
	Generation   string            `json:"generation,omitempty"`
	Reason       string            `json:"reason,omitempty"`
	Delivery     deliveryJSON      `json:"delivery"`
	Observations []observationJSON `json:"observations,omitempty"`
	Erase        []erasureJSON     `json:"erase,omitempty"`
}

type erasureJSON struct {
	System string   `json:"system"`
	Native string   `json:"native,omitempty"`
	Hash   string   `json:"hash,omitempty"`
	Orders []string `json:"orders,omitempty"`
}

type deliveryJSON struct {
	ID       string            `json:"id,omitempty"`
	System   string            `json:"system,omitempty"`
	Topic    string            `json:"topic,omitempty"`
	Received instant           `json:"received,omitzero"`
	Header   map[string]string `json:"header,omitempty"`
	Query    string            `json:"query,omitempty"`
	// Body is compressed with gzip and written in base64.
	Body string `json:"body,omitempty"`
}

// Encode writes the envelope as one JSON text of characters that SQS takes.
// Bytes of texts that are not UTF-8 become U+FFFD; the body stays exact.
func Encode(e Envelope) (string, error) {
	body, err := compress(e.Delivery.Body)
	if err != nil {
		return "", fmt.Errorf("encode delivery %s: %w", e.Delivery.ID, err)
	}
	d := e.Delivery
	message := envelopeJSON{
		Codec: codec, Generation: e.Generation, Reason: e.Reason,
		Delivery: deliveryJSON{ID: d.ID, System: d.System, Topic: d.Topic, Received: instant{d.Received}, Header: d.Header, Query: d.Query, Body: body},
	}
	for _, o := range e.Observations {
		message.Observations = append(message.Observations, toJSON(o))
	}
	for _, forget := range e.Erase {
		message.Codec = erasureCodec
		message.Erase = append(message.Erase, erasureJSON(forget))
	}
	text, err := encodeJSON(message)
	if err != nil {
		return "", fmt.Errorf("encode delivery %s: %w", e.Delivery.ID, err)
	}
	return text, nil
}

// Decode reads what Encode wrote. A newer codec is ErrNewer, anything else that
// is not as written a *PoisonError.
func Decode(body string) (Envelope, error) {
	var message envelopeJSON
	if err := decodeJSON(body, &message); err != nil {
		return Envelope{}, err
	}
	raw, err := decompress(message.Delivery.Body)
	if err != nil {
		return Envelope{}, &PoisonError{"delivery.body", "base64 of a gzip stream"}
	}
	d := message.Delivery
	e := Envelope{
		Codec: message.Codec, Generation: message.Generation, Reason: message.Reason,
		Delivery: commerce.Delivery{ID: d.ID, System: d.System, Topic: d.Topic, Received: d.Received.UTC(), Header: d.Header, Query: d.Query, Body: raw},
	}
	for i, m := range message.Observations {
		o, err := m.observation(fmt.Sprintf("observations[%d]", i))
		if err != nil {
			return Envelope{}, err
		}
		e.Observations = append(e.Observations, o)
	}
	for _, m := range message.Erase {
		e.Erase = append(e.Erase, commerce.Erasure(m))
	}
	return e, nil
}

// instant is a time on the wire. A time beyond the calendar is written as the
// nearest in it, because no JSON time can hold it.
type instant struct{ time.Time }

// MarshalJSON writes RFC 3339 in UTC.
func (t instant) MarshalJSON() ([]byte, error) {
	return []byte(`"` + commerce.Time(t.Time).String() + `"`), nil
}

// A compressor takes hundreds of kilobytes; one is used again and again. The
// fastest level takes less than half the time of the usual one and writes a sixth
// more, of which a message is far from full.
var compressors = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // the level is one that there is
	return z
}}

func compress(body []byte) (string, error) {
	if len(body) == 0 {
		return "", nil
	}
	var b bytes.Buffer
	z := compressors.Get().(*gzip.Writer)
	defer compressors.Put(z)
	z.Reset(&b)
	if _, err := z.Write(body); err != nil {
		return "", err
	}
	if err := z.Close(); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(b.Bytes()), nil
}

func decompress(text string) ([]byte, error) {
	if text == "" {
		return nil, nil
	}
	packed, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(z, maxBody+1))
	if err != nil || len(body) > maxBody {
		return nil, fmt.Errorf("more than %d bytes: %w", maxBody, err)
	}
	return body, nil
}

// encodeJSON writes JSON of characters that SQS takes. It does not take U+FFFE
// and U+FFFF; characters above them it does, but not all that stands in for SQS.
func encodeJSON(v any) (string, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "", err
	}
	text := strings.TrimSuffix(b.String(), "\n")
	if strings.IndexFunc(text, needsEscape) < 0 {
		return text, nil
	}
	b.Reset()
	for _, r := range text {
		switch high, low := utf16.EncodeRune(r); {
		case !needsEscape(r):
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String(), nil
}

func needsEscape(r rune) bool { return r >= 0xfffe }

// decodeJSON reads one JSON value strictly, once its codec is known. The
// decoder's own errors quote the content, so they are not repeated.
func decodeJSON(body string, v any) error {
	var head struct{ Codec int }
	if err := json.Unmarshal([]byte(body), &head); err != nil {
		return &PoisonError{"message", "one JSON object with a codec number"}
	}
	switch {
	case head.Codec > erasureCodec:
		return fmt.Errorf("%w: %d, this one reads %d", ErrNewer, head.Codec, erasureCodec)
	case head.Codec < 1:
		return &PoisonError{"codec", "a number from 1"}
	}
	d := json.NewDecoder(bytes.NewReader([]byte(body)))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return &PoisonError{fmt.Sprintf("message, byte %d", d.InputOffset()), fmt.Sprintf("what codec %d writes", head.Codec)}
	}
	return nil
}

// knownKind reports whether rows of the kind exist, and the number of key parts
// fits.
func knownKind(kind commerce.Kind, key commerce.Key) bool {
	known := slices.Contains(commerce.Kinds(), kind) || kind == commerce.Link || kind == commerce.Mapping || kind == commerce.Total || kind == commerce.Trend || kind == commerce.Canary || kind == commerce.Anchor
	return known && len(key) == len(kind.KeyParts())
}
