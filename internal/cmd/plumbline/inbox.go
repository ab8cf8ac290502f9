package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/plumbline/plumbline/internal/contract"
)

var errNoAddress = errors.New("the system has no address: its platform delivers into a queue, so want no --url")

// deliver puts the body into the system's queue, as its platform would.
func (k *sendCmd) deliver(ctx context.Context, c *cli, out *output) error {
	if k.URL != "" {
		return errNoAddress
	}
	body, err := os.ReadFile(k.File)
	if err != nil {
		return err
	}
	w, err := connect(ctx, c)
	if err != nil {
		return err
	}
	name := contract.Inbox(k.System)
	if w.Getenv(contract.QueueVariable(name)) == "" {
		return fmt.Errorf("the stack has no queue %s: start or deploy it with this registry", name)
	}
	if err := w.Queue(name).Send(ctx, string(body)); err != nil {
		return fmt.Errorf("send into %s: %w", name, err)
	}
	out.line("%s has the message in its queue", k.System)
	return nil
}
