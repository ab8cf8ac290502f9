// Package batch answers the event source mappings of queues.
package batch

import "github.com/aws/aws-lambda-go/events"

// Failures reports which messages of a batch must come again. None is an empty
// list: anything else makes the service try the whole batch again.
func Failures(ids []string) events.SQSEventResponse {
	response := events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}
	for _, id := range ids {
		response.BatchItemFailures = append(response.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: id})
	}
	return response
}
