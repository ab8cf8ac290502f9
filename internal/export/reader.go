package export

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/sheet"
)

// ErrMapping means that a mapping does not fit a file or contradicts itself. The
// error says what would be right.
var ErrMapping = errors.New("the mapping does not fit")

// Rows are the rows of a file. A *sheet.Reader is one.
type Rows interface {
	Header() []string
	Next() (sheet.Row, error)
}

// Options are what is known of the system that a file is of.
type Options struct {
	// Config is the registry's. Without a registry the zero Config reads locations
	// by their own names and all orders as of one store. HashKey has to be given for
	// customers.
	Config platform.Config
	// AsOf is when the export was started. A row that was changed more than a day
	// after it is set aside. Zero: not known.
	AsOf time.Time
}

// Reader reads the records of a file. Memory does not grow with the number of
// rows, except where several rows make a record: then the keys are remembered.
type Reader struct {
	rows  Rows
	names []string
	plan  *plan
	// ready is what Next returns before it reads on, of which so many are taken, and
	// end what it returns then.
	ready []result
	taken int
	end   error
	// current is the record that is being read, of one row or several, and done are
	// those that were. Open ones may have rows anywhere.
	current *group
	done    map[string]bool
	open    map[string]*group
	order   []*group
	// torn is the line of a row that cannot be read and may be part of the record
	// that begins behind it, or 0.
	torn    int
	skipped map[string]int
	unknown map[string]int
}

// result is what one call of Next returns.
type result struct {
	record Record
	err    error
}

// NewReader reads rows by a mapping. The error wraps ErrMapping and says which of
// the mapping's columns the header lacks, or what else is wrong.
func NewReader(rows Rows, m Mapping, o Options) (*Reader, error) {
	p, err := newPlan(m, rows.Header(), o)
	if err != nil {
		return nil, err
	}
	p.sparse = sparse(rows)
	return &Reader{
		rows: rows, names: rows.Header(), plan: p, done: map[string]bool{}, open: map[string]*group{},
		skipped: map[string]int{}, unknown: map[string]int{},
	}, nil
}

// sparse reports whether a cell that is not there is a blank one: a workbook does not
// keep cells without a value, and a JSON object without a key does not tell it.
func sparse(rows Rows) bool {
	f, ok := rows.(interface{ Format() sheet.Format })
	return ok && f.Format().Kind == sheet.XLSX
}

// Next returns the next record, and io.EOF after the last. A row that cannot be
// read is a *sheet.RowError and set aside, and with it the record that it is part
// of; call Next again to go on. Any other error is final. No error holds what a
// cell says.
func (r *Reader) Next() (Record, error) {
	for r.taken == len(r.ready) {
		if r.end != nil {
			return Record{}, r.end
		}
		r.ready, r.taken = r.ready[:0], 0
		r.step()
	}
	r.taken++
	next := r.ready[r.taken-1]
	return next.record, next.err
}

// step reads one row.
func (r *Reader) step() {
	row, err := r.rows.Next()
	bad := (*sheet.RowError)(nil)
	switch {
	case errors.As(err, &bad):
		r.ready = append(r.ready, result{err: bad})
		r.tear(bad.Line)
	case errors.Is(err, io.EOF):
		r.finishAll()
		r.end = io.EOF
	case err != nil:
		// The record that was being read may have more rows.
		r.current, r.end = nil, fmt.Errorf("read the export: %w", err)
	default:
		r.row(row)
	}
}

func (r *Reader) row(row sheet.Row) {
	if why := r.plan.leaves(row.Cells); why != "" {
		r.skipped[why]++
		return
	}
	if r.plan.spread == nil {
		r.part(row, r.plan.facets, "")
		return
	}
	for i, name := range r.plan.spread.names {
		r.part(row, r.plan.spread.facets[i], name)
	}
}

// part adds a row to the record that it is part of.
func (r *Reader) part(row sheet.Row, facets []*facet, spread string) {
	n, f := r.plan.keys.read(row.Cells, spread)
	switch {
	case f != nil:
		r.fail(row.Line, f)
		r.tear(row.Line)
		return
	case n.unknown != "":
		r.unknown[n.unknown]++
		return
	case n.skipped != "":
		r.skipped[n.skipped]++
		return
	}
	r.choose(row, n)
	if r.current.bad {
		return
	}
	if f := r.current.add(row, facets); f != nil {
		r.current.bad = true
		r.fail(row.Line, f)
	}
	if r.plan.group == "" {
		r.finish()
	}
}

// choose goes to the record that a row is part of.
func (r *Reader) choose(row sheet.Row, n named) {
	if r.plan.group != Anywhere {
		if r.plan.group == "" || r.current == nil || r.current.native != n.native {
			r.finish()
			r.begin(row, n)
		}
		return
	}
	if r.current = r.open[n.native]; r.current == nil {
		r.current = newGroup(r.plan, row.Line, n)
		r.open[n.native], r.order = r.current, append(r.order, r.current)
	}
}

// begin starts a record of adjacent rows.
func (r *Reader) begin(row sheet.Row, n named) {
	r.current = newGroup(r.plan, row.Line, n)
	if r.plan.group == "" {
		return
	}
	switch {
	case r.done[n.native]:
		r.fail(row.Line, &fault{nowhere, "all rows of a record together: sort the file by its key"})
		r.current.bad = true
	case r.torn != 0:
		r.fail(row.Line, r.tornBy(r.torn))
		r.current.bad = true
	}
	r.done[n.native], r.torn = true, 0
}

// tear sets aside the records on both sides of a row that cannot be read: it may be
// part of either.
func (r *Reader) tear(line int) {
	if r.plan.group != Adjacent {
		return
	}
	if r.torn = line; r.current != nil && !r.current.bad {
		r.current.bad = true
		r.fail(r.current.line, r.tornBy(line))
	}
}

func (r *Reader) tornBy(line int) *fault {
	return &fault{nowhere, fmt.Sprintf("a record whose rows can all be read, line %d may be one of them", line)}
}

// finishAll ends the last record, or all of those that may have had more rows.
func (r *Reader) finishAll() {
	if r.plan.group != Anywhere {
		r.finish()
		return
	}
	for _, g := range r.order {
		r.current = g
		r.finish()
	}
	r.open, r.order = nil, nil
}

// finish ends the record that is being read.
func (r *Reader) finish() {
	if g := r.current; g != nil && !g.bad {
		r.ready = append(r.ready, result{record: g.record()})
	}
	r.current = nil
}

func (r *Reader) fail(line int, f *fault) {
	e := &sheet.RowError{Line: line, Column: f.column + 1, Want: f.want}
	if f.column >= 0 && f.column < len(r.names) {
		e.Name = r.names[f.column]
	}
	r.ready = append(r.ready, result{err: e})
}

// Skipped counts the rows that were left out although nothing is wrong with them,
// by reason.
func (r *Reader) Skipped() map[string]int { return maps.Clone(r.skipped) }

// Unknown counts the rows that were left out because the registry does not know
// their location, by the location as the file writes it.
func (r *Reader) Unknown() map[string]int { return maps.Clone(r.unknown) }
