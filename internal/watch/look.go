package watch

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/blob"
	"github.com/plumbline/plumbline/internal/load"
	"github.com/plumbline/plumbline/internal/sheet"
)

// File is what is remembered of a file.
type File struct {
	Size     int64     `json:"size"`
	Modified time.Time `json:"modified"`
	// Sum is that of its content.
	Sum string `json:"sum,omitempty"`
	// Generation is the registry's by which it was assigned.
	Generation string `json:"generation,omitempty"`
	// AsOf is the time of what it says.
	AsOf time.Time `json:"as_of,omitzero"`
	// Done says that it was loaded, Why why it was not.
	Done bool   `json:"done,omitempty"`
	Why  string `json:"why,omitempty"`
	// Places are what it was loaded as, Rows how many it had, by kind.
	Places []Place        `json:"places,omitempty"`
	Rows   map[string]int `json:"rows,omitempty"`
}

// Place is a system and a kind.
type Place struct {
	System string `json:"system"`
	Kind   string `json:"kind"`
}

// candidate is a file that is to be loaded.
type candidate struct {
	path   string
	places []load.Place
	file   File
}

// look goes by the folder for files that are new or others than they were, those
// of the oldest time first. It reports whether something is to be remembered of
// files that are not loaded.
func (w *Service) look(s *State, r *Result) (todo []candidate, seen bool, err error) {
	names, err := w.names()
	if err != nil {
		return nil, false, fmt.Errorf("look into the folder: %w", err)
	}
	for _, name := range names {
		info, err := os.Stat(w.file(name))
		if err != nil {
			continue // it was removed a moment ago
		}
		file := File{Size: info.Size(), Modified: info.ModTime().UTC().Round(0), Generation: w.Registry.Generation, Rows: map[string]int{}}
		switch before, known := s.Files[name]; {
		case known && before.sameAs(file) && (before.Done || before.Generation == file.Generation && !slices.Contains(w.Accept, name)):
			if !before.Done {
				r.Left = append(r.Left, Left{name, before.Why})
			}
		case w.Now().Sub(file.Modified) < Settled:
			r.Unsettled++
		default:
			one, err := w.examine(s, name, file)
			if one.file.Done {
				seen, s.Files[name] = true, one.file // the same content as before
				continue
			}
			if err != nil {
				seen, file.Why = true, err.Error()
				s.Files[name] = file
				r.Left = append(r.Left, Left{name, file.Why})
				continue
			}
			todo = append(todo, one)
		}
	}
	slices.SortFunc(todo, func(a, b candidate) int { return cmp.Or(a.file.AsOf.Compare(b.file.AsOf), cmp.Compare(a.path, b.path)) })
	return todo, seen, nil
}

func (f File) sameAs(g File) bool { return f.Size == g.Size && f.Modified.Equal(g.Modified) }

// names are the paths of the files in the folder, hidden ones and those that are
// under way left out.
func (w *Service) names() ([]string, error) {
	var names []string
	err := filepath.WalkDir(w.Folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == w.Folder {
			return err
		}
		if hidden := strings.HasPrefix(d.Name(), "."); hidden || d.IsDir() {
			if hidden && d.IsDir() || same(path, w.State) {
				return fs.SkipDir
			}
			return nil
		}
		name, err := filepath.Rel(w.Folder, path)
		if err == nil && d.Type().IsRegular() && readable(d.Name()) {
			names = append(names, filepath.ToSlash(name))
		}
		return err
	})
	return names, err
}

func same(a, b string) bool {
	x, err := filepath.Abs(a)
	y, err2 := filepath.Abs(b)
	return err == nil && err2 == nil && x == y
}

