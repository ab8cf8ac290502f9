package wire

import (
	"context"
	"strconv"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/merge"
)

func (w *Wire) mergeHandler() lambda.Handler {
	service := w.Merge()
	return lambda.NewHandler(func(ctx context.Context, event events.SQSEvent) (events.SQSEventResponse, error) {
		messages := make([]merge.Message, 0, len(event.Records))
		for _, r := range event.Records {
			receives, _ := strconv.Atoi(r.Attributes["ApproximateReceiveCount"]) // 0 is not known
			messages = append(messages, merge.Message{ID: r.MessageId, Body: r.Body, Receives: receives})
		}
		return failures(service.Merge(ctx, messages)), nil
	})
}

// Merge builds the use case.
func (w *Wire) Merge() *merge.Service {
	return &merge.Service{
		Records: w.Records(), Marks: w.Findings(), Looks: w.Queue(contract.Looks), Archive: w.Queue(contract.Archive),
		Open: w.Open, Registry: w.Registry, Rules: judge.Rules(w.Registry), Now: w.options.Now, Log: w.options.Log,
	}
}

// failures reports which messages of a batch must come again.
func failures(ids []string) events.SQSEventResponse {
	response := events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}
	for _, id := range ids {
		response.BatchItemFailures = append(response.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: id})
	}
	return response
}
