package e2e_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/receive"
	"github.com/plumbline/plumbline/internal/signature"
	"github.com/plumbline/plumbline/internal/store/storetest"
)

// byLambda are the actions with which Lambda polls a function's own queue in its
// name.
var byLambda = []string{"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}

// TestEachFunction_DoesWhatItMayAndMayWhatItDoes: the functions run under what
// the synthesised policies allow; nothing is denied, and nothing is allowed that
// no test makes use of.
func TestEachFunction_DoesWhatItMayAndMayWhatItDoes(t *testing.T) {
	t.Parallel()
	undisturbedDay(t)
	beyondTheDay(t)
	askAll(t)
	for _, denied := range decided.denials() {
		t.Errorf("denied: %s", denied)
	}
	all, err := policies()
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range all {
		for _, r := range unused(p.rights(name)) {
			t.Errorf("allowed and never used: %s", r)
		}
	}
}

// ofAWS reports whether AWS itself makes use of a right in the function's name:
// Lambda writes its log and polls its queues, the parameter store decrypts.
func ofAWS(r right) bool {
	function, _, _ := strings.Cut(r.policy, " ")
	polls := slices.Contains(byLambda, r.action) && slices.ContainsFunc(contract.Queues(), func(q contract.Queue) bool {
		return q.Consumer == function && arn(contract.QueueKind, q.Name) == r.resource
	})
	return polls || strings.HasPrefix(r.action, "logs:") || r.action == "kms:Decrypt"
}

// beyondTheDay does what no delivery of the day makes the functions do.
func beyondTheDay(t *testing.T) {
	t.Helper()
	w := stepped(t, "access-")
	// Too large for a message, and nothing in it that could be compressed.
	body := fmt.Appendf(nil, `{"inventory_item_id":49148380001,"location_id":655441491,"available":5,"updated_at":%q,"note":"`,
		w.Clock().Now().Format(time.RFC3339))
	body = append(body, noise(contract.MaxBody-len(body)-2)...)
	body = append(body, `"}`...)
	header := w.sign(t, "shopify-us", "inventory_levels/update", "large", body)
	if got := w.call(t, http.MethodPost, "shopify-us", header, body); got != http.StatusOK {
		t.Fatalf("a large delivery is answered %d", got)
	}
	body = []byte(`{"shop_domain":"acme.myshopify.com","customer":{"id":7123000000001,"email":"robin@acme.example"},"orders_to_redact":[]}`)
	header = w.sign(t, "shopify-us", "customers/redact", "redact", body)
	if got := w.call(t, http.MethodPost, "shopify-us", header, body); got != http.StatusOK {
		t.Fatalf("a request to forget is answered %d", got)
	}
	w.quiesce(t)
	// Not read at first, and read when it comes back.
	service := w.receiver(t)
	erp := service.Systems["erp"]
	service.Systems["erp"] = receive.System{Endpoint: broken{Endpoint: erp.Endpoint, refuses: "records.reported"}, Secrets: erp.Secrets}
	body = stockReport("LATER", "5", w.Clock().Now())
	service.Receive(t.Context(), "erp", platform.Request{
		Method: http.MethodPost, Header: w.sign(t, "erp", "", "later", body), Body: body, Received: w.Clock().Now(),
	})
	w.quiesce(t)
	if back := bringBack(t, w, w.receiver(t)); back != 1 {
		t.Fatalf("%d deliveries came back, want 1", back)
	}
	w.export(t, "stock.csv", stockExport(map[string]int{"MUG-A": 10}), nil)
	press(t, w)
	snooze(t, w)
	reshape(t, w)
	move(t, w)
	deploy(t, w)
	forget(t, w)
	tell(t, w)
	outlive(t, w)
}

// deploy tells of a change as a pipeline does, twice.
func deploy(t *testing.T, w *world) {
	t.Helper()
	now := w.Clock().Now()
	body := fmt.Appendf(nil, `{"id":"run-1","at":%q,"system":"erp","what":"deploy stock job 2026.3"}`, now.Format(time.RFC3339))
	for range 2 {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.Front()+contract.ChangesPath, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header = w.sign(t, "erp", "", "change", body)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if err := res.Body.Close(); err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("the change is answered %d, %v", res.StatusCode, err)
		}
	}
	w.quiesce(t)
	changes, err := w.wire.Drift().Changes(t.Context(), now.Add(-time.Minute), now)
	if err != nil || len(changes) != 1 || changes[0].What != "deploy stock job 2026.3" {
		t.Errorf("kept %+v, %v", changes, err)
	}
}

// snooze takes a decision that ends by itself.
func snooze(t *testing.T, w *world) {
	t.Helper()
	now := w.Clock().Now()
	body, err := queue.EncodeDecision(queue.Decision{Alert: "a-1", Decision: finding.Decision{
		ID: "snooze", Action: finding.Snooze, By: "dana", At: now, Until: now.Add(time.Hour),
	}})
	if err == nil {
		err = w.wire.Queue(contract.Decisions).Send(t.Context(), body)
	}
	if err != nil {
		t.Fatal(err)
	}
	w.quiesce(t)
}

// reshape lets the warehouse leave out a field that it always sent.
func reshape(t *testing.T, w *world) {
	t.Helper()
	for i := range 45 {
		created := `"created_at":"2026-03-01T09:00:00Z",`
		switch {
		case i == 30:
			w.advance(t, 2*time.Minute) // what comes at once is looked at in any order
			fallthrough
		case i > 30:
			created = ""
		}
		body := fmt.Appendf(nil, `{"type":"records.reported","timestamp":%q,"records":[`+
			`{"kind":"product","key":{"sku":"S-%d"},%s"facets":{"status":"active"}}]}`, w.Clock().Now().Format(time.RFC3339), i, created)
		if got := w.call(t, http.MethodPost, "wms", w.sign(t, "wms", "", fmt.Sprint("shape-", i), body), body); got != http.StatusOK {
			t.Fatalf("the report is answered %d", got)
		}
	}
	w.advance(t, 2*time.Minute)
}