// readable reports whether a name is that of an export file.
func readable(name string) bool {
	name = strings.ToLower(name)
	for _, packed := range []string{".gz", ".zst"} {
		name = strings.TrimSuffix(name, packed)
	}
	return slices.Contains([]string{".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".xlsx"}, filepath.Ext(name))
}

// examine says what is to be done with a file. The error says why it is left.
func (w *Service) examine(s *State, name string, file File) (one candidate, err error) {
	one = candidate{path: name, file: file}
	if one.places, err = w.place(name); err != nil {
		return one, err
	}
	for _, p := range one.places {
		rows, sum, err := w.whole(name, p)
		if err != nil {
			return one, err
		}
		one.file.Sum = sum
		if err := w.shrunk(s, name, p, rows); err != nil {
			return one, err
		}
		one.file.Places = append(one.file.Places, Place{p.System, string(p.Kind)})
	}
	if again, err := os.Stat(w.file(name)); err != nil || !file.sameAs(File{Size: again.Size(), Modified: again.ModTime()}) {
		return one, errors.New("it changed while it was read")
	}
	zone := w.Registry.Systems[one.places[0].System].Timezone
	if one.file.AsOf, _, err = load.AsOf(one.places[0], one.blob(nil), zone, w.Now()); err != nil {
		return one, err
	}
	if before := s.Files[name]; before.Done && before.Sum == one.file.Sum && before.AsOf.Equal(one.file.AsOf) {
		before.Size, before.Modified = file.Size, file.Modified
		one.file = before
	}
	return one, nil
}

// blob is the file as load gets it.
func (c candidate) blob(body io.ReadCloser) blob.File {
	return blob.File{
		Body: body, Size: c.file.Size, Tag: c.file.Sum, Modified: c.file.Modified,
		Meta: map[string]string{load.ModifiedMeta: c.file.Modified.Format(time.RFC3339)},
	}
}

// whole reads a file to its end, and counts its rows. A file whose end is missing
// says nothing about what is behind it, so that it is not loaded at all.
func (w *Service) whole(name string, p load.Place) (n int, sum string, err error) {
	f, err := os.Open(w.file(name))
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = f.Close() }() // it was only read
	hashed := sha256.New()
	body := io.TeeReader(f, hashed)
	rows, err := load.Exports(w.Registry, w.HashKey)(p, time.Time{}, body)
	if err != nil {
		return 0, "", fmt.Errorf("it cannot be read as %s of %s: %w", p.Kind, p.System, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for last := error(nil); ; {
		_, err := rows.Next()
		var bad *sheet.RowError
		switch {
		case errors.As(err, &bad):
			last = bad
		case err == nil:
			last = nil
		case !errors.Is(err, io.EOF):
			return 0, "", fmt.Errorf("it is not whole: %w", err)
		case last != nil:
			return 0, "", fmt.Errorf("it seems cut off, because its last row cannot be read: %w", last)
		default:
			sum, err := rest(hashed, body)
			return rows.Read(), sum, err
		}
	}
}

// rest takes the checksum of what a reader need not have read to its last byte.
func rest(sum hash.Hash, body io.Reader) (string, error) {
	if _, err := io.Copy(io.Discard, body); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)[:16]), nil
}

// few is below how many rows nothing follows from a file that has become shorter.
const few = 20

// shrunk is an error where a file of all records has less than half of the rows
// that the one before had: a file that was cut off between two rows looks so, and
// all that it lacks would be gone.
func (w *Service) shrunk(s *State, name string, p load.Place, rows int) error {
	e := w.Registry.Systems[p.System].Exports[p.Kind]
	if e == nil || !e.Complete || slices.Contains(w.Accept, name) {
		return nil
	}
	var newest File
	for _, f := range s.Files {
		if f.Done && slices.Contains(f.Places, Place{p.System, string(p.Kind)}) && f.Modified.After(newest.Modified) {
			newest = f
		}
	}
	if before := newest.Rows[string(p.Kind)]; before >= few && rows*2 < before {
		return fmt.Errorf("it has %d rows and the one before had %d: if that is right, load it with --accept", rows, before)
	}
	return nil
}

// waiting counts the records that differ under some rule and have no finding.
func waiting(ctx context.Context, s *State) (n int, err error) {
	rows, err := marked(ctx, s)
	for _, row := range rows {
		for _, m := range row.Marks {
			if m.Open == "" {
				n++
				break
			}
		}
	}
	return n, err
}
