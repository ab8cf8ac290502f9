package wire_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/queue"
)

// observed is the message of a delivery that reports stock.
func observed(t *testing.T, id, receives string) events.SQSMessage {
	t.Helper()
	o := commerce.Observation{
		System: "erp", Kind: commerce.Inventory, Key: commerce.Key{"MUG-BLU", "east"}, Part: "inventory", Native: "1", Slot: "EAST",
		Facets: commerce.Facets{"free": commerce.Number(commerce.Int(12))},
	}
	o.Stamp(commerce.VersionParts{Clock: nine})
	body, err := queue.Encode(queue.Envelope{
		Delivery: commerce.Delivery{ID: "d-1", System: "erp", Received: nine}, Observations: []commerce.Observation{o},
	})
	if err != nil {
		t.Fatal(err)
	}
	return events.SQSMessage{MessageId: id, Body: body, Attributes: map[string]string{"ApproximateReceiveCount": receives}}
}

func TestMerge_ReturnsExactlyTheMessagesThatFailed(t *testing.T) {
	c := &cloud{}
	batch := events.SQSEvent{Records: []events.SQSMessage{observed(t, "good", "1"), {MessageId: "poison", Body: "{"}}}
	answer, err := handler(t, c, contract.Merge)(batch)
	if want := `{"batchItemFailures":[{"itemIdentifier":"poison"}]}`; err != nil || string(answer) != want {
		t.Errorf("%s, %v; want %s", answer, err, want)
	}
	if c.made("PutItem", "plumbline-records") != 1 || c.made("SendMessageBatch", contract.Merged) != 1 {
		t.Errorf("requests %v, want the good row written and archived", c.calls)
	}
}

func TestMerge_NothingFailedIsAnEmptyList(t *testing.T) {
	answer, err := handler(t, &cloud{}, contract.Merge)(events.SQSEvent{Records: []events.SQSMessage{observed(t, "good", "1")}})
	if want := `{"batchItemFailures":[]}`; err != nil || string(answer) != want {
		t.Errorf("%s, %v; want %s: anything else makes the service try the whole batch again", answer, err, want)
	}
}

func TestMerge_KnowsWhichTryIsTheLast(t *testing.T) {
	for receives, noted := range map[string]bool{"1": false, "4": false, "5": true, "": false} {
		c := &cloud{broken: "GetItem"}
		if _, err := handler(t, c, contract.Merge)(events.SQSEvent{Records: []events.SQSMessage{observed(t, "m", receives)}}); err != nil {
			t.Fatal(err)
		}
		unread := 0
		for _, s := range c.calls {
			if s.operation == "PutItem" && strings.Contains(s.body, "unread|erp") {
				unread++
			}
		}
		if noted != (unread == 1) {
			t.Errorf("received %q times: noted %d times, want it noted %t", receives, unread, noted)
		}
	}
}

func TestDrift_TellsTheScheduleFromTheQueue(t *testing.T) {
	look := func(id, body string) events.SQSEvent {
		return events.SQSEvent{Records: []events.SQSMessage{{MessageId: id, Body: body, EventSource: "aws:sqs"}}}
	}
	asked := queue.EncodeLook(queue.Look{Kind: commerce.Inventory, Key: commerce.Key{"MUG-BLU", "east"}, Due: nine})
	schedule := map[string]any{"version": "0", "source": "aws.events", "detail-type": "Scheduled Event", "detail": map[string]any{}}
	for _, c := range []struct {
		name          string
		event         any
		answer        string
		ticks, looked bool
	}{
		{"the schedule", schedule, "{}", true, false},
		{"the local clock", struct{}{}, "{}", true, false},
		{"a look", look("a", asked), `{"batchItemFailures":[]}`, false, true},
		{"a look that cannot be read", look("a", "{"), `{"batchItemFailures":[{"itemIdentifier":"a"}]}`, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			cloud := &cloud{}
			answer, err := handler(t, cloud, contract.Drift)(c.event)
			if err != nil || string(answer) != c.answer {
				t.Errorf("%s, %v; want %s", answer, err, c.answer)
			}
			if ticks := cloud.made("Query", "plumbline-records") == contract.Shards; ticks != c.ticks {
				t.Errorf("due rows listed %t, want %t", ticks, c.ticks)
			}
			if looked := cloud.made("GetItem", "plumbline-records") == 1; looked != c.looked {
				t.Errorf("row read %t, want %t", looked, c.looked)
			}
		})
	}
}

func TestDrift_AFailedTickIsAnError(t *testing.T) {
	if _, err := handler(t, &cloud{broken: "Query"}, contract.Drift)(struct{}{}); err == nil {
		t.Error("the schedule's metric would show success")
	}
	if _, err := handler(t, &cloud{}, contract.Drift)("no event"); err == nil {
		t.Error("what is no event was taken for the schedule")
	}
}

func TestNotify_ReturnsWhatNamesNoAlert(t *testing.T) {
	answer, err := handler(t, &cloud{}, contract.Notify)(events.SQSEvent{Records: []events.SQSMessage{{MessageId: "a", Body: "{"}}})
	if want := `{"batchItemFailures":[{"itemIdentifier":"a"}]}`; err != nil || string(answer) != want {
		t.Errorf("%s, %v; want %s", answer, err, want)
	}
}

func TestArchive_StoresTheBatchAndReturnsExactlyTheMessagesThatFailed(t *testing.T) {
	batch := events.SQSEvent{Records: []events.SQSMessage{observed(t, "good", "1"), {MessageId: "poison", Body: "{"}}}
	for broken, want := range map[string]string{
		"nothing":   `{"batchItemFailures":[{"itemIdentifier":"poison"}]}`,
		"PutObject": `{"batchItemFailures":[{"itemIdentifier":"good"},{"itemIdentifier":"poison"}]}`,
	} {
		c := &cloud{broken: broken}
		answer, err := handler(t, c, contract.Archive)(batch)
		if err != nil || string(answer) != want || c.made("PutObject", "plumbline-"+contract.ArchiveBucket) == 0 {
			t.Errorf("%s broken: %s, %v after %v; want %s", broken, answer, err, c.calls, want)
		}
	}
}
