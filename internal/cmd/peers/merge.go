package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store/dynamo"
	"github.com/plumbline/plumbline/internal/wire/bundle"
	usecase "github.com/plumbline/plumbline/internal/wire/merge"
)

// inBatches is how many messages an invocation has in a busy hour.
const inBatches = 10

// Dollars of a million units, on demand, in us-east-1.
const (
	perMillionWrites = 0.625
	perMillionReads  = 0.125
)

// measureMerge counts the units that observations of healthy traffic take. They are
// the same in every round, so that there is one.
func (w *world) measureMerge(ctx context.Context, s size) ([]Subject, error) {
	var all []Subject
	for _, c := range []struct {
		name  string
		size  int
		links bool
	}{
		{plumblineName, 1, false},
		{plumblineName + ", in batches of 10", inBatches, false},
		{plumblineName + ", where one system tells no SKU", 1, true},
	} {
		if len(all) > 0 && !s.peers {
			return all, nil // the others are variants
		}
		subject, err := w.merged(ctx, len(all), c.size, c.links)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
		subject.Name = c.name
		all = append(all, subject)
	}
	subject, err := w.idempotent(ctx)
	subject.Name = powertools
	return append(all, subject), err
}

// stock is Plumbline's merge of the demo shop's stock, on tables of its own, with a
// clock that follows the deliveries.
type stock struct {
	service *merge.Service
	// records looks at what is kept, without being counted.
	records   *dynamo.Records
	registry  *registry.Registry
	ingest    *ingest
	meter     dynamo.Meter
	now       time.Time
	links     bool
	envelopes map[string]queue.Envelope
}

func (w *world) newStock(ctx context.Context, number int, links bool) (*stock, error) {
	cfg := w.emulators.AWSConfig()
	made, err := local.Provision(ctx, cfg, local.Plan{Prefix: fmt.Sprintf("merge-%d-", number)})
	if err != nil {
		return nil, err
	}
	s := &stock{
		registry: w.ingest.registry, ingest: w.ingest, links: links, now: nine, envelopes: map[string]queue.Envelope{},
		records: dynamo.NewRecords(dynamodb.NewFromConfig(cfg), made.Tables[contract.Records]),
	}
	env := maps.Clone(w.env)
	maps.Copy(env, made.Environ())
	b, err := bundle.New(bundle.Options{
		Getenv: func(name string) string { return env[name] }, AWS: cfg, Now: func() time.Time { return s.now }, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return nil, err
	}
	s.service = usecase.Service(b, dynamo.WithMeter(&s.meter))
	s.service.Open = func(_ context.Context, id string) (queue.Envelope, error) { return s.envelopes[id], nil }
	return s, nil
}

// available is what the storefront shows for the ERP's free stock: less the buffer.
func (s *stock) available(n, free int) int {
	buffer, _ := s.registry.Tables["buffer"].Lookup(commerce.Inventory, commerce.Key{skuOf(n), "east"})
	for free > 0 && buffer.Sign() > 0 {
		less, err := buffer.Sub(commerce.Int(1))
		if err != nil {
			break
		}
		free, buffer = free-1, less
	}
	return free
}

// read turns deliveries into messages. Without links it is as if every system told
// the SKU itself.
func (s *stock) read(deliveries []commerce.Delivery) ([]merge.Message, error) {
	var all []merge.Message
	for _, d := range deliveries {
		reading, err := s.ingest.service.Read(d)
		if err != nil {
			return nil, err
		}
		for i, o := range reading.Observations {
			if !s.links && o.Kind == commerce.Inventory && o.Via != nil {
				item, _, _ := strings.Cut(o.Native, "/")
				reading.Observations[i].Key[0], reading.Observations[i].Via = "TRAIL-MUG-"+item[len(item)-4:], nil
			}
		}
		d.Body = nil
		s.envelopes[d.ID] = queue.Envelope{Delivery: d, Observations: reading.Observations}
		all = append(all, merge.Message{ID: d.ID, Body: d.ID, Receives: 1})
	}
	return all, nil
}

func (s *stock) play(ctx context.Context, deliveries []commerce.Delivery, size int) error {
	messages, err := s.read(deliveries)
	if err != nil {
		return err
	}
	for batch := range slices.Chunk(messages, size) {
		s.now = s.envelopes[batch[len(batch)-1].Body].Delivery.Received
		if failed := s.service.Merge(ctx, batch); len(failed) > 0 {
			return fmt.Errorf("%d messages are not merged", len(failed))
		}
	}
	return nil
}

// merged is what Plumbline takes for each observation.
func (w *world) merged(ctx context.Context, number, size int, links bool) (Subject, error) {
	s, err := w.newStock(ctx, number, links)
	if err != nil {
		return Subject{}, err
	}
	if err := s.play(ctx, opening(s.available), inBatches); err != nil {
		return Subject{}, err
	}
	before, traffic := s.meter.Usage(), healthy(s.available)
	if err := s.play(ctx, traffic, size); err != nil {
		return Subject{}, err
	}
	after := s.meter.Usage()
	if err := s.holdNewest(ctx, traffic); err != nil {
		return Subject{}, err
	}
	return units(
		after.Writes-before.Writes+float64(after.Refused-before.Refused), after.Reads-before.Reads,
		after.IndexWrites-before.IndexWrites, float64(after.Requests-before.Requests), len(traffic)), nil
}

// units are what so many observations took, and what a million of them cost.
func units(writes, reads, index, requests float64, n int) Subject {
	each := func(total float64) []float64 { return []float64{rounded(total/float64(n), 1000)} }
	return Subject{Measures: map[string][]float64{
		writeMeasure: each(writes), readMeasure: each(reads), indexMeasure: each(index), requestMeasure: each(requests),
		dollarMeasure: each((writes+index)*perMillionWrites + reads*perMillionReads),
	}}
}

var errOlder = errors.New("an older value is kept")

// newest are the values that have to be kept: by system and native id, of the
// greatest version.
func (s *stock) newest(deliveries []commerce.Delivery) map[string]string {
	versions, values := map[string]commerce.Version{}, map[string]string{}
	for _, d := range deliveries {
		for _, o := range s.envelopes[d.ID].Observations {
			if key := keptAs(o); o.Version.Compare(versions[key]) > 0 {
				versions[key], values[key] = o.Version, changing(o.Facets)
			}
		}
	}
	return values
}

// keptAs names what one system says of a record.
func keptAs(o commerce.Observation) string { return o.System + "|" + o.Native }

// changing is the number that traffic changes.
func changing(facets commerce.Facets) string {
	if free, ok := facets["free"]; ok {
		return free.String()
	}
	return facets["available"].String()
}

// holdNewest wants every row to show what its systems said last.
func (s *stock) holdNewest(ctx context.Context, traffic []commerce.Delivery) error {
	left := s.newest(traffic)
	err := s.records.Scan(ctx, commerce.Inventory, func(row record.Row) error {
		for _, v := range row.Views {
			key := v.System + "|" + v.Native
			want, ok := left[key]
			if ok && changing(v.Facets) != want {
				return fmt.Errorf("%w: of %s", errOlder, key)
			}
			delete(left, key)
		}
		return nil
	})
	if err == nil && len(left) > 0 {
		err = fmt.Errorf("%d values are not kept", len(left))
	}
	return err
}
