package emulator

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// Endpoints are the addresses of running emulators. They are data: another
// process that reads them can use the emulators.
type Endpoints struct {
	DynamoDB string `json:"dynamodb"`
	SQS      string `json:"sqs"`
	SNS      string `json:"sns"`
	S3       string `json:"s3"`
	// Sweep is where SweepExpired is asked for.
	Sweep string `json:"sweep"`
}

// Region is where the emulators say they are.
const Region = "us-east-1"

const (
	// key is a key pair's both halves: the emulators ask for one and check
	// none.
	key = "local"
	// maxBackoff is short because retries here are races on loopback, not
	// throttling.
	maxBackoff   = 50 * time.Millisecond
	sweepTimeout = 10 * time.Second
)

// AWSConfig is a configuration whose clients talk to the emulators. It reads
// nothing of this process's environment.
func (e Endpoints) AWSConfig() aws.Config {
	return aws.Config{
		Region:        Region,
		Credentials:   credentials.NewStaticCredentialsProvider(key, key, ""),
		ConfigSources: []any{e},
		HTTPClient:    whole{awshttp.NewBuildableClient()},
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff = maxBackoff })
		},
	}
}

// whole reads each answer to its end before the SDK goes on with the request.
// On loopback an answer can overtake the end of its own request; the SDK then
// closes the request, and with it the connection under the answer. An answer to
// a receive that is lost like this hides its messages for minutes.
type whole struct{ client aws.HTTPClient }

func (w whole) Do(req *http.Request) (*http.Response, error) {
	res, err := w.client.Do(req)
	if err != nil {
		return res, err
	}
	body, err := io.ReadAll(res.Body)
	err = errors.Join(err, res.Body.Close())
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, err
}

// GetServiceBaseEndpoint gives the SDK's clients their address. A service
// without an emulator gets one that no name server knows, so that no local run
// calls the real service.
func (e Endpoints) GetServiceBaseEndpoint(_ context.Context, sdkID string) (string, bool, error) {
	switch sdkID {
	case "DynamoDB":
		return e.DynamoDB, true, nil
	case "SQS":
		return e.SQS, true, nil
	case "SNS":
		return e.SNS, true, nil
	case "S3":
		return e.S3, true, nil
	default:
		return "http://" + sdkID + ".invalid", true, nil
	}
}

// Environ is the environment that makes another process's SDK talk to the
// emulators.
func (e Endpoints) Environ() []string {
	return []string{
		"AWS_ENDPOINT_URL_DYNAMODB=" + e.DynamoDB,
		"AWS_ENDPOINT_URL_SQS=" + e.SQS,
		"AWS_ENDPOINT_URL_SNS=" + e.SNS,
		"AWS_ENDPOINT_URL_S3=" + e.S3,
		"AWS_REGION=" + Region,
		"AWS_ACCESS_KEY_ID=" + key,
		"AWS_SECRET_ACCESS_KEY=" + key,
	}
}

// sweepCall asks the emulator's management tools to remove expired items.
const sweepCall = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"sweep_ttl","arguments":{}}}`

// SweepExpired removes items whose time to live has passed by the wall clock,
// which DynamoDB does by itself and the emulator when asked.
func (e Endpoints) SweepExpired(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, sweepTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.Sweep, bytes.NewBufferString(sweepCall))
	if err != nil {
		return fmt.Errorf("sweep expired items: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json, text/event-stream")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("sweep expired items: %w", err)
	}
	defer func() { _ = resp.Body.Close() }() // read to its end below
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		return fmt.Errorf("sweep expired items: status %d: %s: %w", resp.StatusCode, text, err)
	}
	return nil
}
