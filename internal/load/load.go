// Package load brings the export files of systems in: it streams a file into
// observations, chunk by chunk, certifies what it read, and says what follows
// from a whole file that no single row says: that something is gone, and which
// changes no webhook told. The same follows from a reading of everything that a
// system's API lists, which fetch makes and this package concludes from.
//
// Reading stops and goes on at checkpoints. The work may end after any step and
// begin again: what a row says carries its own time, and how far a load is stands
// in one document under a conditional write, so that nothing is counted twice.
//
// How a file is decoded is left to sheet, what its columns mean to export, and the
// rows to merge, which gets them through a queue of their own.
package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/plumbline/plumbline/internal/blob"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/generation"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
)

const (
	// chunkRows is how many rows lie between two checkpoints unless told otherwise.
	chunkRows = 10_000
	// envelopeRows is how many rows one message carries, and sentMessages how many
	// messages are sent at once: merge reads so many rows in one request, and the
	// queue takes so many messages.
	envelopeRows, sentMessages = 50, 10
	// margin is the time that one chunk, and going on elsewhere, may take.
	margin = 20 * time.Second
	// Grace is how long a webhook may take before it counts as lost.
	Grace = 10 * time.Minute
	// expires is how long a certificate is kept.
	expires = 400 * 24 * time.Hour
)

// Blobs takes what is kept of a load while it is read, and its report.
type Blobs interface {
	Put(ctx context.Context, key string, body []byte) error
	Get(ctx context.Context, key string) ([]byte, error)
}

// Files gives the export files.
type Files interface {
	Open(ctx context.Context, key string) (blob.File, error)
}

// Bulk takes what files say.
type Bulk interface {
	Send(ctx context.Context, bodies ...string) error
	Depth(ctx context.Context) (visible, inFlight, delayed int, err error)
}

// Receipts says how many messages of a load are merged.
type Receipts interface {
	CountReceipts(ctx context.Context, load string, n int) (int, error)
}

// Loads takes the messages by which a load goes on.
type Loads interface {
	SendAfter(ctx context.Context, delay time.Duration, body string) error
}

// Records walks by rows.
type Records interface {
	Page(ctx context.Context, segment, segments int, cursor string, limit int) (rows []record.Row, next string, err error)
}

// Marks keeps since when systems are covered.
type Marks interface {
	EarliestMark(ctx context.Context, name string, t time.Time) error
	LatestMark(ctx context.Context, name string, t time.Time) error
	GetMarks(ctx context.Context, names []string) (map[string]time.Time, error)
}

// Rows are what a file says, record by record.
type Rows interface {
	// Next is the next record. It is io.EOF at the end of the file, a
	// *sheet.RowError for a row that cannot be read, after which it goes on, and
	// anything else when the rest of the file cannot be read.
	Next() (Row, error)
	// Read counts the file's rows so far, those that cannot be read included.
	Read() int
	// Unmapped are the locations so far that the registry does not know, and how
	// many rows are theirs.
	Unmapped() map[string]int
	// As says in words how the file is read: "Shopify inventory, CSV, UTF-8".
	As() string
	Close() error
}

// Row is what a file says of one record.
type Row struct {
	// Line is where it begins.
	Line        int
	Observation commerce.Observation
}

// Reader begins to read a file of a system, whose rows are as old as asOf where
// they do not say it themselves. An error says why no row can be read.
type Reader func(of Place, asOf time.Time, body io.Reader) (Rows, error)

// Service loads. Its fields are set once, before the first call.
type Service struct {
	Files     Files
	Blobs     Blobs
	Documents store.Documents
	Records   Records
	Marks     Marks
	Bulk      Bulk
	// Receipts says what is merged of what Bulk took. Nil says everything, once
	// nothing waits.
	Receipts Receipts
	Loads    Loads
	Reader   Reader
	// Chunk is how many rows lie between two checkpoints. Zero is the usual number.
	Chunk int
	// Complete reports whether a system's files of a kind hold all its records.
	Complete func(system string, kind commerce.Kind) bool
	// Zone is where the clocks of a system stand, and whether there is such a
	// system.
	Zone func(system string) (zone *time.Location, known bool)
	// Gate says whether this registry generation is the current one. Nil says so.
	Gate *generation.Gate
	// Generation is the own one.
	Generation string
	Now        func() time.Time
	Log        *slog.Logger
}

// Message is one message of the queue of loads.
type Message struct{ ID, Body string }

// Load goes on with the loads that the messages name, and returns the ids of the
// messages whose work is to be tried again.
func (s *Service) Load(ctx context.Context, messages []Message) (failed []string) {
	for _, m := range messages {
		err := s.message(ctx, m.Body)
		switch {
		case err == nil:
			continue
		case errors.Is(err, generation.ErrOld):
			s.Log.WarnContext(ctx, "load left to a newer registry", "message_id", m.ID)
		default:
			s.Log.ErrorContext(ctx, "load failed", "message_id", m.ID, "error", err.Error())
		}
		failed = append(failed, m.ID)
	}
	return failed
}

func (s *Service) message(ctx context.Context, body string) error {
	if err := s.Gate.Check(ctx, ""); err != nil {
		return err
	}
	steps, err := readMessage(body)
	if err != nil {
		return err
	}
	for _, step := range steps {
		if err := s.step(ctx, step); err != nil {
			return fmt.Errorf("load %s: %w", step.Object, err)
		}
	}
	return nil
}

func (s *Service) step(ctx context.Context, at step) error {
	place, ok := PlaceOf(at.Object)
	if !ok {
		return nil // a report, or nothing of Plumbline's
	}
	switch {
	case at.Sweep != nil:
		return s.swept(ctx, *at.Sweep)
	case at.Load == "":
		return s.begin(ctx, place)
	}
	p, err := s.progress(ctx, at.Load)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	switch p.State {
	case Reading:
		if p.Sweep != nil {
			return s.ended(ctx, p, nil)
		}
		return s.resume(ctx, p)
	case Read:
		return s.conclude(ctx, p)
	default:
		return nil
	}
}

// enough reports whether there is time for one more piece of work.
func enough(ctx context.Context) bool {
	deadline, limited := ctx.Deadline()
	return !limited || time.Until(deadline) > margin
}
