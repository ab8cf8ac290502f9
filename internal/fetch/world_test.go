package fetch_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/fetch"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/queue/memqueue"
	"github.com/plumbline/plumbline/internal/receive"
	"github.com/plumbline/plumbline/internal/secret"
	"github.com/plumbline/plumbline/internal/store/memory"
)

var nine = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)

// host is a name that the certificate of test servers is good for.
const host = "example.com"

var credential = secret.Reference{Store: secret.SSM, Name: "/acme/erp-api"}

// world is what a deployment has: any number of services share it.
type world struct {
	erp *erp
	// endpoint is asked instead of erp, when it is set, and pull says how.
	endpoint                              platform.Endpoint
	pull                                  *fetch.Pull
	sweeps                                *fetch.Sweeps
	paces                                 *memory.Paces
	marks                                 *memory.Findings
	observations, quarantine, asked, dead *memqueue.Queue
	secrets                               secrets
	log                                   *bytes.Buffer
	transport                             http.RoundTripper
	now                                   func() time.Time
	trip                                  func(call string) error
	// told is what owners were told.
	told []string
}

func newWorld() *world {
	clock := func() time.Time { return nine }
	w := &world{
		erp: &erp{pace: platform.Pace{Every: time.Microsecond, Burst: 1000}}, paces: &memory.Paces{}, marks: &memory.Findings{},
		secrets: secrets{credential: "the-stored-credential"}, log: &bytes.Buffer{}, now: clock,
		trip: func(string) error { return nil },
	}
	q := func() *memqueue.Queue {
		return memqueue.New(memqueue.Options{Now: func() time.Time { return w.now() }, Visibility: 6 * time.Minute})
	}
	w.observations, w.quarantine, w.asked, w.dead = q(), q(), q(), q()
	return w
}

// service is one Lambda of the deployment.
func (w *world) service() *fetch.Service {
	log := slog.New(slog.NewJSONHandler(&locked{w: w.log}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var endpoint platform.Endpoint = w.erp
	if w.endpoint != nil {
		endpoint = w.endpoint
	}
	taker := &receive.Service{
		Systems:      map[string]receive.System{"erp": {Endpoint: endpoint}},
		Observations: tripping{w, "observe", w.observations}, Quarantine: tripping{w, "quarantine", w.quarantine},
		Seal: func(_ context.Context, e queue.Envelope) (string, error) { return queue.Encode(e) },
		Log:  log,
	}
	return &fetch.Service{
		Systems:    map[string]fetch.System{"erp": {Endpoint: endpoint, Credential: credential, Pull: w.pull}},
		Deliveries: taker, Secrets: w.secrets, Paces: w.paces, Marks: trippingMarks{w, w.marks},
		Fetches: tripping{w, "ask", w.asked}, Dead: tripping{w, "bury", w.dead},
		Sweeps: w.sweeps, Transport: trippingCalls{w}, Now: w.now, Chance: func(int64) int64 { return 0 }, Log: log,
	}
}

// serve lets the host be a server on the loopback that answers with the handler.
func (w *world) serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewTLSServer(h)
	t.Cleanup(s.Close)
	w.transport = &http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, s.Listener.Addr().String())
		},
		TLSClientConfig:    &tls.Config{RootCAs: s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs},
		DisableCompression: true,
	}
	return s
}

// fetch gives one service a message for each target, and returns how many
// messages failed.
func (w *world) fetch(t *testing.T, s *fetch.Service, targets ...string) int {
	t.Helper()
	var messages []fetch.Message
	for i, target := range targets {
		messages = append(messages, fetch.Message{ID: fmt.Sprint(i), Body: message(t, queue.Fetch{
			System: "erp", Fetch: order(target), Cause: "d-1", Received: nine.Add(-time.Second),
		})})
	}
	return len(s.Fetch(t.Context(), messages))
}

func order(target string) platform.Fetch {
	return platform.Fetch{Topic: "orders/fetched", Target: target}
}

