package shopify

import (
	"encoding/json"
	"os"
	"testing"
)

// BenchmarkDecode compares the reader of this package with the standard
// library's on an order of 14 KB. internal/bench measures the whole way of it.
func BenchmarkDecode(b *testing.B) {
	body, err := os.ReadFile("../../../events/shopify/orders-updated-14kb.body.json")
	if err != nil {
		b.Fatal(err)
	}
	for name, read := range map[string]func([]byte, any) error{"here": decode, "encoding-json": json.Unmarshal} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if err := read(body, new(order)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
