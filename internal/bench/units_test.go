package bench

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/store/dynamo"
)

// BenchmarkUnits measures what one observation of healthy traffic takes of
// DynamoDB: units of the tables and their indexes, and requests. Refused writes
// count as one unit each, as DynamoDB charges them. Links and whatever else an
// observation needs are charged to it. The floor is one write and one read; the
// peer keeps what it has processed in a table of its own.
func BenchmarkUnits(b *testing.B) {
	for _, c := range []struct {
		name     string
		batch    int
		unlinked bool
		before   func(*world) []delivery
		traffic  func(*world) []delivery
		kind     commerce.Kind
	}{
		{"stock", 1, false, nothing, spread, commerce.Inventory},
		{"stock without links", 1, true, nothing, spread, commerce.Inventory},
		{"stock in batches of 10", 10, false, nothing, spread, commerce.Inventory},
		{"stock of rows with a full memory", 1, false, earlier, dense, commerce.Inventory},
		{"prices in products of 100 variants", 1, false, nothing, func(w *world) []delivery { return w.prices(50) }, commerce.Price},
		{"orders", 1, false, nothing, func(w *world) []delivery { return w.orders(b, 100) }, commerce.Order},
	} {
		b.Run(c.name, func(b *testing.B) {
			var usage dynamo.Usage
			var observations, deliveries, looks int
			for b.Loop() {
				w := onTables(b)
				w.unlinked = c.unlinked
				w.play(b, w.messages(b, w.opening()), 10)
				w.play(b, w.messages(b, c.before(w)), 10)
				messages := w.messages(b, c.traffic(w))
				deliveries, observations = len(messages), w.count(messages, c.kind)
				before, lookedBefore := w.meter.Usage(), w.looks.Load()
				w.play(b, messages, c.batch)
				usage, looks = spent(w.meter.Usage(), before), int(w.looks.Load()-lookedBefore)
			}
			reportUnits(b, usage, observations)
			b.ReportMetric(float64(looks)/float64(observations), "looks")
			b.ReportMetric(float64(observations), "observations")
			b.ReportMetric(float64(deliveries), "deliveries")
			b.ReportMetric(0, "ns/op")
		})
	}
	b.Run("peer, stock", func(b *testing.B) {
		var usage dynamo.Usage
		var observations int
		for b.Loop() {
			w := inMemory(b)
			w.messages(b, w.opening())
			traffic := spread(w)
			p := newPeer(b)
			for _, m := range w.messages(b, traffic) {
				for _, o := range w.envelopes[m.Body].Observations {
					p.process(b.Context(), b, m.ID, o)
				}
			}
			usage, observations = p.usage, len(traffic)
		}
		reportUnits(b, usage, observations)
		b.ReportMetric(float64(observations), "observations")
		b.ReportMetric(0, "ns/op")
	})
}

func nothing(*world) []delivery { return nil }

// spread is a day in which most SKUs change a few times.
func spread(w *world) []delivery { return w.stock(nine, 500, skus) }

// earlier and dense are two parts of the life of few SKUs. In the second every
// view remembers as many values as it can.
func earlier(w *world) []delivery { return w.stock(nine, 500, skus/10) }

func dense(w *world) []delivery { return w.stock(nine.Add(3*time.Hour), 500, skus/10) }

// peer is what guides recommend: remember each delivery in a table of its own,
// then read the item, decide, write it.
type peer struct {
	client     *dynamodb.Client
	seen, rows string
	usage      dynamo.Usage
}

func newPeer(b testing.TB) *peer {
	client, names := tables(b)
	return &peer{client: client, seen: names[contract.Findings], rows: names[contract.Records]}
}

func (p *peer) process(ctx context.Context, b testing.TB, id string, o commerce.Observation) {
	if p.put(ctx, b, p.seen, map[string]string{contract.PK: id, "status": "processed"}, true) {
		key := o.System + "|" + o.Native
		got, err := p.client.GetItem(ctx, &dynamodb.GetItemInput{
			TableName: &p.rows, Key: map[string]types.AttributeValue{contract.PK: &types.AttributeValueMemberS{Value: key}},
			ConsistentRead: aws.Bool(true), ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
		})
		if err != nil {
			b.Fatal(err)
		}
		p.usage.Requests++
		p.usage.Reads += *got.ConsumedCapacity.CapacityUnits
		item := map[string]string{contract.PK: key, "version": o.Version.String()}
		for name, value := range o.Facets {
			item[name] = value.String()
		}
		p.put(ctx, b, p.rows, item, false)
	}
}

// put reports whether the item was written; a new one only if it was not there.
func (p *peer) put(ctx context.Context, b testing.TB, table string, values map[string]string, once bool) bool {
	in := &dynamodb.PutItemInput{TableName: &table, Item: map[string]types.AttributeValue{}, ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal}
	for name, value := range values {
		in.Item[name] = &types.AttributeValueMemberS{Value: value}
	}
	if once {
		in.ConditionExpression = aws.String("attribute_not_exists(" + contract.PK + ")")
	}
	out, err := p.client.PutItem(ctx, in)
	p.usage.Requests++
	var refused *types.ConditionalCheckFailedException
	if errors.As(err, &refused) {
		p.usage.Refused++
		return false
	}
	if err != nil {
		b.Fatal(err)
	}
	p.usage.Writes += *out.ConsumedCapacity.CapacityUnits
	return true
}
