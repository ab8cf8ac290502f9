package local

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local/emulator"
)

func TestProvision_MakesTheContractAndIsIdempotent(t *testing.T) {
	t.Parallel()
	cfg := emulator.ForTest(t).AWSConfig()
	plan := Plan{Prefix: "provision-"}
	first, err := Provision(t.Context(), cfg, plan)
	if err != nil {
		t.Fatal(err)
	}
	plan.Visibility = 7 * time.Second
	second, err := Provision(t.Context(), cfg, plan)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("made again (-first +second):\n%s", diff)
	}
	client := sqs.NewFromConfig(cfg)
	for _, q := range plan.Queues() {
		out, err := client.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
			QueueUrl: aws.String(first.Queues[q.Name]), AttributeNames: []sqstypes.QueueAttributeName{"All"},
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := out.Attributes["VisibilityTimeout"]; got != seconds(q.Visibility) {
			t.Errorf("queue %s: visibility %s, want the new plan's %s", q.Name, got, seconds(q.Visibility))
		}
		if got := out.Attributes["MessageRetentionPeriod"]; got != seconds(q.Retention) {
			t.Errorf("queue %s: retention %s, want %s", q.Name, got, seconds(q.Retention))
		}
		if got := out.Attributes["RedrivePolicy"]; (q.DeadLetter == "") != (got == "") || !strings.Contains(got, first.QueueARNs[q.DeadLetter]) {
			t.Errorf("queue %s: redrive policy %s", q.Name, got)
		}
	}
	topics, err := sns.NewFromConfig(cfg).ListSubscriptionsByTopic(t.Context(), &sns.ListSubscriptionsByTopicInput{
		TopicArn: aws.String(first.Topics[contract.Alerts]),
	})
	if err != nil || len(topics.Subscriptions) != 1 {
		t.Errorf("%d subscriptions of the alerts, %v, want 1", len(topics.Subscriptions), err)
	}
	db := dynamodb.NewFromConfig(cfg)
	for _, table := range contract.Tables() {
		out, err := db.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: aws.String(first.Tables[table.Name])})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Table.GlobalSecondaryIndexes) != len(table.Indexes) {
			t.Errorf("table %s has %d indexes", table.Name, len(out.Table.GlobalSecondaryIndexes))
		}
	}
}

func TestProvision_RefusesATableOfAnotherShape(t *testing.T) {
	t.Parallel()
	cfg := emulator.ForTest(t).AWSConfig()
	prefix := fmt.Sprintf("shape%d-", stacks.Add(1))
	bare := contract.Table{Name: contract.Records, Hash: contract.Attribute{Name: contract.PK, Type: contract.Text}}
	if _, err := dynamodb.NewFromConfig(cfg).CreateTable(t.Context(), tableInput(prefix+bare.Name, bare)); err != nil {
		t.Fatal(err)
	}
	if _, err := Provision(t.Context(), cfg, Plan{Prefix: prefix}); !errors.Is(err, ErrOtherShape) {
		t.Errorf("%v, want ErrOtherShape", err)
	}
}
