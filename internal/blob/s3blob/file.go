package s3blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"
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

// partSize is how much of a file one request carries. Servers in front of S3 and
// emulators bound the size of a request's body, S3 itself the number of parts to
// 10,000: the uploader makes them larger for files above 78 GiB.
const partSize = 8 << 20

// Write sends a file of up to 8 MiB in one request and a larger one in parts, some
// at a time. The object is there with its last part; the parts of a broken upload
// are removed, or else by the bucket's rule for unfinished uploads.
func (s *Store) Write(ctx context.Context, key string, body io.ReadSeeker, meta map[string]string) error {
	uploader := transfermanager.New(s.client, func(o *transfermanager.Options) {
		o.PartSizeBytes, o.MultipartUploadThreshold = partSize, partSize
	})
	_, err := uploader.UploadObject(ctx, &transfermanager.UploadObjectInput{Bucket: &s.bucket, Key: &key, Body: body, Metadata: meta})
	if err != nil {
		return fmt.Errorf("write blob %s: %w", key, err)
	}
	return nil
}
