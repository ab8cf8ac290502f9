package snstopic_test

import (
	"encoding/json"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/plumbline/plumbline/internal/local/emulator"
	"github.com/plumbline/plumbline/internal/queue/sqsqueue"
	"github.com/plumbline/plumbline/internal/topic"
	"github.com/plumbline/plumbline/internal/topic/snstopic"
	"github.com/plumbline/plumbline/internal/topic/topictest"
)

func TestMain(m *testing.M) { emulator.Main(m) }

func TestTopic(t *testing.T) {
	topictest.Run(t, func(t *testing.T) (topic.Publisher, func() []topic.Message) {
		cfg := emulator.ForTest(t).AWSConfig()
		arn, url := subscribed(t, sns.NewFromConfig(cfg), sqs.NewFromConfig(cfg))
		inbox := sqsqueue.New(sqs.NewFromConfig(cfg), url)
		return snstopic.New(sns.NewFromConfig(cfg), arn), func() []topic.Message {
			messages, err := inbox.Receive(t.Context(), 10, 2*time.Second)
			if err != nil {
				t.Fatal(err)
			}
			var all []topic.Message
			for _, m := range messages {
				all = append(all, unwrap(t, m.Body))
			}
			return all
		}
	})
}

// unwrap reads SNS's own envelope.
func unwrap(t *testing.T, body string) topic.Message {
	t.Helper()
	var e struct {
		Subject, Message  string
		MessageAttributes map[string]struct{ Value string }
	}
	if err := json.Unmarshal([]byte(body), &e); err != nil {
		t.Fatal(err)
	}
	m := topic.Message{Subject: e.Subject, Body: e.Message, Attributes: map[string]string{}}
	for name, a := range e.MessageAttributes {
		m.Attributes[name] = a.Value
	}
	return m
}

var made atomic.Int64

func subscribed(t *testing.T, publisher *sns.Client, queues *sqs.Client) (arn, url string) {
	t.Helper()
	name := aws.String(fmt.Sprintf("topic-%d", made.Add(1)))
	created, err := publisher.CreateTopic(t.Context(), &sns.CreateTopicInput{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	inbox, err := queues.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: name})
	if err != nil {
		t.Fatal(err)
	}
	attributes, err := queues.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: inbox.QueueUrl, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameQueueArn},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = publisher.Subscribe(t.Context(), &sns.SubscribeInput{
		TopicArn: created.TopicArn, Protocol: aws.String("sqs"), Endpoint: aws.String(attributes.Attributes["QueueArn"]),
	})
	if err != nil {
		t.Fatal(err)
	}
	return *created.TopicArn, *inbox.QueueUrl
}
