package dynamo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/store"
)

const (
	// batchKeys is the most keys that BatchGetItem takes.
	batchKeys = 100
	// batchTries bounds how often keys that DynamoDB left unprocessed are asked
	// for again, about 5 s in all.
	batchTries = 10
	firstWait  = 25 * time.Millisecond
	longWait   = time.Second
)

// consistency is how a read sees what was written a moment ago.
type consistency bool

const (
	// strong shows it.
	strong consistency = true
	// eventual may not, and takes half the units.
	eventual consistency = false
)

// getAll reads the items, in no order. Keys without an item are left out. One key
// takes the cheaper single read.
func (t table) getAll(ctx context.Context, pks []string, c consistency) ([]item, error) {
	pks = slices.Compact(slices.Sorted(slices.Values(pks)))
	if len(pks) == 1 {
		it, err := t.get(ctx, pks[0], c)
		if err != nil || it == nil {
			return nil, err
		}
		return []item{it}, nil
	}
	var all []item
	for chunk := range slices.Chunk(pks, batchKeys) {
		items, err := t.getChunk(ctx, chunk, c)
		if err != nil {
			return nil, err
		}
		all = append(all, items...)
	}
	return all, nil
}

func (t table) getChunk(ctx context.Context, pks []string, c consistency) ([]item, error) {
	keys := make([]map[string]types.AttributeValue, len(pks))
	for i, pk := range pks {
		keys[i] = item{contract.PK: text(pk)}
	}
	var all []item
	for try := range batchTries {
		if err := pause(ctx, try); err != nil {
			return nil, err
		}
		out, err := t.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{
			RequestItems:           map[string]types.KeysAndAttributes{*t.name: {Keys: keys, ConsistentRead: aws.Bool(bool(c))}},
			ReturnConsumedCapacity: t.meter.wanted(),
		})
		if err != nil {
			return nil, classify(err)
		}
		for i := range out.ConsumedCapacity {
			t.meter.read(&out.ConsumedCapacity[i])
		}
		all = append(all, out.Responses[*t.name]...)
		if keys = out.UnprocessedKeys[*t.name].Keys; len(keys) == 0 {
			return all, nil
		}
	}
	return nil, fmt.Errorf("%w: %d of %d keys left after %d tries", store.ErrBusy, len(keys), len(pks), batchTries)
}

// pause waits before a repeated try: twice as long each time, of which half is
// random so that callers do not march in step.
func pause(ctx context.Context, try int) error {
	if try == 0 {
		return ctx.Err()
	}
	wait := min(firstWait<<(try-1), longWait)
	timer := time.NewTimer(wait/2 + rand.N(wait/2))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
