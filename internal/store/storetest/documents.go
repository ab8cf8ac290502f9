package storetest

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/store"
)

func documents(t *testing.T, s FindingsAndMarks) {
	ctx := t.Context()
	if _, err := s.GetDocument(ctx, "learnt"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a document that was never written: %v, want ErrNotFound", err)
	}
	d := store.Document{Name: "learnt", Body: json.RawMessage(`{"a":[1,2]}`), Expires: noon}
	must(t, s.PutDocument(ctx, d))
	if err := s.PutDocument(ctx, d); !errors.Is(err, store.ErrLost) {
		t.Errorf("a second first version: %v, want ErrLost", err)
	}
	d.Rev = 1
	d.Body = json.RawMessage(`"` + strings.Repeat("x", store.MaxDocument-2) + `"`)
	must(t, s.PutDocument(ctx, d))
	got, err := s.GetDocument(ctx, "learnt")
	if d.Rev = 2; err != nil || Diff(d, got) != "" {
		t.Errorf("%v: %s", err, Diff(d, got))
	}
	must(t, s.DeleteDocument(ctx, "learnt"))
	must(t, s.DeleteDocument(ctx, "learnt"))
	if _, err := s.GetDocument(ctx, "learnt"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a deleted document: %v, want ErrNotFound", err)
	}
}
