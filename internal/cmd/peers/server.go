package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/all"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/receive"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/secret"
	usecase "github.com/plumbline/plumbline/internal/wire/receive"
)

// The servers that this program is, each in a process of its own.
const (
	servesPlumbline = "plumbline"
	servesSealed    = "sealed"
	servesFloor     = "floor"
)

// server serves until it is ended, and tells its port first. What was handed over
// last is at /last.
func server(ctx context.Context, name string, out io.Writer) error {
	debug.SetGCPercent(400) // as in the function
	mux := http.NewServeMux()
	switch name {
	case servesFloor:
		mux.HandleFunc("POST /", hashed)
	case servesPlumbline, servesSealed:
		h, err := newIngest(name == servesSealed)
		if err != nil {
			return err
		}
		mux.HandleFunc("POST /", h.receive)
		mux.HandleFunc("GET /last", h.handedOver)
	default:
		return fmt.Errorf("-serve: want %s, %s or %s", servesPlumbline, servesSealed, servesFloor)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Fprintln(out, listener.Addr().(*net.TCPAddr).Port)
	return (&http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}).Serve(listener)
}

// hashed is the floor: the body is read and hashed, as a signature wants it.
func hashed(w http.ResponseWriter, r *http.Request) {
	body, err := read(r)
	if err != nil {
		http.Error(w, "read body", http.StatusBadRequest)
		return
	}
	sum := sha256.Sum256(body)
	w.Header().Set("Content-Type", "text/plain")
	_, _ = w.Write(sum[:0]) // a sender that has left
}

// read reads a body into memory of its size.
func read(r *http.Request) ([]byte, error) {
	body := make([]byte, max(0, r.ContentLength))
	_, err := io.ReadFull(r.Body, body)
	return body, err
}

// ingest is Plumbline's use case over a queue in memory.
type ingest struct {
	service  *receive.Service
	registry *registry.Registry
	queue    chan queue.Envelope
	last     atomic.Pointer[queue.Envelope]
}

func newIngest(sealed bool) (*ingest, error) {
	r, problems := registry.Load("plumbline.yaml", all.Platforms(), time.Now())
	if r == nil {
		return nil, fmt.Errorf("read plumbline.yaml: %v", problems)
	}
	systems, err := usecase.Systems(r, []byte("an invented key of hashes"))
	if err != nil {
		return nil, err
	}
	i := &ingest{registry: r, queue: make(chan queue.Envelope, 1024)}
	seal := func(_ context.Context, e queue.Envelope) (string, error) {
		i.queue <- e
		return "", nil
	}
	if sealed {
		seal = func(ctx context.Context, e queue.Envelope) (string, error) {
			i.queue <- e
			return queue.Claims{}.Seal(ctx, e)
		}
	}
	i.service = &receive.Service{
		Systems: systems, Secrets: known{}, Observations: nowhere{}, Quarantine: nowhere{}, Fetches: nowhere{},
		Seal: seal, Generation: r.Generation, MaxBody: 1 << 20, Log: slog.New(slog.DiscardHandler),
	}
	go func() {
		for e := range i.queue {
			i.last.Store(&e)
		}
	}()
	return i, nil
}

// known knows the secret that the bodies are signed with.
type known struct{}

func (known) Resolve(context.Context, secret.Reference) (string, error) { return shopSecret, nil }

// nowhere takes messages that were handed over already.
type nowhere struct{}

func (nowhere) Send(context.Context, ...string) error { return nil }

// want is the order that is to be made of a body.
func (w *world) want(body []byte) (order, error) {
	reading, err := w.ingest.service.Read(commerce.Delivery{System: shopSystem, Topic: orderTopic, Received: time.Now(), Body: body})
	if err != nil {
		return order{}, err
	}
	return of(reading.Observations)
}

func (i *ingest) receive(w http.ResponseWriter, r *http.Request) {
	body, err := read(r)
	if err != nil {
		http.Error(w, "read body", http.StatusBadRequest)
		return
	}
	answer := i.service.Receive(r.Context(), strings.TrimPrefix(r.URL.Path, "/hooks/"), platform.Request{
		Method: r.Method, Header: r.Header, Query: r.URL.RawQuery, Body: body, Received: time.Now(),
	})
	w.WriteHeader(answer.Code())
}

// handedOver tells the order that was handed over last.
func (i *ingest) handedOver(w http.ResponseWriter, _ *http.Request) {
	e := i.last.Load()
	if e == nil {
		_, _ = io.WriteString(w, "null") // a caller that has left
		return
	}
	o, err := of(e.Observations)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_ = json.NewEncoder(w).Encode(o) // a caller that has left
}
