package receive

import (
	"errors"

	"github.com/aws/aws-lambda-go/events"
	"github.com/goccy/go-json"
)

// event is a request of the front, or a batch of messages: what is used of them.
type event struct {
	RawPath         string            `json:"rawPath"`
	RawQueryString  string            `json:"rawQueryString"`
	Headers         map[string]string `json:"headers"`
	Body            string            `json:"body"`
	IsBase64Encoded bool              `json:"isBase64Encoded"`
	RequestContext  struct {
		HTTP struct {
			Method string `json:"method"`
		} `json:"http"`
	} `json:"requestContext"`
	Records []events.SQSMessage
}

// errEvent repeats nothing of the event, which holds what strangers sent.
var errEvent = errors.New("read event: want a request of the front, or a batch of a queue")

// UnmarshalEvent reads what the service hands over. The body of a webhook is one long
// text in it, for which the standard library takes longer than for all else that
// receiving takes; the decoder of bodies is linked here anyway.
func (e *event) UnmarshalEvent(payload []byte) error {
	if err := json.Unmarshal(payload, e); err != nil {
		return errEvent
	}
	return nil
}
