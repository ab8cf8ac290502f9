package e2e_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go/middleware"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/wire"
)

// apiCall is what a function asked of AWS, as IAM sees it: action, resource by
// the contract's name, index, and the beginning of the key.
type apiCall struct {
	function, action string
	kind             contract.Kind
	name, index, key string
}

func (c apiCall) String() string {
	return fmt.Sprintf("%s: %s on %s %s %s %s", c.function, c.action, c.kind, c.name, c.index, c.key)
}

// calls are those that all functions of all worlds of these tests made.
var calls struct {
	mu   sync.Mutex
	made map[apiCall]int
}

func note(c apiCall) {
	calls.mu.Lock()
	defer calls.mu.Unlock()
	if calls.made == nil {
		calls.made = map[apiCall]int{}
	}
	calls.made[c]++
}

func madeCalls() []apiCall {
	calls.mu.Lock()
	defer calls.mu.Unlock()
	return slices.Collect(maps.Keys(calls.made))
}

// handlers builds every function with a configuration of its own, which notes
// the calls that the function makes.
func (w *world) handlers(ctx context.Context, o wire.Options) (map[string]lambda.Handler, error) {
	all := map[string]lambda.Handler{}
	o.Getenv = withParameters(o.Getenv)
	for _, function := range wire.Functions() {
		o := o
		if function == contract.Respond { // answers nobody without Slack; notify has the console
			o.Getenv, o.Transport = withSlack(o.Getenv), slackAPI{}
		}
		o.AWS = watched(w.AWSConfig(), function, w.wire.Registry.Generation, w.Resources)
		own, err := wire.New(o)
		if err != nil {
			return nil, err
		}
		own.Registry.ChangeSecrets = own.Registry.Systems["erp"].Secrets // the demo lets nobody tell of changes
		if all[function], err = own.Handler(ctx, function); err != nil {
			return nil, fmt.Errorf("build %s: %w", function, err)
		}
	}
	return all, nil
}

// withParameters refers to parameters where tests have no need of a file.
func withParameters(getenv func(string) string) func(string) string {
	return func(name string) string {
		switch name {
		case contract.HashKeyVariable:
			return "ssm:" + hashKeyParameter
		case contract.GenerationVariable:
			return "ssm:" + generationParameter
		default:
			return getenv(name)
		}
	}
}

func withSlack(getenv func(string) string) func(string) string {
	return func(name string) string {
		switch name {
		case contract.SlackTokenVariable:
			return "ssm:" + slackTokenParameter
		case contract.SlackSigningVariable:
			return "ssm:" + slackSigningParameter
		default:
			return getenv(name)
		}
	}
}

// slackAPI is content with everything.
type slackAPI struct{}

func (slackAPI) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(`{"ok":true}`))}, nil
}

// watched notes each call before anything else sees it.
func watched(cfg aws.Config, function, generation string, made local.Resources) aws.Config {
	watch := func(stack *middleware.Stack) error {
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("NoteCall", func(
			ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler,
		) (middleware.InitializeOutput, middleware.Metadata, error) {
			for _, c := range understood(stack.ID(), in.Parameters, made) {
				c.function = function
				note(c)
			}
			return next.HandleInitialize(ctx, in)
		}), middleware.Before)
	}
	cfg = cfg.Copy()
	cfg.APIOptions = append(slices.Clone(cfg.APIOptions), watch)
	cfg.HTTPClient = parameterStore{function, generation, cfg.HTTPClient}
	return cfg
}

