package main

import (
	"context"

	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
)

// ahead reads pages of a table a megabyte at a time and gives them out as small
// as they are asked for. For each request the emulator walks by the whole table,
// which DynamoDB does not, so that small pages would take the square of the
// records. One walk by each segment at a time may use it.
type ahead struct {
	store.Records
	segments map[int]stretch
}

// stretch is what was read of a segment and not given out yet.
type stretch struct {
	// cursor is where rows begin, and next where the page behind them does.
	cursor, next string
	rows         []record.Row
}

// atOnce is more rows than a megabyte holds.
const atOnce = 10_000

// Page gives out rows that were read before, and reads on where there are none.
func (a *ahead) Page(ctx context.Context, segment, segments int, cursor string, limit int) ([]record.Row, string, error) {
	s := a.segments[segment]
	if len(s.rows) == 0 || s.cursor != cursor {
		rows, next, err := a.Records.Page(ctx, segment, segments, cursor, atOnce)
		if err != nil {
			return nil, "", err
		}
		s = stretch{cursor, next, rows}
	}
	rows := s.rows[:min(limit, len(s.rows))]
	s.rows, s.cursor = s.rows[len(rows):], s.next
	if len(s.rows) > 0 {
		s.cursor = string(rows[len(rows)-1].ID())
	}
	a.segments[segment] = s
	return rows, s.cursor, nil
}
