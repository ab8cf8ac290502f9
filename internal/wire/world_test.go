package wire_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/wire"
)

var nine = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)

// erpSecret signs what the ERP sends: base64 of an invented key.
const erpSecret = "whsec_cGx1bWJsaW5lIHRlc3Qga2V5IG9mIGFjbWU="

const registryFile = `
systems:
  erp: {platform: standard, secrets: ["env:ERP_SECRET"], timezone: UTC, locations: {EAST: east}}
  shop: {platform: standard, secrets: ["env:SHOP_SECRET"], timezone: UTC, locations: {EAST: east}}
keys: {inventory: sku@location}
defaults: {mode: alert}
integrations:
  stock-to-storefront:
    purpose: Stock from the ERP to the shop
    owner: {team: inventory-ops, slack: "#inventory-ops", person: dana@acme.example, until: 2027-06-30}
    deputy: {person: lee@acme.example}
    runbook: https://wiki.acme.example/stock
    on_failure: Pause ads.
    from: erp
    to: shop
    rules:
      - {id: stock, kind: inventory, expect: {available: from.free}, settle: 5m}
`

// environment is what a deployment sets, and a registry on disk.
func environment(t *testing.T) map[string]string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "plumbline.yaml")
	if err := os.WriteFile(path, []byte(registryFile), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{
		contract.StageVariable: "test", contract.RegistryVariable: path, contract.HashKeyVariable: "env:HASH_KEY",
		"HASH_KEY": "an invented key", "ERP_SECRET": erpSecret, "SHOP_SECRET": erpSecret,
	}
	for _, table := range contract.Tables() {
		env[contract.TableVariable(table.Name)] = "plumbline-" + table.Name
	}
	for _, q := range contract.Queues() {
		env[contract.QueueVariable(q.Name)] = "https://sqs.eu-west-1.amazonaws.com/000000000000/" + q.Name
	}
	for _, name := range contract.Topics() {
		env[contract.TopicVariable(name)] = "arn:aws:sns:eu-west-1:000000000000:" + name
	}
	for _, name := range contract.Buckets() {
		env[contract.BucketVariable(name)] = "plumbline-" + name
	}
	return env
}

func build(t *testing.T, env map[string]string, c *cloud) (*wire.Wire, error) {
	t.Helper()
	return wire.New(wire.Options{
		Getenv: func(name string) string { return env[name] },
		AWS: aws.Config{
			Region: "eu-west-1", Credentials: credentials.NewStaticCredentialsProvider("id", "key", ""), HTTPClient: c, RetryMaxAttempts: 1,
		},
		Now: func() time.Time { return nine },
		Log: slog.New(slog.DiscardHandler),
	})
}

// handler is one function over a cloud.
func handler(t *testing.T, c *cloud, function string) func(event any) ([]byte, error) {
	t.Helper()
	w, err := build(t, environment(t), c)
	if err != nil {
		t.Fatal(err)
	}
	h, err := w.Handler(t.Context(), function)
	if err != nil {
		t.Fatal(err)
	}
	return func(event any) ([]byte, error) {
		payload, err := json.Marshal(event)
		if err != nil {
			t.Fatal(err)
		}
		return h.Invoke(context.Background(), payload)
	}
}

// cloud answers the requests of the SDK without a network: the queues take
// everything, the tables are empty and take everything.
type cloud struct {
	// broken is an operation that fails.
	broken string

	mu    sync.Mutex
	calls []sent
}

// sent is one request: its operation, the table, queue or bucket it was made to, and
// its body.
type sent struct{ operation, to, body string }

func (c *cloud) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	to := target(body)
	if operation == "" && r.Method == http.MethodPut {
		operation = "PutObject"
		to, _, _ = strings.Cut(r.URL.Path[1:], "/")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls = append(c.calls, sent{operation, to, string(body)})
	if operation == c.broken {
		return answer(http.StatusBadRequest, `{"__type":"com.amazonaws#AccessDeniedException"}`), nil
	}
	switch operation {
	case "SendMessageBatch":
		return answer(http.StatusOK, taken(body)), nil
	case "SendMessage":
		var m struct{ MessageBody string }
		err := json.Unmarshal(body, &m)
		return answer(http.StatusOK, fmt.Sprintf(`{"MessageId":"m","MD5OfMessageBody":%q}`, sum(m.MessageBody))), err
	case "BatchGetItem":
		return answer(http.StatusOK, `{"Responses":{},"UnprocessedKeys":{}}`), nil
	case "Query":
		return answer(http.StatusOK, `{"Items":[],"Count":0,"ScannedCount":0}`), nil
	case "PutObject":
		return answer(http.StatusOK, ""), nil
	case "GetItem", "PutItem", "UpdateItem", "DeleteItem":
		return answer(http.StatusOK, `{}`), nil
	default:
		return nil, fmt.Errorf("the test answers no %s to %s", operation, r.URL)
	}
}

// target is the table or queue of a request.
func target(body []byte) string {
	var m struct {
		TableName, QueueURL string
		RequestItems        map[string]json.RawMessage
	}
	_ = json.Unmarshal(bytes.ReplaceAll(body, []byte("QueueUrl"), []byte("QueueURL")), &m)
	for name := range m.RequestItems {
		return name
	}
	return m.TableName + m.QueueURL[strings.LastIndexByte(m.QueueURL, '/')+1:]
}

func taken(body []byte) string {
	type entry struct{ Id, MessageId, MD5OfMessageBody string }
	var m struct {
		Entries []struct{ Id, MessageBody string }
	}
	_ = json.Unmarshal(body, &m)
	successful := []entry{}
	for _, e := range m.Entries {
		successful = append(successful, entry{e.Id, "m", sum(e.MessageBody)})
	}
	text, _ := json.Marshal(map[string]any{"Successful": successful, "Failed": []string{}})
	return string(text)
}

// sum is the checksum that SQS answers with.
func sum(text string) string {
	digest := md5.Sum([]byte(text))
	return hex.EncodeToString(digest[:])
}

func answer(status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}}, Body: io.NopCloser(strings.NewReader(body)),
	}
}

// made counts the requests of an operation to a table or queue.
func (c *cloud) made(operation, to string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, s := range c.calls {
		if s.operation == operation && s.to == to {
			n++
		}
	}
	return n
}
