package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssnssubscriptions"
	"github.com/aws/constructs-go/constructs/v10"
)

// newAlarmTopic makes the topic of alarms. It has a key of its own: CloudWatch
// may not use SNS's.
func (s *stack) newAlarmTopic(scope constructs.Construct) awssns.Topic {
	key := awskms.NewKey(scope, text("key"), &awskms.KeyProps{
		Description:       text("Alarms of Plumbline, stage " + s.stage),
		EnableKeyRotation: yes,
		PendingWindow:     whole(7 * day),
		RemovalPolicy:     awscdk.RemovalPolicy_DESTROY,
	})
	key.AddToResourcePolicy(fromAlarms(s, []string{"kms:Decrypt", "kms:GenerateDataKey*"}, "*"), nil)
	topic := awssns.NewTopic(scope, text("topic"), &awssns.TopicProps{
		TopicName:  text(s.name("alarms")),
		MasterKey:  key,
		EnforceSSL: yes,
	})
	topic.AddToResourcePolicy(fromAlarms(s, []string{"sns:Publish"}, *topic.TopicArn()))
	if s.alarmEmail != "" {
		topic.AddSubscription(awssnssubscriptions.NewEmailSubscription(text(s.alarmEmail), nil))
	}
	return topic
}

// fromAlarms lets the alarms of this account do something.
func fromAlarms(s *stack, actions []string, resource string) awsiam.PolicyStatement {
	p := allow(actions, resource)
	p.AddServicePrincipal(text("cloudwatch.amazonaws.com"), nil)
	p.AddCondition(text("StringEquals"), map[string]any{"aws:SourceAccount": s.cdk.Account()})
	return p
}
