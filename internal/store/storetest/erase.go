package storetest

import (
	"errors"
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/store"
)

func findingsOf(t *testing.T, s FindingsAndMarks) {
	for id, change := range map[string]func(*finding.Finding){
		"f-1": func(*finding.Finding) {},
		"f-2": func(f *finding.Finding) { f.State, f.Rule = finding.Resolved, "price" },
		"f-3": func(f *finding.Finding) { f.Key = commerce.Key{"MUG-BLU", "west"} },
		"f-4": func(f *finding.Finding) { f.Kind = commerce.Price },
	} {
		f := Finding(id)
		change(&f)
		must(t, s.PutFinding(t.Context(), f))
	}
	record := commerce.Key{"MUG-BLU", "east"}.ID(commerce.Inventory)
	all, err := s.FindingsOf(t.Context(), record)
	must(t, err)
	if len(all) != 2 || all[0].ID != "f-1" || all[1].ID != "f-2" || all[0].Rev != 1 {
		t.Errorf("found %+v, want f-1 and f-2 whatever their state", all)
	}
	f := all[0]
	f.State = finding.Resolved
	must(t, s.PutFinding(t.Context(), f))
	if all, err = s.FindingsOf(t.Context(), record); err != nil || len(all) != 2 || all[0].State != finding.Resolved {
		t.Errorf("found %+v, %v; want what is stored now", all, err)
	}
	if none, err := s.FindingsOf(t.Context(), commerce.Key{"CAP", "east"}.ID(commerce.Inventory)); err != nil || len(none) > 0 {
		t.Errorf("found %+v, %v of another record", none, err)
	}
}

func deleteFinding(t *testing.T, s FindingsAndMarks) {
	f := Finding("f-1")
	must(t, s.PutFinding(t.Context(), f))
	for range 2 {
		must(t, s.DeleteFinding(t.Context(), f.ID))
	}
	if _, err := s.GetFinding(t.Context(), f.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
	if all, err := s.FindingsOf(t.Context(), f.Key.ID(f.Kind)); err != nil || len(all) > 0 {
		t.Errorf("found %+v, %v", all, err)
	}
	f.Rev = 1
	if err := s.PutFinding(t.Context(), f); !errors.Is(err, store.ErrLost) {
		t.Errorf("a slower writer brings it back: %v", err)
	}
}

func deleteGroup(t *testing.T, s FindingsAndMarks) {
	must(t, s.PutGroup(t.Context(), store.Group{Name: "g"}))
	for range 2 {
		must(t, s.DeleteGroup(t.Context(), "g"))
	}
	if _, err := s.GetGroup(t.Context(), "g"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
}
