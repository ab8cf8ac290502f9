package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/local/emulator"
)

// counted passes events on to a function and counts how often each message came.
type counted struct {
	next lambda.Handler
	mu   sync.Mutex
	came map[string]int
}

func (c *counted) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	var event events.SQSEvent
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, err
	}
	c.mu.Lock()
	for _, m := range event.Records {
		c.came[m.Body]++
	}
	c.mu.Unlock()
	return c.next.Invoke(ctx, payload)
}

// kept takes messages and keeps them.
type kept struct{ bodies []string }

func (k *kept) Send(_ context.Context, bodies ...string) error {
	k.bodies = append(k.bodies, bodies...)
	return nil
}

func TestAPoisonedMessage_HarmsNoOther(t *testing.T) {
	t.Parallel()
	merge := &counted{came: map[string]int{}}
	w := newWorld(t, local.Options{
		Memory: true, Emulators: emulator.ForTest(t), Plan: local.Plan{Prefix: "poison-", Visibility: time.Second},
		Clock: local.SteppedClock(time.Date(2026, 3, 3, 17, 0, 0, 0, time.UTC)), Schedules: []contract.Schedule{},
	}, func(handlers map[string]lambda.Handler) {
		merge.next = handlers[contract.Merge]
		handlers[contract.Merge] = merge
	})
	const garbage, good = "{\"codec\": 1, not an envelope", 9
	var entries []types.SendMessageBatchRequestEntry
	for i, body := range append(sealed(t, w, good), garbage) {
		entries = append(entries, types.SendMessageBatchRequestEntry{Id: aws.String(strconv.Itoa(i)), MessageBody: aws.String(body)})
	}
	// Not the last of its batch.
	entries[3], entries[good] = entries[good], entries[3]
	sent, err := sqs.NewFromConfig(w.AWSConfig()).SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{
		QueueUrl: aws.String(w.Resources.Queues[contract.Observations]), Entries: entries,
	})
	if err != nil || len(sent.Failed) > 0 {
		t.Fatalf("%d of the messages were not sent, %v", len(sent.Failed), err)
	}
	w.quiesce(t)
	wantDead(t, w, map[string]int{contract.DeadLetters(contract.Observations): 1})
	batch, err := w.wire.Queue(contract.DeadLetters(contract.Observations)).Receive(t.Context(), 10, time.Second)
	if err != nil || len(batch) != 1 || batch[0].Body != garbage {
		t.Errorf("the dead letters hold %d messages and not the garbage, %v", len(batch), err)
	}
	if n := merge.came[garbage]; n != contract.MaxReceive {
		t.Errorf("the garbage was tried %d times, want %d", n, contract.MaxReceive)
	}
	rows := w.mustRows(t)
	for i := range good {
		if row := rows[fmt.Sprintf("inventory SKU-%d@east", i)]; len(row.Views) != 1 {
			t.Errorf("message %d was not applied", i)
		}
	}
	archived, err := contents(t.Context(), w.wire, contract.Archive)
	if err != nil || len(names(archived)) != good {
		t.Errorf("%d deliveries are in the archive, want %d, %v", len(names(archived)), good, err)
	}
}

// wantDead waits until the dead letters are as wanted: a message moves there
// when it would be received once more.
func wantDead(t *testing.T, w *world, want map[string]int) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for {
		got, err := deadLetters(t.Context(), w.wire)
		if err != nil {
			t.Fatal(err)
		}
		wrong := ""
		for name, n := range got {
			if n != want[name] {
				wrong += fmt.Sprintf(" %d in %s, want %d;", n, name, want[name])
			}
		}
		if wrong == "" {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("dead letters:", wrong)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// sealed are messages as receive queues them.
func sealed(t *testing.T, w *world, n int) []string {
	t.Helper()
	service := w.receiver(t)
	var queued kept
	service.Observations = &queued
	for i := range n {
		d := commerce.Delivery{
			ID: fmt.Sprintf("message-%d", i), System: "erp", Topic: "records.reported", Received: w.Clock().Now(),
			Body: stockReport(fmt.Sprintf("SKU-%d", i), "5", w.Clock().Now()),
		}
		if _, count, err := service.Accept(t.Context(), d); err != nil || count != 1 {
			t.Fatalf("read %d observations, %v", count, err)
		}
	}
	return queued.bodies
}
