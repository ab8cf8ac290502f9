package sim_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/local/emulator"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store/dynamo"
	"github.com/plumbline/plumbline/internal/store/memory"
)

func TestMain(m *testing.M) { emulator.Main(m) }

// step is what a worker did to the row of the ERP: it merged a change, or it read
// the number of the newest one.
type step struct {
	merges bool
	change uint64
}

// newest is the row as one step at a time would have it: it shows the newest
// change that was merged.
var newest = porcupine.Model{
	Init: func() any { return uint64(0) },
	Step: func(state, input, output any) (bool, any) {
		was, did, saw := state.(uint64), input.(step), output.(uint64)
		if did.merges {
			return true, max(was, did.change)
		}
		return saw == was, was
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v: %v", input, output) },
}

func TestRow_IsLinearizableUnderConcurrentWorkers(t *testing.T) {
	t.Run("memory", func(t *testing.T) {
		for seed := range uint64(40) {
			linear(t, &memory.Records{}, seed, 8, 30)
		}
	})
	t.Run("DynamoDB", func(t *testing.T) { linear(t, dynamo.NewRecords(tables(t)), 1, 6, 12) })
}

func tables(t *testing.T) (db *dynamodb.Client, name string) {
	t.Helper()
	db, name = dynamodb.NewFromConfig(emulator.ForTest(t).AWSConfig()), "linear"
	var key string
	for _, table := range contract.Tables() {
		if table.Name == contract.Records {
			key = table.Hash.Name
		}
	}
	_, err := db.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: &name, BillingMode: types.BillingModePayPerRequest,
		KeySchema:            []types.KeySchemaElement{{AttributeName: &key, KeyType: types.KeyTypeHash}},
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String(key), AttributeType: types.ScalarAttributeTypeS}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return db, name
}

// linear lets workers merge changes into one row, and read it, as fast as they
// can, and looks for an order of their steps that explains what they saw.
func linear(t *testing.T, records merge.Records, seed uint64, workers, steps int) {
	t.Helper()
	r := &registry.Registry{Generation: "g", Systems: map[string]registry.System{"erp": {Name: "erp"}, "shop": {Name: "shop"}}, Integrations: []registry.Integration{{
		Name: "stock", From: "erp", To: "shop",
		Rules: []registry.Rule{{Integration: "stock", ID: "one", Kind: commerce.Inventory, From: "erp", To: "shop", Check: registry.One, Settle: registry.Settle{For: time.Hour, By: -1}}},
	}}}
	service := &merge.Service{
		Records: records, Marks: &memory.Findings{}, Looks: nowhere{}, Archive: nowhere{},
		Open:     func(_ context.Context, body string) (queue.Envelope, error) { return queue.Decode(body) },
		Registry: r, Rules: judge.Rules(r), Now: time.Now, Log: slog.New(slog.DiscardHandler),
	}
	var mu sync.Mutex
	var history []porcupine.Operation
	began := time.Now()
	var group sync.WaitGroup
	for worker := range workers {
		group.Go(func() {
			rng := rand.New(rand.NewPCG(seed, uint64(worker)))
			for range steps {
				did := step{merges: rng.IntN(2) == 0, change: 1 + rng.Uint64N(50)}
				call := time.Since(began)
				saw, known := take(t, service, did)
				op := porcupine.Operation{ClientId: worker, Input: did, Call: int64(call), Output: saw, Return: int64(time.Since(began))}
				mu.Lock()
				if known {
					history = append(history, op)
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	if got := porcupine.CheckOperationsTimeout(newest, history, 20*time.Second); got != porcupine.Ok {
		t.Errorf("seed %d: %d steps of %d workers: %s", seed, len(history), workers, got)
	}
}

// take makes one step. What it did is not known when it failed.
func take(t *testing.T, s *merge.Service, did step) (saw uint64, known bool) {
	t.Helper()
	o := commerce.Observation{
		System: "erp", Kind: commerce.Inventory, Key: commerce.Key{"MUG", "east"}, Part: "level", Native: "1", Slot: "east",
		Facets: commerce.Facets{"free": commerce.Number(commerce.Int(int64(did.change)))},
	}
	if !did.merges {
		rows, err := s.Records.Get(t.Context(), []commerce.RecordID{o.Key.ID(o.Kind)})
		if err != nil {
			t.Error(err)
			return 0, false
		}
		return shown(rows[o.Key.ID(o.Kind)]), true
	}
	o.Stamp(commerce.VersionParts{Clock: time.Unix(1, 0), Sequence: did.change})
	body, err := queue.Encode(queue.Envelope{
		Delivery:     commerce.Delivery{ID: strconv.FormatUint(did.change, 10), System: "erp", Received: time.Now()},
		Observations: []commerce.Observation{o},
	})
	if err != nil {
		t.Error(err)
		return 0, false
	}
	if failed := s.Merge(t.Context(), []merge.Message{{ID: "m", Body: body, Receives: 1}}); len(failed) > 0 {
		t.Error("a change was not merged")
		return 0, false
	}
	return 0, true
}

// shown is the number of the newest change that a row shows.
func shown(row record.Row) uint64 {
	if len(row.Views) == 0 {
		return 0
	}
	return row.Views[0].Version.Parts().Sequence
}

// nowhere takes looks and archived deliveries.
type nowhere struct{}

func (nowhere) SendLater(context.Context, ...queue.Later) error { return nil }
func (nowhere) Send(context.Context, ...string) error           { return nil }
