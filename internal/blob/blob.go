// Package blob is the port to whole objects by name: messages too large for a
// queue, archived deliveries, registries. blob/s3blob keeps them in S3,
// blob/memblob in the process, blob/blobtest holds both to one suite.
package blob

import (
	"context"
	"errors"
)

// ErrNotFound means that nothing is stored under the key.
var ErrNotFound = errors.New("blob: not found")

// Store keeps bytes by key. It is safe for concurrent use.
type Store interface {
	// Put stores the body under the key and replaces what was there. When it
	// returns nil, every later Get sees it.
	Put(ctx context.Context, key string, body []byte) error
	// Get returns a copy of the stored body, or ErrNotFound.
	Get(ctx context.Context, key string) ([]byte, error)
	// List returns the keys that begin with the prefix, in the order of their
	// bytes.
	List(ctx context.Context, prefix string) ([]string, error)
	// Delete removes what is stored under the key; nothing there is no error.
	Delete(ctx context.Context, key string) error
}
