package sim

import (
	"context"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/silence"
	"github.com/plumbline/plumbline/internal/store"
)

// rows is an instance's client of the table of rows.
type rows struct{ *instance }

func (r rows) Get(ctx context.Context, ids []commerce.RecordID) (map[commerce.RecordID]record.Row, error) {
	return ask(r.instance, "rows", "get "+keyOf(ids), func() (map[commerce.RecordID]record.Row, error) {
		return r.world.stores.records.Get(ctx, ids)
	})
}

// Glance shows a row, now and then, as it was before its last write.
func (r rows) Glance(ctx context.Context, ids []commerce.RecordID) (map[commerce.RecordID]record.Row, error) {
	return ask(r.instance, "rows", "glance "+keyOf(ids), func() (map[commerce.RecordID]record.Row, error) {
		found, err := r.world.stores.records.Glance(ctx, ids)
		for _, id := range ids {
			if before, known := r.world.history.before[id]; known && r.world.lags("due "+string(id)) {
				found[id] = before
				if before.Rev == 0 {
					delete(found, id)
				}
			}
		}
		return found, err
	})
}

func keyOf(ids []commerce.RecordID) string {
	if len(ids) == 1 {
		return string(ids[0])
	}
	return "several"
}

func (r rows) Put(ctx context.Context, row record.Row) error {
	w := r.world
	put := func() error { return w.putRow(ctx, row) }
	return r.call("rows", "put "+string(row.ID()), put, func() error {
		now, err := w.stores.records.Get(ctx, []commerce.RecordID{row.ID()})
		if err != nil {
			return err
		}
		return &store.LostError{Current: now[row.ID()]}
	})
}

// Due leaves out, now and then, what was written a moment ago.
func (r rows) Due(ctx context.Context, shard int, until time.Time, limit int) ([]commerce.RecordID, error) {
	ids, err := r.world.stores.records.Due(ctx, shard, until, limit)
	if len(ids) == 0 {
		return ids, err // sixteen calls a minute that say nothing
	}
	return ask(r.instance, "rows", "due", func() ([]commerce.RecordID, error) {
		ids, err := r.world.stores.records.Due(ctx, shard, until, limit)
		return slices.DeleteFunc(ids, func(id commerce.RecordID) bool { return r.world.lags("due " + string(id)) }), err
	})
}

func (r rows) Page(ctx context.Context, segment, segments int, cursor string, limit int) (page []record.Row, next string, err error) {
	err = r.call("rows", "page "+cursor, func() (err error) {
		page, next, err = r.world.stores.records.Page(ctx, segment, segments, cursor, limit)
		return err
	}, nil)
	if err != nil {
		return nil, "", err
	}
	return page, next, nil
}

// lags reports whether an index does not show something that was written in the
// last moments.
func (w *world) lags(name string) bool {
	written, known := w.history.written[name]
	if !known || time.Since(written) > 5*time.Second || !w.chance(w.Plan.IndexLag, name+written.String()) {
		return false
	}
	w.count("fault: a read lags")
	return true
}

// shelves is an instance's client of the table of findings.
type shelves struct {
	store.Findings
	*instance
}

func (s shelves) GetFinding(ctx context.Context, id string) (finding.Finding, error) {
	return ask(s.instance, "findings", "get "+id, func() (finding.Finding, error) { return s.world.stores.findings.GetFinding(ctx, id) })
}

func (s shelves) PutFinding(ctx context.Context, f finding.Finding) error {
	return s.call("findings", "put "+f.ID, func() error { return s.world.putFinding(ctx, f) }, lostFinding)
}

func lostFinding() error { return store.ErrLost }

func (s shelves) FindingsOf(ctx context.Context, id commerce.RecordID) ([]finding.Finding, error) {
	return ask(s.instance, "findings", "of "+string(id), func() ([]finding.Finding, error) { return s.world.stores.findings.FindingsOf(ctx, id) })
}

func (s shelves) DeleteFinding(ctx context.Context, id string) error {
	return s.call("findings", "delete "+id, func() error { return s.world.stores.findings.DeleteFinding(ctx, id) }, nil)
}

func (s shelves) DeleteGroup(ctx context.Context, name string) error {
	return s.call("findings", "delete group "+name, func() error { return s.world.stores.findings.DeleteGroup(ctx, name) }, nil)
}

func (s shelves) ActiveFindings(ctx context.Context) ([]finding.Finding, error) {
	return ask(s.instance, "findings", "active", func() ([]finding.Finding, error) { return s.world.stores.findings.ActiveFindings(ctx) })
}

