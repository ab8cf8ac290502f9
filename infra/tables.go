package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"

	"github.com/plumbline/plumbline/internal/contract"
)

// newTables makes the tables: on demand, restorable to any second of the last
// 35 days, and kept whatever happens to the stack. They are encrypted with
// DynamoDB's own key, which costs nothing and cannot be out of reach.
func (s *stack) newTables() {
	scope := s.part("Tables")
	s.tables = map[string]awsdynamodb.Table{}
	for _, t := range contract.Tables() {
		table := awsdynamodb.NewTable(scope, text(t.Name), &awsdynamodb.TableProps{
			TableName:           text(s.name(t.Name)),
			PartitionKey:        attribute(t.Hash),
			BillingMode:         awsdynamodb.BillingMode_PAY_PER_REQUEST,
			TimeToLiveAttribute: text(t.TTL),
			PointInTimeRecoverySpecification: &awsdynamodb.PointInTimeRecoverySpecification{
				PointInTimeRecoveryEnabled: yes,
			},
			DeletionProtection: yes,
			RemovalPolicy:      awscdk.RemovalPolicy_RETAIN,
		})
		for _, i := range t.Indexes {
			table.AddGlobalSecondaryIndex(&awsdynamodb.GlobalSecondaryIndexProps{
				IndexName:      text(i.Name),
				PartitionKey:   attribute(i.Hash),
				SortKey:        attribute(i.Range),
				ProjectionType: awsdynamodb.ProjectionType(i.Projection),
			})
		}
		s.tables[t.Name] = table
	}
}

func attribute(a contract.Attribute) *awsdynamodb.Attribute {
	types := map[contract.KeyType]awsdynamodb.AttributeType{
		contract.Text:   awsdynamodb.AttributeType_STRING,
		contract.Number: awsdynamodb.AttributeType_NUMBER,
	}
	return &awsdynamodb.Attribute{Name: text(a.Name), Type: types[a.Type]}
}
