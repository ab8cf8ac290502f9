package shiphero

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
	"github.com/plumbline/plumbline/internal/signature"
)

const idHeader = "X-Shiphero-Message-ID"

// Verify takes the signature of the raw body under any of the secrets.
func (e *endpoint) Verify(req platform.Request, secrets []platform.Secret) error {
	values := req.Header.Values(e.header)
	if len(values) != 1 {
		return fmt.Errorf("%w: %d headers with a signature, want one", platform.ErrSignature, len(values))
	}
	keys := make([]signature.Key, len(secrets))
	for i, s := range secrets {
		keys[i] = signature.Key(s)
	}
	if !signature.Verify(keys, [][]byte{e.decode(values[0])}, req.Body) {
		return fmt.Errorf("%w: no secret made the signature", platform.ErrSignature)
	}
	return nil
}

// decode reads a signature in its one spelling, or nothing.
func (e *endpoint) decode(text string) []byte {
	if e.encoding == base64Coding {
		sum, _ := signature.Decode(text)
		return sum
	}
	sum, _ := hex.DecodeString(text)
	if hex.EncodeToString(sum) != text {
		return nil
	}
	return sum
}

func (e *endpoint) encode(sum []byte) string {
	if e.encoding == base64Coding {
		return signature.Encode(sum)
	}
	return hex.EncodeToString(sum)
}

// Accepted gives the one answer that ShipHero takes for a success.
func (e *endpoint) Accepted(platform.Request) platform.Answer {
	return platform.Answer{Type: "application/json", Body: `{"code":"200","Status":"Success"}`}
}

// Refused says nothing.
func (e *endpoint) Refused() platform.Answer { return platform.Answer{Status: http.StatusUnauthorized} }

// titled is where the generations of the bodies say their type: at the top, in
// each item, or in what happened.
type titled struct {
	Type        body.Field `json:"webhook_type"`
	Inventory   []title    `json:"inventory"`
	Fulfillment title      `json:"fulfillment"`
	Purchase    title      `json:"purchase_order"`
}

type title struct {
	Type body.Field `json:"webhook_type"`
}

// Identify reads the topic out of the body, and the id of the message. No header
// names the topic.
func (e *endpoint) Identify(req platform.Request) (topic, id string) {
	id = req.Header.Get(idHeader)
	var t titled
	if body.Decode(req.Body, &t) != nil {
		return "", id
	}
	places := []body.Field{t.Type, t.Fulfillment.Type, t.Purchase.Type}
	if len(t.Inventory) > 0 {
		places = append(places, t.Inventory[0].Type)
	}
	for _, place := range places {
		if text, ok := place.Text(); ok {
			return strings.NewReplacer(" ", "-", "_", "-").Replace(strings.ToLower(text)), id
		}
	}
	return "", id
}

// Headers lists the message's id.
func (e *endpoint) Headers() []string { return []string{strings.ToLower(idHeader)} }

// Sign makes the headers that ShipHero sends.
func (e *endpoint) Sign(s platform.Sample, secret platform.Secret) http.Header {
	h := http.Header{}
	h.Set("Content-Type", "application/json")
	h.Set(idHeader, s.ID)
	h.Set(e.header, e.encode(signature.Sum(signature.Key(secret), s.Body)))
	return h
}
