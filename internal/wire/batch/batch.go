// Package batch answers the event source mappings of queues.
package batch

import (
	"context"

	"github.com/aws/aws-lambda-go/events"

	"github.com/plumbline/plumbline/internal/metric"
)

// Failures reports which messages of a batch must come again. None is an empty
// list: anything else makes the service try the whole batch again. It counts them
// among the messages of the batch.
func Failures(ctx context.Context, batch int, ids []string) events.SQSEventResponse {
	metric.Add(ctx, metric.Messages, batch-len(ids))
	metric.Add(ctx, metric.Failed, len(ids))
	response := events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}
	for _, id := range ids {
		response.BatchItemFailures = append(response.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: id})
	}
	return response
}
