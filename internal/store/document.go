package store

import (
	"context"
	"encoding/json"
	"time"
)

// MaxDocument is the longest body of a document in bytes.
const MaxDocument = 350_000

// Document is something that was worked out of many rows and is kept whole by
// name, such as what an audit has learnt.
type Document struct {
	Name string
	// Body is JSON of at most MaxDocument bytes.
	Body json.RawMessage
	// Expires is from when on it may be forgotten. Zero is never.
	Expires time.Time `json:",omitzero"`
	Rev     int64
}

// Documents keeps documents, under the promises of Findings. It is safe for
// concurrent use.
type Documents interface {
	// GetDocument reads with strong consistency.
	GetDocument(ctx context.Context, name string) (Document, error)
	PutDocument(ctx context.Context, d Document) error
	// DeleteDocument removes the document; one that is not there is no error.
	DeleteDocument(ctx context.Context, name string) error
}
