package local

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/plumbline/plumbline/internal/blob/s3blob"
	"github.com/plumbline/plumbline/internal/contract"
)

func TestExpire_FollowsTheContractOnTheStacksClock(t *testing.T) {
	t.Parallel()
	s := inMemory(t, nil)
	client := s3.NewFromConfig(s.AWSConfig(), func(o *s3.Options) { o.UsePathStyle = true })
	const day = 24 * time.Hour
	buckets := map[string]string{"claims/a": contract.Claims, "deliveries/b": contract.ArchiveBucket, "observations/c": contract.ArchiveBucket}
	for key, name := range buckets {
		bucket := s.Resources.Buckets[name]
		if _, err := client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: bytes.NewReader([]byte("x"))}); err != nil {
			t.Fatal(err)
		}
	}
	// A file in parts is noted with its first call.
	bucket, parts := s.Resources.Buckets[contract.ArchiveBucket], bytes.NewReader(make([]byte, 9<<20))
	if err := s3blob.New(client, bucket).Write(t.Context(), "deliveries/d", parts, nil); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		after time.Duration
		left  []string
	}{
		{14 * day, []string{"claims/a", "deliveries/b", "deliveries/d", "observations/c"}},
		{15 * day, []string{"deliveries/b", "deliveries/d", "observations/c"}},
		{25*day - time.Second, []string{"deliveries/b", "deliveries/d", "observations/c"}},
		{25 * day, []string{"observations/c"}},
		{3650 * day, []string{"observations/c"}},
	} {
		s.Clock().Set(dayStart.Add(c.after))
		if err := s.Expire(t.Context()); err != nil {
			t.Fatal(err)
		}
		var left []string
		for _, name := range contract.Buckets() {
			bucket := s.Resources.Buckets[name]
			out, err := client.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: &bucket})
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range out.Contents {
				left = append(left, *o.Key)
			}
		}
		slices.Sort(left)
		if !slices.Equal(left, c.left) {
			t.Errorf("after %v: %v, want %v", c.after, left, c.left)
		}
	}
}
