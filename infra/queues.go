package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"

	"github.com/plumbline/plumbline/internal/contract"
)

// all are the contract's queues, with those of the registry's inboxes.
func (s *stack) all() []contract.Queue { return contract.Queues(s.registry.Inboxes()...) }

// newQueues makes the queues. They are kept when the stack goes: what waits in
// them, dead letters above all, is nowhere else.
func (s *stack) newQueues() {
	scope := s.part("Queues")
	s.queues = map[string]awssqs.Queue{}
	for _, q := range s.all() {
		s.queues[q.Name] = awssqs.NewQueue(scope, text(q.Name), &awssqs.QueueProps{
			QueueName:         text(s.name(q.Name)),
			VisibilityTimeout: duration(q.Visibility),
			RetentionPeriod:   duration(q.Retention),
			DeadLetterQueue:   s.deadLetters(q),
			Encryption:        awssqs.QueueEncryption_SQS_MANAGED,
			EnforceSSL:        yes,
			RemovalPolicy:     awscdk.RemovalPolicy_RETAIN,
		})
	}
	s.letIn()
}

// deadLetters is where a queue's dead letters go, or nil. The contract lists
// that queue first.
func (s *stack) deadLetters(q contract.Queue) *awssqs.DeadLetterQueue {
	if q.DeadLetter == "" {
		return nil
	}
	return &awssqs.DeadLetterQueue{Queue: s.queues[q.DeadLetter], MaxReceiveCount: count(q.MaxReceive)}
}
