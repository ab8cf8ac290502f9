package main

import (
	"testing"

	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/store/storetest"
)

func TestPackedRowsKeepTheStoresPromises(t *testing.T) {
	storetest.Records(t, func(*testing.T) store.Records { return newPacked() })
}
