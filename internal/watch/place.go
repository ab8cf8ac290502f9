package watch

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/export"
	"github.com/plumbline/plumbline/internal/load"
	"github.com/plumbline/plumbline/internal/sheet"
)

// samples is how many rows are looked at to recognise a file.
const samples = 50

// named is what the path of a file says: <system>/<kind>/… or <system>-<kind>-…,
// each as far as it goes.
func (w *Service) named(name string) (system string, kind commerce.Kind) {
	parts := strings.Split(name, "/")
	rest := parts[len(parts)-1]
	if _, known := w.Registry.Systems[parts[0]]; known && len(parts) > 1 {
		system = parts[0]
		if kind, ok := kindOf(parts[1]); ok && len(parts) > 2 {
			return system, kind
		}
	} else if system, rest = w.prefix(rest); system == "" {
		return "", ""
	}
	word := strings.FieldsFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) })
	if len(word) > 0 && strings.HasPrefix(rest, word[0]) {
		kind, _ = kindOf(word[0])
	}
	return system, kind
}

// prefix is the system with whose name a name begins, the longest one, and the
// rest of it.
func (w *Service) prefix(name string) (system, rest string) {
	for _, s := range slices.Sorted(maps.Keys(w.Registry.Systems)) {
		after, ok := strings.CutPrefix(name, s)
		if ok && len(s) > len(system) && after != "" && strings.ContainsRune("-_. ", rune(after[0])) {
			system, rest = s, after[1:]
		}
	}
	return system, rest
}

func kindOf(text string) (commerce.Kind, bool) {
	for _, k := range commerce.Kinds() {
		if text == string(k) || text == string(k)+"s" {
			return k, true
		}
	}
	return "", false
}

// place says of which system and kinds a file is. What neither its path nor its
// header says without doubt is not guessed: the error says what would.
func (w *Service) place(name string) ([]load.Place, error) {
	system, kind := w.named(name)
	if kind != "" {
		return []load.Place{{System: system, Kind: kind, Name: path.Base(name)}}, nil
	}
	places, err := w.byHeader(system, name)
	if err != nil {
		return nil, err
	}
	for i := range places {
		places[i].Name = path.Base(name)
	}
	return places, nil
}

const wantName = "name it <system>-<kind>-<date>, or put it into the folder <system>/<kind>"

func (w *Service) byHeader(system, name string) ([]load.Place, error) {
	if system != "" {
		if declared := w.declared(system, name); len(declared) > 0 {
			return declared, nil
		}
	}
	header, rows, err := w.header(name)
	if err != nil {
		return nil, fmt.Errorf("it cannot be read: %w", err)
	}
	matches := slices.DeleteFunc(export.Recognise(header, rows), func(m export.Match) bool { return !m.Known() })
	if len(matches) == 0 {
		return nil, errors.New("its header is of no layout that is known: " + wantName)
	}
	var found []load.Place
	for _, m := range matches {
		p, _ := export.PresetOf(m.Mapping.Preset)
		for _, s := range slices.Sorted(maps.Keys(w.Registry.Systems)) {
			if w.writes(s, p, m.Mapping.Kind) && (system == "" || s == system) {
				found = append(found, load.Place{System: s, Kind: m.Mapping.Kind})
			}
		}
	}
	switch {
	case len(found) == 0 && system != "":
		return nil, fmt.Errorf("its header is that of %s, which %s has none of: %s", matches[0].Title, system, wantName)
	case len(found) == 0:
		return nil, fmt.Errorf("its header is that of %s, and no system of the registry has such files: %s, with <system> one of %s",
			matches[0].Title, wantName, strings.Join(slices.Sorted(maps.Keys(w.Registry.Systems)), ", "))
	case len(found) > 1:
		return nil, fmt.Errorf("its header could be %s of %s as well as %s of %s: %s", found[0].Kind, found[0].System, found[1].Kind, found[1].System, wantName)
	}
	return found, nil
}

// writes reports whether a system's exports have a known layout: its platform's, or
// one that the registry names for the kind.
func (w *Service) writes(system string, p export.Preset, kind commerce.Kind) bool {
	s := w.Registry.Systems[system]
	of := s.Exports[kind]
	return s.Platform == p.Platform || of != nil && of.Preset == p.Name
}

// declared are the kinds of files that the registry says a system has, and whose
// layout this file has.
func (w *Service) declared(system, name string) (places []load.Place) {
	of := w.Registry.Systems[system].Exports
	for _, kind := range slices.Sorted(maps.Keys(of)) {
		p := load.Place{System: system, Kind: kind, Name: path.Base(name)}
		f, err := os.Open(w.file(name))
		if err != nil {
			return nil
		}
		if rows, err := load.Exports(w.Registry, w.HashKey)(p, time.Time{}, f); err == nil {
			places = append(places, p)
			_ = rows.Close() // it was only looked at
		}
		_ = f.Close()
	}
	return places
}

// header reads the names of columns and some rows.
func (w *Service) header(name string) (header []string, rows [][]string, err error) {
	f, err := os.Open(w.file(name))
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	r, err := sheet.Open(f, sheet.Options{Name: path.Base(name)})
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	for len(rows) < samples {
		row, err := r.Next()
		var bad *sheet.RowError
		if errors.As(err, &bad) {
			continue
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		texts := make([]string, len(row.Cells))
		for i, c := range row.Cells {
			texts[i] = string(c.Text)
		}
		rows = append(rows, texts)
	}
	return r.Header(), rows, nil
}

func (w *Service) file(name string) string { return filepath.Join(w.Folder, filepath.FromSlash(name)) }
