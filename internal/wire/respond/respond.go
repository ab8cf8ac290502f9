// Package respond puts the function respond together, which has two triggers:
// the front's requests from Slack, and the queue of decisions.
package respond

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/queue/sqsqueue"
	"github.com/plumbline/plumbline/internal/respond"
	"github.com/plumbline/plumbline/internal/respond/webapi"
	"github.com/plumbline/plumbline/internal/secret"
	"github.com/plumbline/plumbline/internal/store/dynamo"
	"github.com/plumbline/plumbline/internal/topic/snstopic"
	"github.com/plumbline/plumbline/internal/wire/batch"
	"github.com/plumbline/plumbline/internal/wire/bundle"
	"github.com/plumbline/plumbline/internal/wire/handler"
	"github.com/plumbline/plumbline/internal/wire/secrets"
)

// Handler builds the function. Without Slack's token and signing secret there is
// nobody to answer, and every request is answered with 404.
func Handler(ctx context.Context, b *bundle.Bundle) (lambda.Handler, error) {
	service, err := Service(ctx, b)
	if err != nil {
		return nil, err
	}
	return handler.New(func(ctx context.Context, raw json.RawMessage) (any, error) {
		var event struct {
			events.APIGatewayV2HTTPRequest
			Records []events.SQSMessage
		}
		if err := json.Unmarshal(raw, &event); err != nil {
			return nil, fmt.Errorf("read event: %w", err)
		}
		if event.Records == nil {
			return answer(ctx, service, event.APIGatewayV2HTTPRequest), nil
		}
		messages := make([]respond.Message, 0, len(event.Records))
		for _, r := range event.Records {
			messages = append(messages, respond.Message{ID: r.MessageId, Body: r.Body})
		}
		return batch.Failures(ctx, len(messages), service.Apply(ctx, messages)), nil
	}), nil
}

// Service builds the use case. Without Slack's token and signing secret it
// decides, and answers nobody.
func Service(ctx context.Context, b *bundle.Bundle) (*respond.Service, error) {
	queues := sqs.NewFromConfig(b.AWS)
	s := &respond.Service{
		Store: dynamo.NewFindings(dynamodb.NewFromConfig(b.AWS), b.Config.Tables[contract.Findings]),
		Queue: sqsqueue.New(queues, b.Config.Queues[contract.Decisions]),
		Looks: sqsqueue.New(queues, b.Config.Queues[contract.Looks]),
		Topic: snstopic.New(sns.NewFromConfig(b.AWS), b.Config.Topics[contract.Alerts]),
		Now:   b.Now, Zone: b.Registry.Zone(), People: b.Registry, Log: b.Log,
	}
	var none secret.Reference
	if b.Config.Slack.Token == none || b.Config.Slack.Signing == none {
		return s, nil
	}
	resolver := secrets.New(b.Config.Registry, b.Getenv, b.AWS)
	token, err := resolver.Resolve(ctx, b.Config.Slack.Token)
	if err != nil {
		return nil, fmt.Errorf("resolve Slack's token: %w", err)
	}
	s.Slack = webapi.New(token, webapi.API, b.Transport)
	s.Secret = func(ctx context.Context) (string, error) { return resolver.Resolve(ctx, b.Config.Slack.Signing) }
	return s, nil
}

func answer(ctx context.Context, service *respond.Service, event events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPResponse {
	if service.Secret == nil {
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusNotFound}
	}
	body := []byte(event.Body)
	if event.IsBase64Encoded {
		decoded, err := base64.StdEncoding.DecodeString(event.Body)
		if err != nil {
			return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusBadRequest}
		}
		body = decoded
	}
	header := http.Header{}
	for name, value := range event.Headers {
		header.Set(name, value)
	}
	a := service.Answer(ctx, respond.Request{Header: header, Body: body})
	response := events.APIGatewayV2HTTPResponse{StatusCode: a.Status, Body: string(a.Body)}
	if len(a.Body) > 0 {
		response.Headers = map[string]string{"content-type": "application/json"}
	}
	return response
}
