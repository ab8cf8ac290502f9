package dynamo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/store"
)

// The parts of the sparse index.
const (
	listFindings = "finding"
	listOutbox   = "outbox"
	// listQuiet are the findings that ended and that no alert told.
	listQuiet = "quiet"
)

// Findings keeps findings, alerts, groups, sweeps, documents and marks in the
// table contract.Findings. It is a store.Findings, a store.Sweeps, a
// store.Documents and a store.Marks.
type Findings struct{ table table }

// NewFindings returns what the named table holds.
func NewFindings(client *dynamodb.Client, name string, options ...Option) *Findings {
	return &Findings{newTable(client, name, options)}
}

// GetFinding reads one finding with strong consistency.
func (s *Findings) GetFinding(ctx context.Context, id string) (finding.Finding, error) {
	f, rev, err := getDocument[finding.Finding](ctx, s.table, contract.FindingKeys+id)
	f.Rev = rev
	return f, err
}

// PutFinding writes the finding with one conditional PutItem.
func (s *Findings) PutFinding(ctx context.Context, f finding.Finding) error {
	d := document{pk: contract.FindingKeys + f.ID, value: f, rev: f.Rev, at: f.Opened, record: f.Key.ID(f.Kind)}
	switch {
	case f.State != finding.Resolved:
		d.list = listFindings
	case store.EndedQuietly(f):
		d.list, d.at = listQuiet, f.Resolved
	}
	return s.table.putDocument(ctx, d)
}

// ActiveFindings finds them by the sparse index and reads them from the table.
func (s *Findings) ActiveFindings(ctx context.Context) ([]finding.Finding, error) {
	all, err := decodeFindings(s.table.listed(ctx, listFindings, time.Time{}, time.Time{}))
	if err != nil {
		return nil, fmt.Errorf("list active findings: %w", err)
	}
	return slices.DeleteFunc(all, func(f finding.Finding) bool { return f.State == finding.Resolved }), nil
}

// EndedQuietly finds them by the sparse index and reads them from the table.
func (s *Findings) EndedQuietly(ctx context.Context, since time.Time) ([]finding.Finding, error) {
	all, err := decodeFindings(s.table.listed(ctx, listQuiet, since, time.Time{}))
	if err != nil {
		return nil, fmt.Errorf("list findings that ended quietly: %w", err)
	}
	return slices.DeleteFunc(all, func(f finding.Finding) bool { return !store.EndedQuietly(f) || f.Resolved.Before(since) }), nil
}

// AllFindings reads the whole table.
func (s *Findings) AllFindings(ctx context.Context) ([]finding.Finding, error) {
	all, err := decodeFindings(s.table.all(ctx, contract.FindingKeys))
	if err != nil {
		return nil, fmt.Errorf("list all findings: %w", err)
	}
	return all, nil
}

// GetAlert reads one alert with strong consistency.
func (s *Findings) GetAlert(ctx context.Context, id string) (alert.Alert, error) {
	a, rev, err := getDocument[alert.Alert](ctx, s.table, contract.AlertKeys+id)
	a.Rev = rev
	return a, err
}

// PutAlert writes the alert with one conditional PutItem.
func (s *Findings) PutAlert(ctx context.Context, a alert.Alert) error {
	d := document{pk: contract.AlertKeys + a.ID, value: a, rev: a.Rev}
	if at, wanted := a.Wakes(); wanted {
		d.list, d.at = listOutbox, at
	}
	return s.table.putDocument(ctx, d)
}

// Outbox finds them by the sparse index and reads them from the table.
func (s *Findings) Outbox(ctx context.Context, until time.Time) ([]alert.Alert, error) {
	all, err := decodeAlerts(s.table.listed(ctx, listOutbox, time.Time{}, until))
	if err != nil {
		return nil, fmt.Errorf("list alerts that want attention: %w", err)
	}
	return slices.DeleteFunc(all, func(a alert.Alert) bool { return !store.Awake(a, until) }), nil
}

// AllAlerts reads the whole table.
func (s *Findings) AllAlerts(ctx context.Context) ([]alert.Alert, error) {
	all, err := decodeAlerts(s.table.all(ctx, contract.AlertKeys))
	if err != nil {
		return nil, fmt.Errorf("list all alerts: %w", err)
	}
	return slices.DeleteFunc(all, func(a alert.Alert) bool { return a.Into != "" }), nil
}

// GetGroup reads one group with strong consistency.
func (s *Findings) GetGroup(ctx context.Context, name string) (store.Group, error) {
	g, rev, err := getDocument[store.Group](ctx, s.table, contract.GroupKeys+name)
	g.Rev = rev
	return g, err
}

// PutGroup writes the group with one conditional PutItem.
func (s *Findings) PutGroup(ctx context.Context, g store.Group) error {
	return s.table.putDocument(ctx, document{pk: contract.GroupKeys + g.Name, value: g, rev: g.Rev, expires: g.Expires})
}

// GetSweep reads one sweep with strong consistency.
func (s *Findings) GetSweep(ctx context.Context, name string) (store.Sweep, error) {
	sweep, rev, err := getDocument[store.Sweep](ctx, s.table, contract.SweepKeys+name)
	sweep.Rev = rev
	return sweep, err
}

// PutSweep writes the sweep with one conditional PutItem.
func (s *Findings) PutSweep(ctx context.Context, sweep store.Sweep) error {
	return s.table.putDocument(ctx, document{pk: contract.SweepKeys + sweep.Name, value: sweep, rev: sweep.Rev})
}

func decodeFindings(items []item, err error) ([]finding.Finding, error) {
	all := make([]finding.Finding, 0, len(items))
	for _, it := range items {
		f, rev, bad := decodeDocument[finding.Finding](it)
		if bad != nil {
			return nil, fmt.Errorf("%s: %w", keyOf(it), bad)
		}
		f.Rev = rev
		all = append(all, f)
	}
	slices.SortFunc(all, func(a, b finding.Finding) int { return cmp.Compare(a.ID, b.ID) })
	return all, err
}

func decodeAlerts(items []item, err error) ([]alert.Alert, error) {
	all := make([]alert.Alert, 0, len(items))
	for _, it := range items {
		a, rev, bad := decodeDocument[alert.Alert](it)
		if bad != nil {
			return nil, fmt.Errorf("%s: %w", keyOf(it), bad)
		}
		a.Rev = rev
		all = append(all, a)
	}
	slices.SortFunc(all, func(a, b alert.Alert) int { return cmp.Compare(a.ID, b.ID) })
	return all, err
}
