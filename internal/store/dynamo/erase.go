package dynamo

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/finding"
)

// FindingsOf finds them by the index of records and reads them from the table.
func (s *Findings) FindingsOf(ctx context.Context, record commerce.RecordID) ([]finding.Finding, error) {
	all, err := decodeFindings(s.table.found(ctx, &dynamodb.QueryInput{
		IndexName:                 aws.String(contract.RecordIndex),
		KeyConditionExpression:    aws.String("#record = :record"),
		ProjectionExpression:      aws.String("#pk"),
		ExpressionAttributeNames:  map[string]string{"#record": contract.Record, "#pk": contract.PK},
		ExpressionAttributeValues: item{":record": text(string(record))},
	}))
	if err != nil {
		return nil, fmt.Errorf("list findings of %s: %w", record, err)
	}
	return all, nil
}

// DeleteFinding removes the finding with one DeleteItem.
func (s *Findings) DeleteFinding(ctx context.Context, id string) error {
	return s.table.remove(ctx, contract.FindingKeys+id)
}

// DeleteGroup removes the group with one DeleteItem.
func (s *Findings) DeleteGroup(ctx context.Context, name string) error {
	return s.table.remove(ctx, contract.GroupKeys+name)
}
