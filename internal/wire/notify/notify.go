// Package notify puts the function notify together: hints of the queue behind
// the topic into the use case, and the best sender that is configured.
package notify

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/notify"
	"github.com/plumbline/plumbline/internal/notify/console"
	"github.com/plumbline/plumbline/internal/notify/mail"
	"github.com/plumbline/plumbline/internal/notify/slack"
	"github.com/plumbline/plumbline/internal/notify/webhook"
	"github.com/plumbline/plumbline/internal/secret"
	"github.com/plumbline/plumbline/internal/store/dynamo"
	"github.com/plumbline/plumbline/internal/topic/snstopic"
	"github.com/plumbline/plumbline/internal/wire/bundle"
	"github.com/plumbline/plumbline/internal/wire/handler"
	"github.com/plumbline/plumbline/internal/wire/secrets"
)

// Handler builds the function.
func Handler(ctx context.Context, b *bundle.Bundle) (lambda.Handler, error) {
	sender, err := sender(ctx, b, secrets.New(b.Config.Registry, b.Getenv, b.AWS))
	if err != nil {
		return nil, err
	}
	service := &notify.Service{
		Alerts: dynamo.NewFindings(dynamodb.NewFromConfig(b.AWS), b.Config.Tables[contract.Findings]),
		Sender: sender, Mail: letters(b),
		Now: b.Now, Zone: b.Registry.Zone(), Clock: time.Now,
		Lease: contract.Timeout(contract.Notify), Tries: contract.MaxReceive, Log: b.Log,
	}
	return handler.New(service.HandleBatch), nil
}

// letters is the topic that people subscribe to with their addresses.
func letters(b *bundle.Bundle) *snstopic.Topic {
	return snstopic.New(sns.NewFromConfig(b.AWS), b.Config.Topics[contract.Mail])
}

// sender is the best channel that is configured: a bot that edits its messages,
// an incoming webhook, or text, by mail where nobody watches a terminal.
func sender(ctx context.Context, b *bundle.Bundle, secrets *secret.Resolver) (notify.Sender, error) {
	var none secret.Reference
	var sender notify.Sender
	switch {
	case b.Config.Slack.Token != none:
		token, err := secrets.Resolve(ctx, b.Config.Slack.Token)
		if err != nil {
			return nil, fmt.Errorf("resolve Slack's token: %w", err)
		}
		bot := slack.New(token, "", b.Transport, time.Now)
		if b.Config.Slack.Signing != none {
			bot = bot.WithButtons()
		}
		sender = bot
	case b.Config.Slack.Webhook != none:
		address, err := secrets.Resolve(ctx, b.Config.Slack.Webhook)
		if err != nil {
			return nil, fmt.Errorf("resolve Slack's webhook: %w", err)
		}
		if sender, err = webhook.New(address, b.Transport); err != nil {
			return nil, err
		}
	case b.Console == nil:
		return mail.New(letters(b)), nil
	default:
		return console.New(b.Console), nil
	}
	if b.Console != nil {
		sender = console.Echo(b.Console, sender)
	}
	return sender, nil
}
