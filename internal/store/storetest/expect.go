package storetest

import (
	"context"
	"slices"
	"testing"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/finding"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func expectFindings(t *testing.T, what string, list func(context.Context) ([]finding.Finding, error), want ...string) {
	t.Helper()
	all, err := list(t.Context())
	ids := make([]string, len(all))
	for i, f := range all {
		ids[i] = f.ID
	}
	if err != nil || !slices.Equal(ids, want) {
		t.Errorf("%s: got %v, %v; want %v", what, ids, err, want)
	}
}

func expectAlerts(t *testing.T, what string, list func(context.Context) ([]alert.Alert, error), want ...string) {
	t.Helper()
	all, err := list(t.Context())
	ids := make([]string, len(all))
	for i, a := range all {
		ids[i] = a.ID
	}
	if err != nil || !slices.Equal(ids, want) {
		t.Errorf("%s: got %v, %v; want %v", what, ids, err, want)
	}
}
