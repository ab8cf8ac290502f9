// Package fetch puts the function fetch together, which has two triggers: the
// queue of fetches and the schedule of chores.
package fetch

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/plumbline/plumbline/internal/blob/s3blob"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/fetch"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/queue/sqsqueue"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/secret"
	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/store/dynamo"
	"github.com/plumbline/plumbline/internal/wire/batch"
	"github.com/plumbline/plumbline/internal/wire/bundle"
	"github.com/plumbline/plumbline/internal/wire/handler"
	"github.com/plumbline/plumbline/internal/wire/receive"
	"github.com/plumbline/plumbline/internal/wire/secrets"
)

// Platforms are those whose APIs the function asks.
func Platforms() []platform.Platform { return receive.Platforms() }

// Handler builds the function.
func Handler(ctx context.Context, b *bundle.Bundle) (lambda.Handler, error) {
	service, err := Service(ctx, b, secrets.New(b.Config.Registry, b.Getenv, b.AWS))
	if err != nil {
		return nil, err
	}
	return handler.New(func(ctx context.Context, raw json.RawMessage) (any, error) {
		var event struct {
			events.SQSEvent
			// Run is what the schedule's input names.
			Run string `json:"run"`
		}
		if err := json.Unmarshal(raw, &event); err != nil {
			return nil, fmt.Errorf("read event: %w", err)
		}
		if event.Run == contract.Chores {
			return struct{}{}, service.Chores(ctx)
		}
		messages := make([]fetch.Message, 0, len(event.Records))
		for _, r := range event.Records {
			messages = append(messages, fetch.Message{ID: r.MessageId, Body: r.Body})
		}
		return batch.Failures(ctx, len(messages), service.Fetch(ctx, messages)), nil
	}), nil
}

// Service builds the use case with every system of the registry.
func Service(ctx context.Context, b *bundle.Bundle, resolver *secret.Resolver) (*fetch.Service, error) {
	deliveries, err := receive.Service(ctx, b, resolver)
	if err != nil {
		return nil, err
	}
	systems := map[string]fetch.System{}
	for name, s := range deliveries.Systems {
		one := fetch.System{Endpoint: s.Endpoint, Pull: pull(b.Registry.Systems[name].Pull)}
		if text := b.Registry.Systems[name].Credential; text != "" {
			if one.Credential, err = secret.Parse(text); err != nil {
				return nil, fmt.Errorf("system %s: %w", name, err)
			}
		}
		systems[name] = one
	}
	tables, queues := dynamodb.NewFromConfig(b.AWS), sqs.NewFromConfig(b.AWS)
	return &fetch.Service{
		Systems: systems, Deliveries: deliveries, Secrets: resolver,
		Paces:   paces(b, tables),
		Marks:   dynamo.NewFindings(tables, b.Config.Tables[contract.Findings]),
		Fetches: sqsqueue.New(queues, b.Config.Queues[contract.Fetches]),
		Dead:    sqsqueue.New(queues, b.Config.Queues[contract.DeadLetters(contract.Fetches)]),
		Sweeps: &fetch.Sweeps{
			Blobs: s3blob.Open(b.AWS, b.Config.Buckets[contract.ExportsBucket]),
			Loads: sqsqueue.New(queues, b.Config.Queues[contract.Loads]),
		},
		Transport: transport(b), Now: b.Now, Chance: rand.Int64N, Log: b.Log,
	}, nil
}

// pull is how the registry wants a system to be read, nil where it does not say.
func pull(p *registry.Pull) *fetch.Pull {
	if p == nil {
		return nil
	}
	return &fetch.Pull{Every: p.Every, Overlap: p.Overlap, Kinds: p.Kinds, Budget: p.Budget, Full: p.Full}
}

// transport is the recording, or the one that reaches the internet alone, where
// whoever runs the function has none of their own.
func transport(b *bundle.Bundle) http.RoundTripper {
	switch {
	case b.Recorded != nil:
		return b.Recorded
	case b.Transport == http.DefaultTransport:
		return fetch.NewTransport()
	default:
		return b.Transport
	}
}

func paces(b *bundle.Bundle, tables *dynamodb.Client) store.Paces {
	if b.Recorded != nil {
		return unpaced{}
	}
	return dynamo.NewPaces(tables, b.Config.Tables[contract.Findings])
}

// unpaced lets every call be made at once.
type unpaced struct{}

// Reserve gives the call its turn now.
func (unpaced) Reserve(_ context.Context, _ string, _ platform.Pace, now time.Time, _ time.Duration) (time.Time, bool, error) {
	return now, true, nil
}

// Hold keeps nobody from calling: a recording says itself until when it fails.
func (unpaced) Hold(context.Context, string, platform.Pace, time.Time) error { return nil }
