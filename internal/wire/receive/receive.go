// Package receive puts the function receive together, which has two triggers: the
// front's requests, and the queues into which some systems deliver. Its use case
// has every system of the registry.
package receive

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/plumbline/plumbline/internal/blob/s3blob"
	"github.com/plumbline/plumbline/internal/change"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/all"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/queue/sqsqueue"
	"github.com/plumbline/plumbline/internal/receive"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/secret"
	"github.com/plumbline/plumbline/internal/wire/batch"
	"github.com/plumbline/plumbline/internal/wire/bundle"
	"github.com/plumbline/plumbline/internal/wire/handler"
	"github.com/plumbline/plumbline/internal/wire/secrets"
)

const hooks = "/hooks/"

// Platforms are those whose webhooks the function reads.
func Platforms() []platform.Platform { return all.Platforms() }

// Handler builds the function.
func Handler(ctx context.Context, b *bundle.Bundle) (lambda.Handler, error) {
	service, err := Service(ctx, b, secrets.New(b.Config.Registry, b.Getenv, b.AWS))
	if err != nil {
		return nil, err
	}
	return Of(service, b.Registry.Inboxes(), b.Now), nil
}

// Of is the function over a use case, whatever queues that has.
func Of(service *receive.Service, inboxes []string, now func() time.Time) lambda.Handler {
	return handler.New(func(ctx context.Context, event event) (any, error) {
		if event.Records == nil {
			return response(answer(ctx, service, event, now())), nil
		}
		return batch.Failures(ctx, len(event.Records), deliver(ctx, service, inboxes, event.Records, now())), nil
	})
}

// Service builds the use case with every system of the registry.
func Service(ctx context.Context, b *bundle.Bundle, secrets *secret.Resolver) (*receive.Service, error) {
	hashKey, err := secrets.Resolve(ctx, b.Config.HashKey)
	if err != nil {
		return nil, fmt.Errorf("resolve hash key: %w", err)
	}
	systems, err := Systems(b.Registry, []byte(hashKey))
	if err != nil {
		return nil, err
	}
	changeSecrets, err := references(b.Registry.ChangeSecrets)
	if err != nil {
		return nil, fmt.Errorf("changes: %w", err)
	}
	queues := sqs.NewFromConfig(b.AWS)
	return &receive.Service{
		Systems: systems, Secrets: secrets,
		Observations: sqsqueue.New(queues, b.Config.Queues[contract.Observations]),
		Quarantine:   sqsqueue.New(queues, b.Config.Queues[contract.Quarantine]),
		Fetches:      sqsqueue.New(queues, b.Config.Queues[contract.Fetches]),
		Changes:      receive.Changes{Secrets: changeSecrets, Known: known(b.Registry), Queue: sqsqueue.New(queues, b.Config.Queues[contract.Looks])},
		Seal:         queue.Claims{Blobs: s3blob.Open(b.AWS, b.Config.Buckets[contract.Claims])}.Seal,
		Generation:   b.Registry.Generation, MaxBody: contract.MaxBody, Log: b.Log,
	}, nil
}

// Systems builds the endpoint of every system of a registry.
func Systems(r *registry.Registry, hashKey []byte) (map[string]receive.System, error) {
	platforms := map[string]platform.Platform{}
	for _, p := range all.Platforms() {
		platforms[p.Name] = p
	}
	systems := map[string]receive.System{}
	for name, s := range r.Systems {
		endpoint, err := platforms[s.Platform].New(r.PlatformConfig(name, hashKey))
		if err != nil {
			return nil, fmt.Errorf("system %s: %w", name, err)
		}
		refs, err := references(s.Secrets)
		if err != nil {
			return nil, fmt.Errorf("system %s: %w", name, err)
		}
		systems[name] = receive.System{Endpoint: endpoint, Secrets: refs, Inbox: s.Inbox}
	}
	return systems, nil
}

func references(texts []string) ([]secret.Reference, error) {
	refs := make([]secret.Reference, 0, len(texts))
	for _, text := range texts {
		ref, err := secret.Parse(text)
		if err != nil {
			return nil, err
		}
		refs = append(refs, ref)
	}
	return refs, nil
}

// known are the names of the registry that a change may be about.
func known(r *registry.Registry) change.Known {
	return change.Known{
		System:      func(name string) bool { _, ok := r.Systems[name]; return ok },
		Integration: func(name string) bool { _, ok := r.Integration(name); return ok },
	}
}

// answer turns an HTTP event into a request.
func answer(ctx context.Context, service *receive.Service, event event, now time.Time) platform.Answer {
	name, hook := strings.CutPrefix(event.RawPath, hooks)
	if event.RawPath != contract.ChangesPath && (!hook || name == "" || strings.Contains(name, "/")) {
		return platform.Answer{Status: http.StatusNotFound}
	}
	body := []byte(event.Body)
	if event.IsBase64Encoded {
		decoded, err := base64.StdEncoding.DecodeString(event.Body)
		if err != nil {
			return platform.Answer{Status: http.StatusBadRequest}
		}
		body = decoded
	}
	header := http.Header{}
	for name, value := range event.Headers {
		header.Set(name, value)
	}
	req := platform.Request{
		Method: event.RequestContext.HTTP.Method, Header: header, Query: event.RawQueryString, Body: body, Received: now,
	}
	if !hook {
		return service.Change(ctx, req)
	}
	return service.Receive(ctx, name, req)
}

func response(a platform.Answer) events.APIGatewayV2HTTPResponse {
	r := events.APIGatewayV2HTTPResponse{StatusCode: a.Code(), Body: a.Body}
	if a.Type != "" {
		r.Headers = map[string]string{"content-type": a.Type}
	}
	return r
}
