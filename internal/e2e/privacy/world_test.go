package privacy_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/plumbline/plumbline/internal/blob/s3blob"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/local/emulator"
	"github.com/plumbline/plumbline/internal/notify/slack/workspace"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/receive"
	"github.com/plumbline/plumbline/internal/wire"
)

var morning = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)

// The registry compares everything in which persons turn up: customers, orders
// with a company, refunds.
const registryFile = `
systems:
  shop: {platform: shopify, shop: acme.myshopify.com, secrets: ["env:SHOP_SECRET"], timezone: UTC, currency: USD, locations: {"1": east}, order_number: {match: '^#?(US\d+)$'}, admin_url: {customer: "https://shop.acme.example/customers/{native}"}}
  erp: {platform: standard, secrets: ["env:ERP_SECRET"], timezone: UTC, currency: USD, locations: {EAST: east}, order_number: {match: '^(US\d+)$', stores: {SHOP: shop}}, admin_url: {customer: "https://erp.acme.example/customers/{native}"}}
  crm: {platform: standard, secrets: ["env:ERP_SECRET"], timezone: UTC, currency: USD, order_number: {match: '^(US\d+)$', stores: {SHOP: shop}}}
keys: {inventory: sku@location, order: store/number, refund: store/number}
defaults: {mode: alert}
integrations:
  contacts:
    purpose: Customers from the shop to the CRM
    owner: {team: inventory-ops, slack: "#inventory-ops", person: dana@acme.example}
    deputy: {person: lee@acme.example}
    runbook: builtin
    on_failure: Import the customers by hand.
    from: shop
    to: erp
    rules:
      - {id: contact, kind: customer, expect: {country: from.country, orders: from.orders}, settle: 5m}
      - {id: one-customer, kind: customer, check: identity, settle: 5m}
      - {id: total, kind: order, expect: {total: from.total}, settle: 5m}
      - {id: refund, kind: refund, check: present, settle: 5m}
      - {id: stock, kind: inventory, expect: {free: from.available}, settle: 5m}
  companies:
    purpose: Companies of orders from the ERP to the CRM
    owner: {team: inventory-ops, slack: "#inventory-ops", person: dana@acme.example}
    deputy: {person: lee@acme.example}
    runbook: builtin
    on_failure: Send the list by hand.
    from: erp
    to: crm
    rules:
      - {id: company, kind: order, expect: {company: from.company}, settle: 5m}
`

// world is the whole of Plumbline on real emulators, with a Slack workspace, a
// log that keeps everything, and an ear at every topic.
type world struct {
	*local.Stack
	t     *testing.T
	wire  *wire.Wire
	slack *workspace.Workspace
	log   *printed
	// ears are queues that get what each topic publishes.
	ears map[string]string
	// lost makes merge fail on deliveries that are named so.
	lost atomic.Value
	// answers are the front's.
	answers bytes.Buffer
}

