package dynamo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/plumbline/plumbline/internal/contract"
)

// attrMark is the instant of a mark.
const attrMark = "t"

// EarliestMark writes only when t is before the stored instant.
func (s *Findings) EarliestMark(ctx context.Context, name string, t time.Time) error {
	return s.mark(ctx, name, t, "attribute_not_exists(#t) OR #t > :t")
}

// LatestMark writes only when t is after the stored instant.
func (s *Findings) LatestMark(ctx context.Context, name string, t time.Time) error {
	return s.mark(ctx, name, t, "attribute_not_exists(#t) OR #t < :t")
}

func (s *Findings) mark(ctx context.Context, name string, t time.Time, unless string) error {
	out, err := s.table.client.PutItem(ctx, &dynamodb.PutItemInput{
		TableName:                 s.table.name,
		Item:                      item{contract.PK: text(contract.MarkKeys + name), attrMark: instant(t)},
		ConditionExpression:       aws.String(unless),
		ExpressionAttributeNames:  map[string]string{"#t": attrMark},
		ExpressionAttributeValues: item{":t": instant(t)},
		ReturnConsumedCapacity:    s.table.meter.wanted(),
	})
	var refused *types.ConditionalCheckFailedException
	if errors.As(err, &refused) {
		s.table.meter.refused()
		return nil
	}
	if err != nil {
		return fmt.Errorf("mark %s: %w", name, classify(err))
	}
	s.table.meter.wrote(out.ConsumedCapacity)
	return nil
}

// GetMarks reads the marks with one BatchGetItem for each 100 of them.
func (s *Findings) GetMarks(ctx context.Context, names []string) (map[string]time.Time, error) {
	pks := make([]string, len(names))
	for i, name := range names {
		pks[i] = contract.MarkKeys + name
	}
	items, err := s.table.getAll(ctx, pks, strong)
	if err != nil {
		return nil, fmt.Errorf("get %d marks: %w", len(names), err)
	}
	marks := make(map[string]time.Time, len(items))
	for _, it := range items {
		r := &reader{}
		marks[strings.TrimPrefix(keyOf(it), contract.MarkKeys)] = r.instant(it, attrMark)
		if r.err != nil {
			return nil, fmt.Errorf("get %s: %w", keyOf(it), r.err)
		}
	}
	return marks, nil
}

// DeleteMark removes the mark, whether it is there or not.
func (s *Findings) DeleteMark(ctx context.Context, name string) error {
	return s.table.remove(ctx, contract.MarkKeys+name)
}
