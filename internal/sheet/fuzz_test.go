package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
)

func FuzzRead(f *testing.F) {
	for _, c := range hell {
		content, err := os.ReadFile(filepath.Join(hellFolder, c.file))
		if err != nil {
			f.Fatal(err)
		}
		if len(content) < 5_000 {
			f.Add(content)
		}
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		checkReading(t, file, Options{MaxRow: 4 << 10, MaxColumns: 500})
		if isWellFormed(file) {
			checkAgainstEncodingCSV(t, string(file))
		}
	})
}

// checkReading holds a reader to what holds for every file: places increase, rows
// are as wide as the header, and nothing follows the end.
func checkReading(t *testing.T, file []byte, o Options) {
	t.Helper()
	r, err := Open(bytes.NewReader(file), o)
	if err != nil {
		return
	}
	defer func() { _ = r.Close() }()
	last := r.Format().HeaderLine
	for {
		row, err := r.Next()
		line := row.Line
		var bad *RowError
		switch {
		case errors.As(err, &bad):
			line = bad.Line
		case err != nil:
			if _, again := r.Next(); !errors.Is(again, err) {
				t.Fatalf("%v, then %v", err, again)
			}
			return
		case len(row.Cells) != len(r.Header()):
			t.Fatalf("line %d: %d cells for %d names", row.Line, len(row.Cells), len(r.Header()))
		}
		if line <= last {
			t.Fatalf("line %d behind line %d", line, last)
		}
		last = line
		for _, c := range row.Cells {
			if hasText := c.State > Blank; hasText != (len(c.Text) > 0) || !utf8.Valid(c.Text) {
				t.Fatalf("line %d: a %s cell with %q", line, c.State, c.Text)
			}
		}
	}
}

// isWellFormed reports whether a file is CSV for encoding/csv as for us: UTF-8,
// and nothing that is recognised as something else.
func isWellFormed(file []byte) bool {
	text := bytes.TrimSpace(file)
	return len(text) > 0 && len(file) < 4<<10 && utf8.Valid(file) && !bytes.ContainsAny(file, "\x00\r\uFEFF") &&
		refuse(file) == nil && refuseBinary(file) == nil && !isArray(text) && !isObject(text) &&
		!bytes.HasPrefix(file, zipMagic) && !bytes.HasPrefix(bytes.ToLower(file), []byte("sep="))
}

func checkAgainstEncodingCSV(t *testing.T, file string) {
	t.Helper()
	in := csv.NewReader(strings.NewReader(file))
	in.FieldsPerRecord = -1
	records, err := in.ReadAll()
	if err != nil {
		return
	}
	records = slices.DeleteFunc(records, func(r []string) bool { return strings.Join(r, "") == "" })
	r, err := Open(strings.NewReader(file), Options{Delimiter: ',', Encoding: utf8Name, HeaderLine: 1})
	if len(records) == 0 {
		if !errors.Is(err, ErrEmpty) {
			t.Fatalf("%v for no record", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Header()) != len(records[0]) {
		t.Fatalf("header %q of %q", r.Header(), records[0])
	}
	for i, want := range records[1:] {
		row, err := r.Next()
		var bad *RowError
		switch {
		case err == nil:
			got := make([]string, len(row.Cells))
			for i, c := range row.Cells {
				got[i] = string(c.Text)
			}
			want = want[:min(len(want), len(got))]
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatal(diff)
			}
		case errors.As(err, &bad) && (len(want) != len(r.Header()) || strings.Contains(bad.Want, "a record")):
		case errors.Is(err, ErrTruncated) && i == len(records)-2 && len(want) < len(r.Header()):
			return
		default:
			t.Fatalf("%q: %v", want, err)
		}
	}
	if _, err := r.Next(); !errors.Is(err, io.EOF) {
		t.Fatalf("%v behind the last record", err)
	}
}

func FuzzNumber(f *testing.F) {
	for _, text := range []string{"17", "-1,234.50", "1.234,50 €", "(12)", "12.5%", "1'234", "12,34,567", "1.234", "R$ 5", "5-", ".5", "1 234", "€", "1e5"} {
		f.Add(text)
	}
	for _, c := range hell {
		for _, text := range strings.FieldsFunc(c.text, func(r rune) bool { return r == '\n' || r == ';' || r == '\t' }) {
			if len(text) < 30 {
				f.Add(text)
			}
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		open, openErr := ParseNumber([]byte(text), NumberStyle{})
		point, pointErr := ParseNumber([]byte(text), NumberStyle{Decimal: '.'})
		comma, commaErr := ParseNumber([]byte(text), NumberStyle{Decimal: ','})
		if plain, err := commerce.ParseDecimal(text); err == nil && (pointErr != nil || point != plain) {
			t.Errorf("%q with a decimal point is %v, %v, not %v", text, point, pointErr, plain)
		}
		switch {
		case openErr == nil && (pointErr != nil || point != open) && (commaErr != nil || comma != open):
			t.Errorf("%q is %v by itself and in no style", text, open)
		case errors.Is(openErr, ErrAmbiguous) && (pointErr != nil || commaErr != nil || point == comma) && !errors.Is(pointErr, commerce.ErrInexact):
			t.Errorf("%q is in doubt between %v, %v and %v, %v", text, point, pointErr, comma, commaErr)
		case openErr == nil && pointErr == nil && commaErr == nil && point != comma:
			t.Errorf("%q is %v and %v, and nobody says so", text, point, comma)
		}
		style, err := Styles([][]byte{[]byte(text)})
		if err == nil && openErr == nil {
			if again, err := ParseNumber([]byte(text), style); err != nil || again != open {
				t.Errorf("%q is %v, and %v, %v in its style %s", text, open, again, err, style)
			}
		}
	})
}
