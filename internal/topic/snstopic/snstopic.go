// Package snstopic publishes through an SNS topic.
package snstopic

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"github.com/plumbline/plumbline/internal/topic"
)

// Topic is a topic.Publisher.
type Topic struct {
	client *sns.Client
	arn    string
}

// New returns the topic of the given ARN.
func New(client *sns.Client, arn string) *Topic { return &Topic{client, arn} }

// Publish publishes with one request. SNS refuses blank subjects and blank
// attributes, which therefore stay away.
func (t *Topic) Publish(ctx context.Context, m topic.Message) error {
	if m.Size() > topic.MaxBytes {
		return topic.ErrTooLarge
	}
	in := &sns.PublishInput{TopicArn: &t.arn, Message: &m.Body, MessageAttributes: map[string]types.MessageAttributeValue{}}
	if subject := topic.Subject(m.Subject); subject != "" {
		in.Subject = &subject
	}
	for name, value := range m.Attributes {
		if value != "" {
			in.MessageAttributes[name] = types.MessageAttributeValue{DataType: aws.String("String"), StringValue: &value}
		}
	}
	if _, err := t.client.Publish(ctx, in); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	return nil
}
