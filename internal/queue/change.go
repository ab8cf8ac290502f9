package queue

import (
	"encoding/json"

	"github.com/plumbline/plumbline/internal/change"
)

// changeJSON is a recorded change on its way to drift, which keeps it. It
// travels on the queue of looks.
type changeJSON struct {
	Codec  int           `json:"codec"`
	Change change.Change `json:"change"`
}

// IsChange reports whether a message of the queue of looks is a recorded change.
func IsChange(body string) bool {
	var m struct{ Change struct{ ID string } }
	return json.Unmarshal([]byte(body), &m) == nil && m.Change.ID != ""
}

// EncodeChange writes the message as one JSON text of characters that SQS takes.
func EncodeChange(c change.Change) string {
	// Texts and a time after year 0 always have a JSON form.
	text, _ := encodeJSON(changeJSON{codec, c})
	return text
}

// DecodeChange reads what EncodeChange wrote. A newer codec is ErrNewer,
// anything else that is not as written a *PoisonError.
func DecodeChange(body string) (change.Change, error) {
	var m changeJSON
	if err := decodeJSON(body, &m); err != nil {
		return change.Change{}, err
	}
	if m.Change.ID == "" || m.Change.What == "" || m.Change.At.IsZero() {
		return change.Change{}, &PoisonError{"change", "an id, a time and what changed"}
	}
	return m.Change, nil
}
