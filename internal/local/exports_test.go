package local

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/plumbline/plumbline/internal/contract"
)

func TestExports_AreToldToTheirFunctionOnce(t *testing.T) {
	s := inMemory(t, nil)
	got := make(chan string, 10)
	open(t, s, Service{Handlers: map[string]lambda.Handler{
		contract.Load: quietly(func(_ context.Context, event events.SQSEvent) error {
			var of events.S3Event
			err := json.Unmarshal([]byte(event.Records[0].Body), &of)
			got <- of.Records[0].S3.Object.Key
			return err
		}),
	}})
	client, bucket := s3.NewFromConfig(s.AWSConfig(), func(o *s3.Options) { o.UsePathStyle = true }), s.Resources.Buckets[contract.ExportsBucket]
	for _, key := range []string{"exports/erp/inventory/all stock.csv", "loads/1/keys"} {
		if _, err := client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: bytes.NewReader([]byte("a"))}); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if err := s.LookForExports(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	quiesce(t, s)
	select {
	case key := <-got:
		if key != "exports%2Ferp%2Finventory%2Fall+stock.csv" {
			t.Errorf("told of %s", key)
		}
	case <-time.After(15 * time.Second):
		t.Fatal("nobody was told")
	}
	if len(got) > 0 {
		t.Errorf("told of %s as well", <-got)
	}
}
