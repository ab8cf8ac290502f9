package notify_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/notify"
)

// published is what drift sends about an alert.
func published(a alert.Alert) string { return string(alert.Payload(a, start).Body) }

// enveloped is the same with the topic's envelope around it.
func enveloped(t *testing.T, body string) string {
	t.Helper()
	b, err := json.Marshal(map[string]string{"Type": "Notification", "MessageId": "m", "Subject": "s", "Message": body})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func batch(bodies ...string) events.SQSEvent {
	var event events.SQSEvent
	for i, body := range bodies {
		event.Records = append(event.Records, events.SQSMessage{MessageId: string(rune('A' + i)), Body: body})
	}
	return event
}

func failed(ctx context.Context, t *testing.T, s *notify.Service, event events.SQSEvent) []string {
	t.Helper()
	response, err := s.HandleBatch(ctx, event)
	if err != nil {
		t.Fatal(err)
	}
	ids := []string{}
	for _, f := range response.BatchItemFailures {
		ids = append(ids, f.ItemIdentifier)
	}
	return ids
}

func TestPoisonFailsAlone(t *testing.T) {
	a, b := stock("a1", "MUG-BLU@east"), stock("b2", "MUG-BLU@west")
	w := newWorld(true, a, b)
	got := failed(t.Context(), t, w.service(), batch(
		published(a), "not json", `{"alert": ""}`, `{"Type": "Notification", "Message": "{"}`, `[]`, `{"alert": "unknown"}`, enveloped(t, published(b)),
	))
	if !slices.Equal(got, []string{"B", "C", "D", "E", "F"}) {
		t.Errorf("failed %v", got)
	}
	if len(w.seen) != 2 {
		t.Errorf("%d messages, want both alerts", len(w.seen))
	}
}

func TestSeveralHintsAboutOneAlertAreOne(t *testing.T) {
	a := stock("a1", "MUG-BLU@east")
	w := newWorld(true, a)
	w.fault = func(_ int, name string) (before, after error) {
		if name == "post" {
			return notify.ErrUnsure, nil
		}
		return nil, nil
	}
	if got := failed(t.Context(), t, w.service(), batch(published(a), published(a))); !slices.Equal(got, []string{"A", "B"}) {
		t.Errorf("failed %v, want both to come again", got)
	}
	if n := len(slices.DeleteFunc(w.calls, func(c string) bool { return c != "post" })); n != 1 {
		t.Errorf("%d posts", n)
	}
}

func TestAnEmptyBatchHasAnEmptyListOfFailures(t *testing.T) {
	response, err := newWorld(true).service().HandleBatch(t.Context(), events.SQSEvent{})
	encoded, _ := json.Marshal(response)
	if err != nil || string(encoded) != `{"batchItemFailures":[]}` {
		t.Errorf("answer %s, error %v", encoded, err)
	}
}

func TestNothingIsBegunWhenTimeIsOver(t *testing.T) {
	a := stock("a1", "MUG-BLU@east")
	w := newWorld(true, a)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := failed(ctx, t, w.service(), batch(published(a))); !slices.Equal(got, []string{"A"}) || len(w.calls) > 0 {
		t.Errorf("failed %v after calls %v", got, w.calls)
	}
}

func TestAFailureIsReportedByWhatItMeans(t *testing.T) {
	for outcome, err := range map[string]error{
		"refused": notify.ErrRefused, "unsure": notify.ErrUnsure, "wait": &notify.WaitError{}, "retry": errors.New("x"),
	} {
		a := stock("a1", "MUG-BLU@east")
		w := newWorld(true, a)
		w.fault = func(_ int, name string) (before, after error) {
			if name == "post" {
				return err, nil
			}
			return nil, nil
		}
		var log bytes.Buffer
		s := w.service()
		s.Log = slog.New(slog.NewJSONHandler(&log, nil))
		failed(t.Context(), t, s, batch(published(a)))
		if !strings.Contains(log.String(), `"outcome":"`+outcome+`"`) {
			t.Errorf("%s is logged as %s", outcome, log.String())
		}
	}
}

func FuzzABodyNeverStopsTheBatch(f *testing.F) {
	for _, seed := range []string{"", "{", `{"alert":1}`, `{"alert":"a1"}`, `{"Type":"Notification","Message":"{\"alert\":\"a1\"}"}`, `null`, `"x"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		a := stock("good", "MUG-BLU@east")
		w := newWorld(true, a)
		if got := failed(t.Context(), t, w.service(), batch(body, published(a))); slices.Contains(got, "B") {
			t.Errorf("the good message failed beside %q", body)
		}
	})
}
