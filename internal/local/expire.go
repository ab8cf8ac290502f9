package local

import (
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/plumbline/plumbline/internal/contract"
)

// writtenMeta is the metadata of an object that says when it was written by the
// clock that the functions are told. The emulator knows the wall's alone.
const writtenMeta = "plumbline-written"

// written is the metadata of an object that is about to be stored, with the time.
func written(meta map[string]string, at time.Time) map[string]string {
	noted := map[string]string{writtenMeta: at.Format(time.RFC3339)}
	maps.Copy(noted, meta)
	return noted
}

// Expire removes the objects whose time has passed by the stack's clock, as the
// buckets' lifecycle rules do in the service.
func (s *Stack) Expire(ctx context.Context) error {
	client := s3.NewFromConfig(s.Emulators.AWSConfig(), func(o *s3.Options) { o.UsePathStyle = true })
	for _, e := range contract.Expiries() {
		if err := s.expire(ctx, client, s.Resources.Buckets[e.Bucket], e); err != nil {
			return fmt.Errorf("expire objects of %s: %w", e.Bucket, err)
		}
	}
	return nil
}

func (s *Stack) expire(ctx context.Context, client *s3.Client, bucket string, e contract.Expiry) error {
	pages := s3.NewListObjectsV2Paginator(client, &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &e.Prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, o := range page.Contents {
			at, err := s.writtenAt(ctx, client, bucket, o)
			if err != nil {
				return err
			}
			if s.clock.Now().Before(at.Add(e.After)) {
				continue
			}
			if _, err := client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &bucket, Key: o.Key}); err != nil {
				return err
			}
		}
	}
	return nil
}

// writtenAt is when an object was written by the stack's clock.
func (s *Stack) writtenAt(ctx context.Context, client *s3.Client, bucket string, o types.Object) (time.Time, error) {
	if s.clock.real() {
		return *o.LastModified, nil
	}
	head, err := client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &bucket, Key: o.Key})
	if err != nil {
		return time.Time{}, err
	}
	at, err := time.Parse(time.RFC3339, head.Metadata[writtenMeta])
	if err != nil {
		return *o.LastModified, nil //nolint:nilerr // somebody else stored it
	}
	return at, nil
}
