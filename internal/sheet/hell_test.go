package sheet

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/docpage"
)

var update = flag.Bool("update", false, "write the files from hell, what is documented of them, and the table")

const (
	hellFolder = "../../events/exports/hell"
	hellPage   = "../../docs/exports/files.md"
)

// documented is what is said of a file from hell: an entry of cases.json.
type documented struct {
	File string `json:"file"`
	// About is what is odd about it, and Result is what becomes of it.
	About      string   `json:"about"`
	Result     string   `json:"result"`
	Recognised string   `json:"recognised,omitempty"`
	Header     []string `json:"header,omitempty"`
	// Rows are rows and row errors, in their order.
	Rows   []string `json:"rows,omitempty"`
	Unread []string `json:"unread,omitempty"`
	Final  string   `json:"final,omitempty"`
}

// read reads a file to its end. A text is in quotes, "" is blank, and - is a
// missing cell.
func (d *documented) read(r io.Reader, o Options) {
	reader, err := Open(r, o)
	if err != nil {
		d.Final = err.Error()
		return
	}
	defer func() { _ = reader.Close() }()
	d.Recognised, d.Header = reader.Format().String(), reader.Header()
	d.rest(reader)
}

// rest reads what is left.
func (d *documented) rest(reader *Reader) {
	for {
		row, err := reader.Next()
		var bad *RowError
		switch {
		case err == nil:
			d.Rows = append(d.Rows, fmt.Sprintf("%d:%s", row.Line, shown(row)))
		case errors.As(err, &bad):
			d.Rows = append(d.Rows, "bad: "+err.Error())
		default:
			d.Unread = reader.Unread()
			if !errors.Is(err, io.EOF) {
				d.Final = err.Error()
			}
			return
		}
	}
}

func shown(row Row) string {
	var b strings.Builder
	for _, c := range row.Cells {
		b.WriteByte(' ')
		switch c.State {
		case Missing:
			b.WriteByte('-')
		case Null:
			b.WriteString("null")
		case Blank:
			b.WriteString(`""`)
		case Text:
			b.WriteString(quoted(c.Text))
		default:
			b.Write(c.Text)
		}
	}
	return b.String()
}

// quoted shows a text, a long one by its beginning and size.
func quoted(text []byte) string {
	if len(text) > 80 {
		return fmt.Sprintf("%q… (%d bytes)", text[:12], len(text))
	}
	return fmt.Sprintf("%q", text)
}

func TestEveryFileFromHellGivesTheDocumentedResult(t *testing.T) {
	var want []documented
	if text, err := os.ReadFile(filepath.Join(hellFolder, "cases.json")); err == nil {
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
	}
	var all []documented
	for _, c := range hell {
		content := hellContent(t, c)
		got := documented{File: c.file, About: c.about, Result: c.result}
		got.read(bytes.NewReader(content), c.options)
		all = append(all, got)
		i := slices.IndexFunc(want, func(d documented) bool { return d.File == c.file })
		if i < 0 && !*update {
			t.Errorf("%s is not in cases.json", c.file)
			continue
		}
		if !*update {
			if diff := cmp.Diff(want[i], got); diff != "" {
				t.Errorf("%s: %s", c.file, diff)
			}
		}
		streamed := documented{File: c.file, About: c.about, Result: c.result}
		streamed.read(io.MultiReader(&drip{content}), c.options)
		if diff := cmp.Diff(got, streamed); diff != "" {
			t.Errorf("%s byte by byte: %s", c.file, diff)
		}
	}
	if len(hell) < 60 {
		t.Errorf("%d files", len(hell))
	}
	if *update {
		writeJSON(t, filepath.Join(hellFolder, "cases.json"), all)
	}
	checkTable(t, all)
}

// drip gives one byte at a time.
type drip struct{ rest []byte }

func (d *drip) Read(p []byte) (int, error) {
	if len(d.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:1], d.rest)
	d.rest = d.rest[n:]
	return n, nil
}

// hellContent returns a file as it is committed. Text is what the table says;
// packed files stay as they were packed.
func hellContent(t *testing.T, c hellFile) []byte {
	t.Helper()
	path := filepath.Join(hellFolder, c.file)
	committed, err := os.ReadFile(path)
	switch {
	case *update && (err != nil || c.pack == nil):
		committed = c.content()
		if err := os.WriteFile(path, committed, 0o644); err != nil {
			t.Fatal(err)
		}
	case err != nil:
		t.Fatal(err)
	case c.pack == nil && !bytes.Equal(committed, c.content()):
		t.Errorf("%s is not what the table says", c.file)
	}
	return committed
}

func writeJSON(t *testing.T, path string, value any) {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(value); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestTheFolderHasNoFileWithoutACase(t *testing.T) {
	entries, err := os.ReadDir(hellFolder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		known := slices.ContainsFunc(hell, func(c hellFile) bool { return c.file == e.Name() })
		if !known && e.Name() != "cases.json" && e.Name() != "README.md" {
			t.Errorf("%s has no case", e.Name())
		}
	}
}

// checkTable holds the page for users to the cases.
func checkTable(t *testing.T, all []documented) {
	t.Helper()
	page, err := os.ReadFile(hellPage)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("\n| file | what is odd | what happens |\n|---|---|---|\n")
	for _, d := range all {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", d.File, d.About, d.Result)
	}
	b.WriteString("\n")
	want, err := docpage.With(string(page), "files from hell", b.String())
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(hellPage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if want != string(page) {
		t.Error("the table of the page is not that of the cases: run with -update")
	}
}
