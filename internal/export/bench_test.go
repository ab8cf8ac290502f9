package export_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/export"
)

func BenchmarkReader(b *testing.B) {
	var file strings.Builder
	file.WriteString("SKU,Location,Available (not editable),On hand (current),Committed (not editable)\n")
	const rows = 20_000
	for i := range rows {
		fmt.Fprintf(&file, "SKU-%06d,East,%d,%d,%d\n", i, i%97, i%101, i%5)
	}
	b.ReportAllocs()
	for b.Loop() {
		source := reading(b, strings.NewReader(file.String()))
		r, err := export.NewReader(source, preset(b, "shopify-inventory", source.Header()), export.Options{})
		if err != nil {
			b.Fatal(err)
		}
		for {
			if _, err = r.Next(); err != nil {
				break
			}
		}
		if !errors.Is(err, io.EOF) {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/row")
}
