package memory_test

import (
	"testing"

	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/store/memory"
	"github.com/plumbline/plumbline/internal/store/storetest"
)

func TestRecords(t *testing.T) {
	storetest.Records(t, func(*testing.T) store.Records { return &memory.Records{} })
}

func TestFindings(t *testing.T) {
	storetest.Findings(t, func(*testing.T) storetest.FindingsAndMarks { return &memory.Findings{} })
}

func TestArrivals(t *testing.T) {
	storetest.Arrivals(t, func(*testing.T) store.Arrivals { return &memory.Arrivals{} })
}

func TestReceipts(t *testing.T) {
	storetest.Receipts(t, func(*testing.T) store.Receipts { return &memory.Receipts{} })
}

func TestPaces(t *testing.T) {
	storetest.Paces(t, func(*testing.T) store.Paces { return &memory.Paces{} })
}
