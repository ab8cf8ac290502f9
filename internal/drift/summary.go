package drift

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/fold"
	"github.com/plumbline/plumbline/internal/store"
)

// Audited is what an audit says of itself: what it went by, and how the rules
// judged it.
type Audited struct {
	// Run tells one audit from the next, and Generation is the registry that it
	// judged by.
	Run, Generation string
	// Began and Walked are when it began and when it had gone by all rows, in that
	// many Segments.
	Began, Walked time.Time
	Segments      int
	// Rows counts the judged rows, Left those that could not be judged and got a
	// look of their own, and Opened the findings that the audit opened.
	Rows, Left, Opened int
	// Mended are findings of which their rows knew nothing: the row has them back,
	// or they have ended.
	Mended []string `json:",omitempty"`
	Fold   fold.Fold
}

const (
	// auditDocument begins the names of the documents that say what audits came to.
	auditDocument = "audit|"
	// AuditLatest is the document of the last audit.
	AuditLatest = auditDocument + "latest"
	// auditsExpire is how long the document of one audit is kept.
	auditsExpire = 90 * 24 * time.Hour
)

// summarise keeps what an audit says of itself, by its run and as the latest.
func (r *run) summarise(ctx context.Context, s store.Sweep, f fold.Fold) error {
	a := Audited{
		Run: s.Run, Generation: s.Generation, Began: s.Noted, Segments: len(s.Segments), Fold: f,
	}
	var err error
	if a.Mended, err = r.orphansOf(ctx, s); err != nil {
		return fmt.Errorf("summarise the audit: %w", err)
	}
	a.Rows, a.Left, a.Opened = sums(s)
	for _, part := range s.Segments {
		a.Walked = later(a.Walked, part.Moved)
	}
	body, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("summarise the audit: %w", err)
	}
	for _, d := range []store.Document{
		{Name: auditDocument + s.Run, Body: body, Expires: s.Noted.Add(auditsExpire)},
		{Name: AuditLatest, Body: body},
	} {
		if err := r.publishDocument(ctx, d, func(before json.RawMessage) (bool, error) {
			var b Audited
			err := json.Unmarshal(before, &b)
			return b.Began.Before(a.Began), err
		}); err != nil {
			return fmt.Errorf("summarise the audit: %w", err)
		}
	}
	return nil
}

// publishDocument writes a document, over the one of that name only if that is
// older.
func (r *run) publishDocument(ctx context.Context, d store.Document, older func(before json.RawMessage) (bool, error)) error {
	for range races {
		before, err := r.Documents.GetDocument(ctx, d.Name)
		switch {
		case errors.Is(err, store.ErrNotFound):
		case err != nil:
			return fmt.Errorf("read document %s: %w", d.Name, err)
		default:
			if replace, err := older(before.Body); err != nil || !replace {
				return err
			}
		}
		d.Rev = before.Rev
		if err = r.Documents.PutDocument(ctx, d); !errors.Is(err, store.ErrLost) {
			return err
		}
	}
	return fmt.Errorf("write document %s: %d races lost", d.Name, races)
}
