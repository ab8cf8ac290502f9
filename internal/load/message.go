package load

import (
	"encoding/json"
	"fmt"
	"net/url"

	"github.com/plumbline/plumbline/internal/queue"
)

// codec numbers the shape of messages.
const codec = 1

// step is one piece of work on a load. A blank Load begins one.
type step struct {
	Codec  int    `json:"codec"`
	Object string `json:"object"`
	Load   string `json:"load,omitempty"`
	// Sweep begins a load of no file.
	Sweep *Sweep `json:"sweep,omitempty"`
}

func encode(s step) string {
	s.Codec = codec
	text, _ := json.Marshal(s) // texts and a number always have a JSON form
	return string(text)
}

// readMessage reads a load's own message, or what the store of objects says of
// files that came in.
func readMessage(body string) ([]step, error) {
	var m struct {
		step
		Event   string
		Records []struct {
			S3 struct {
				Object struct {
					Key string `json:"key"`
				} `json:"object"`
			} `json:"s3"`
		}
	}
	switch err := json.Unmarshal([]byte(body), &m); {
	case err != nil:
		return nil, &queue.PoisonError{Where: "message of the queue of loads", Want: "one JSON object"}
	case m.Codec > codec:
		return nil, fmt.Errorf("%w: %d, this one reads %d", queue.ErrNewer, m.Codec, codec)
	case m.Codec > 0:
		return []step{m.step}, nil
	case m.Event == "s3:TestEvent":
		return nil, nil // what S3 says when it is connected
	case len(m.Records) == 0:
		return nil, &queue.PoisonError{Where: "message of the queue of loads", Want: "an event of S3"}
	}
	var steps []step
	for _, r := range m.Records {
		key, err := url.QueryUnescape(r.S3.Object.Key)
		if err != nil {
			return nil, &queue.PoisonError{Where: "Records[].s3.object.key", Want: "a key in the encoding of queries"}
		}
		steps = append(steps, step{Object: key})
	}
	return steps, nil
}

// Begin is the message by which the load of a file begins.
func Begin(p Place) string { return encode(step{Object: p.Key()}) }
