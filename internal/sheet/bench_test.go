package sheet

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"testing"
)

// inventory is a CSV file of n rows as shops export them.
func inventory(n int) []byte {
	b := []byte("Handle,SKU,Title,Location,On hand,Available,Price,Updated\n")
	for i := range n {
		b = fmt.Appendf(b, "mug-%d,SKU-%06d,Mug number %d,east,%d,%d,%d.%02d,2026-11-20T10:%02d:00Z\n", i%500, i, i%500, i%97, i%89, i%40, i%100, i%60)
	}
	return b
}

// quotedInventory is the same with every cell in quotes.
func quotedInventory(n int) []byte {
	plain := inventory(n)
	b := bytes.ReplaceAll(plain, []byte(","), []byte(`","`))
	b = bytes.ReplaceAll(b, []byte("\n"), []byte("\"\n\""))
	return append([]byte(`"`), b[:len(b)-1]...)
}

func BenchmarkRead(b *testing.B) {
	files := map[string][]byte{"plain": inventory(50_000), "quoted": quotedInventory(50_000)}
	readers := []struct {
		name string
		read func(io.Reader) int
	}{
		{"sheet", readSheet}, {"encoding-csv", readEncodingCSV}, {"scanner", readScanner},
	}
	for _, file := range []string{"plain", "quoted"} {
		for _, r := range readers {
			b.Run(file+"/"+r.name, func(b *testing.B) {
				b.SetBytes(int64(len(files[file])))
				b.ReportAllocs()
				for b.Loop() {
					if n := r.read(bytes.NewReader(files[file])); n != 50_000 {
						b.Fatal(n)
					}
				}
			})
		}
	}
}

func readSheet(file io.Reader) int {
	r, err := Open(file, Options{})
	if err != nil {
		return -1
	}
	defer func() { _ = r.Close() }()
	for n := 0; ; n++ {
		if _, err := r.Next(); err != nil {
			if errors.Is(err, io.EOF) {
				return n
			}
			return -1
		}
	}
}

func readEncodingCSV(file io.Reader) int {
	r := csv.NewReader(file)
	r.ReuseRecord = true
	for n := -1; ; n++ {
		if _, err := r.Read(); err != nil {
			return n
		}
	}
}

// readScanner only finds the lines.
func readScanner(file io.Reader) int {
	s := bufio.NewScanner(file)
	n := -1
	for s.Scan() {
		n++
	}
	return n
}
