package s3blob_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/plumbline/plumbline/internal/blob"
	"github.com/plumbline/plumbline/internal/blob/blobtest"
	"github.com/plumbline/plumbline/internal/blob/s3blob"
	"github.com/plumbline/plumbline/internal/local/emulator"
)

func TestMain(m *testing.M) { emulator.Main(m) }

var buckets atomic.Int64

func open(t *testing.T) *s3blob.Store {
	t.Helper()
	pair := emulator.ForTest(t)
	// The emulator of queues serves S3 at the same address.
	client := s3.NewFromConfig(pair.AWSConfig(), func(o *s3.Options) {
		o.BaseEndpoint, o.UsePathStyle = aws.String(pair.SQS), true
	})
	bucket := fmt.Sprintf("bucket-%d", buckets.Add(1))
	if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &bucket}); err != nil {
		t.Fatal(err)
	}
	return s3blob.New(client, bucket)
}

func TestStore(t *testing.T) {
	blobtest.Run(t, func(t *testing.T) blob.Store { return open(t) })
}

func TestStore_Files(t *testing.T) {
	blobtest.RunFiles(t, func(t *testing.T) interface {
		blob.Store
		blob.Files
	} {
		return open(t)
	})
}
