package wire

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/all"
	"github.com/plumbline/plumbline/internal/receive"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/secret"
)

const hooks = "/hooks/"

func (w *Wire) receiveHandler(ctx context.Context) (lambda.Handler, error) {
	service, err := w.Receive(ctx)
	if err != nil {
		return nil, err
	}
	return lambda.NewHandler(func(ctx context.Context, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		return response(w.answer(ctx, service, event)), nil
	}), nil
}

// Receive builds the use case with every system of the registry.
func (w *Wire) Receive(ctx context.Context) (*receive.Service, error) {
	hashKey, err := w.Secrets.Resolve(ctx, w.Config.HashKey)
	if err != nil {
		return nil, fmt.Errorf("resolve hash key: %w", err)
	}
	systems, err := Systems(w.Registry, []byte(hashKey))
	if err != nil {
		return nil, err
	}
	return &receive.Service{
		Systems: systems, Secrets: w.Secrets,
		Observations: w.Queue(contract.Observations), Quarantine: w.Queue(contract.Quarantine),
		Seal: w.claims().Seal, Generation: w.Registry.Generation, MaxBody: contract.MaxBody, Log: w.options.Log,
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
		refs := make([]secret.Reference, 0, len(s.Secrets))
		for _, text := range s.Secrets {
			ref, err := secret.Parse(text)
			if err != nil {
				return nil, fmt.Errorf("system %s: %w", name, err)
			}
			refs = append(refs, ref)
		}
		systems[name] = receive.System{Endpoint: endpoint, Secrets: refs}
	}
	return systems, nil
}

// answer turns an HTTP event into a request.
func (w *Wire) answer(ctx context.Context, service *receive.Service, event events.APIGatewayV2HTTPRequest) platform.Answer {
	name, ok := strings.CutPrefix(event.RawPath, hooks)
	if !ok || name == "" || strings.Contains(name, "/") {
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
	return service.Receive(ctx, name, platform.Request{
		Method: event.RequestContext.HTTP.Method, Header: header, Query: event.RawQueryString, Body: body, Received: w.options.Now(),
	})
}

func response(a platform.Answer) events.APIGatewayV2HTTPResponse {
	r := events.APIGatewayV2HTTPResponse{StatusCode: a.Code(), Body: a.Body}
	if a.Type != "" {
		r.Headers = map[string]string{"content-type": a.Type}
	}
	return r
}
