package dynamo

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/record"
)

// Page reads one page of a parallel scan. The cursor is the key of the item
// that was read last.
func (r *Records) Page(ctx context.Context, segment, segments int, cursor string, limit int) ([]record.Row, string, error) {
	in := &dynamodb.ScanInput{
		TableName: r.table.name, ConsistentRead: aws.Bool(true), ReturnConsumedCapacity: r.table.meter.wanted(),
		Segment: aws.Int32(int32(segment)), TotalSegments: aws.Int32(int32(segments)), Limit: aws.Int32(int32(limit)),
	}
	if cursor != "" {
		in.ExclusiveStartKey = item{contract.PK: text(cursor)}
	}
	out, err := r.table.client.Scan(ctx, in)
	if err != nil {
		return nil, "", fmt.Errorf("read a page of records: %w", classify(err))
	}
	r.table.meter.read(out.ConsumedCapacity)
	rows := make([]record.Row, 0, len(out.Items))
	for _, it := range out.Items {
		row, err := DecodeRow(it)
		if err != nil {
			return nil, "", fmt.Errorf("read a page of records: %s: %w", keyOf(it), err)
		}
		rows = append(rows, row)
	}
	if len(out.LastEvaluatedKey) == 0 {
		return rows, "", nil
	}
	return rows, keyOf(out.LastEvaluatedKey), nil
}
