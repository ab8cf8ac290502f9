package dynamo_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local/emulator"
	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/store/dynamo"
	"github.com/plumbline/plumbline/internal/store/storetest"
)

func TestMain(m *testing.M) { emulator.Main(m) }

func TestRecords(t *testing.T) {
	storetest.Records(t, func(t *testing.T) store.Records {
		return dynamo.NewRecords(client(t), newTable(t, contract.Records))
	})
}

func TestFindings(t *testing.T) {
	storetest.Findings(t, func(t *testing.T) storetest.FindingsAndMarks {
		return dynamo.NewFindings(client(t), newTable(t, contract.Findings))
	})
}

func TestArrivals(t *testing.T) {
	storetest.Arrivals(t, func(t *testing.T) store.Arrivals {
		return dynamo.NewFindings(client(t), newTable(t, contract.Findings))
	})
}

func TestReceipts(t *testing.T) {
	storetest.Receipts(t, func(t *testing.T) store.Receipts {
		return dynamo.NewFindings(client(t), newTable(t, contract.Findings))
	})
}

func TestPaces(t *testing.T) {
	storetest.Paces(t, func(t *testing.T) store.Paces {
		return dynamo.NewPaces(client(t), newTable(t, contract.Findings))
	})
}

func client(t testing.TB, options ...func(*dynamodb.Options)) *dynamodb.Client {
	t.Helper()
	return dynamodb.NewFromConfig(emulator.ForTest(t).AWSConfig(), options...)
}

var tables atomic.Int64

// newTable makes a table like the named one of the contract, under a name of
// its own.
func newTable(t testing.TB, like string) string {
	t.Helper()
	name := fmt.Sprintf("%s-%d", like, tables.Add(1))
	for _, table := range contract.Tables() {
		if table.Name != like {
			continue
		}
		if _, err := client(t).CreateTable(t.Context(), tableInput(name, table)); err != nil {
			t.Fatal(err)
		}
		return name
	}
	t.Fatalf("the contract has no table %s", like)
	return ""
}

func tableInput(name string, table contract.Table) *dynamodb.CreateTableInput {
	in := &dynamodb.CreateTableInput{
		TableName: aws.String(name), BillingMode: types.BillingModePayPerRequest,
		KeySchema: []types.KeySchemaElement{{AttributeName: aws.String(table.Hash.Name), KeyType: types.KeyTypeHash}},
	}
	keys := map[string]contract.KeyType{table.Hash.Name: table.Hash.Type}
	for _, index := range table.Indexes {
		keys[index.Hash.Name], keys[index.Range.Name] = index.Hash.Type, index.Range.Type
		in.GlobalSecondaryIndexes = append(in.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{
			IndexName: aws.String(index.Name),
			KeySchema: []types.KeySchemaElement{
				{AttributeName: aws.String(index.Hash.Name), KeyType: types.KeyTypeHash},
				{AttributeName: aws.String(index.Range.Name), KeyType: types.KeyTypeRange},
			},
			Projection: &types.Projection{ProjectionType: types.ProjectionType(index.Projection)},
		})
	}
	for key, kind := range keys {
		in.AttributeDefinitions = append(in.AttributeDefinitions, types.AttributeDefinition{
			AttributeName: aws.String(key), AttributeType: types.ScalarAttributeType(kind),
		})
	}
	return in
}
