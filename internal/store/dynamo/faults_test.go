package dynamo_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/store/dynamo"
)

// answer may change what one attempt of a request came back with.
type answer func(result any, err error) (any, error)

// withAnswer puts itself between the network and the SDK's retries.
func withAnswer(change answer) func(*dynamodb.Options) {
	return func(o *dynamodb.Options) {
		o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
			return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("answer",
				func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
					out, meta, err := next.HandleDeserialize(ctx, in)
					out.Result, err = change(out.Result, err)
					return out, meta, err
				}), middleware.Before)
		})
	}
}

func TestGet_AsksAgainForKeysLeftUnprocessed(t *testing.T) {
	name := newTable(t, contract.Records)
	var left atomic.Int64
	records := dynamo.NewRecords(client(t, withAnswer(func(result any, err error) (any, error) {
		out, ok := result.(*dynamodb.BatchGetItemOutput)
		if !ok || left.Add(1) > 3 {
			return result, err
		}
		keep := len(out.Responses[name]) / 2
		var keys []map[string]types.AttributeValue
		for _, it := range out.Responses[name][keep:] {
			keys = append(keys, map[string]types.AttributeValue{contract.PK: it[contract.PK]})
		}
		out.Responses[name] = slices.Clip(out.Responses[name][:keep])
		out.UnprocessedKeys = map[string]types.KeysAndAttributes{name: {Keys: keys}}
		return out, err
	})), name)
	ids := putRows(t, records, 20)
	rows, err := records.Get(t.Context(), ids)
	if err != nil || len(rows) != len(ids) {
		t.Errorf("got %d rows of %d, %v", len(rows), len(ids), err)
	}
	if left.Load() < 4 {
		t.Errorf("%d requests, want one for each time that keys were left", left.Load())
	}
}

func TestGet_KeysLeftForEverAreBusy(t *testing.T) {
	name := newTable(t, contract.Records)
	var requests atomic.Int64
	records := dynamo.NewRecords(client(t, withAnswer(func(result any, err error) (any, error) {
		out, ok := result.(*dynamodb.BatchGetItemOutput)
		if !ok {
			return result, err
		}
		requests.Add(1)
		out.Responses = nil
		out.UnprocessedKeys = map[string]types.KeysAndAttributes{name: {Keys: []map[string]types.AttributeValue{
			{contract.PK: &types.AttributeValueMemberS{Value: "inventory|1:a|1:b"}},
		}}}
		return out, err
	})), name)
	_, err := records.Get(t.Context(), putRows(t, records, 2))
	if !errors.Is(err, store.ErrBusy) || requests.Load() < 5 {
		t.Errorf("got %v after %d requests, want ErrBusy after several", err, requests.Load())
	}
}

func TestThrottling_IsBusy(t *testing.T) {
	throttled := withAnswer(func(any, error) (any, error) {
		return nil, &smithy.GenericAPIError{Code: "ProvisionedThroughputExceededException", Message: "slow down"}
	})
	c := client(t, throttled)
	records, findings := dynamo.NewRecords(c, "records"), dynamo.NewFindings(c, "findings")
	row := inventory(1)
	for name, call := range map[string]func() error{
		"get one":  func() error { _, err := records.Get(t.Context(), []commerce.RecordID{row.ID()}); return err },
		"get many": func() error { _, err := records.Get(t.Context(), []commerce.RecordID{row.ID(), "b"}); return err },
		"put":      func() error { return records.Put(t.Context(), row) },
		"due":      func() error { _, err := records.Due(t.Context(), 1, row.Due, 1); return err },
		"scan":     func() error { return records.Scan(t.Context(), "", nil) },
		"finding":  func() error { _, err := findings.GetFinding(t.Context(), "f"); return err },
		"mark":     func() error { return findings.LatestMark(t.Context(), "m", row.Due) },
	} {
		if err := call(); !errors.Is(err, store.ErrBusy) || errors.Is(err, store.ErrLost) {
			t.Errorf("%s: got %v, want ErrBusy", name, err)
		}
	}
}

// The SDK sends a write again when its answer was lost. The second attempt then
// meets the first.
func TestPut_ALostAnswerIsALostRaceWithTheOwnRow(t *testing.T) {
	var writes atomic.Int64
	records := dynamo.NewRecords(client(t, withAnswer(func(result any, err error) (any, error) {
		if _, ok := result.(*dynamodb.PutItemOutput); ok && writes.Add(1) == 1 {
			return nil, &net.OpError{Op: "read", Err: errors.New("connection reset by peer")}
		}
		return result, err
	})), newTable(t, contract.Records))
	row := inventory(1)
	row.Generation = "mine"
	var lost *store.LostError
	if err := records.Put(t.Context(), row); !errors.As(err, &lost) {
		t.Fatalf("got %v, want a *LostError", err)
	}
	if lost.Current.Rev != 1 || lost.Current.Generation != "mine" {
		t.Errorf("current row %+v, want the row that was written", lost.Current)
	}
}

func TestGet_ACancelledContextStopsWaiting(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	name := newTable(t, contract.Records)
	records := dynamo.NewRecords(client(t, withAnswer(func(result any, err error) (any, error) {
		if out, ok := result.(*dynamodb.BatchGetItemOutput); ok {
			cancel()
			out.UnprocessedKeys = map[string]types.KeysAndAttributes{name: {Keys: []map[string]types.AttributeValue{{}}}}
		}
		return result, err
	})), name)
	if _, err := records.Get(ctx, []commerce.RecordID{"a", "b"}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
}

func putRows(t testing.TB, records *dynamo.Records, n int) []commerce.RecordID {
	t.Helper()
	ids := make([]commerce.RecordID, n)
	for i := range n {
		row := inventory(i)
		ids[i] = row.ID()
		if err := records.Put(t.Context(), row); err != nil {
			t.Fatal(err)
		}
	}
	return ids
}

func inventory(i int) record.Row {
	return record.Row{Kind: commerce.Inventory, Key: commerce.Key{fmt.Sprintf("SKU-%04d", i), "east"}}
}
