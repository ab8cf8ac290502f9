package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	awsconfig "github.com/aws/aws-sdk-go-v2/config"

	"github.com/plumbline/plumbline/internal/change"
	"github.com/plumbline/plumbline/internal/config"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/secret"
	"github.com/plumbline/plumbline/internal/signature"
	"github.com/plumbline/plumbline/internal/wire"
)

// changeCmd signs what was changed, and posts it.
type changeCmd struct {
	What        string    `arg:"" help:"What was changed, in a few words, such as \"deploy 2026.11.3\"."`
	System      string    `placeholder:"NAME" help:"The system that was changed; everything when neither is given."`
	Integration string    `placeholder:"NAME" help:"The integration that was changed."`
	ID          string    `name:"id" placeholder:"ID" help:"The same for the same change, such as the run's number; a new one when not given."`
	At          time.Time `placeholder:"TIME" help:"When, such as 2026-11-23T14:02:00Z; now when not given."`
	Link        string    `placeholder:"URL" help:"An https address that opens the run."`
	By          string    `placeholder:"NAME" help:"The pipeline or job, never a person."`
	URL         string    `name:"url" help:"Address of the front. Default: the stack that --data or --aws names."`
}

// Run tells.
func (k *changeCmd) Run(ctx context.Context, c *cli, out *output) error {
	now := time.Now()
	reg, err := wire.LoadRegistry(c.Registry, now)
	if err != nil {
		return err
	}
	body, err := k.body(reg, now)
	if err != nil {
		return err
	}
	key, err := changeKey(ctx, c, reg)
	if err != nil {
		return err
	}
	front, err := (&sendCmd{URL: k.URL}).front(ctx, c)
	if err != nil {
		return err
	}
	status, err := post(ctx, front+contract.ChangesPath, signature.SignWebhook(rand.Text(), now, body, key), body)
	if err != nil {
		return err
	}
	if status != http.StatusOK {
		out.line("answered %d %s", status, http.StatusText(status))
		return exitError(1)
	}
	out.line("Told: %s", k.What)
	return nil
}

// body is the change as it is posted, checked as it will be.
func (k *changeCmd) body(reg *registry.Registry, now time.Time) ([]byte, error) {
	one := change.Change{ID: k.ID, At: k.At, System: k.System, Integration: k.Integration, What: k.What, URL: k.Link, By: k.By}
	if one.ID == "" {
		one.ID = rand.Text()
	}
	if one.At.IsZero() {
		one.At = now
	}
	one.At = one.At.UTC().Truncate(time.Second)
	body, err := json.Marshal(one)
	if err != nil {
		return nil, fmt.Errorf("write change: %w", err)
	}
	known := change.Known{
		System:      func(name string) bool { _, ok := reg.Systems[name]; return ok },
		Integration: func(name string) bool { _, ok := reg.Integration(name); return ok },
	}
	_, err = change.Parse(body, now, known)
	return body, err
}

// changeKey is the first secret of the registry that signs changes.
func changeKey(ctx context.Context, c *cli, reg *registry.Registry) (signature.Key, error) {
	if len(reg.ChangeSecrets) == 0 {
		return nil, fmt.Errorf("%s lets nobody tell of changes: want changes: {secrets: [ssm:/name]}", c.Registry)
	}
	ref, err := secret.Parse(reg.ChangeSecrets[0])
	if err != nil {
		return nil, err
	}
	cfg, err := awsconfig.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("read AWS configuration: %w", err)
	}
	value, err := wire.NewSecrets(c.Registry, config.Environment, cfg).Resolve(ctx, ref)
	if err != nil {
		return nil, err
	}
	key := signature.WebhookKey(value)
	if len(key) == 0 {
		return nil, errors.New("the secret of changes is no Standard Webhooks secret: want whsec_ and base64")
	}
	return key, nil
}
