package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamotypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/plumbline/plumbline/internal/contract"
)

// Plan says how the local tables and queues differ from the contract's. The
// zero Plan does not differ.
type Plan struct {
	// Inboxes are the registry's systems that deliver into a queue of their own.
	Inboxes []string
	// Prefix starts every name, so that tests that share the emulators do not
	// meet.
	Prefix string
	// Visibility replaces that of consumed queues, in whole seconds, so that
	// what failed comes back while somebody watches. 0 keeps the contract's.
	Visibility time.Duration
	// Window replaces that of queues that gather batches, so that nobody waits
	// for them on the wall's clock. 0 keeps the contract's.
	Window time.Duration
}

// Queues lists the contract's queues as the plan wants them.
func (p Plan) Queues() []contract.Queue {
	queues := contract.Queues(p.Inboxes...)
	for i := range queues {
		if p.Visibility > 0 && queues[i].Consumer != "" {
			queues[i].Visibility = p.Visibility
		}
		if p.Window > 0 && queues[i].Window > 0 {
			queues[i].Window = p.Window
		}
	}
	return queues
}

// Resources are the made tables, queues and topics by the contract's names:
// names, URLs and ARNs.
type Resources struct {
	Tables    map[string]string `json:"tables"`
	Queues    map[string]string `json:"queues"`
	QueueARNs map[string]string `json:"queue_arns"`
	Topics    map[string]string `json:"topics"`
	Buckets   map[string]string `json:"buckets"`
}

// Environ is what the functions read of the resources, by variable.
func (r Resources) Environ() map[string]string {
	env := map[string]string{}
	for name, value := range r.Tables {
		env[contract.TableVariable(name)] = value
	}
	for name, value := range r.Queues {
		env[contract.QueueVariable(name)] = value
	}
	for name, value := range r.Topics {
		env[contract.TopicVariable(name)] = value
	}
	for name, value := range r.Buckets {
		env[contract.BucketVariable(name)] = value
	}
	return env
}

// Provision makes what the contract defines, as far as it is not there. It may
// be called again on the same emulators, and then changes nothing.
func Provision(ctx context.Context, cfg aws.Config, plan Plan) (Resources, error) {
	p := provisioner{
		db:     dynamodb.NewFromConfig(cfg),
		queues: sqs.NewFromConfig(cfg),
		topics: sns.NewFromConfig(cfg),
		blobs:  s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true }),
		plan:   plan,
		made: Resources{
			Tables: map[string]string{}, Queues: map[string]string{},
			QueueARNs: map[string]string{}, Topics: map[string]string{}, Buckets: map[string]string{},
		},
	}
	for _, t := range contract.Tables() {
		if err := p.table(ctx, t); err != nil {
			return Resources{}, fmt.Errorf("make table %s: %w", t.Name, err)
		}
	}
	for _, q := range plan.Queues() {
		if err := p.queue(ctx, q); err != nil {
			return Resources{}, fmt.Errorf("make queue %s: %w", q.Name, err)
		}
	}
	for _, name := range contract.Topics() {
		if err := p.topic(ctx, name); err != nil {
			return Resources{}, fmt.Errorf("make topic %s: %w", name, err)
		}
	}
	for _, name := range contract.Buckets() {
		if err := p.bucket(ctx, name); err != nil {
			return Resources{}, fmt.Errorf("make bucket %s: %w", name, err)
		}
	}
	for _, s := range contract.Subscriptions() {
		if err := p.subscription(ctx, s); err != nil {
			return Resources{}, fmt.Errorf("subscribe %s to %s: %w", s.Queue, s.Topic, err)
		}
	}
	return p.made, nil
}

type provisioner struct {
	db     *dynamodb.Client
	queues *sqs.Client
	topics *sns.Client
	blobs  *s3.Client
	plan   Plan
	made   Resources
}

// ErrOtherShape means that a table of an earlier version is in the data folder
// with other indexes than this version reads.
var ErrOtherShape = errors.New("local: a table of the data folder has other indexes than this version needs; start with an empty folder")

func (p *provisioner) table(ctx context.Context, t contract.Table) error {
	name := p.plan.Prefix + t.Name
	p.made.Tables[t.Name] = name
	in := tableInput(name, t)
	_, err := p.db.CreateTable(ctx, in)
	var there *dynamotypes.ResourceInUseException
	if errors.As(err, &there) {
		return p.sameShape(ctx, in)
	}
	if err != nil || t.TTL == "" {
		return err
	}
	_, err = p.db.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{
		TableName: &name,
		TimeToLiveSpecification: &dynamotypes.TimeToLiveSpecification{
			AttributeName: &t.TTL, Enabled: aws.Bool(true),
		},
	})
	return err
}