func message(t *testing.T, f queue.Fetch) string {
	t.Helper()
	body, err := queue.EncodeFetch(f)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// taken takes everything off a queue of deliveries.
func taken(t *testing.T, q *memqueue.Queue) []queue.Envelope {
	t.Helper()
	var all []queue.Envelope
	for _, m := range drain(t, q) {
		e, err := queue.Decode(m)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

// waiting takes everything off a queue of fetches that is visible by the time.
func waiting(t *testing.T, q *memqueue.Queue) []queue.Fetch {
	t.Helper()
	var all []queue.Fetch
	for _, m := range drain(t, q) {
		f, err := queue.DecodeFetch(m)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, f)
	}
	return all
}

func drain(t *testing.T, q *memqueue.Queue) []string {
	t.Helper()
	var all []string
	for {
		messages, err := q.Receive(context.Background(), 10, 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(messages) == 0 {
			return all
		}
		for _, m := range messages {
			all = append(all, m.Body)
		}
		if err := q.Delete(context.Background(), messages...); err != nil {
			t.Fatal(err)
		}
	}
}

func length(t *testing.T, q *memqueue.Queue) int {
	t.Helper()
	visible, inFlight, delayed, err := q.Depth(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return visible + inFlight + delayed
}

// locked keeps goroutines from writing over each other.
type locked struct {
	w *bytes.Buffer
}

var logLock sync.Mutex

func (l *locked) Write(p []byte) (int, error) {
	logLock.Lock()
	defer logLock.Unlock()
	return l.w.Write(p)
}

type secrets map[secret.Reference]string

func (s secrets) Resolve(_ context.Context, ref secret.Reference) (string, error) {
	if value, ok := s[ref]; ok {
		return value, nil
	}
	return "", fmt.Errorf("resolve %s: %w", ref, secret.ErrUnavailable)
}

// erp is a system whose deliveries are thin.
type erp struct {
	pace   platform.Pace
	renews bool
	chores []platform.Chore
}

func (*erp) Verify(platform.Request, []platform.Secret) error  { return nil }
func (*erp) Identify(platform.Request) (topic, id string)      { return "", "" }
func (*erp) Headers() []string                                 { return nil }
func (*erp) Sign(platform.Sample, platform.Secret) http.Header { return nil }
func (*erp) Hosts() []string                                   { return []string{host} }
func (e *erp) Pace() platform.Pace                             { return e.pace }
func (e *erp) Chores() []platform.Chore                        { return e.chores }

func (*erp) Request(f platform.Fetch, token platform.Secret) (*http.Request, error) {
	address := "https://" + host + "/" + f.Target
	if strings.Contains(f.Target, "://") {
		address = f.Target
	}
	if f.Target == "panic" {
		panic(string(token))
	}
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, address, nil)
	if err != nil {
		return nil, &platform.BodyError{Where: "target", Want: "a path"}
	}
	req.Header.Set("Authorization", "Bearer "+string(token))
	req.Header.Set("Accept", "application/json")
	return req, nil
}

func (e *erp) Token(credential platform.Secret) (*http.Request, error) {
	if !e.renews {
		return nil, nil
	}
	return http.NewRequestWithContext(context.Background(), http.MethodPost, "https://"+host+"/token", strings.NewReader(string(credential)))
}

func (*erp) ReadToken(body []byte) (platform.Secret, time.Duration, error) {
	var m struct {
		Token   string `json:"token"`
		Seconds int    `json:"seconds"`
	}
	if err := json.Unmarshal(body, &m); err != nil || m.Token == "" {
		return "", 0, errors.New("no token in " + string(body))
	}
	return platform.Secret(m.Token), time.Duration(m.Seconds) * time.Second, nil
}

// Normalise reads {"id":"250","units":3} and {"list":["orders/1"],"next":"orders?page=2"}.
func (*erp) Normalise(d commerce.Delivery) (platform.Reading, error) {
	o := commerce.Observation{System: d.System, Kind: commerce.Inventory, Part: "level", Slot: "1"}
	if d.Header[platform.StatusHeader] == "404" {
		o.Native = strings.TrimPrefix(d.Header[platform.FetchedHeader], "orders/")
		o.Key, o.Gone = commerce.Key{o.Native, "east"}, true
		o.Stamp(commerce.VersionParts{Clock: d.Received, ReadBack: true})
		return platform.Reading{Observations: []commerce.Observation{o}}, nil
	}
	var m struct {
		ID    string   `json:"id"`
		Units int64    `json:"units"`
		List  []string `json:"list"`
		Next  string   `json:"next"`
	}
	if err := json.Unmarshal(d.Body, &m); err != nil {
		return platform.Reading{}, &platform.BodyError{Where: "body", Want: "JSON"}
	}
	if d.Topic == "orders/listed" {
		r := platform.Reading{Ignored: "a list"}
		for _, target := range m.List {
			r.Fetch = append(r.Fetch, order(target))
		}
		if m.Next != "" {
			r.Fetch = append(r.Fetch, platform.Fetch{Topic: d.Topic, Target: m.Next})
		}
		return r, nil
	}
	if d.Header[platform.FetchedHeader] != "orders/"+m.ID {
		return platform.Reading{}, &platform.BodyError{Where: "id", Want: "the id that was asked for"}
	}
	o.Native, o.Key = m.ID, commerce.Key{m.ID, "east"}
	o.Facets = commerce.Facets{"available": commerce.Number(commerce.Int(m.Units))}
	o.Stamp(commerce.VersionParts{Clock: d.Received, ReadBack: true})
	return platform.Reading{Observations: []commerce.Observation{o}}, nil
}

// tripping is a queue that the world may make fail.
type tripping struct {
	w    *world
	name string
	*memqueue.Queue
}

func (q tripping) Send(ctx context.Context, bodies ...string) error {
	if err := q.w.trip(q.name); err != nil {
		return err
	}
	return q.w.after(q.name, q.Queue.Send(ctx, bodies...))
}

func (q tripping) SendAfter(ctx context.Context, delay time.Duration, body string) error {
	if err := q.w.trip(q.name); err != nil {
		return err
	}
	return q.w.after(q.name, q.Queue.SendAfter(ctx, delay, body))
}

func (w *world) after(name string, err error) error {
	if err != nil {
		return err
	}
	return w.trip(name + ", done")
}

type trippingMarks struct {
	w *world
	*memory.Findings
}

func (m trippingMarks) LatestMark(ctx context.Context, name string, at time.Time) error {
	if err := m.w.trip("mark"); err != nil {
		return err
	}
	return m.w.after("mark", m.Findings.LatestMark(ctx, name, at))
}

func (m trippingMarks) GetMarks(ctx context.Context, names []string) (map[string]time.Time, error) {
	if err := m.w.trip("read marks"); err != nil {
		return nil, err
	}
	return m.Findings.GetMarks(ctx, names)
}

func (m trippingMarks) DeleteMark(ctx context.Context, name string) error {
	if err := m.w.trip("delete mark"); err != nil {
		return err
	}
	return m.w.after("delete mark", m.Findings.DeleteMark(ctx, name))
}

type trippingCalls struct{ w *world }

func (c trippingCalls) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := c.w.trip("call"); err != nil {
		return nil, err
	}
	return c.w.transport.RoundTrip(r)
}
