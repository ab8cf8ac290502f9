package load

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
)

const (
	// segments is how many parts of the table are walked side by side.
	segments = 4
	// pageRows is how many rows of each are read between two checkpoints.
	pageRows = 500
)

// segment is how far one part of the walk is.
type segment struct {
	Cursor string
	Done   bool
}

// walk is one invocation's work on the rows.
type walk struct {
	progress
	service *Service
	keys    keySet
}

func (w *walk) walked() bool {
	for _, part := range w.Walk {
		if !part.Done {
			return false
		}
	}
	return true
}

// run walks by all rows, page by page. A page's sums are written with its place, so
// that none is counted twice.
func (w *walk) run(ctx context.Context) error {
	for first := true; !w.walked() && (first || enough(ctx)); first = false {
		pages := make([][]record.Row, segments)
		next := append([]segment{}, w.Walk...)
		group, within := errgroup.WithContext(ctx)
		for i := range next {
			if next[i].Done {
				continue
			}
			group.Go(func() error {
				rows, cursor, err := w.service.Records.Page(within, i, segments, next[i].Cursor, pageRows)
				pages[i], next[i] = rows, segment{cursor, cursor == ""}
				return err
			})
		}
		if err := group.Wait(); err != nil {
			return fmt.Errorf("walk by the rows: %w", err)
		}
		var gone []commerce.Observation
		for _, rows := range pages {
			for _, row := range rows {
				gone = append(gone, w.row(row)...)
			}
		}
		if err := w.service.send(ctx, w.Certificate, gone); err != nil {
			return err
		}
		w.Walk = next
		if err := w.service.save(ctx, &w.progress); err != nil {
			return err
		}
	}
	return nil
}

// row counts a row, and says what of it is gone.
func (w *walk) row(row record.Row) []commerce.Observation {
	if row.Kind != w.Kind || !row.Suppressed.IsZero() {
		return nil
	}
	var ends []commerce.Observation
	var gone, lost, told bool
	if w.Concludes && w.lacks(row) {
		ends, gone, lost = w.gone(row)
	}
	w.Heard = w.Heard || w.hears(row)
	switch {
	case w.Since.IsZero():
		lost = false
	case gone:
	default:
		lost, told = w.changed(row)
	}
	if gone {
		w.Gone++
	}
	if lost {
		w.Lost++
		if len(w.Samples) < maxSamples {
			w.Samples = append(w.Samples, row.Key.Text(row.Kind))
		}
	} else if told {
		w.Told++
	}
	return ends
}
