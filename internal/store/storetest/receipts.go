package storetest

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/store"
)

// Receipts runs the suite of receipts. Each call of open returns an empty store.
func Receipts(t *testing.T, open func(t *testing.T) store.Receipts) {
	for name, test := range map[string]func(*testing.T, store.Receipts){
		"a number counts once":          receiptOnce,
		"series span any number":        receiptFar,
		"series know nothing of others": receiptApart,
		"of many at once none is lost":  receiptTogether,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

// later is when the receipts of the suite expire: not while it runs.
var later = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)

func expectReceipts(t *testing.T, s store.Receipts, series string, n, want int) {
	t.Helper()
	got, err := s.CountReceipts(t.Context(), series, n)
	must(t, err)
	if got != want {
		t.Errorf("%d of the first %d of %s, want %d", got, n, series, want)
	}
}

func receiptOnce(t *testing.T, s store.Receipts) {
	expectReceipts(t, s, "a", 10, 0)
	for range 3 {
		must(t, s.PutReceipts(t.Context(), "a", []int{0, 7}, later))
	}
	must(t, s.PutReceipts(t.Context(), "a", nil, later))
	must(t, s.PutReceipts(t.Context(), "a", []int{7, 9}, later))
	expectReceipts(t, s, "a", 0, 0)
	expectReceipts(t, s, "a", 7, 1)
	expectReceipts(t, s, "a", 10, 3)
}

func receiptFar(t *testing.T, s store.Receipts) {
	numbers := []int{0, store.ReceiptBlock - 1, store.ReceiptBlock, 5*store.ReceiptBlock + 3, 300 * store.ReceiptBlock}
	must(t, s.PutReceipts(t.Context(), "a", numbers, later))
	for i, n := range numbers {
		expectReceipts(t, s, "a", n, i)
		expectReceipts(t, s, "a", n+1, i+1)
	}
}

func receiptApart(t *testing.T, s store.Receipts) {
	must(t, s.PutReceipts(t.Context(), "a", []int{1}, later))
	must(t, s.PutReceipts(t.Context(), "b", []int{2, 3}, later))
	expectReceipts(t, s, "a", 100, 1)
	expectReceipts(t, s, "b", 100, 2)
	expectReceipts(t, s, "c", 100, 0)
}

func receiptTogether(t *testing.T, s store.Receipts) {
	const n = 300
	var all sync.WaitGroup
	var numbers []int
	for i := range n {
		numbers = append(numbers, i)
	}
	for part := range slices.Chunk(numbers, 15) {
		for range 2 {
			all.Go(func() {
				if err := s.PutReceipts(t.Context(), "a", part, later); err != nil {
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
	expectReceipts(t, s, "a", n, n)
}
