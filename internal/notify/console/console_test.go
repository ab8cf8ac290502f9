package console_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/notify"
	"github.com/plumbline/plumbline/internal/notify/console"
)

var update = flag.Bool("update", false, "write the golden files")

var start = time.Date(2026, 3, 3, 14, 35, 0, 0, time.UTC)

func life() []alert.Message {
	delta := commerce.Int(5)
	m := alert.Member{
		Finding: "f1", Key: "MUG-BLU@east", State: finding.Open, Since: start.Add(-21 * time.Minute), Opened: start,
		Differences: []finding.Difference{{Facet: "available", Expected: "9", Actual: "14", Delta: &delta}},
	}
	second := m
	second.Finding, second.Key = "f2", "CAP\x1b[2J-BLK@east"
	a := alert.Alert{
		ID: "a1", Class: finding.Late, Severity: "critical", Kind: commerce.Inventory, From: "erp", To: "shopify-us",
		Owner: alert.Owner{Team: "inventory-ops", Slack: "#inventory-ops"}, Runbook: "builtin", OnFailure: "We oversell.",
	}
	a, _ = alert.Join(a, m, start)
	opened := alert.Compose(a, start)
	a.Shown = a.Seq
	a, _ = alert.Join(a, second, start.Add(time.Minute))
	grown := alert.Compose(a, start.Add(time.Minute))
	a.Shown = a.Seq
	for _, m := range a.Members {
		m.State, m.Resolved = finding.Resolved, start.Add(56*time.Minute)
		a, _ = alert.Update(a, m)
	}
	return []alert.Message{opened, grown, alert.Compose(a, start.Add(56*time.Minute))}
}

func TestTheTerminalTellsBeginningGrowthAndEnd(t *testing.T) {
	var b bytes.Buffer
	sender := console.New(&b)
	for i, m := range life() {
		if _, err := sender.Post(t.Context(), "", m, int64(i)); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join("testdata", "life.golden")
	if *update {
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("output changed (-golden +now):\n%s", diff)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("pipe closed") }

func TestWhatCouldNotBePrintedIsNotShown(t *testing.T) {
	if _, err := console.New(broken{}).Post(t.Context(), "", life()[0], 1); err == nil {
		t.Error("no error")
	}
	sender := console.New(broken{})
	_, _, findErr := sender.Find(t.Context(), "", "")
	if sender.Edits() || !errors.Is(findErr, console.ErrCannotEdit) ||
		!errors.Is(sender.Edit(t.Context(), notify.Ref{}, alert.Message{}, 1), console.ErrCannotEdit) {
		t.Error("what is printed cannot be edited")
	}
}

// channel is a sender that can edit.
type channel struct {
	notify.Sender
	err error
}

func (c channel) Edits() bool { return true }

func (c channel) Edit(_ context.Context, _ notify.Ref, _ alert.Message, _ int64) error { return c.err }

func (c channel) Post(_ context.Context, _ string, _ alert.Message, _ int64) (notify.Ref, error) {
	return notify.Ref{Channel: "C1", Timestamp: "1.1"}, c.err
}

func TestAnEchoPrintsWhatPeopleWereShown(t *testing.T) {
	m := life()[0]
	var want bytes.Buffer
	_, _ = console.New(&want).Post(t.Context(), "", m, 1)
	for name, refused := range map[string]error{"shown": nil, "refused": notify.ErrRefused} {
		var b bytes.Buffer
		sender := console.Echo(&b, channel{err: refused})
		_, postErr := sender.Post(t.Context(), "", m, 1)
		editErr := sender.Edit(t.Context(), notify.Ref{}, m, 1)
		if !errors.Is(postErr, refused) || !errors.Is(editErr, refused) || !sender.Edits() {
			t.Errorf("%s: %v, %v", name, postErr, editErr)
		}
		if expected := want.String() + want.String(); refused == nil && b.String() != expected || refused != nil && b.Len() > 0 {
			t.Errorf("%s: printed %q", name, b.String())
		}
	}
}
