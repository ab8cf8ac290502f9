package blob

import (
	"context"
	"io"
	"time"
)

// File is an object that is read as a stream.
type File struct {
	// Body is to be closed by whoever opened the file.
	Body io.ReadCloser
	Size int64
	// Tag changes with the content.
	Tag string
	// Modified is when the object was stored.
	Modified time.Time
	// Meta is what Write was given, names in lower case.
	Meta map[string]string
}

// Files keeps objects that may be too large to be held in memory. It is safe for
// concurrent use.
type Files interface {
	// Open begins to read an object, or returns ErrNotFound. It ends with ctx.
	Open(ctx context.Context, key string) (File, error)
	// Write stores the rest of body under the key and replaces what was there.
	Write(ctx context.Context, key string, body io.ReadSeeker, meta map[string]string) error
}
