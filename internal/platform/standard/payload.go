package standard

import (
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// messageType is the one type of message that the format has.
const messageType = "records.reported"

// message is the body of a standard webhook.
type message struct {
	Type string `json:"type"`
	// Timestamp is the time of records that do not say when they changed.
	Timestamp time.Time `json:"timestamp"`
	Records   []record  `json:"records"`
}

// record is what the message says about one record of the sending system.
type record struct {
	Kind commerce.Kind `json:"kind"`
	Part string        `json:"part"`
	ID   string        `json:"id"`
	Key  key           `json:"key"`
	// Many says that several documents of this part may exist side by side.
	Many        bool            `json:"many"`
	CreatedAt   time.Time       `json:"created_at"`
	UpdatedAt   time.Time       `json:"updated_at"`
	Sequence    uint64          `json:"sequence"`
	Gone        bool            `json:"gone"`
	SucceededBy string          `json:"succeeded_by"`
	Facets      commerce.Facets `json:"facets"`
	Lines       []line          `json:"lines"`
}

// line is the units of one SKU on an order.
type line struct {
	SKU      string           `json:"sku"`
	Units    commerce.Decimal `json:"units"`
	Location string           `json:"location"`
}

// key is a record's key as the sender writes it, by name.
type key map[string]string

// The fields of each object, as the tags above name them.
var (
	messageFields = []string{"type", "timestamp", "records"}
	recordFields  = []string{
		"kind", "part", "id", "key", "many", "created_at", "updated_at", "sequence",
		"gone", "succeeded_by", "facets", "lines",
	}
	lineFields = []string{"sku", "units", "location"}
)

// The limits of a message.
const (
	maxRecords = 500
	maxLines   = 500
	maxName    = 512
)

// severalDocuments are the parts of an order that exist once per document.
var severalDocuments = []string{"invoice", "shipment", "credit_memo"}

// manyByDefault reports whether a part exists once per document where the
// sender does not say.
func manyByDefault(kind commerce.Kind, part string) bool {
	return kind == commerce.Order && slices.Contains(severalDocuments, part)
}

// keyFields names what the key of a kind must have and what it may have. Of a
// customer's, one is needed.
func keyFields(kind commerce.Kind) (required, optional []string) {
	switch kind {
	case commerce.Customer:
		return nil, []string{"email", "hash"}
	case commerce.Price:
		return []string{"sku"}, []string{"list"}
	case commerce.Order, commerce.Refund, commerce.Return, commerce.Shipment:
		return kind.KeyParts()[1:], []string{"store"}
	default:
		return kind.KeyParts(), nil
	}
}

// text joins the parts that the sender wrote, in the order of the kind's key.
func (k key) text(kind commerce.Kind) string {
	var parts []string
	for _, name := range kind.KeyParts() {
		if part, ok := k[name]; ok {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "/")
}
