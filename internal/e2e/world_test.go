package e2e_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/receive"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/wire"
)

// world is a running stack with the product's own functions in it, under the
// demo registry.
type world struct {
	*local.Stack
	wire *wire.Wire
	// options are what its functions are built with.
	options wire.Options
	// console is what people are told, log what the operator is.
	console, log *printed
}

// begin starts a world.
func begin(ctx context.Context, o local.Options) (*world, error) {
	stack, err := local.Start(ctx, o)
	if err != nil {
		return nil, err
	}
	w := &world{Stack: stack, console: &printed{}, log: &printed{}}
	functions := wire.Options{
		Getenv: w.Getenv(environment), AWS: w.AWSConfig(), Now: w.Clock().Now, Console: w.console,
		Log: slog.New(slog.NewTextHandler(w.log, nil)),
	}
	if err := w.open(ctx, functions); err != nil {
		return nil, errors.Join(err, stack.Close())
	}
	return w, nil
}

// open lets the functions serve.
func (w *world) open(ctx context.Context, o wire.Options) error {
	w.options = o
	var err error
	if w.wire, err = wire.New(o); err != nil {
		return err
	}
	handlers, err := w.handlers(ctx, o)
	if err != nil {
		return err
	}
	return w.Open(ctx, local.Service{Handlers: handlers, Address: "127.0.0.1:0"})
}

// newWorld is a world that ends with the test.
func newWorld(t *testing.T, o local.Options) *world {
	t.Helper()
	w, err := begin(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Errorf("close the stack: %v", err)
		}
	})
	return w
}

// environment is that of the functions, beside what the stack tells them.
func environment(name string) string {
	switch name {
	case contract.RegistryVariable:
		return filepath.Join(root, "plumbline.yaml")
	case contract.HashKeyVariable:
		return "env:HASH_KEY"
	case "HASH_KEY":
		return "a key for these tests"
	default:
		return ""
	}
}

// patience bounds every wait for something that must happen.
const patience = 30 * time.Second

func (w *world) quiesce(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := w.Quiesce(ctx); err != nil {
		t.Fatal(err)
	}
}

func (w *world) advance(t *testing.T, by time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := w.Advance(ctx, w.Clock().Now().Add(by)); err != nil {
		t.Fatal(err)
	}
}

// sign makes the headers with which the system's platform would send the body
// now.
func (w *world) sign(t *testing.T, system, topic, id string, body []byte) http.Header {
	t.Helper()
	one := w.receiver(t).Systems[system]
	secret, err := w.wire.Secrets.Resolve(t.Context(), one.Secrets[0])
	if err != nil {
		t.Fatal(err)
	}
	header := one.Endpoint.Sign(platform.Sample{Topic: topic, ID: id, At: w.Clock().Now(), Body: body}, platform.Secret(secret))
	header.Set("Content-Type", "application/json")
	return header
}

func (w *world) receiver(t *testing.T) *receive.Service {
	t.Helper()
	service, err := w.wire.Receive(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return service
}

// call sends one request to the front and returns the status of the answer.
func (w *world) call(t *testing.T, method, system string, header http.Header, body []byte) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, w.Front()+"/hooks/"+system, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = header.Clone()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK && len(answer) > 100 {
		t.Errorf("answer %d says too much: %s", res.StatusCode, answer)
	}
	return res.StatusCode
}

// rows are the stored records by kind and key as people write them.
func (w *world) rows(ctx context.Context) (map[string]record.Row, error) {
	rows := map[string]record.Row{}
	err := w.wire.Records().Scan(ctx, "", func(r record.Row) error {
		rows[string(r.Kind)+" "+r.Key.Text(r.Kind)] = r
		return nil
	})
	return rows, err
}

func (w *world) mustRows(t *testing.T) map[string]record.Row {
	t.Helper()
	rows, err := w.rows(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// contents opens everything on a queue that nobody else reads, and leaves it
// there.
func contents(ctx context.Context, w *wire.Wire, name string) ([]queue.Envelope, error) {
	const all = 1 << 20
	var envelopes []queue.Envelope
	_, err := queue.Drain(ctx, w.Queue(name), all, func(m queue.Message) (bool, error) {
		e, err := w.Open(ctx, m.Body)
		envelopes = append(envelopes, e)
		return false, err
	})
	return envelopes, err
}

// archived is everything that was archived with its raw body and received within
// a day of the time.
func archived(ctx context.Context, w *wire.Wire, at time.Time) ([]queue.Envelope, error) {
	var envelopes []queue.Envelope
	for e, err := range w.Archive().Read(ctx, contract.DeliveryKeys, at.AddDate(0, 0, -1), at.AddDate(0, 0, 1), "") {
		if err != nil {
			return nil, err
		}
		envelopes = append(envelopes, e)
	}
	return envelopes, nil
}

// deadLetters counts what lies in each dead letter queue, by name.
func deadLetters(ctx context.Context, w *wire.Wire) (map[string]int, error) {
	counts := map[string]int{}
	for _, q := range contract.Queues() {
		if q.DeadLetter == "" {
			continue
		}
		visible, hidden, _, err := w.Queue(q.DeadLetter).Depth(ctx)
		if err != nil {
			return nil, err
		}
		counts[q.DeadLetter] = visible + hidden
	}
	return counts, nil
}

// printed collects what is written to it.
type printed struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (p *printed) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.b.Write(text)
}

func (p *printed) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.b.String()
}