// move has a shop write in another version of its API than before.
func move(t *testing.T, w *world) {
	t.Helper()
	began := w.Clock().Now()
	for i, version := range []string{"2026-01", "2026-04"} {
		body := fmt.Appendf(nil, `{"inventory_item_id":49148380001,"location_id":655441491,"available":%d,"updated_at":%q}`,
			7+i, w.Clock().Now().Format(time.RFC3339))
		header := w.sign(t, "shopify-us", "inventory_levels/update", "in-"+version, body)
		header.Set("X-Shopify-Api-Version", version)
		if got := w.call(t, http.MethodPost, "shopify-us", header, body); got != http.StatusOK {
			t.Fatalf("a delivery in version %s is answered %d", version, got)
		}
		w.advance(t, 6*time.Minute) // until it is archived
	}
	changes, err := w.wire.Drift().Changes(t.Context(), began, w.Clock().Now())
	if err != nil || len(changes) != 1 || changes[0].What != "webhooks in version 2026-04 of its API, before in 2026-01" {
		t.Errorf("kept %+v, %v", changes, err)
	}
}

// press acknowledges an alert as a button in Slack does.
func press(t *testing.T, w *world) {
	t.Helper()
	f := storetest.Finding("0123456789ab")
	a := alert.Alert{
		ID: "a-1", Integration: f.Integration, Rule: f.Rule, Class: f.Class, Kind: f.Kind, Opened: f.Opened, Seq: 1, Published: 1, Shown: 1,
		Members: []alert.Member{{Finding: f.ID, Key: f.Key.Text(f.Kind), State: f.State, Since: f.Since, Opened: f.Opened, Joined: 1, Changed: 1}},
	}
	if err := errors.Join(w.wire.Findings().PutFinding(t.Context(), f), w.wire.Findings().PutAlert(t.Context(), a)); err != nil {
		t.Fatal(err)
	}
	body := []byte(url.Values{"payload": {`{"type":"block_actions","user":{"id":"U024BE7LH"},"channel":{"id":"C1"},` +
		`"actions":[{"action_id":"acknowledge","block_id":"a-1"}]}`}}.Encode())
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.Front()+"/slack", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = signature.SignSlack(w.Clock().Now(), body, signature.Key(secretValue))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("the button is answered %d", res.StatusCode)
	}
	w.quiesce(t)
	if a, err := w.wire.Findings().GetAlert(t.Context(), "a-1"); err != nil || a.Taken.By != "U024BE7LH" {
		t.Fatalf("the alert is taken by %q, %v: %s", a.Taken.By, err, w.log)
	}
}

func TestPolicies_RefuseWhatTheyDoNotAllow(t *testing.T) {
	t.Parallel()
	item := func(pk string) map[string]types.AttributeValue {
		return map[string]types.AttributeValue{contract.PK: &types.AttributeValueMemberS{Value: pk}}
	}
	for name, c := range map[string]struct {
		function, operation string
		input               any
		code                string
	}{
		"an action":      {contract.Merge, "DeleteItem", &dynamodb.DeleteItemInput{TableName: aws.String("records"), Key: item("r")}, "AccessDeniedException"},
		"a table":        {contract.Notify, "GetItem", &dynamodb.GetItemInput{TableName: aws.String("records"), Key: item("r")}, "AccessDeniedException"},
		"an item":        {contract.Notify, "PutItem", &dynamodb.PutItemInput{TableName: aws.String("findings"), Item: item("finding|f")}, "AccessDeniedException"},
		"one of several": {contract.Fetch, "BatchGetItem", &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{"findings": {Keys: []map[string]types.AttributeValue{item("mark|m"), item("alert|a")}}}}, "AccessDeniedException"},
		"an index":       {contract.Merge, "Query", &dynamodb.QueryInput{TableName: aws.String("records"), IndexName: aws.String(contract.DueIndex)}, "AccessDeniedException"},
		"a queue":        {contract.Receive, "SendMessage", &sqs.SendMessageInput{QueueUrl: aws.String("merged")}, "AccessDenied"},
		"a topic":        {contract.Drift, "Publish", &sns.PublishInput{TopicArn: aws.String("mail")}, "AuthorizationError"},
		"an object":      {contract.Load, "GetObject", &s3.GetObjectInput{Bucket: aws.String("exports"), Key: aws.String("other/stock.csv")}, "AccessDenied"},
		"a bucket":       {contract.Archive, "GetObject", &s3.GetObjectInput{Bucket: aws.String("board"), Key: aws.String("board/index.html")}, "AccessDenied"},
		"another API":    {contract.Drift, "DeleteTable", &dynamodb.DeleteTableInput{TableName: aws.String("records")}, "AccessDenied"},
	} {
		var own ledger
		var err error
		for _, r := range understood(c.operation, c.input, local.Resources{}) {
			if denied := own.decide(c.function, r); denied != nil {
				err = refusal(denied, c.input)
			}
		}
		var refused smithy.APIError
		if !errors.As(err, &refused) || refused.ErrorCode() != c.code || !strings.Contains(refused.ErrorMessage(), "is not authorized to perform: ") {
			t.Errorf("%s: %s gets %v, want %s", name, c.function, err, c.code)
		}
		if len(own.denials()) == 0 {
			t.Errorf("%s: the ledger does not know of it", name)
		}
	}
}
