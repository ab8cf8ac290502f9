package queue

import (
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

// Fetch is one message of the fetches queue: what the API of a system has to be
// asked for.
type Fetch struct {
	System string
	platform.Fetch
	// Cause is the id of the delivery that named it, and Received when that came.
	Cause    string
	Received time.Time
	// Depth counts the answers that led here, one after the other.
	Depth int
	// Since is when it was first asked for, and Tries how often that failed. They
	// are zero until then.
	Since time.Time
	Tries int
	// Run is the chore's run that it belongs to, nil for what a delivery named.
	Run *Run
}

// Run is one run of a chore. Its one message travels: it asks for one thing
// after the other and carries what is left.
type Run struct {
	Chore string
	Start time.Time
	// Rest is what is to be asked for next, in order.
	Rest []platform.Fetch
	// Read is what a run has read that reads everything.
	Read Read
}

// Read is what a run has read so far that reads everything, so that what it did not
// read can be told in the end.
type Read struct {
	// Void says why nothing can be told, or is blank.
	Void  string                 `json:"void,omitempty"`
	Kinds map[commerce.Kind]Keys `json:"kinds,omitempty"`
}

// Keys are the records of a kind that were read.
type Keys struct {
	Records int `json:"records"`
	// Chunks are the names of the keys that are stored, and Open are those that are
	// not yet.
	Chunks []string `json:"chunks,omitempty"`
	Open   []byte   `json:"open,omitempty"`
}

type fetchJSON struct {
	Codec  int    `json:"codec"`
	System string `json:"system"`
	platform.Fetch
	Cause    string   `json:"cause,omitempty"`
	Received instant  `json:"received,omitzero"`
	Depth    int      `json:"depth,omitempty"`
	Since    instant  `json:"since,omitzero"`
	Tries    int      `json:"tries,omitempty"`
	Run      *runJSON `json:"run,omitempty"`
}

type runJSON struct {
	Chore string           `json:"chore"`
	Start instant          `json:"start"`
	Rest  []platform.Fetch `json:"rest,omitempty"`
	Read  Read             `json:"read,omitzero"`
}

// EncodeFetch writes the fetch as one JSON text of characters that SQS takes.
// Only a run may be too large for a message: ErrTooLarge.
func EncodeFetch(f Fetch) (string, error) {
	m := fetchJSON{codec, f.System, f.Fetch, f.Cause, instant{f.Received}, f.Depth, instant{f.Since}, f.Tries, nil}
	if f.Run != nil {
		m.Run = &runJSON{f.Run.Chore, instant{f.Run.Start}, f.Run.Rest, f.Run.Read}
	}
	text, err := encodeJSON(m)
	if err == nil && len(text) > MaxBytes {
		err = ErrTooLarge
	}
	if err != nil {
		return "", fmt.Errorf("encode a fetch of %s: %w", f.System, err)
	}
	return text, nil
}

// DecodeFetch reads what EncodeFetch wrote. A newer codec is ErrNewer, anything
// else that is not as written a *PoisonError.
func DecodeFetch(body string) (Fetch, error) {
	var m fetchJSON
	if err := decodeJSON(body, &m); err != nil {
		return Fetch{}, err
	}
	if m.System == "" || m.Topic == "" {
		return Fetch{}, &PoisonError{"system and topic", "the names of both"}
	}
	f := Fetch{m.System, m.Fetch, m.Cause, m.Received.UTC(), m.Depth, m.Since.UTC(), m.Tries, nil}
	if m.Run != nil {
		f.Run = &Run{m.Run.Chore, m.Run.Start.UTC(), m.Run.Rest, m.Run.Read}
	}
	return f, nil
}
