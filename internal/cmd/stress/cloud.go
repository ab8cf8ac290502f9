package main

import (
	"crypto/md5" //nolint:gosec // SQS answers with it
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"

	"github.com/plumbline/plumbline/internal/contract"
)

// cloud answers at once and keeps nothing but the last message that was sent to
// the queue of observations: its tables are empty, its queues take everything. A
// function that grows over it grows by itself.
type cloud struct {
	server *httptest.Server

	mu   sync.Mutex
	last string
}

func newCloud() *cloud {
	c := &cloud{}
	c.server = httptest.NewServer(c)
	return c
}

// environ is the environment that leads a function to the cloud.
func (c *cloud) environ() map[string]string {
	env := map[string]string{
		"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_SESSION_TOKEN": "local",
	}
	for _, service := range []string{"DYNAMODB", "SQS", "SNS", "S3", "SSM"} {
		env["AWS_ENDPOINT_URL_"+service] = c.server.URL
	}
	for _, table := range contract.Tables() {
		env[contract.TableVariable(table.Name)] = table.Name
	}
	for _, q := range contract.Queues() {
		env[contract.QueueVariable(q.Name)] = c.server.URL + "/000000000000/" + q.Name
	}
	for _, name := range contract.Topics() {
		env[contract.TopicVariable(name)] = "arn:aws:sns:us-east-1:000000000000:" + name
	}
	for _, name := range contract.Buckets() {
		env[contract.BucketVariable(name)] = name
	}
	return env
}

// sent is a call that sends one message or several.
type sent struct {
	QueueUrl, MessageBody string
	Entries               []struct{ Id, MessageBody string }
}

// taken is what SQS says of one message.
type taken struct {
	Id               string `json:",omitempty"`
	MessageId        string
	MD5OfMessageBody string
}

// ServeHTTP answers a call to any service.
func (c *cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the caller is gone
	}
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	switch operation {
	case "SendMessage", "SendMessageBatch":
		var call sent
		_ = json.Unmarshal(body, &call) // the sum of nothing is refused
		answer(w, c.take(call))
	case "BatchGetItem":
		answer(w, map[string]any{"Responses": struct{}{}, "UnprocessedKeys": struct{}{}})
	default:
		answer(w, struct{}{})
	}
}

func (c *cloud) take(call sent) any {
	all := []taken{}
	for _, e := range call.Entries {
		c.note(call.QueueUrl, e.MessageBody)
		all = append(all, taken{e.Id, "m", sum(e.MessageBody)})
	}
	if len(all) > 0 {
		return map[string]any{"Successful": all, "Failed": []string{}}
	}
	c.note(call.QueueUrl, call.MessageBody)
	return taken{MessageId: "m", MD5OfMessageBody: sum(call.MessageBody)}
}

func (c *cloud) note(url, body string) {
	if strings.HasSuffix(url, "/"+contract.Observations) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.last = body
	}
}

// observed is the last message to the queue of observations.
func (c *cloud) observed() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last
}

func sum(text string) string {
	digest := md5.Sum([]byte(text)) //nolint:gosec // see the import
	return hex.EncodeToString(digest[:])
}

func answer(w http.ResponseWriter, value any) {
	text, _ := json.Marshal(value) // maps and texts have a JSON form
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.Header().Set("X-Amz-Crc32", fmt.Sprint(crc32.ChecksumIEEE(text)))
	_, _ = w.Write(text) // a caller that is gone
}
