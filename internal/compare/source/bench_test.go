package source

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/plumbline/plumbline/internal/compare"
	"github.com/plumbline/plumbline/internal/export"
	"github.com/plumbline/plumbline/internal/sheet"
)

// benchmarkKeys is how many keys each of the benchmark's files has.
const benchmarkKeys = 200_000

// BenchmarkCompare compares two files of four values a key, of which one in a
// thousand differs. A byte is one of either file.
func BenchmarkCompare(b *testing.B) {
	var looks [2]Look
	size := int64(0)
	for side, name := range []string{"left.csv", "right.csv"} {
		path := filepath.Join(b.TempDir(), name)
		if err := writeTable(path, side); err != nil {
			b.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			b.Fatal(err)
		}
		size += info.Size()
		if looks[side], err = LookAt(path, sheet.Options{}); err != nil {
			b.Fatal(err)
		}
	}
	pair, err := Fit(looks[0], looks[1], Wishes{})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		result, err := compare.Compare(context.Background(), pair.Files([2]export.Options{}, nil), pair.Plan)
		if err != nil {
			b.Fatal(err)
		}
		if result.Summary.Differ != benchmarkKeys/1000 || result.Summary.Agree != benchmarkKeys-benchmarkKeys/1000 {
			b.Fatalf("%+v", result.Summary)
		}
	}
}

func writeTable(path string, side int) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, "key,price,qty,status,updated_at")
	for _, i := range rand.New(rand.NewPCG(1, uint64(side))).Perm(benchmarkKeys) {
		qty := i * 31 % 500
		if side == 1 && i%1000 == 3 {
			qty++
		}
		fmt.Fprintf(w, "SKU-%08d,%d.%02d,%d,active,2026-11-%02dT06:00:00Z\n", i, i%900+1, i%100, qty, i%28+1)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}
