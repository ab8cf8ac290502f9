package queue

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

// Decision asks for a person's decision to be taken about all findings of an
// alert.
type Decision struct {
	Alert string
	finding.Decision
}

type decisionJSON struct {
	Codec  int               `json:"codec"`
	Alert  string            `json:"alert"`
	ID     string            `json:"id"`
	Action finding.Action    `json:"action"`
	By     string            `json:"by"`
	To     string            `json:"to,omitempty"`
	Until  time.Time         `json:"until,omitzero"`
	Low    *commerce.Decimal `json:"low,omitempty"`
	High   *commerce.Decimal `json:"high,omitempty"`
	Reason string            `json:"reason,omitempty"`
	At     time.Time         `json:"at"`
}

// EncodeDecision writes the decision as one JSON text of characters that SQS
// takes.
func EncodeDecision(d Decision) (string, error) {
	return encodeJSON(decisionJSON{codec, d.Alert, d.ID, d.Action, d.By, d.To, d.Until, d.Low, d.High, d.Reason, d.At})
}

// DecodeDecision reads what EncodeDecision wrote. A newer codec is ErrNewer,
// anything else that is not as written, or no decision, a *PoisonError.
func DecodeDecision(body string) (Decision, error) {
	var m decisionJSON
	if err := decodeJSON(body, &m); err != nil {
		return Decision{}, err
	}
	d := Decision{m.Alert, finding.Decision{
		ID: m.ID, Action: m.Action, By: m.By, To: m.To, Until: m.Until, Low: m.Low, High: m.High, Reason: m.Reason, At: m.At,
	}}
	if d.Alert == "" || d.Check() != nil {
		return Decision{}, &PoisonError{"decision", "an alert, and a decision that can be taken"}
	}
	return d, nil
}
