package sheet_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/sheet"
)

// Stepping over rows ends at the row that reading them would have come to.
func TestSkipToGoesWhereNextWouldHaveCome(t *testing.T) {
	var text strings.Builder
	text.WriteString("id,note\n")
	for i := range 5000 {
		switch i % 7 {
		case 2:
			fmt.Fprintf(&text, "%d,\"two\nlines\"\n", i)
		case 3:
			fmt.Fprintf(&text, "%d,\"a \"\"word\"\"\"\r\n", i)
		case 5:
			fmt.Fprintf(&text, "%d\n", i) // no record
		default:
			fmt.Fprintf(&text, "%d,plain\n", i)
		}
	}
	open := func(text string) *sheet.Reader {
		r, err := sheet.Open(strings.NewReader(text), sheet.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	lines := map[int]string{}
	var order []int
	for r := open(text.String()); ; {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			lines[row.Line] = string(row.Cells[0].Text)
			order = append(order, row.Line)
		}
	}
	for _, step := range []int{1, 2, 97, 1000} {
		r := open(text.String())
		for i := step - 1; i < len(order); i += step {
			if !r.SkipTo(order[i]) {
				t.Fatal("a CSV file is not stepped through")
			}
			row, err := r.Next()
			if err != nil || row.Line != order[i] || string(row.Cells[0].Text) != lines[order[i]] {
				t.Fatalf("to line %d: got line %d, %v", order[i], row.Line, err)
			}
		}
	}
	if open("{\"a\":1}\n{\"a\":2}\n").SkipTo(2) {
		t.Error("JSON is stepped through")
	}
}

// A row that is stepped to is looked at as any other.
func TestSkipToFindsWhatIsNoText(t *testing.T) {
	text := "id,note\n" + strings.Repeat("2,plain\n", 50_000) + "3,caf\xff\n4,plain\n"
	r, err := sheet.Open(strings.NewReader(text), sheet.Options{Encoding: "utf-8"})
	if err != nil {
		t.Fatal(err)
	}
	const line = 50_002
	if !r.SkipTo(line) {
		t.Fatal("a CSV file is not stepped through")
	}
	var bad *sheet.RowError
	if _, err := r.Next(); !errors.As(err, &bad) || bad.Line != line || bad.Column != 2 {
		t.Errorf("line %d: %v", line, err)
	}
	if row, err := r.Next(); err != nil || string(row.Cells[0].Text) != "4" {
		t.Errorf("behind it: %v, %v", row, err)
	}
}
