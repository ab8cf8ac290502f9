package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/runtimeapi"
)

// function is one that receives webhooks, and how its messages are read.
type function struct {
	runtimeapi.Function
	// queue is blank where it sends nothing.
	queue string
	read  func(text string) (order, []byte, error)
}

// functions are all that receive an order from the front and send it to a queue,
// and the floor, which does nothing.
func (w *world) functions(ctx context.Context, peers bool) ([]function, error) {
	all := []function{
		{Function: w.function(floorName, nil)},
		{Function: w.function(contract.Receive, nil), queue: w.resources.Queues[contract.Observations], read: readEnvelope},
	}
	all[1].Name = plumblineName
	if !peers {
		return all, nil
	}
	names := []string{goName, nodeName}
	if w.peers.python != "" {
		names = append(names, pythonName)
	}
	for i, name := range names {
		made, err := w.queues.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("peers-of-" + strconv.Itoa(i))})
		if err != nil {
			return nil, err
		}
		// Node's SDK sends to the host of the queue's address, which has no name here.
		_, path, _ := strings.Cut(strings.TrimPrefix(*made.QueueUrl, "http://"), "/")
		url := w.emulators.SQS + "/" + path
		all = append(all, function{
			Function: w.function(name, map[string]string{"QUEUE_URL": url, "SHOPIFY_SECRET": shopSecret}), queue: url, read: readMessage,
		})
	}
	return all, nil
}

// readEnvelope reads a message of Plumbline.
func readEnvelope(text string) (order, []byte, error) {
	e, err := queue.Decode(text)
	if err != nil {
		return order{}, nil, err
	}
	o, err := of(e.Observations)
	return o, e.Delivery.Body, err
}

// readMessage reads a message of the others.
func readMessage(text string) (order, []byte, error) {
	var m struct {
		Order order
		Body  string
	}
	err := json.Unmarshal([]byte(text), &m)
	return m.Order, []byte(m.Body), err
}

// front is the event of an order, as the HTTP API hands it over.
func front(body []byte, id string, now time.Time) ([]byte, error) {
	const path = "/hooks/" + shopSystem
	return json.Marshal(map[string]any{
		"version": "2.0", "routeKey": "POST /hooks/{system}", "rawPath": path, "rawQueryString": "",
		"headers": headers(sign(body), id), "pathParameters": map[string]string{"system": shopSystem},
		"requestContext": map[string]any{
			"accountId": "000000000000", "apiId": "local", "domainName": "hooks.acme.example", "domainPrefix": "hooks", "requestId": id,
			"routeKey": "POST /hooks/{system}", "stage": "$default", "timeEpoch": now.UnixMilli(),
			"http": map[string]string{"method": "POST", "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "Shopify-Captain-Hook"},
		},
		"body": string(body), "isBase64Encoded": false,
	})
}

// measureLambda hands orders to the built functions, one after the other, in one
// environment each.
func (w *world) measureLambda(ctx context.Context, s size) ([]Subject, error) {
	all, err := w.functions(ctx, s.peers)
	if err != nil {
		return nil, err
	}
	names, environments := make([]string, len(all)), make([]*runtimeapi.Environment, len(all))
	for i, f := range all {
		e := runtimeapi.New(f.Function)
		defer e.Close()
		names[i], environments[i] = f.Name, e
		if err := w.holdSent(ctx, f, e, w.bodies[i]); err != nil {
			return nil, fmt.Errorf("%s: %w: %s", f.Name, err, e.Logs())
		}
		if _, err := w.hand(ctx, e, s.events/warmup); err != nil {
			return nil, fmt.Errorf("%s: %w: %s", f.Name, err, e.Logs())
		}
	}
	return turns(s.rounds, names, func(i int) (map[string]float64, error) {
		measures, err := w.hand(ctx, environments[i], s.events)
		if err == nil && all[i].queue != "" {
			_, err = w.queues.PurgeQueue(ctx, &sqs.PurgeQueueInput{QueueUrl: &all[i].queue})
		}
		return measures, err
	})
}

// holdSent wants a function to send the order that the body tells of, and the body
// itself.
func (w *world) holdSent(ctx context.Context, f function, e *runtimeapi.Environment, body []byte) error {
	event, err := front(body, "first", time.Now())
	if err != nil {
		return err
	}
	if err := invoke(ctx, e, event); err != nil || f.queue == "" {
		return err
	}
	got, err := w.queues.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: &f.queue, WaitTimeSeconds: 5})
	if err != nil {
		return err
	}
	if len(got.Messages) != 1 {
		return errors.New("it answers with success and has sent nothing")
	}
	made, raw, err := f.read(*got.Messages[0].Body)
	if err != nil {
		return err
	}
	want, err := w.want(body)
	if err != nil {
		return err
	}
	if string(raw) != string(body) {
		return fmt.Errorf("%w: the body is not as it was signed", errUnequal)
	}
	return equal(made, want)
}

// invoke wants the answer that tells the sender of success.
func invoke(ctx context.Context, e *runtimeapi.Environment, event []byte) error {
	answer, err := e.Invoke(ctx, event)
	if err != nil {
		return err
	}
	var status struct{ StatusCode int }
	if err := json.Unmarshal(answer, &status); err != nil || status.StatusCode != http.StatusOK && status.StatusCode != 0 {
		return fmt.Errorf("answered %s", answer)
	}
	return nil
}

// hand hands so many orders to a function and measures its process.
func (w *world) hand(ctx context.Context, e *runtimeapi.Environment, events int) (map[string]float64, error) {
	all := make([][]byte, len(w.bodies))
	for i, body := range w.bodies {
		var err error
		if all[i], err = front(body, strconv.Itoa(i), time.Now()); err != nil {
			return nil, err
		}
	}
	before, err := cpuOf(e.PID())
	if err != nil {
		return nil, err
	}
	began := time.Now()
	times := make([]time.Duration, events)
	for n := range events {
		at := time.Now()
		if err := invoke(ctx, e, all[n%len(all)]); err != nil {
			return nil, err
		}
		times[n] = time.Since(at)
	}
	return spent(e.PID(), before, time.Since(began), times)
}
