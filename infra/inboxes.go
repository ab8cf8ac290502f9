package main

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"

	"github.com/plumbline/plumbline/internal/contract"
)

// letIn lets each system's senders put deliveries into its queue, and nobody
// else: that policy is the proof of who sent.
func (s *stack) letIn() {
	for _, system := range s.registry.Inboxes() {
		queue := s.queues[contract.Inbox(system)]
		for _, sender := range s.registry.Systems[system].Senders {
			actions := []string{"sqs:SendMessage"}
			if sender.Asks {
				actions = append(actions, "sqs:GetQueueAttributes")
			}
			queue.AddToResourcePolicy(admitted(sender.ARN, allow(actions, *queue.QueueArn())))
		}
	}
}

// admitted grants the statement to one sender: to a user, role or account, or to
// the service that acts for a rule.
func admitted(sender string, p awsiam.PolicyStatement) awsiam.PolicyStatement {
	if strings.Contains(sender, ":events:") {
		p.AddServicePrincipal(text("events.amazonaws.com"), nil)
		p.AddCondition(text("ArnEquals"), map[string]any{"aws:SourceArn": sender})
		return p
	}
	p.AddArnPrincipal(text(sender))
	return p
}
