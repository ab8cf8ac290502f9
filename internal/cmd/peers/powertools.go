package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/plumbline/plumbline/internal/runtimeapi"
)

// counter stands before DynamoDB and adds up what requests consume. Powertools does
// not ask for it.
type counter struct {
	tables string

	mu                      sync.Mutex
	writes, reads, requests float64
}

// ServeHTTP passes a request on, and asks what it consumes. A refused write is
// charged as one unit.
func (c *counter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var in map[string]any
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, "read request", http.StatusBadRequest)
		return
	}
	in["ReturnConsumedCapacity"] = "TOTAL"
	body, err := json.Marshal(in)
	if err != nil {
		http.Error(w, "write request", http.StatusInternalServerError)
		return
	}
	req, err := http.NewRequestWithContext(r.Context(), http.MethodPost, c.tables, bytes.NewReader(body))
	if err != nil {
		http.Error(w, "make request", http.StatusInternalServerError)
		return
	}
	req.Header = r.Header.Clone()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		http.Error(w, "reach the tables", http.StatusBadGateway)
		return
	}
	answer, err := io.ReadAll(res.Body)
	_ = res.Body.Close() // it was read
	if err != nil {
		http.Error(w, "read answer", http.StatusBadGateway)
		return
	}
	c.count(r.Header.Get("X-Amz-Target"), res.StatusCode, answer)
	for name, values := range res.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(res.StatusCode)
	_, _ = w.Write(answer) // a caller that is gone
}

func (c *counter) count(target string, status int, answer []byte) {
	var out struct {
		ConsumedCapacity struct{ CapacityUnits float64 }
	}
	_ = json.Unmarshal(answer, &out) // a refusal says nothing of it
	consumed := out.ConsumedCapacity.CapacityUnits
	if status != http.StatusOK {
		consumed = 1
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.requests++
	if strings.HasSuffix(target, "GetItem") {
		c.reads += consumed
	} else {
		c.writes += consumed
	}
}

// idempotent is what the pattern of Powertools takes for the same observations, in
// batches of 10.
func (w *world) idempotent(ctx context.Context) (Subject, error) {
	s, err := w.newStock(ctx, 0, false) // for its reading; its tables stay as they are
	if err != nil {
		return Subject{}, err
	}
	traffic := healthy(s.available)
	if _, err := s.read(traffic); err != nil {
		return Subject{}, err
	}
	db := dynamodb.NewFromConfig(w.emulators.AWSConfig())
	const seen, state = "peers-idempotency", "peers-state"
	for _, name := range []string{seen, state} {
		if err := makeTable(ctx, db, name); err != nil {
			return Subject{}, err
		}
	}
	c := &counter{tables: w.emulators.DynamoDB}
	proxy := httptest.NewServer(c)
	defer proxy.Close()
	e := runtimeapi.New(w.function(powertools, map[string]string{
		"AWS_ENDPOINT_URL_DYNAMODB": proxy.URL, "IDEMPOTENCY_TABLE": seen, "STATE_TABLE": state,
	}))
	defer e.Close()
	var records []map[string]any
	for i, d := range traffic {
		for _, o := range s.envelopes[d.ID].Observations {
			facets := map[string]string{}
			for name, value := range o.Facets {
				facets[name] = value.String()
			}
			text, err := json.Marshal(map[string]any{"id": d.ID, "key": keptAs(o), "version": o.Version.String(), "facets": facets})
			if err != nil {
				return Subject{}, err
			}
			records = append(records, map[string]any{"messageId": fmt.Sprint(i), "eventSource": "aws:sqs", "body": string(text), "attributes": map[string]string{}})
		}
	}
	for batch := range slices.Chunk(records, inBatches) {
		event, err := json.Marshal(map[string]any{"Records": batch})
		if err != nil {
			return Subject{}, err
		}
		answer, err := e.Invoke(ctx, event)
		if err != nil || string(answer) != `{"batchItemFailures":[]}` {
			return Subject{}, fmt.Errorf("answered %s, %w: %s", answer, err, e.Logs())
		}
	}
	if err := holdState(ctx, db, state, s.newest(traffic)); err != nil {
		return Subject{}, err
	}
	return units(c.writes, c.reads, 0, c.requests, len(records)), nil
}

func makeTable(ctx context.Context, db *dynamodb.Client, name string) error {
	_, err := db.CreateTable(ctx, &dynamodb.CreateTableInput{
		TableName: &name, BillingMode: types.BillingModePayPerRequest,
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("id"), KeyType: types.KeyTypeHash}},
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("id"), AttributeType: types.ScalarAttributeTypeS}},
	})
	return err
}

// holdState wants the table to keep what every system said last.
func holdState(ctx context.Context, db *dynamodb.Client, table string, want map[string]string) error {
	out, err := db.Scan(ctx, &dynamodb.ScanInput{TableName: &table})
	if err != nil {
		return err
	}
	if len(out.Items) != len(want) {
		return fmt.Errorf("%d values are kept, want %d", len(out.Items), len(want))
	}
	for _, item := range out.Items {
		key, value := stringOf(item["id"]), stringOf(item["free"])
		if value == "" {
			value = stringOf(item["available"])
		}
		if value != want[key] {
			return fmt.Errorf("%w: of %s", errOlder, key)
		}
	}
	return nil
}

func stringOf(v types.AttributeValue) string {
	if s, ok := v.(*types.AttributeValueMemberS); ok {
		return s.Value
	}
	return ""
}
