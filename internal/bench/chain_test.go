package bench

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/local/emulator"
	"github.com/plumbline/plumbline/internal/metric"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/wire"
	"github.com/plumbline/plumbline/internal/wire/bundle"
)

const hashKey = "an invented key of hashes"

// chain is all functions on the way of a webhook, as they are deployed, over an
// account that counts what they take.
type chain struct {
	*world
	account  *account
	handlers map[string]lambda.Handler
	queues   map[string]string
	// gathered is when the archive last took what was gathered.
	gathered time.Time
}

func newChain(b testing.TB) *chain {
	b.Helper()
	c := &chain{world: newWorld(b)}
	cfg := emulator.ForTest(b).AWSConfig()
	made, err := local.Provision(b.Context(), cfg, local.Plan{Prefix: fmt.Sprintf("cost%d-", prefixes.Add(1))})
	if err != nil {
		b.Fatal(err)
	}
	c.queues = made.Queues
	c.account = &account{tables: cfg.HTTPClient, now: func() time.Time { return c.now }, queues: map[string][]message{}}
	cfg.HTTPClient = c.account
	env := made.Environ()
	maps.Copy(env, map[string]string{
		contract.StageVariable: "test", contract.RegistryVariable: "../../plumbline.yaml", contract.HashKeyVariable: "ssm:/plumbline/hash-key",
	})
	w, err := wire.New(wire.Options{
		Getenv: func(name string) string { return env[name] }, AWS: cfg, Now: c.account.now, Log: bundle.NewLog(c.account),
	})
	if err != nil {
		b.Fatal(err)
	}
	if c.handlers, err = w.Handlers(b.Context()); err != nil {
		b.Fatal(err)
	}
	for name, h := range c.handlers { // as they say what they do where they are deployed
		c.handlers[name] = bundle.Measured(h, c.account.now, w.Log.With(metric.FunctionField, name, metric.StageField, "prod"))
	}
	c.account.spent = spending{invocations: map[string]int{}, messages: map[string]int{}}
	return c
}

// run sends deliveries through the chain, in batches of at most the size, each
// step when its messages are due.
func (c *chain) run(b testing.TB, deliveries []delivery, size int) {
	b.Helper()
	for len(deliveries) > 0 {
		n := min(size, len(deliveries))
		for _, d := range deliveries[:n] {
			c.now = d.at
			c.receive(b, d)
		}
		deliveries = deliveries[n:]
		c.consume(b, contract.Observations, size)
		c.consume(b, contract.Looks, size)
		if window := archiving(); size == 1 && c.now.Sub(c.gathered) >= window {
			// A quiet hour fills no batch of the archive before its time is up.
			c.consume(b, contract.Merged, 1000)
			c.gathered = c.now
		}
	}
	// Whoever waits for its time still gets it.
	for range 4 {
		c.now = c.now.Add(15 * time.Minute)
		c.consume(b, contract.Looks, size)
	}
	c.consume(b, contract.Merged, 1000)
}

func (c *chain) receive(b testing.TB, d delivery) {
	secret, err := os.ReadFile(filepath.Join("../../events/day/secrets", d.system+".txt"))
	if err != nil {
		b.Fatal(err)
	}
	header := c.endpoints[d.system].Sign(
		platform.Sample{Topic: d.topic, ID: d.id, At: d.at, Body: []byte(d.body)}, platform.Secret(strings.TrimSpace(string(secret))))
	event := events.APIGatewayV2HTTPRequest{RawPath: "/hooks/" + d.system, Body: d.body, Headers: map[string]string{}}
	event.RequestContext.HTTP.Method = http.MethodPost
	for name := range header {
		event.Headers[name] = header.Get(name)
	}
	var answer events.APIGatewayV2HTTPResponse
	if err := json.Unmarshal(c.invoke(b, contract.Receive, 1, event), &answer); err != nil || answer.StatusCode != http.StatusOK {
		b.Fatalf("%s is answered %d, %v", d.id, answer.StatusCode, err)
	}
}

// consume hands what is due in a queue to its function.
func (c *chain) consume(b testing.TB, queue string, size int) {
	function := consumer(queue)
	for {
		bodies := c.account.due(c.queues[queue], size)
		if len(bodies) == 0 {
			return
		}
		var event events.SQSEvent
		for i, body := range bodies {
			event.Records = append(event.Records, events.SQSMessage{
				MessageId: fmt.Sprint(i), Body: body, Attributes: map[string]string{"ApproximateReceiveCount": "1"},
			})
		}
		if answer := c.invoke(b, function, len(bodies), event); string(answer) != `{"batchItemFailures":[]}` {
			b.Fatalf("%s answers %s", function, answer)
		}
	}
}

func consumer(queue string) string { return queueOf(queue).Consumer }

// archiving is how long the archive gathers.
func archiving() time.Duration { return queueOf(contract.Merged).Window }

func queueOf(name string) contract.Queue {
	for _, q := range contract.Queues() {
		if q.Name == name {
			return q
		}
	}
	return contract.Queue{}
}

func (c *chain) invoke(b testing.TB, function string, messages int, event any) []byte {
	payload, err := json.Marshal(event)
	if err != nil {
		b.Fatal(err)
	}
	answer, err := c.handlers[function].Invoke(b.Context(), payload)
	if err != nil {
		b.Fatalf("%s: %v", function, err)
	}
	c.account.spent.invocations[function]++
	c.account.spent.messages[function] += messages
	return answer
}
