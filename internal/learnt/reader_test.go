package learnt_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/learnt"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/store/memory"
)

// counting counts what is read, and may be down.
type counting struct {
	store.Documents
	reads int
	down  bool
}

func (c *counting) GetDocument(ctx context.Context, name string) (store.Document, error) {
	c.reads++
	if c.down {
		return store.Document{}, errors.New("down")
	}
	return c.Documents.GetDocument(ctx, name)
}

func TestReader_ReadsEveryFiveMinutes(t *testing.T) {
	documents := &counting{Documents: &memory.Findings{}}
	now := monday
	rules := map[commerce.Kind][]registry.Rule{commerce.Inventory: {rule}}
	r := learnt.NewReader(documents, rules, func() time.Time { return now }, slog.New(slog.DiscardHandler))
	expect := func(number, reads int) {
		t.Helper()
		if got := r.Current(t.Context()); got.N != number || documents.reads != reads {
			t.Errorf("number %d in %d reads, want %d in %d", got.N, documents.reads, number, reads)
		}
	}
	expect(0, 1)
	body, err := json.Marshal(learnt.Learnt{N: 7})
	if err != nil {
		t.Fatal(err)
	}
	if err := documents.PutDocument(t.Context(), store.Document{Name: learnt.Current, Body: body}); err != nil {
		t.Fatal(err)
	}
	expect(0, 1)
	now = now.Add(5 * time.Minute)
	expect(7, 2)
	documents.down = true
	now = now.Add(5 * time.Minute)
	expect(7, 3)
	now = now.Add(30 * time.Second)
	expect(7, 3)
	now = now.Add(30 * time.Second)
	expect(7, 4)
}

func TestReader_WhatIsInvalidChangesNothing(t *testing.T) {
	documents := &memory.Findings{}
	now := monday
	r := learnt.NewReader(documents, map[commerce.Kind][]registry.Rule{commerce.Inventory: {rule}}, func() time.Time { return now }, slog.New(slog.DiscardHandler))
	for i, c := range []struct {
		body string
		want int
	}{{`{"N": "seven"}`, 0}, {`{"N": 7}`, 7}, {`[]`, 7}} {
		if err := documents.PutDocument(t.Context(), store.Document{Name: learnt.Current, Body: json.RawMessage(c.body), Rev: int64(i)}); err != nil {
			t.Fatal(err)
		}
		now = now.Add(5 * time.Minute)
		if got := r.Current(t.Context()); got.N != c.want {
			t.Errorf("number %d after %s, want %d", got.N, c.body, c.want)
		}
	}
}

func TestReader_WhereNothingIsLearntNothingIsRead(t *testing.T) {
	set := rule
	set.Settle = registry.Settle{For: time.Minute, By: -1}
	documents := &counting{Documents: &memory.Findings{}}
	r := learnt.NewReader(documents, map[commerce.Kind][]registry.Rule{commerce.Inventory: {set}}, time.Now, slog.New(slog.DiscardHandler))
	if l := r.Current(t.Context()); r != nil || l.N != 0 || documents.reads != 0 {
		t.Errorf("%+v in %d reads", l, documents.reads)
	}
}
