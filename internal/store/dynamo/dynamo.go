// Package dynamo keeps rows, findings, alerts, groups and marks in two DynamoDB
// tables.
//
// It owns the stored shape of each item, the conditions of its writes and the
// retries that DynamoDB leaves to the caller. Which race may be lost, and what
// to do then, is the caller's. The tables themselves are made by whoever deploys
// them, as contract.Tables describes.
package dynamo

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/store"
)

// Attributes of every item beside its keys.
const (
	// attrRev counts the writes of an item.
	attrRev = "rev"
	// attrCodec numbers the shape in which the item is written.
	attrCodec = "codec"
)

// table is one table and the client that reaches it.
type table struct {
	client *dynamodb.Client
	name   *string
	meter  *Meter
}

// Option changes how a table is used.
type Option func(*table)

// WithMeter adds what every request consumes to the meter.
func WithMeter(m *Meter) Option { return func(t *table) { t.meter = m } }

func newTable(client *dynamodb.Client, name string, options []Option) table {
	t := table{client: client, name: aws.String(name)}
	for _, o := range options {
		o(&t)
	}
	return t
}

// get reads one item; nil means that there is none.
func (t table) get(ctx context.Context, pk string, c consistency) (item, error) {
	out, err := t.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: t.name, Key: item{contract.PK: text(pk)}, ConsistentRead: aws.Bool(bool(c)), ReturnConsumedCapacity: t.meter.wanted(),
	})
	if err != nil {
		return nil, classify(err)
	}
	t.meter.read(out.ConsumedCapacity)
	return out.Item, nil
}

// put writes the item if the stored one still has the revision that the item
// follows. A lost race is a *lostError with the item as it is.
func (t table) put(ctx context.Context, it item, before int64) error {
	in := &dynamodb.PutItemInput{
		TableName: t.name, Item: it, ReturnConsumedCapacity: t.meter.wanted(),
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}
	if before == 0 {
		in.ConditionExpression = aws.String("attribute_not_exists(#pk)")
		in.ExpressionAttributeNames = map[string]string{"#pk": contract.PK}
	} else {
		in.ConditionExpression = aws.String("#rev = :rev")
		in.ExpressionAttributeNames = map[string]string{"#rev": attrRev}
		in.ExpressionAttributeValues = item{":rev": number(before)}
	}
	out, err := t.client.PutItem(ctx, in)
	var refused *types.ConditionalCheckFailedException
	if errors.As(err, &refused) {
		t.meter.refused()
		return &lostError{refused.Item}
	}
	if err != nil {
		return classify(err)
	}
	t.meter.wrote(out.ConsumedCapacity)
	return nil
}

// remove deletes the item, whether it is there or not.
func (t table) remove(ctx context.Context, pk string) error {
	out, err := t.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName: t.name, Key: item{contract.PK: text(pk)}, ReturnConsumedCapacity: t.meter.wanted(),
	})
	if err != nil {
		return fmt.Errorf("delete %s: %w", pk, classify(err))
	}
	t.meter.wrote(out.ConsumedCapacity)
	return nil
}

// pageItems is more items than the megabyte of a page holds, unless they are tiny.
// It is said because an emulator without it reads to the end of the table.
const pageItems = 4000

// each calls f for every item whose key begins with the prefix.
func (t table) each(ctx context.Context, prefix string, f func(item) error) error {
	in := &dynamodb.ScanInput{
		TableName: t.name, Limit: aws.Int32(pageItems), ConsistentRead: aws.Bool(true), ReturnConsumedCapacity: t.meter.wanted(),
	}
	if prefix != "" {
		in.FilterExpression = aws.String("begins_with(#pk, :prefix)")
		in.ExpressionAttributeNames = map[string]string{"#pk": contract.PK}
		in.ExpressionAttributeValues = item{":prefix": text(prefix)}
	}
	pages := dynamodb.NewScanPaginator(t.client, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return classify(err)
		}
		t.meter.read(page.ConsumedCapacity)
		for _, it := range page.Items {
			if err := f(it); err != nil {
				return err
			}
		}
	}
	return nil
}

// lostError is store.ErrLost with the stored item, nil when there is none.
type lostError struct{ current item }

func (e *lostError) Error() string { return store.ErrLost.Error() }
func (e *lostError) Unwrap() error { return store.ErrLost }

// classify marks what DynamoDB refused only for now.
func classify(err error) error {
	var api smithy.APIError
	if errors.As(err, &api) {
		if _, throttled := retry.DefaultThrottleErrorCodes[api.ErrorCode()]; throttled {
			return fmt.Errorf("%w: %w", store.ErrBusy, err)
		}
	}
	return err
}
