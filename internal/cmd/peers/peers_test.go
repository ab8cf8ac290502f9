package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/plumbline/plumbline/internal/local/emulator"
	"github.com/plumbline/plumbline/internal/runtimeapi"
)

// TestMain runs in the repository's root, as the command does.
func TestMain(m *testing.M) {
	if err := os.Chdir("../../.."); err != nil {
		panic(err)
	}
	emulator.Main(m)
}

// Plumbline, the Go sample and the Node server read the same of the same orders.
func TestPeersMakeTheSameOfAnOrder(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel() // which ends the servers
	w := &world{dir: t.TempDir()}
	var err error
	if w.bodies, err = bodies(); err != nil {
		t.Fatal(err)
	}
	if w.ingest, err = newIngest(false); err != nil {
		t.Fatal(err)
	}
	if err := w.build(ctx, goName, "./internal/cmd/peers/peers/golang"); err != nil {
		t.Fatal(err)
	}
	set, err := nodeSet()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := set.Install(ctx, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	programs, err := emulator.Install(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	golang, err := serve(ctx, goName, "", filepath.Join(w.folder(goName), runtimeapi.Bootstrap), "-http")
	if err != nil {
		t.Fatal(err)
	}
	node, err := serve(ctx, nodeName, dir, programs.Node, "server.mjs")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.holdEqual(ctx, []served{golang, node}); err != nil {
		t.Error(err)
	}
}
