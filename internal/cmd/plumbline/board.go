package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/plumbline/plumbline/internal/board/web"
)

// boardCmd serves the board with the credentials of whoever calls it.
type boardCmd struct {
	Addr string `default:"127.0.0.1:8081" help:"Where to serve the pages; loopback only."`
}

// Run serves until it is interrupted.
func (k *boardCmd) Run(ctx context.Context, c *cli, out *output) error {
	if err := loopback(k.Addr); err != nil {
		return err
	}
	w, err := connect(ctx, c)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", k.Addr)
	if err != nil {
		return fmt.Errorf("serve the board: %w", err)
	}
	address := "http://" + listener.Addr().String() + "/"
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	server := &http.Server{Handler: web.Handler(w.Board(), log), ReadHeaderTimeout: 10 * time.Second}
	context.AfterFunc(ctx, func() { _ = server.Close() }) // nothing is under way that matters
	if out.json {
		err = out.encode(map[string]string{"address": address})
	} else {
		out.line("The board is on %s. Ctrl-C ends.", address)
	}
	if err != nil {
		return err
	}
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve the board: %w", err)
	}
	return nil
}
