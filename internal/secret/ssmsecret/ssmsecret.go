// Package ssmsecret is the source of secrets in AWS Systems Manager's parameter
// store. It asks with the SDK's signature, retries and endpoints, but without
// the SDK's client: the tables of that client are a tenth of a function's size
// and of its cold start, and every function has a parameter to read.
package ssmsecret

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/plumbline/plumbline/internal/secret"
)

// maxAnswer bounds what is read of an answer. A parameter has at most 8 KB.
const maxAnswer = 64 << 10

// New reads parameters with decryption. The endpoint is the configuration's for
// "SSM", else that of the region. Requests are signed as of now.
func New(cfg aws.Config, now func() time.Time) secret.Source {
	s := store{cfg: cfg, signer: v4.NewSigner(), now: now}
	if s.cfg.HTTPClient == nil {
		s.cfg.HTTPClient = awshttp.NewBuildableClient()
	}
	if s.cfg.Retryer == nil {
		s.cfg.Retryer = func() aws.Retryer { return retry.NewStandard() }
	}
	return s.get
}

type store struct {
	cfg    aws.Config
	signer *v4.Signer
	now    func() time.Time
}

// get asks until there is an answer that will not change.
func (s store) get(ctx context.Context, name string) (string, error) {
	retryer := s.cfg.Retryer()
	for attempt := 1; ; attempt++ {
		value, err := s.ask(ctx, name)
		if err == nil || attempt >= retryer.MaxAttempts() || !retryer.IsErrorRetryable(err) {
			return value, err
		}
		delay, unable := retryer.RetryDelay(attempt, err)
		if unable != nil {
			return "", err
		}
		select {
		case <-ctx.Done():
			return "", err
		case <-time.After(delay):
		}
	}
}

func (s store) ask(ctx context.Context, name string) (string, error) {
	req, err := s.request(ctx, name)
	if err != nil {
		return "", err
	}
	res, err := s.cfg.HTTPClient.Do(req)
	if err != nil {
		return "", &smithyhttp.RequestSendError{Err: err}
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err = errors.Join(err, res.Body.Close()); err != nil {
		return "", &smithyhttp.RequestSendError{Err: err}
	}
	if res.StatusCode != http.StatusOK {
		return "", refusal(res, body)
	}
	var answer struct{ Parameter struct{ Value *string } }
	if json.Unmarshal(body, &answer) != nil || answer.Parameter.Value == nil {
		return "", errors.New("the answer holds no parameter")
	}
	return *answer.Parameter.Value, nil
}

func (s store) request(ctx context.Context, name string) (*http.Request, error) {
	url, err := s.endpoint(ctx)
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(map[string]any{"Name": name, "WithDecryption": true})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("X-Amz-Target", "AmazonSSM.GetParameter")
	who, err := s.cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, fmt.Errorf("find credentials: %w", err)
	}
	sum := sha256.Sum256(body)
	return req, s.signer.SignHTTP(ctx, who, req, hex.EncodeToString(sum[:]), "ssm", s.cfg.Region, s.now())
}

// endpoint is what the SDK's clients would choose.
func (s store) endpoint(ctx context.Context) (string, error) {
	for _, source := range s.cfg.ConfigSources {
		if given, ok := source.(interface {
			GetServiceBaseEndpoint(ctx context.Context, sdkID string) (string, bool, error)
		}); ok {
			if url, found, err := given.GetServiceBaseEndpoint(ctx, "SSM"); found || err != nil {
				return url, err
			}
		}
	}
	suffix := ""
	if strings.HasPrefix(s.cfg.Region, "cn-") {
		suffix = ".cn"
	}
	return "https://ssm." + s.cfg.Region + ".amazonaws.com" + suffix, nil
}

// refusal is the store's own error, by whose code the SDK's retries decide. Its
// message names the parameter at most.
func refusal(res *http.Response, body []byte) error {
	var said struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
	}
	_ = json.Unmarshal(body, &said) // what is no JSON has no code
	code := said.Type[strings.LastIndexByte(said.Type, '#')+1:]
	return &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: res}, Err: &smithy.GenericAPIError{Code: code, Message: said.Message},
	}
}
