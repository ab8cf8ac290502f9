package store

import (
	"context"
	"time"
)

// ReceiptBlock is how many numbers of a series are kept together.
const ReceiptBlock = 200

// Receipts keeps which messages of a numbered series are done, each once, whoever
// says so and how often. It is safe for concurrent use.
type Receipts interface {
	// PutReceipts notes that the numbered messages of the series are done. From
	// expires on that may be forgotten.
	PutReceipts(ctx context.Context, series string, numbers []int, expires time.Time) error
	// CountReceipts counts the messages with the numbers 0 to n-1 that are done, with
	// strong consistency.
	CountReceipts(ctx context.Context, series string, n int) (int, error)
}
