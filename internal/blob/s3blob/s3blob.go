// Package s3blob keeps blobs in an S3 bucket.
package s3blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/plumbline/plumbline/internal/blob"
)

// Store is a blob.Store.
type Store struct {
	client *s3.Client
	bucket string
}

// New returns the blobs of the named bucket.
func New(client *s3.Client, bucket string) *Store { return &Store{client, bucket} }

// Open returns the blobs of the named bucket through a client of its own.
func Open(cfg aws.Config, bucket string) *Store {
	// Path style names the bucket in the path, which every S3 understands.
	return New(s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true }), bucket)
}

// Put writes one object.
func (s *Store) Put(ctx context.Context, key string, body []byte) error {
	_, err := s.client.PutObject(ctx, &s3.PutObjectInput{Bucket: &s.bucket, Key: &key, Body: bytes.NewReader(body)})
	if err != nil {
		return fmt.Errorf("put blob %s: %w", key, err)
	}
	return nil
}

// Get reads one object whole.
func (s *Store) Get(ctx context.Context, key string) ([]byte, error) {
	out, err := s.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &s.bucket, Key: &key})
	var missing *types.NoSuchKey
	if errors.As(err, &missing) {
		err = fmt.Errorf("%w: %w", blob.ErrNotFound, err)
	}
	if err != nil {
		return nil, fmt.Errorf("get blob %s: %w", key, err)
	}
	body, err := io.ReadAll(out.Body)
	if err = errors.Join(err, out.Body.Close()); err != nil {
		return nil, fmt.Errorf("get blob %s: %w", key, err)
	}
	return body, nil
}

// Delete removes one object.
func (s *Store) Delete(ctx context.Context, key string) error {
	if _, err := s.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &s.bucket, Key: &key}); err != nil {
		return fmt.Errorf("delete blob %s: %w", key, err)
	}
	return nil
}
