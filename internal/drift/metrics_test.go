package drift_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/metric"
	"github.com/plumbline/plumbline/internal/topic"
)

// shut is a topic that takes nothing.
type shut struct{}

func (shut) Publish(context.Context, topic.Message) error { return errors.New("the topic is down") }

// lastLine is the last line of a log.
func lastLine(t *testing.T, log *bytes.Buffer) map[string]any {
	t.Helper()
	lines := bytes.Split(bytes.TrimSpace(log.Bytes()), []byte("\n"))
	var line map[string]any
	if err := json.Unmarshal(lines[len(lines)-1], &line); err != nil {
		t.Fatal(err)
	}
	return line
}

// counted counts what is done with it, as of an invocation.
func counted(t *testing.T) context.Context {
	ctx, _ := metric.With(t.Context(), time.Time{})
	return ctx
}

func TestTick_SaysThatItRanAndHowManyAlertsWait(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 10*time.Minute))
	var log bytes.Buffer
	w.drift.Log = slog.New(slog.NewJSONHandler(&log, nil))
	w.deliver(t, level("erp", "free", 9, 0))
	w.deliver(t, level("shop", "available", 12, 0))
	w.now = w.now.Add(time.Hour)
	w.runLooks(t)
	open := w.drift.Topic
	for _, c := range []struct {
		says    string
		through interface {
			Publish(context.Context, topic.Message) error
		}
		waiting int
	}{
		{"the topic is down", shut{}, 1},
		{"the topic is up again", open, 0},
		{"there was nothing to do", open, 0},
	} {
		log.Reset()
		w.drift.Topic = c.through
		err := w.drift.Tick(counted(t))
		if (err != nil) != (c.waiting > 0) {
			t.Errorf("%s: %v", c.says, err)
		}
		line := lastLine(t, &log)
		if line["msg"] != "tick" || fmt.Sprint(line[metric.Unpublished.Name]) != fmt.Sprintf("[%d]", c.waiting) {
			t.Errorf("%s: last line %v, want %d alerts waiting", c.says, line, c.waiting)
		}
	}
}
