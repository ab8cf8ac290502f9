package merge

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// receiptsKept is how long it is known what of a load is merged: longer than a
// message may wait in a queue and among the dead letters.
const receiptsKept = 30 * 24 * time.Hour

// Receipts takes which messages of a load are merged.
type Receipts interface {
	PutReceipts(ctx context.Context, load string, numbers []int, expires time.Time) error
}

// LoadDelivery is the id of the delivery with the numbered message of a load's rows.
func LoadDelivery(load string, number int) string { return fmt.Sprintf("load-%s-%06d", load, number) }

// loadMessage reads what LoadDelivery wrote.
func loadMessage(d commerce.Delivery) (load string, number int, ok bool) {
	rest, ok := strings.CutPrefix(d.ID, "load-")
	load, digits, numbered := strings.Cut(rest, "-")
	number, err := strconv.Atoi(digits)
	return load, number, ok && numbered && err == nil && number >= 0 && d.Topic == commerce.ExportTopic
}

// receipts notes which messages of loads are merged, after all else: whoever
// concludes from a whole file has to know that all its rows are there, and a queue
// that is empty does not say so. A message whose receipt is not stored comes again.
func (b *batch) receipts(ctx context.Context) {
	if b.Receipts == nil {
		return
	}
	messages := map[string][]int{}
	for i, e := range b.envelopes {
		if load, _, ok := loadMessage(e.Delivery); ok && b.errs[i] == nil {
			messages[load] = append(messages[load], i)
		}
	}
	for load, merged := range messages {
		var numbers []int
		var expires time.Time
		for _, i := range merged {
			_, number, _ := loadMessage(b.envelopes[i].Delivery)
			numbers, expires = append(numbers, number), b.envelopes[i].Delivery.Received.Add(receiptsKept)
		}
		if err := b.Receipts.PutReceipts(ctx, load, numbers, expires); err != nil {
			for _, i := range merged {
				b.fail(i, fmt.Errorf("note that rows of load %s are merged: %w", load, err))
			}
		}
	}
}
