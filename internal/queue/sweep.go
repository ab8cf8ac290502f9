package queue

import "encoding/json"

// Sweep asks to go on with one segment of a walk over all rows. It travels on
// the queue of looks. It is a hint: how far the walk is stands in the store.
type Sweep struct {
	// Name and Run are the walk's, see store.Sweep.
	Name, Run string
	// Generation is the registry generation that the walk judges by.
	Generation string
	Segment    int
}

type sweepJSON struct {
	Codec      int    `json:"codec"`
	Sweep      string `json:"sweep"`
	Run        string `json:"run"`
	Generation string `json:"generation,omitempty"`
	Segment    int    `json:"segment"`
}

// IsSweep reports whether a message of the queue of looks is a sweep's.
func IsSweep(body string) bool {
	var m struct{ Sweep string }
	return json.Unmarshal([]byte(body), &m) == nil && m.Sweep != ""
}

// EncodeSweep writes the message as one JSON text of characters that SQS takes.
func EncodeSweep(s Sweep) string {
	// Texts and a number always have a JSON form.
	text, _ := encodeJSON(sweepJSON{codec, s.Name, s.Run, s.Generation, s.Segment})
	return text
}

// DecodeSweep reads what EncodeSweep wrote. A newer codec is ErrNewer, anything
// else that is not as written a *PoisonError.
func DecodeSweep(body string) (Sweep, error) {
	var m sweepJSON
	if err := decodeJSON(body, &m); err != nil {
		return Sweep{}, err
	}
	if m.Sweep == "" || m.Run == "" || m.Segment < 0 {
		return Sweep{}, &PoisonError{"sweep, run and segment", "two names and a number from 0"}
	}
	return Sweep{m.Sweep, m.Run, m.Generation, m.Segment}, nil
}
