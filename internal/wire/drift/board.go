package drift

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/plumbline/plumbline/internal/blob/s3blob"
	"github.com/plumbline/plumbline/internal/contract"
)

// Pages are the files of the board in its bucket.
type Pages struct{ blobs *s3blob.Store }

// OpenPages returns the files of the board in the named bucket.
func OpenPages(cfg aws.Config, bucket string) Pages { return Pages{s3blob.Open(cfg, bucket)} }

// Put writes a file.
func (p Pages) Put(ctx context.Context, name string, body []byte) error {
	return p.blobs.Put(ctx, contract.BoardKeys+name, body)
}

// Get reads a file, or returns blob.ErrNotFound.
func (p Pages) Get(ctx context.Context, name string) ([]byte, error) {
	return p.blobs.Get(ctx, contract.BoardKeys+name)
}

// Delete removes a file; one that is not there is no error.
func (p Pages) Delete(ctx context.Context, name string) error {
	return p.blobs.Delete(ctx, contract.BoardKeys+name)
}
