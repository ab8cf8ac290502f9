package memblob_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/blob"
	"github.com/plumbline/plumbline/internal/blob/blobtest"
	"github.com/plumbline/plumbline/internal/blob/memblob"
)

func TestStore(t *testing.T) {
	blobtest.Run(t, func(*testing.T) blob.Store { return &memblob.Store{} })
}

func TestStore_Files(t *testing.T) {
	blobtest.RunFiles(t, func(*testing.T) interface {
		blob.Store
		blob.Files
	} {
		return &memblob.Store{Now: time.Now}
	})
}