func (p *provisioner) sameShape(ctx context.Context, in *dynamodb.CreateTableInput) error {
	out, err := p.db.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: in.TableName})
	if err != nil {
		return err
	}
	var have, want []string
	for _, i := range out.Table.GlobalSecondaryIndexes {
		have = append(have, shape(*i.IndexName, i.KeySchema, i.Projection))
	}
	for _, i := range in.GlobalSecondaryIndexes {
		want = append(want, shape(*i.IndexName, i.KeySchema, i.Projection))
	}
	slices.Sort(have)
	slices.Sort(want)
	if !slices.Equal(have, want) {
		return ErrOtherShape
	}
	return nil
}

func shape(name string, keys []dynamotypes.KeySchemaElement, projection *dynamotypes.Projection) string {
	text := name + " " + string(projection.ProjectionType)
	for _, k := range keys {
		text += " " + *k.AttributeName
	}
	return text
}

func tableInput(name string, t contract.Table) *dynamodb.CreateTableInput {
	in := &dynamodb.CreateTableInput{
		TableName:   &name,
		BillingMode: dynamotypes.BillingModePayPerRequest,
		KeySchema:   []dynamotypes.KeySchemaElement{keyElement(t.Hash, dynamotypes.KeyTypeHash)},
	}
	keys := []contract.Attribute{t.Hash}
	for _, i := range t.Indexes {
		keys = append(keys, i.Hash, i.Range)
		in.GlobalSecondaryIndexes = append(in.GlobalSecondaryIndexes, dynamotypes.GlobalSecondaryIndex{
			IndexName: &i.Name,
			KeySchema: []dynamotypes.KeySchemaElement{
				keyElement(i.Hash, dynamotypes.KeyTypeHash), keyElement(i.Range, dynamotypes.KeyTypeRange),
			},
			Projection: &dynamotypes.Projection{ProjectionType: dynamotypes.ProjectionType(i.Projection)},
		})
	}
	slices.SortFunc(keys, func(a, b contract.Attribute) int { return strings.Compare(a.Name, b.Name) })
	for _, k := range slices.Compact(keys) {
		in.AttributeDefinitions = append(in.AttributeDefinitions, dynamotypes.AttributeDefinition{
			AttributeName: &k.Name, AttributeType: dynamotypes.ScalarAttributeType(k.Type),
		})
	}
	return in
}

func keyElement(a contract.Attribute, role dynamotypes.KeyType) dynamotypes.KeySchemaElement {
	return dynamotypes.KeySchemaElement{AttributeName: &a.Name, KeyType: role}
}

// queue makes a queue bare and then sets its attributes: making it with others
// than it has is an error.
func (p *provisioner) queue(ctx context.Context, q contract.Queue) error {
	name := p.plan.Prefix + q.Name
	out, err := p.queues.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &name})
	if err != nil {
		return err
	}
	attributes := map[string]string{
		string(sqstypes.QueueAttributeNameVisibilityTimeout):      seconds(q.Visibility),
		string(sqstypes.QueueAttributeNameMessageRetentionPeriod): seconds(q.Retention),
	}
	if q.DeadLetter != "" {
		policy, err := json.Marshal(map[string]any{
			"deadLetterTargetArn": p.made.QueueARNs[q.DeadLetter], "maxReceiveCount": q.MaxReceive,
		})
		if err != nil {
			return err
		}
		attributes[string(sqstypes.QueueAttributeNameRedrivePolicy)] = string(policy)
	}
	if _, err := p.queues.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: out.QueueUrl, Attributes: attributes}); err != nil {
		return err
	}
	arn, err := p.queues.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: out.QueueUrl, AttributeNames: []sqstypes.QueueAttributeName{sqstypes.QueueAttributeNameQueueArn},
	})
	if err != nil {
		return err
	}
	p.made.Queues[q.Name] = *out.QueueUrl
	p.made.QueueARNs[q.Name] = arn.Attributes[string(sqstypes.QueueAttributeNameQueueArn)]
	return nil
}

func (p *provisioner) topic(ctx context.Context, name string) error {
	full := p.plan.Prefix + name
	out, err := p.topics.CreateTopic(ctx, &sns.CreateTopicInput{Name: &full})
	if err != nil {
		return err
	}
	p.made.Topics[name] = *out.TopicArn
	return nil
}

func (p *provisioner) bucket(ctx context.Context, name string) error {
	full := p.plan.Prefix + name
	p.made.Buckets[name] = full
	_, err := p.blobs.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &full})
	var there *s3types.BucketAlreadyOwnedByYou
	if errors.As(err, &there) {
		return nil
	}
	return err
}

func (p *provisioner) subscription(ctx context.Context, s contract.Subscription) error {
	_, err := p.topics.Subscribe(ctx, &sns.SubscribeInput{
		TopicArn:   aws.String(p.made.Topics[s.Topic]),
		Protocol:   aws.String("sqs"),
		Endpoint:   aws.String(p.made.QueueARNs[s.Queue]),
		Attributes: map[string]string{"RawMessageDelivery": "true"},
	})
	return err
}

func seconds(d time.Duration) string { return strconv.Itoa(int(d / time.Second)) }
