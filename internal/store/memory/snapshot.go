package memory

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
)

// codec numbers the shape of a snapshot. Raise it with every change that an older
// reader would misread; it then refuses the snapshot.
const codec = 1

// ErrSnapshot means that a snapshot is damaged or cut off.
var ErrSnapshot = errors.New("memory: not a whole snapshot")

// Stores are the stores that a snapshot holds.
type Stores struct {
	Records  *Records
	Findings *Findings
}

// New returns empty stores.
func New() Stores { return Stores{&Records{}, &Findings{}} }

// line is one line of a snapshot: its head, something that is kept, or its end.
type line struct {
	Codec int         `json:"codec,omitempty"`
	Row   *record.Row `json:"row,omitempty"`
	// Shelf names what Body is.
	Shelf string          `json:"shelf,omitempty"`
	ID    string          `json:"id,omitempty"`
	Rev   int64           `json:"rev,omitempty"`
	Body  json.RawMessage `json:"body,omitempty"`
	Mark  time.Time       `json:"mark,omitzero"`
	// End counts the lines before the last one.
	End int `json:"end,omitempty"`
}

// shelves are the shelves by the names that snapshots give them.
func (s *Findings) shelves() map[string]*map[string]shelved {
	return map[string]*map[string]shelved{
		"finding": (*map[string]shelved)(&s.findings), "alert": (*map[string]shelved)(&s.alerts), "group": (*map[string]shelved)(&s.groups),
		"sweep": (*map[string]shelved)(&s.sweeps), "document": (*map[string]shelved)(&s.documents),
	}
}

// Save writes all that the stores keep, as lines of JSON: the same content gives
// the same bytes.
func (s Stores) Save(to io.Writer) error {
	buffered := bufio.NewWriterSize(to, 1<<16)
	out := &writer{encoder: json.NewEncoder(buffered)}
	out.encoder.SetEscapeHTML(false)
	out.line(line{Codec: codec})
	s.Records.save(out)
	s.Findings.save(out)
	out.line(line{End: out.lines})
	if err := errors.Join(out.err, buffered.Flush()); err != nil {
		return fmt.Errorf("write snapshot: %w", err)
	}
	return nil
}

type writer struct {
	encoder *json.Encoder
	lines   int
	err     error
}

func (w *writer) line(l line) {
	if w.err == nil {
		w.err = w.encoder.Encode(l)
		w.lines++
	}
}

func (r *Records) save(out *writer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(r.rows)) {
		row := r.rows[id]
		out.line(line{Row: &row})
	}
}

func (s *Findings) save(out *writer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.shelves()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		for _, id := range slices.Sorted(maps.Keys(*all[name])) {
			kept := (*all[name])[id]
			out.line(line{Shelf: name, ID: id, Rev: kept.rev, Body: kept.body})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.marks)) {
		out.line(line{ID: name, Mark: s.marks[name]})
	}
}

// Load reads what Save wrote into stores of its own. A snapshot of a newer codec
// is store.ErrNewer, one that is not whole ErrSnapshot.
func Load(from io.Reader) (Stores, error) {
	s := New()
	in := json.NewDecoder(bufio.NewReaderSize(from, 1<<16))
	for lines := 0; ; lines++ {
		var l line
		if err := in.Decode(&l); err != nil {
			return Stores{}, fmt.Errorf("%w: line %d: %w", ErrSnapshot, lines+1, err)
		}
		switch {
		case lines == 0 && l.Codec > codec:
			return Stores{}, fmt.Errorf("read snapshot: %w: %d, this one reads %d", store.ErrNewer, l.Codec, codec)
		case (lines == 0) != (l.Codec > 0), l.End > 0 && l.End != lines:
			return Stores{}, fmt.Errorf("%w: line %d is not in its place", ErrSnapshot, lines+1)
		case l.End > 0:
			return s, nil
		}
		if err := s.keep(l); err != nil {
			return Stores{}, fmt.Errorf("line %d: %w", lines+1, err)
		}
	}
}

// keep puts what a line holds where it was.
func (s Stores) keep(l line) error {
	switch {
	case l.Codec > 0:
	case l.Row != nil:
		s.Records.keep(*l.Row)
	case l.Shelf != "":
		shelf, known := s.Findings.shelves()[l.Shelf]
		if !known {
			return fmt.Errorf("%w: no shelf of that name", ErrSnapshot)
		}
		if *shelf == nil {
			*shelf = map[string]shelved{}
		}
		(*shelf)[l.ID] = shelved{l.Rev, l.Body}
	case !l.Mark.IsZero():
		if s.Findings.marks == nil {
			s.Findings.marks = map[string]time.Time{}
		}
		s.Findings.marks[l.ID] = l.Mark
	default:
		return fmt.Errorf("%w: nothing that is kept", ErrSnapshot)
	}
	return nil
}

// keep takes a row as it was kept, its revision included.
func (r *Records) keep(row record.Row) {
	id, kept := row.ID(), store.Kept(row)
	if r.rows == nil {
		r.rows = map[commerce.RecordID]record.Row{}
	}
	r.shards[store.ShardOf(id)].add(id, kept)
	r.rows[id] = kept
}