func newWorld(t *testing.T) *world {
	t.Helper()
	stack, err := local.Start(t.Context(), local.Options{
		Memory: true, Emulators: emulator.ForTest(t), Plan: local.Plan{Prefix: "privacy-", Visibility: time.Second},
		Clock: local.SteppedClock(morning),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stack.Close(); err != nil {
			t.Error(err)
		}
	})
	path := filepath.Join(t.TempDir(), "plumbline.yaml")
	if err := os.WriteFile(path, []byte(registryFile), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{
		contract.RegistryVariable: path, contract.HashKeyVariable: "env:HASH_KEY", "HASH_KEY": "a key for these tests",
		"SHOP_SECRET": "published-secret-of-the-shop", "ERP_SECRET": "whsec_cGx1bWJsaW5lIHRlc3Qga2V5IG9mIGFjbWU=",
		contract.SlackTokenVariable: "env:TOKEN", "TOKEN": workspace.Token,
		contract.SlackSigningVariable: "env:SIGNING", "SIGNING": "published test secret",
	}
	w := &world{Stack: stack, t: t, slack: workspace.New(t), log: &printed{}}
	w.lost.Store("nothing")
	w.wire, err = wire.New(wire.Options{
		Getenv: w.Getenv(func(name string) string { return env[name] }), AWS: w.AWSConfig(), Now: w.Clock().Now,
		Transport: toWorkspace{w.slack}, Log: slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	handlers, err := w.wire.Handlers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	handlers[contract.Merge] = failing{handlers[contract.Merge], w}
	w.listen()
	if err := w.Open(t.Context(), local.Service{Handlers: handlers, Address: "127.0.0.1:0"}); err != nil {
		t.Fatal(err)
	}
	return w
}

// failing is a function that fails on some deliveries.
type failing struct {
	lambda.Handler
	world *world
}

func (f failing) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	if bytes.Contains(payload, []byte(f.world.lost.Load().(string))) {
		return nil, errors.New("the function fails on this delivery")
	}
	return f.Handler.Invoke(ctx, payload)
}

// listen makes a queue that gets what a topic publishes, for each topic.
func (w *world) listen() {
	w.t.Helper()
	cfg := w.Emulators.AWSConfig()
	w.ears = map[string]string{}
	for _, topic := range contract.Topics() {
		name := "privacy-ear-" + topic
		queues := sqs.NewFromConfig(cfg)
		out, err := queues.CreateQueue(w.t.Context(), &sqs.CreateQueueInput{QueueName: &name})
		if err != nil {
			w.t.Fatal(err)
		}
		arn, err := queues.GetQueueAttributes(w.t.Context(), &sqs.GetQueueAttributesInput{
			QueueUrl: out.QueueUrl, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameQueueArn},
		})
		if err != nil {
			w.t.Fatal(err)
		}
		_, err = sns.NewFromConfig(cfg).Subscribe(w.t.Context(), &sns.SubscribeInput{
			TopicArn: aws.String(w.Resources.Topics[topic]), Protocol: aws.String("sqs"), Endpoint: aws.String(arn.Attributes["QueueArn"]),
		})
		if err != nil {
			w.t.Fatal(err)
		}
		w.ears[topic] = *out.QueueUrl
	}
}

// toWorkspace sends what is meant for Slack to a workspace.
type toWorkspace struct{ *workspace.Workspace }

func (w toWorkspace) RoundTrip(r *http.Request) (*http.Response, error) {
	method, ok := strings.CutPrefix(r.URL.String(), "https://slack.com/api/")
	if !ok {
		return nil, fmt.Errorf("a request to %s", r.URL.Host)
	}
	there, err := url.Parse(w.API() + method)
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.URL, r.Host = there, ""
	return http.DefaultTransport.RoundTrip(r)
}

const patience = time.Minute

func (w *world) advance(by time.Duration) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	if err := w.Advance(ctx, w.Clock().Now().Add(by)); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) receiver() *receive.Service {
	w.t.Helper()
	service, err := w.wire.Receive(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return service
}

// delivery is one request to the front.
type delivery struct {
	system, topic, id, query string
	header                   map[string]string
	body                     []byte
	// want is the status of the answer, 200 when zero.
	want int
}

// send signs a delivery as its platform would, and posts it.
func (w *world) send(d delivery) {
	w.t.Helper()
	one := w.receiver().Systems[d.system]
	secret, err := w.wire.Secrets.Resolve(w.t.Context(), one.Secrets[0])
	if err != nil {
		w.t.Fatal(err)
	}
	header := one.Endpoint.Sign(platform.Sample{Topic: d.topic, ID: d.id, At: w.Clock().Now(), Body: d.body}, platform.Secret(secret))
	for name, value := range d.header {
		header.Set(name, value)
	}
	w.post("/hooks/"+d.system+d.query, header, d)
}

func (w *world) post(path string, header http.Header, d delivery) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.Front()+path, bytes.NewReader(d.body))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header = header
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	if _, err := io.Copy(&w.answers, res.Body); err != nil {
		w.t.Fatal(err)
	}
	want := d.want
	if want == 0 {
		want = http.StatusOK
	}
	if res.StatusCode != want {
		w.t.Errorf("%s %s: answered %d, want %d", d.system, d.topic, res.StatusCode, want)
	}
	fmt.Fprintln(&w.answers, res.Header)
}

// claims are the messages that are too large for a queue.
func (w *world) claims() *s3blob.Store {
	return s3blob.Open(w.AWSConfig(), w.Resources.Buckets[contract.Claims])
}

// purge empties a queue.
func (w *world) purge(name string) {
	w.t.Helper()
	_, err := sqs.NewFromConfig(w.Emulators.AWSConfig()).PurgeQueue(w.t.Context(), &sqs.PurgeQueueInput{QueueUrl: aws.String(w.Resources.Queues[name])})
	if err != nil {
		w.t.Fatal(err)
	}
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
