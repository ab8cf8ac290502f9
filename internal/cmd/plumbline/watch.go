package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/plumbline/plumbline/internal/config"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/notify"
	"github.com/plumbline/plumbline/internal/notify/console"
	"github.com/plumbline/plumbline/internal/notify/webhook"
	"github.com/plumbline/plumbline/internal/secret"
	"github.com/plumbline/plumbline/internal/watch"
	"github.com/plumbline/plumbline/internal/wire"
)

// watchCmd watches a folder of export files.
type watchCmd struct {
	Dir string `arg:"" type:"existingdir" help:"Where the systems' export files are dropped."`

	Once     bool          `help:"Load what is new, tell, and end."`
	Every    time.Duration `default:"1m" help:"How often to look for new files."`
	State    string        `type:"path" placeholder:"DIR" help:"Where to keep what is known; DIR/.plumbline when not given."`
	Board    string        `type:"path" placeholder:"DIR" help:"Write the board's pages into this folder."`
	Accept   []string      `placeholder:"FILE" help:"Load this file although it is much shorter than the one before."`
	HandOver bool          `help:"Give all that is known to the stack that --data or --aws names, and end."`
}

// Run watches. With --once the exit code is 1 when a file was left, or an alert
// could not be shown.
func (k *watchCmd) Run(ctx context.Context, c *cli, out *output) error {
	if k.State == "" {
		k.State = filepath.Join(k.Dir, stateFolder)
	}
	if k.HandOver {
		return k.handOver(ctx, c, out)
	}
	lock, err := watch.Lock(k.State)
	if err != nil {
		return err
	}
	defer func() { _ = lock.Close() }() // it ends with the process at the latest
	service, err := k.service(ctx, c, out)
	if err != nil {
		return err
	}
	if k.Once {
		return k.once(ctx, service, out)
	}
	status := newTerminal(os.Stderr)
	for {
		r, err := service.Run(ctx)
		if ctx.Err() != nil {
			status.show("")
			return nil
		}
		if err != nil {
			return err
		}
		if len(r.Loaded)+r.Told > 0 || r.Untold != nil {
			status.show("")
			if err := answerWatch(out, r); err != nil {
				return err
			}
		}
		status.show(fmt.Sprintf("%s, %s left; Ctrl-C ends", counted(r.Active, "finding"), counted(len(r.Left), "file")))
		select {
		case <-ctx.Done():
			status.show("")
			return nil
		case <-time.After(k.Every):
		}
	}
}

// maxSettling is how often --once waits for files that are still written.
const maxSettling = 12

func (k *watchCmd) once(ctx context.Context, service *watch.Service, out *output) error {
	r, err := service.Run(ctx)
	for n := 0; err == nil && r.Unsettled > 0 && n < maxSettling; n++ {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(watch.Settled):
		}
		var next watch.Result
		next, err = service.Run(ctx)
		r = next.After(r)
	}
	if err != nil {
		return err
	}
	if err := answerWatch(out, r); err != nil {
		return err
	}
	if len(r.Left)+r.Unsettled > 0 || r.Untold != nil {
		return exitError(1)
	}
	return nil
}

func (k *watchCmd) service(ctx context.Context, c *cli, out *output) (*watch.Service, error) {
	r, err := wire.LoadRegistry(c.Registry, time.Now())
	if err != nil {
		return nil, err
	}
	out.zone = r.Zone()
	key, err := watchKey(k.State)
	if err != nil {
		return nil, err
	}
	shown := io.Writer(paragraphs{out})
	if out.json {
		shown = io.Discard
	}
	sender, err := watchSender(ctx, c, shown)
	if err != nil {
		return nil, err
	}
	accept := make([]string, 0, len(k.Accept))
	for _, name := range k.Accept {
		if inside, err := filepath.Rel(k.Dir, name); err == nil && !strings.HasPrefix(inside, "..") {
			name = inside
		}
		accept = append(accept, filepath.ToSlash(name))
	}
	s := &watch.Service{
		Registry: r, HashKey: key, Folder: k.Dir, State: k.State, Accept: accept, Sender: sender,
		Zone: r.Zone(), Now: time.Now, Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
	}
	if k.Board != "" {
		s.Pages = watch.Folder(k.Board)
	}
	return s, nil
}

// watchKey is the key of personal identifiers' hashes, which stays with the state.
func watchKey(state string) ([]byte, error) {
	if err := ensureHashKey(state); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(state, hashKeyFile))
	if err != nil {
		return nil, err
	}
	if _, err := hex.DecodeString(string(text)); err != nil {
		return nil, fmt.Errorf("%s: want the key as it was written", filepath.Join(state, hashKeyFile))
	}
	return text, nil
}

// watchSender shows alerts on the terminal, and in Slack where an incoming webhook
// is named: its address, or a reference of it.
func watchSender(ctx context.Context, c *cli, out io.Writer) (notify.Sender, error) {
	address := config.Environment(contract.SlackWebhookVariable)
	if address == "" {
		return console.New(out), nil
	}
	if !strings.HasPrefix(address, "https://") {
		ref, err := secret.Parse(address)
		if err == nil {
			address, err = wire.NewSecrets(c.Registry, config.Environment, aws.Config{}).Resolve(ctx, ref)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: want the address of an incoming webhook, or its reference: %w", contract.SlackWebhookVariable, err)
		}
	}
	sender, err := webhook.New(strings.TrimSpace(address), http.DefaultTransport)
	if err != nil {
		return nil, err
	}
	return console.Echo(out, sender), nil
}

// handOver gives what is known to a stack.
func (k *watchCmd) handOver(ctx context.Context, c *cli, out *output) (err error) {
	w, err := connect(ctx, c)
	if err != nil {
		return err
	}
	s, err := watch.Read(k.State)
	if err != nil {
		return err
	}
	handed, err := watch.HandOver(ctx, s, w.Registry, watch.Stack{Records: w.Records(), Findings: w.Findings()})
	if err != nil {
		return err
	}
	if out.json {
		return out.encode(handed)
	}
	out.line("%s (%d waived), %s, %s, %s of learnt settle times:\nthe stack has them under their ids. What it had already it kept.",
		counted(handed.Findings, "finding"), handed.Waived, counted(handed.Alerts, "alert"), counted(handed.Records, "record"), counted(handed.Learnt, "document"))
	return nil
}
