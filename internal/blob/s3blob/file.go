package s3blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/plumbline/plumbline/internal/blob"
)

// Open takes one request, whose answer is read as it comes.
func (s *Store) Open(ctx context.Context, key string) (blob.File, error) {
	out, err := s.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &s.bucket, Key: &key})
	var missing *types.NoSuchKey
	if errors.As(err, &missing) {
		err = fmt.Errorf("%w: %w", blob.ErrNotFound, err)
	}
	if err != nil {
		return blob.File{}, fmt.Errorf("open blob %s: %w", key, err)
	}
	meta := map[string]string{}
	for name, value := range out.Metadata {
		meta[strings.ToLower(name)] = value
	}
	return blob.File{
		Body: out.Body, Size: aws.ToInt64(out.ContentLength), Tag: strings.Trim(aws.ToString(out.ETag), `"`),
		Modified: aws.ToTime(out.LastModified).UTC(), Meta: meta,
	}, nil
}

// Write takes one request, which S3 takes up to 5 GiB.
func (s *Store) Write(ctx context.Context, key string, body io.ReadSeeker, meta map[string]string) error {
	_, err := s.client.PutObject(ctx, &s3.PutObjectInput{Bucket: &s.bucket, Key: &key, Body: body, Metadata: meta})
	if err != nil {
		return fmt.Errorf("write blob %s: %w", key, err)
	}
	return nil
}
