package sheet

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// told is everything that a reader said of a file.
type told struct {
	Header []string
	Rows   []string
	Final  string
}

// tell reads a file to its end. A cell is its text, a row its line and cells.
func tell(t *testing.T, r io.Reader, o Options) told {
	t.Helper()
	reader, err := Open(r, o)
	if err != nil {
		return told{Final: err.Error()}
	}
	defer func() { _ = reader.Close() }()
	all := told{Header: reader.Header()}
	for {
		row, err := reader.Next()
		var bad *RowError
		switch {
		case err == nil:
			all.Rows = append(all.Rows, rowText(row))
		case errors.As(err, &bad):
			all.Rows = append(all.Rows, err.Error())
		case errors.Is(err, io.EOF):
			return all
		default:
			all.Final = err.Error()
			return all
		}
	}
}

func rowText(row Row) string {
	var parts []string
	for _, c := range row.Cells {
		parts = append(parts, string(c.Text))
	}
	return strings.Join(parts, "|")
}

func TestAPlainAndAGzipFileAreTheSame(t *testing.T) {
	const file = "SKU,Location,Available\nMUG-BLU,east,17\n\"CAP,BLK\",\"the \"\"west\"\"\",3\n"
	want := told{
		Header: []string{"SKU", "Location", "Available"},
		Rows:   []string{"MUG-BLU|east|17", `CAP,BLK|the "west"|3`},
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = io.WriteString(w, file)
	_ = w.Close()
	for name, r := range map[string]io.Reader{"plain": strings.NewReader(file), "gzip": &packed} {
		if diff := cmp.Diff(want, tell(t, r, Options{})); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
