package dynamo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
)

// Records keeps rows in the table contract.Records. It is a
// store.Records.
type Records struct{ table table }

// NewRecords returns the rows of the named table.
func NewRecords(client *dynamodb.Client, name string, options ...Option) *Records {
	return &Records{newTable(client, name, options)}
}

// Get reads the rows with one BatchGetItem for each 100 of them, and asks again
// for what DynamoDB left out. Rows that it keeps leaving out are store.ErrBusy.
func (r *Records) Get(ctx context.Context, ids []commerce.RecordID) (map[commerce.RecordID]record.Row, error) {
	return r.get(ctx, ids, strong)
}

// Glance reads like Get with eventual consistency, which takes half the units.
func (r *Records) Glance(ctx context.Context, ids []commerce.RecordID) (map[commerce.RecordID]record.Row, error) {
	return r.get(ctx, ids, eventual)
}

func (r *Records) get(ctx context.Context, ids []commerce.RecordID, c consistency) (map[commerce.RecordID]record.Row, error) {
	pks := make([]string, len(ids))
	for i, id := range ids {
		pks[i] = string(id)
	}
	items, err := r.table.getAll(ctx, pks, c)
	if err != nil {
		return nil, fmt.Errorf("get %d records: %w", len(ids), err)
	}
	rows := make(map[commerce.RecordID]record.Row, len(items))
	for _, it := range items {
		row, err := DecodeRow(it)
		if err != nil {
			return nil, fmt.Errorf("get record %s: %w", keyOf(it), err)
		}
		rows[row.ID()] = row
	}
	return rows, nil
}

// Put writes the row with one conditional PutItem.
func (r *Records) Put(ctx context.Context, row record.Row) error {
	it, err := EncodeRow(row)
	if err == nil {
		err = r.table.put(ctx, it, row.Rev)
	}
	var lost *lostError
	if errors.As(err, &lost) {
		err = lostRow(row, lost.current)
	}
	if err != nil {
		return fmt.Errorf("put record %s: %w", row.ID(), err)
	}
	return nil
}

func lostRow(row record.Row, current item) error {
	if current == nil {
		return &store.LostError{Current: record.Row{Kind: row.Kind, Key: row.Key}}
	}
	now, err := DecodeRow(current)
	if err != nil {
		return err
	}
	return &store.LostError{Current: now}
}

// Due reads the sparse index, which follows the table within moments.
func (r *Records) Due(ctx context.Context, shard int, until time.Time, limit int) ([]commerce.RecordID, error) {
	items, err := r.table.query(ctx, &dynamodb.QueryInput{
		IndexName:                 aws.String(contract.DueIndex),
		KeyConditionExpression:    aws.String("#shard = :shard AND #due <= :until"),
		ExpressionAttributeNames:  map[string]string{"#shard": contract.Shard, "#due": contract.Due},
		ExpressionAttributeValues: item{":shard": number(int64(shard)), ":until": instant(until)},
	}, limit)
	if err != nil {
		return nil, fmt.Errorf("list due records of shard %d: %w", shard, err)
	}
	ids := make([]commerce.RecordID, len(items))
	for i, it := range items {
		ids[i] = commerce.RecordID(keyOf(it))
	}
	return ids, nil
}

// Scan reads the whole table, whatever the kind, a megabyte at a time.
func (r *Records) Scan(ctx context.Context, kind commerce.Kind, each func(record.Row) error) error {
	prefix := ""
	if kind != "" {
		prefix = string(kind) + "|"
	}
	var stop error
	err := r.table.each(ctx, prefix, func(it item) error {
		row, err := DecodeRow(it)
		if err != nil {
			return fmt.Errorf("record %s: %w", keyOf(it), err)
		}
		stop = each(row)
		return stop
	})
	if stop != nil {
		return stop
	}
	if err != nil {
		return fmt.Errorf("scan records: %w", err)
	}
	return nil
}
