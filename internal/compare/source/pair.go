package source

import (
	"sync/atomic"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/compare"
	"github.com/plumbline/plumbline/internal/export"
)

// Columns is a column of the left file and one of the right.
type Columns [2]string

// Wishes are what the user says of the files. The zero Wishes leave all to be
// recognised.
type Wishes struct {
	// As names the preset of each file, or is blank.
	As [2]string
	// Kind is what the records are, where that is not recognised, or which of several
	// kinds is compared; blank leaves it.
	Kind commerce.Kind
	// Key are the columns that identify a record.
	Key []Columns
	// Facets are the names of columns, by column, of both files.
	Facets map[string]string
	// Ignore are columns or facets that are not compared.
	Ignore []string
	// Within are tolerances by facet.
	Within map[string]compare.Tolerance
	// HashKey keys the hashes of e-mail addresses.
	HashKey []byte
}

// Reading is how one file is read.
type Reading struct {
	Look
	// Title says what kind of file it is.
	Title   string
	Mapping export.Mapping
}

// Pair is two files that are ready to be compared.
type Pair struct {
	Readings [2]Reading
	Plan     compare.Plan
	// Reasons say why the columns belong together, Notes what else could be meant.
	Reasons, Notes []string
	// Unpaired are the columns of each file that are not compared.
	Unpaired [2][]string
}

// Files are the pair's, to be read. Bytes that are read are added to the counter.
func (p Pair) Files(options [2]export.Options, read *atomic.Int64) compare.Files {
	var files compare.Files
	for side, r := range p.Readings {
		files[side] = NewFile(r.Path, r.options, r.Mapping, options[side], p.Plan, read)
	}
	return files
}