func (s shelves) EndedQuietly(ctx context.Context, since time.Time) ([]finding.Finding, error) {
	return ask(s.instance, "findings", "ended", func() ([]finding.Finding, error) { return s.world.stores.findings.EndedQuietly(ctx, since) })
}

func (s shelves) GetAlert(ctx context.Context, id string) (alert.Alert, error) {
	return ask(s.instance, "findings", "alert "+id, func() (alert.Alert, error) { return s.world.stores.findings.GetAlert(ctx, id) })
}

func (s shelves) PutAlert(ctx context.Context, a alert.Alert) error {
	return s.call("findings", "put alert "+a.ID, func() error { return s.world.putAlert(ctx, a) }, lostFinding)
}

// Outbox leaves out, now and then, what was changed a moment ago.
func (s shelves) Outbox(ctx context.Context, until time.Time) ([]alert.Alert, error) {
	return ask(s.instance, "findings", "outbox", func() ([]alert.Alert, error) {
		alerts, err := s.world.outbox(ctx, until)
		return slices.DeleteFunc(alerts, func(a alert.Alert) bool { return s.world.lags("alert " + a.ID) }), err
	})
}

func (s shelves) GetGroup(ctx context.Context, name string) (store.Group, error) {
	return ask(s.instance, "findings", "group "+name, func() (store.Group, error) { return s.world.stores.findings.GetGroup(ctx, name) })
}

func (s shelves) PutGroup(ctx context.Context, g store.Group) error {
	return s.call("findings", "put group "+g.Name, func() error { return s.world.stores.findings.PutGroup(ctx, g) }, lostFinding)
}

func (s shelves) EarliestMark(ctx context.Context, name string, t time.Time) error {
	return s.call("findings", "mark "+name, func() error { return s.world.stores.findings.EarliestMark(ctx, name, t) }, nil)
}

func (s shelves) LatestMark(ctx context.Context, name string, t time.Time) error {
	return s.call("findings", "mark "+name, func() error { return s.world.stores.findings.LatestMark(ctx, name, t) }, nil)
}

func (s shelves) GetMarks(ctx context.Context, names []string) (map[string]time.Time, error) {
	return ask(s.instance, "findings", "marks", func() (map[string]time.Time, error) { return s.world.stores.findings.GetMarks(ctx, names) })
}

func (s shelves) DeleteMark(ctx context.Context, name string) error {
	return s.call("findings", "delete mark "+name, func() error { return s.world.stores.findings.DeleteMark(ctx, name) }, nil)
}

func (s shelves) GetSweep(ctx context.Context, name string) (store.Sweep, error) {
	return ask(s.instance, "findings", "sweep "+name, func() (store.Sweep, error) { return s.world.stores.findings.GetSweep(ctx, name) })
}

func (s shelves) PutSweep(ctx context.Context, sweep store.Sweep) error {
	return s.call("findings", "put sweep "+sweep.Name, func() error { return s.world.stores.findings.PutSweep(ctx, sweep) }, lostFinding)
}

func (s shelves) GetDocument(ctx context.Context, name string) (store.Document, error) {
	return ask(s.instance, "findings", "document "+name, func() (store.Document, error) { return s.world.stores.findings.GetDocument(ctx, name) })
}

func (s shelves) PutDocument(ctx context.Context, d store.Document) error {
	return s.call("findings", "put document "+d.Name, func() error { return s.world.stores.findings.PutDocument(ctx, d) }, lostFinding)
}

func (s shelves) DeleteDocument(ctx context.Context, name string) error {
	return s.call("findings", "delete document "+name, func() error { return s.world.stores.findings.DeleteDocument(ctx, name) }, nil)
}

// heard is an instance's client of the arrivals.
type heard struct{ *instance }

func (h heard) Arrive(ctx context.Context, source silence.Source, at time.Time) error {
	return h.call("findings", "arrive "+source.System, func() error { return h.world.stores.arrivals.Arrive(ctx, source, at) }, nil)
}

func (h heard) Arrived(ctx context.Context, source silence.Source, from, until time.Time) ([]silence.Slot, error) {
	return ask(h.instance, "findings", "arrived "+source.System, func() ([]silence.Slot, error) {
		return h.world.stores.arrivals.Arrived(ctx, source, from, until)
	})
}

// blobs is an instance's client of a bucket.
type blobs struct{ *instance }

func (b blobs) Put(ctx context.Context, key string, body []byte) error {
	return b.call("blobs", "put "+key, func() error { return b.world.stores.blobs.Put(ctx, key, body) }, nil)
}
