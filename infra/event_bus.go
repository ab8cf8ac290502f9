package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awspipes"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssnssubscriptions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"

	"github.com/plumbline/plumbline/internal/contract"
)

const (
	// eventSource and eventType are what rules of the bus choose by.
	eventSource = "plumbline"
	eventType   = "Plumbline Alert"
)

// newEventBus passes published alerts on to an EventBridge bus of the account,
// where the context names one: topic, queue, pipe. No code of ours is between
// them, so that a bus that is down or gone delays nobody else.
func (s *stack) newEventBus() {
	if s.eventBus == "" {
		return
	}
	scope := s.part("EventBus")
	dead := awssqs.NewQueue(scope, text("dead-letters"), &awssqs.QueueProps{
		QueueName: text(s.name("event-bus-dead-letters")), RetentionPeriod: duration(14 * day),
		Encryption: awssqs.QueueEncryption_SQS_MANAGED, EnforceSSL: yes, RemovalPolicy: awscdk.RemovalPolicy_RETAIN,
	})
	waiting := awssqs.NewQueue(scope, text("waiting"), &awssqs.QueueProps{
		QueueName: text(s.name("event-bus")), RetentionPeriod: duration(4 * day),
		Encryption: awssqs.QueueEncryption_SQS_MANAGED, EnforceSSL: yes, RemovalPolicy: awscdk.RemovalPolicy_RETAIN,
		DeadLetterQueue: &awssqs.DeadLetterQueue{Queue: dead, MaxReceiveCount: count(contract.MaxReceive)},
	})
	s.topics[contract.Alerts].AddSubscription(awssnssubscriptions.NewSqsSubscription(waiting,
		&awssnssubscriptions.SqsSubscriptionProps{RawMessageDelivery: yes}))
	bus := s.cdk.FormatArn(&awscdk.ArnComponents{Service: text("events"), Resource: text("event-bus"), ResourceName: text(s.eventBus)})
	role := awsiam.NewRole(scope, text("role"), &awsiam.RoleProps{
		Description: text("Passes alerts on to the bus " + s.eventBus), AssumedBy: awsiam.NewServicePrincipal(text("pipes.amazonaws.com"), nil),
		InlinePolicies: &map[string]awsiam.PolicyDocument{"pass-on": awsiam.NewPolicyDocument(&awsiam.PolicyDocumentProps{
			Statements: &[]awsiam.PolicyStatement{
				allow([]string{"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}, *waiting.QueueArn()),
				allow([]string{"events:PutEvents"}, *bus),
			},
		})},
	})
	awspipes.NewCfnPipe(scope, text("pipe"), &awspipes.CfnPipeProps{
		Name: text(s.name("event-bus")), RoleArn: role.RoleArn(), Source: waiting.QueueArn(), Target: bus,
		SourceParameters: awspipes.CfnPipe_PipeSourceParametersProperty{
			SqsQueueParameters: awspipes.CfnPipe_PipeSourceSqsQueueParametersProperty{BatchSize: count(10)},
		},
		TargetParameters: awspipes.CfnPipe_PipeTargetParametersProperty{
			// The message itself, not what the queue says of it.
			InputTemplate: text("<$.body>"),
			EventBridgeEventBusParameters: awspipes.CfnPipe_PipeTargetEventBridgeEventBusParametersProperty{
				Source: text(eventSource), DetailType: text(eventType),
			},
		},
	})
}
