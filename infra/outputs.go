package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/plumbline/plumbline/internal/contract"
)

// newOutputs says after a deployment what to tell others: where each system
// sends its webhooks or puts its deliveries, and where Slack sends its buttons.
func (s *stack) newOutputs(f front) {
	for _, system := range slices.Sorted(maps.Keys(s.registry.Systems)) {
		if s.registry.Systems[system].Inbox {
			queue := s.queues[contract.Inbox(system)]
			s.output("Queue"+camel(system), *queue.QueueArn(), "The queue that "+system+" delivers into")
			s.output("QueueAddress"+camel(system), *queue.QueueUrl(), "The same queue's address")
			continue
		}
		s.output("Webhooks"+camel(system), f.address+"/hooks/"+system, "Where "+system+" sends its webhooks")
	}
	s.output("Slack", f.address+"/slack", "Where Slack sends its buttons")
	if f.domain != nil {
		s.output("DomainTarget", *f.domain.RegionalDomainName(), "What "+s.domain+" must be an alias of")
		s.output("DomainZone", *f.domain.RegionalHostedZoneId(), "The hosted zone of that alias")
	}
}

func (s *stack) output(name, value, description string) {
	awscdk.NewCfnOutput(s.cdk, text(name), &awscdk.CfnOutputProps{Value: text(value), Description: text(description)})
}

// camel writes a name as a logical id takes it: shopify-us is ShopifyUs.
func camel(name string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(name, func(r rune) bool { return r == '-' || r == '_' || r == '.' }) {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}
