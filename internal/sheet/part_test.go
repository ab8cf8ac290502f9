package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// inParts reads a file as documented does, part by part, with a window of the given
// size. It reports false for a file that has no parts.
func (d *documented) inParts(file []byte, o Options, size int) bool {
	reader, err := Open(bytes.NewReader(file), o)
	if err != nil {
		return false
	}
	defer func() { _ = reader.Close() }()
	c, ok := reader.source.(*csvSource)
	if !ok {
		return false
	}
	shrink(c, size)
	d.Recognised, d.Header = reader.Format().String(), reader.Header()
	var parts []*Reader // all are kept to the end: none may use the memory of another
	next := reader.Parts()
	for part, err := next(); ; part, err = next() {
		if err != nil {
			if !errors.Is(err, io.EOF) {
				defer func() { d.Final = err.Error() }()
			}
			break
		}
		parts = append(parts, part)
	}
	for _, part := range parts {
		d.rest(part)
		if d.Final != "" {
			return true
		}
	}
	for _, part := range parts {
		_ = part.Close()
	}
	return true
}

// shrink makes a source look at less of its file at a time.
func shrink(c *csvSource, size int) {
	unread := bytes.Clone(c.w.ahead())
	then := c.w.r
	if c.w.err != nil {
		then = &broken{c.w.err}
	}
	c.w = newWindow(io.MultiReader(bytes.NewReader(unread), then), max(size, c.maxRow+2))
	c.w.buf = make([]byte, min(size, c.w.most))
	c.w.inspecting = true
}

type broken struct{ err error }

func (b *broken) Read([]byte) (int, error) { return 0, b.err }

func checkParts(t interface{ Fatalf(string, ...any) }, file []byte, o Options, size int) {
	var plain, parts documented
	plain.read(bytes.NewReader(file), o)
	if !parts.inParts(file, o, size) {
		return
	}
	if diff := cmp.Diff(plain, parts); diff != "" {
		t.Fatalf("window of %d bytes, %q\n-plain +parts: %s", size, file[:min(len(file), 2000)], diff)
	}
}

// pieces are what rows are made of, good ones and bad.
var pieces = []string{
	"a", "12.50", "é", "\xff", "\x00", ",", ",", ",", ",", ";", "\n", "\n", "\n", "\r\n", "\r", `"`, `""`, `"x"`, `"x,y"`, `"two` + "\n" + `lines"`, `"a ""b"""`,
	"A,1\n", "B,2\n", "\"C\",3\n", "\"D \"\"d\"\"\",\"4\n4\"\n", "Total,\n", "id,n\n", "E,5,6\n", "F\n", "\n\n", strings.Repeat("long ", 30),
}

// behindSample is as much of a file as is read to find its header.
var behindSample = "id,n\n" + strings.Repeat("A,1\n", sampleRows)

func TestPartsSayWhatTheFileSays(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := behindSample + strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 200).Draw(rt, "pieces"), "")
		o := Options{Delimiter: ',', Encoding: utf8Name, MaxRow: rapid.SampledFrom([]int{20, 100, 0}).Draw(rt, "longest row")}
		checkParts(rt, []byte(text), o, rapid.IntRange(1, 300).Draw(rt, "window"))
	})
}

// repeated is a file so often that most of it is behind the sample.
func repeated(file []byte) []byte {
	if len(file) > 5_000 {
		return file
	}
	return bytes.Repeat(file, 2*sampleRows)
}

func TestPartsOfEveryFileFromHell(t *testing.T) {
	for _, c := range hell {
		for _, size := range []int{1, 7, 64, windowSize} {
			checkParts(t, hellContent(t, c), c.options, size)
			checkParts(t, repeated(hellContent(t, c)), c.options, size)
		}
	}
}

// Rows of parts of full size are counted on, whatever stands in quotes.
func TestPartsOfALargeFile(t *testing.T) {
	var text strings.Builder
	text.WriteString("id,note\n")
	for i := range 60_000 {
		switch i % 1000 {
		case 7:
			fmt.Fprintf(&text, "%d,\"two\nlines, \"\"quoted\"\"\"\n", i)
		case 8:
			fmt.Fprintf(&text, "%d,a \"stray\" quote\n", i)
		case 9:
			fmt.Fprintf(&text, "%d\n", i)
		default:
			fmt.Fprintf(&text, "%d,plain\n", i)
		}
	}
	checkParts(t, []byte(text.String()), Options{}, windowSize)
	checkParts(t, quotedInventory(5_000), Options{}, windowSize)
	if r, err := Open(strings.NewReader("{\"a\":1}\n"), Options{}); err != nil || r.Parts() != nil {
		t.Errorf("JSON has parts, or %v", err)
	}
}

func FuzzParts(f *testing.F) {
	for _, c := range hell {
		content, err := os.ReadFile(filepath.Join(hellFolder, c.file))
		if err != nil {
			f.Fatal(err)
		}
		if len(content) < 5_000 {
			f.Add(content, 64)
			f.Add(repeated(content), 100)
		}
	}
	f.Add([]byte(behindSample+strings.Join(pieces, "\n")), 10)
	f.Fuzz(func(t *testing.T, file []byte, size int) {
		checkParts(t, file, Options{MaxRow: 4 << 10, MaxColumns: 500}, min(max(size, 1), windowSize))
	})
}
