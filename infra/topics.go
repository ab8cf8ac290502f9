package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssnssubscriptions"

	"github.com/plumbline/plumbline/internal/contract"
)

// snsKey is SNS's own key. Whoever may publish may use it; it needs no policy.
const snsKey = "alias/aws/sns"

// newTopics makes the topics and what the contract subscribes to them.
func (s *stack) newTopics() {
	scope := s.part("Topics")
	s.topics = map[string]awssns.Topic{}
	for _, name := range contract.Topics() {
		topic := awssns.NewTopic(scope, text(name), &awssns.TopicProps{
			TopicName:  text(s.name(name)),
			EnforceSSL: yes,
		})
		topic.Node().DefaultChild().(awssns.CfnTopic).SetKmsMasterKeyId(text(snsKey))
		s.topics[name] = topic
	}
	for _, sub := range contract.Subscriptions() {
		s.topics[sub.Topic].AddSubscription(awssnssubscriptions.NewSqsSubscription(s.queues[sub.Queue],
			&awssnssubscriptions.SqsSubscriptionProps{RawMessageDelivery: yes}))
	}
}
