package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
)

// newMappings lets each consumed queue call its function. Without the report
// of single failures one bad message would bring back its whole batch.
func (s *stack) newMappings() {
	scope := s.part("Mappings")
	for _, q := range s.all() {
		if q.Consumer == "" {
			continue
		}
		var window awscdk.Duration
		if q.Window > 0 {
			window = duration(q.Window)
		}
		awslambda.NewEventSourceMapping(scope, text(q.Name), &awslambda.EventSourceMappingProps{
			Target:                  s.functions[q.Consumer],
			EventSourceArn:          s.queues[q.Name].QueueArn(),
			BatchSize:               count(q.BatchSize),
			MaxBatchingWindow:       window,
			MaxConcurrency:          count(q.MaxConcurrency),
			ReportBatchItemFailures: yes,
		})
	}
}
