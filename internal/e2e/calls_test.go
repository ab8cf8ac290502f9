package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local"
)

// guarded lets a configuration do what a policy allows, and nothing else: each
// call is decided before anything else sees it.
func guarded(cfg aws.Config, name string, made local.Resources, l *ledger) aws.Config {
	guard := func(stack *middleware.Stack) error {
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("Policy", func(
			ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler,
		) (middleware.InitializeOutput, middleware.Metadata, error) {
			for _, r := range understood(stack.ID(), in.Parameters, made) {
				if err := l.decide(name, r); err != nil {
					return middleware.InitializeOutput{}, middleware.Metadata{}, refusal(err, in.Parameters)
				}
			}
			return next.HandleInitialize(ctx, in)
		}), middleware.Before)
	}
	cfg = cfg.Copy()
	cfg.APIOptions = append(slices.Clone(cfg.APIOptions), guard)
	return cfg
}

// refusal is the answer of the service that is asked. Each has a code of its own.
func refusal(err error, input any) error {
	if !errors.Is(err, errDenied) {
		return err
	}
	code := "AccessDenied"
	switch input.(type) {
	case *sns.PublishInput:
		code = "AuthorizationError"
	case *dynamodb.GetItemInput, *dynamodb.PutItemInput, *dynamodb.UpdateItemInput, *dynamodb.DeleteItemInput, *dynamodb.QueryInput,
		*dynamodb.ScanInput, *dynamodb.BatchGetItemInput:
		code = "AccessDeniedException"
	}
	return &smithy.GenericAPIError{Code: code, Message: err.Error(), Fault: smithy.FaultClient}
}

// understood is what IAM decides about one operation. What is not listed is no
// action of any policy, and denied.
func understood(operation string, input any, made local.Resources) []request {
	queue := func(action string, url *string) []request {
		return []request{{action: "sqs:" + action, resource: arn(contract.QueueKind, nameOf(made.Queues, *url))}}
	}
	object := func(bucket, key *string) []request {
		return []request{{action: "s3:" + operation, resource: arn(contract.BucketKind, nameOf(made.Buckets, *bucket)) + "/" + *key}}
	}
	table := func(name, index *string, keys ...types.AttributeValue) []request {
		r := request{action: "dynamodb:" + operation, resource: arn(contract.TableKind, nameOf(made.Tables, aws.ToString(name)))}
		if index != nil {
			r.resource += "/index/" + *index
		}
		for _, key := range keys {
			switch key := key.(type) {
			case *types.AttributeValueMemberS:
				r.keys = append(r.keys, key.Value)
			case *types.AttributeValueMemberB:
				r.keys = append(r.keys, string(key.Value))
			}
		}
		return []request{r}
	}
	switch in := input.(type) {
	case *dynamodb.GetItemInput:
		return table(in.TableName, nil, in.Key[contract.PK])
	case *dynamodb.PutItemInput:
		return table(in.TableName, nil, in.Item[contract.PK])
	case *dynamodb.UpdateItemInput:
		return table(in.TableName, nil, in.Key[contract.PK])
	case *dynamodb.DeleteItemInput:
		return table(in.TableName, nil, in.Key[contract.PK])
	case *dynamodb.QueryInput:
		return table(in.TableName, in.IndexName)
	case *dynamodb.ScanInput:
		return table(in.TableName, in.IndexName)
	case *dynamodb.BatchGetItemInput:
		var all []request
		for name, asked := range in.RequestItems {
			var keys []types.AttributeValue
			for _, key := range asked.Keys {
				keys = append(keys, key[contract.PK])
			}
			all = append(all, table(&name, nil, keys...)...)
		}
		return all
	case *sqs.SendMessageInput:
		return queue("SendMessage", in.QueueUrl)
	case *sqs.SendMessageBatchInput: // IAM has no action for batches
		return queue("SendMessage", in.QueueUrl)
	case *sqs.GetQueueAttributesInput:
		return queue("GetQueueAttributes", in.QueueUrl)
	case *sns.PublishInput:
		return []request{{action: "sns:Publish", resource: arn(contract.TopicKind, nameOf(made.Topics, *in.TopicArn))}}
	case *s3.PutObjectInput:
		return object(in.Bucket, in.Key)
	case *s3.GetObjectInput:
		return object(in.Bucket, in.Key)
	case *s3.DeleteObjectInput:
		return object(in.Bucket, in.Key)
	default:
		return []request{{action: fmt.Sprintf("%T", input)}}
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
