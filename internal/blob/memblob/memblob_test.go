package memblob_test

import (
	"testing"

	"github.com/plumbline/plumbline/internal/blob"
	"github.com/plumbline/plumbline/internal/blob/blobtest"
	"github.com/plumbline/plumbline/internal/blob/memblob"
)

func TestStore(t *testing.T) {
	blobtest.Run(t, func(*testing.T) blob.Store { return &memblob.Store{} })
}