// understood is what IAM decides about one operation.
func understood(operation string, input any, made local.Resources) []apiCall {
	table := func(action string, name, index *string, key types.AttributeValue) apiCall {
		text, _ := key.(*types.AttributeValueMemberS)
		c := apiCall{action: "dynamodb:" + action, kind: contract.TableKind, name: nameOf(made.Tables, aws.ToString(name)), index: aws.ToString(index)}
		if text != nil && c.name == contract.Findings {
			c.key = text.Value[:strings.Index(text.Value, "|")+1]
		}
		return c
	}
	object := func(bucket, key *string) []apiCall {
		return []apiCall{{
			action: "s3:" + operation, kind: contract.BucketKind, name: nameOf(made.Buckets, *bucket), key: (*key)[:strings.Index(*key, "/")+1],
		}}
	}
	switch in := input.(type) {
	case *dynamodb.GetItemInput:
		return []apiCall{table(operation, in.TableName, nil, in.Key[contract.PK])}
	case *dynamodb.PutItemInput:
		return []apiCall{table(operation, in.TableName, nil, in.Item[contract.PK])}
	case *dynamodb.UpdateItemInput:
		return []apiCall{table(operation, in.TableName, nil, in.Key[contract.PK])}
	case *dynamodb.DeleteItemInput:
		return []apiCall{table(operation, in.TableName, nil, in.Key[contract.PK])}
	case *dynamodb.QueryInput:
		return []apiCall{table(operation, in.TableName, in.IndexName, nil)}
	case *dynamodb.ScanInput:
		return []apiCall{table(operation, in.TableName, in.IndexName, nil)}
	case *dynamodb.BatchGetItemInput:
		var all []apiCall
		for name, keys := range in.RequestItems {
			for _, key := range keys.Keys {
				all = append(all, table(operation, &name, nil, key[contract.PK]))
			}
		}
		return all
	case *sqs.SendMessageInput:
		return []apiCall{{action: "sqs:SendMessage", kind: contract.QueueKind, name: nameOf(made.Queues, *in.QueueUrl)}}
	case *sqs.GetQueueAttributesInput:
		return []apiCall{{action: "sqs:GetQueueAttributes", kind: contract.QueueKind, name: nameOf(made.Queues, *in.QueueUrl)}}
	case *sqs.SendMessageBatchInput: // IAM has no action for batches
		return []apiCall{{action: "sqs:SendMessage", kind: contract.QueueKind, name: nameOf(made.Queues, *in.QueueUrl)}}
	case *sns.PublishInput:
		return []apiCall{{action: "sns:Publish", kind: contract.TopicKind, name: nameOf(made.Topics, *in.TopicArn)}}
	case *s3.PutObjectInput:
		return object(in.Bucket, in.Key)
	case *s3.GetObjectInput:
		return object(in.Bucket, in.Key)
	case *s3.DeleteObjectInput:
		return object(in.Bucket, in.Key)
	default:
		return []apiCall{{action: fmt.Sprintf("%T", input)}}
	}
}

// nameOf is the contract's name of a deployed resource.
func nameOf(deployed map[string]string, value string) string {
	for name, one := range deployed {
		if one == value {
			return name
		}
	}
	return value
}

// parameterStore answers what the emulators have no service for, and passes
// everything else on.
type parameterStore struct {
	function, generation string
	next                 aws.HTTPClient
}

const (
	hashKeyParameter      = "/plumbline/hash-key"
	generationParameter   = "/plumbline/local/generation"
	slackTokenParameter   = "/plumbline/slack-token"
	slackSigningParameter = "/plumbline/slack-signing"

	// secretValue is what every parameter of a secret holds.
	secretValue = "a key for these tests"
)

func (p parameterStore) Do(r *http.Request) (*http.Response, error) {
	if r.Header.Get("X-Amz-Target") != "AmazonSSM.GetParameter" {
		return p.next.Do(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	c := apiCall{function: p.function, action: "ssm:GetParameter", kind: contract.ParameterKind, name: string(body)}
	status, value := http.StatusOK, secretValue
	c.kind = contract.SecretKind
	switch {
	case strings.Contains(c.name, hashKeyParameter):
		c.name = contract.HashKeyVariable
	case strings.Contains(c.name, slackTokenParameter):
		c.name = contract.SlackTokenVariable
	case strings.Contains(c.name, slackSigningParameter):
		c.name = contract.SlackSigningVariable
	case strings.Contains(c.name, generationParameter):
		c.kind, c.name, value = contract.ParameterKind, contract.Generation, p.generation
	default:
		status = http.StatusBadRequest
	}
	answer := fmt.Sprintf(`{"Parameter":{"Value":%q}}`, value)
	note(c)
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(answer))}, nil
}
