package wire

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/notify"
	"github.com/plumbline/plumbline/internal/notify/console"
	"github.com/plumbline/plumbline/internal/notify/slack"
	"github.com/plumbline/plumbline/internal/notify/webhook"
	"github.com/plumbline/plumbline/internal/secret"
)

func (w *Wire) notifyHandler(ctx context.Context) (lambda.Handler, error) {
	sender, err := w.sender(ctx)
	if err != nil {
		return nil, err
	}
	service := &notify.Service{
		Alerts: w.Findings(), Sender: sender, Now: w.options.Now, Zone: w.zone(), Clock: time.Now,
		Lease: contract.Timeout(contract.Notify), Log: w.options.Log,
	}
	return lambda.NewHandler(service.HandleBatch), nil
}

// sender is the best channel that is configured: a bot that edits its messages,
// an incoming webhook, or text.
func (w *Wire) sender(ctx context.Context) (notify.Sender, error) {
	var none secret.Reference
	var sender notify.Sender
	switch {
	case w.Config.Slack.Token != none:
		token, err := w.Secrets.Resolve(ctx, w.Config.Slack.Token)
		if err != nil {
			return nil, fmt.Errorf("resolve Slack's token: %w", err)
		}
		sender = slack.New(token, "", http.DefaultTransport, time.Now)
	case w.Config.Slack.Webhook != none:
		address, err := w.Secrets.Resolve(ctx, w.Config.Slack.Webhook)
		if err != nil {
			return nil, fmt.Errorf("resolve Slack's webhook: %w", err)
		}
		if sender, err = webhook.New(address, http.DefaultTransport); err != nil {
			return nil, err
		}
	case w.options.Console == nil:
		return console.NewLog(w.options.Log), nil
	default:
		return console.New(w.options.Console), nil
	}
	if w.options.Console != nil {
		sender = console.Echo(w.options.Console, sender)
	}
	return sender, nil
}
