package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store/dynamo"
)

const (
	// batch is how many rows are stored at once while an estate is filled: what
	// BatchWriteItem takes.
	batch = 25
	// writers is how many batches are stored side by side.
	writers = 8
	// tries bounds how often what a table left unprocessed is sent again.
	tries = 10
)

// loader fills an empty table without the conditions of Records, which take a
// request for each row.
type loader struct {
	client *dynamodb.Client
	table  string
}

func (l loader) load(ctx context.Context, rows []record.Row) error {
	requests := make([]types.WriteRequest, len(rows))
	for i, row := range rows {
		it, err := dynamo.EncodeRow(row)
		if err != nil {
			return fmt.Errorf("load %s: %w", row.ID(), err)
		}
		requests[i].PutRequest = &types.PutRequest{Item: it}
	}
	for range tries {
		out, err := l.client.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{l.table: requests}})
		if err != nil {
			return fmt.Errorf("load %d rows: %w", len(rows), err)
		}
		if requests = out.UnprocessedItems[l.table]; len(requests) == 0 {
			return nil
		}
	}
	return fmt.Errorf("load %d rows: %d of them left after %d tries", len(rows), len(requests), tries)
}
