package sheet

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
)

// endless gives a file of n rows without ever holding it.
type endless struct {
	head, tail string
	row        func([]byte, int) []byte
	n, at      int
	rest       []byte
	ended      bool
}

func (e *endless) Read(p []byte) (int, error) {
	for len(e.rest) == 0 {
		switch {
		case e.at == 0 && e.head != "":
			e.rest = append(e.rest, e.head...)
			e.head = ""
		case e.at < e.n:
			e.rest = e.row(e.rest[:0], e.at)
			e.at++
		case e.ended:
			return 0, io.EOF
		default:
			e.rest = append(e.rest[:0], e.tail...)
			e.ended = true
		}
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

// endlessFiles are files of n rows by format.
func endlessFiles(n int) map[string]io.Reader {
	csv := func() io.Reader {
		return &endless{n: n, head: "SKU,Title,Qty\n", row: func(b []byte, i int) []byte {
			return fmt.Appendf(b, "MUG-%07d,\"Mug, \"\"%d\"\"\",%d\n", i, i, i%100)
		}}
	}
	object := func(b []byte, i int) []byte {
		return fmt.Appendf(b, "{\"sku\":\"MUG-%07d\",\"dims\":{\"w\":%d.50},\"title\":\"M\\u00fcg\"}\n", i, i)
	}
	return map[string]io.Reader{
		"CSV":        csv(),
		"CSV gzip":   packing(csv()),
		"JSON Lines": &endless{n: n, row: object},
		"JSON array": &endless{n: n, head: "[", tail: "{}]", row: func(b []byte, i int) []byte { return append(object(b, i), ',') }},
		"XLSX":       strings.NewReader(string(sheetOf(n))),
	}
}

// packing packs a file as it is read.
func packing(plain io.Reader) io.Reader {
	r, w := io.Pipe()
	go func() {
		z := gzip.NewWriter(w)
		_, err := io.Copy(z, plain)
		w.CloseWithError(errors.Join(err, z.Close()))
	}()
	return r
}

func sheetOf(n int) []byte {
	var rows bytes.Buffer
	rows.WriteString(cells(1, "SKU", "Qty", "At"))
	for i := range n {
		rows.WriteString(cells(i+2, fmt.Sprintf("MUG-%07dx", i), "17.5", `<c s="2"><v>46346.5</v></c>`))
	}
	return book{sheets: []bookSheet{{name: "Sheet1", rows: rows.String()}}}.bytes()
}

// live returns what is in memory and needed.
func live() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

func TestMemoryDoesNotGrowWithTheRows(t *testing.T) {
	const early, rows, slack = 1_000, 30_000, 128 << 10
	for name, file := range endlessFiles(rows) {
		r, err := Open(file, Options{})
		if err != nil {
			t.Fatal(name, err)
		}
		start, n := 0, 0
		for ; ; n++ {
			if _, err = r.Next(); err != nil {
				break
			}
			if n == early {
				start = live()
			}
		}
		grown := live() - start
		if n != rows || !errors.Is(err, io.EOF) || grown > slack {
			t.Errorf("%s: %d rows, %v, %d bytes more than after %d rows", name, n, err, grown, early)
		}
		runtime.KeepAlive(file)
		if err := r.Close(); err != nil {
			t.Error(name, err)
		}
	}
}

func TestACSVRowCostsNoAllocation(t *testing.T) {
	r, err := Open(bytes.NewReader(inventory(20_000)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if _, err := r.Next(); err != nil {
			t.Fatal(err)
		}
	}
	allocations := testing.AllocsPerRun(10_000, func() {
		if _, err := r.Next(); err != nil {
			t.Fatal(err)
		}
	})
	if allocations != 0 {
		t.Errorf("%v allocations for each row", allocations)
	}
}
