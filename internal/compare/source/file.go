// Package source opens export files for a comparison: it recognises what each is,
// pairs the columns of two files, and reads their records.
//
// What a file's bytes mean it leaves to sheet, what its columns mean to export,
// and what differs to compare.
package source

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"

	"github.com/plumbline/plumbline/internal/compare"
	"github.com/plumbline/plumbline/internal/export"
	"github.com/plumbline/plumbline/internal/sheet"
)

// File is one export as the comparison reads it, with a mapping for its columns.
// It is a compare.File.
type File struct {
	path    string
	format  sheet.Options
	mapping export.Mapping
	options export.Options
	facets  []compare.Facet
	groups  []string
	read    *atomic.Int64

	leaving sync.Mutex     // held to add to left
	left    map[string]int // rows without a record, by reason
	lost    map[string]int // rows of unknown locations
}

// NewFile returns the export at a path, read by a mapping: for each facet the
// values that the mapping has under its name, and the groups of each record.
// Bytes that are read are added to the counter, which may be nil.
func NewFile(path string, format sheet.Options, m export.Mapping, o export.Options, p compare.Plan, read *atomic.Int64) *File {
	return &File{path: path, format: format, mapping: m, options: o, facets: p.Facets, groups: p.Segments, read: read}
}

// LeftOut counts the rows that make no record although nothing is wrong with them,
// by reason, as far as the file was read.
func (f *File) LeftOut() map[string]int { return f.left }

// Unknown counts the rows of locations that the registry does not know.
func (f *File) Unknown() map[string]int { return f.lost }

// Rows opens the file once more.
func (f *File) Rows() (compare.Rows, error) {
	opened, err := open(f.path, f.format, f.read)
	if err != nil {
		return nil, err
	}
	var rows compare.Rows
	if p, ok := f.plain(opened.Header()); ok {
		p.opened = opened
		rows = p
	} else if rows, err = f.records(opened); err != nil {
		return nil, errors.Join(err, opened.Close())
	}
	return rows, nil
}

// opened is a file that is being read.
type opened struct {
	*sheet.Reader
	file io.Closer
}

func open(path string, format sheet.Options, read *atomic.Int64) (*opened, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	var r io.Reader = file
	if read != nil {
		r = counting{file, read}
	}
	format.Name = path
	reader, err := sheet.Open(r, format)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), file.Close())
	}
	return &opened{reader, file}, nil
}

// Close closes reader and file.
func (o *opened) Close() error { return errors.Join(o.Reader.Close(), o.file.Close()) }

type counting struct {
	io.Reader
	n *atomic.Int64
}

func (c counting) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// rejected turns the error of one row into the comparison's. Other errors name the
// file.
func (f *File) rejected(err error) error {
	var bad *sheet.RowError
	switch {
	case errors.As(err, &bad):
		return &compare.Rejected{Line: bad.Line, Column: bad.Column, Name: bad.Name, Want: bad.Want}
	case errors.Is(err, io.EOF):
		return io.EOF
	default:
		return fmt.Errorf("%s: %w", f.path, err)
	}
}

func (f *File) leave(why string) {
	f.leaving.Lock()
	defer f.leaving.Unlock()
	if f.left == nil {
		f.left = map[string]int{}
	}
	f.left[why]++
}

// canTellNull reports whether the format tells null from a value that is not there.
func canTellNull(format sheet.Format) bool {
	return format.Kind == sheet.JSONLines || format.Kind == sheet.JSONArray
}

// interned keeps one copy of each text that repeats.
type interned map[string]string

func (in interned) text(b []byte) string {
	if s, ok := in[string(b)]; ok {
		return s
	}
	s := string(b)
	if len(in) < 10_000 {
		in[s] = s
	}
	return s
}
