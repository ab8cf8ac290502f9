package dynamo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/store"
)

// documentCodec numbers the JSON of findings, alerts and groups. Raise it with
// every change that an older function would misread.
const documentCodec = 1

// attrDocument is a finding, alert or group as JSON: they are read and written
// whole, and nothing asks DynamoDB about their insides.
const attrDocument = "doc"

// document is a value on its way into the findings table.
type document struct {
	pk    string
	value any
	rev   int64
	// list names the part of the sparse index that shows the value, blank for
	// none, and at its place there.
	list string
	at   time.Time
	// record is what the value is about, blank for none.
	record commerce.RecordID
	// expires is from when on the value may go, zero for never.
	expires time.Time
}

func (t table) putDocument(ctx context.Context, d document) error {
	body, err := json.Marshal(d.value)
	if err != nil {
		return fmt.Errorf("put %s: %w", d.pk, err)
	}
	it := item{
		contract.PK: text(d.pk), attrCodec: number(documentCodec), attrRev: number(d.rev + 1),
		attrDocument: text(string(body)),
	}
	if d.list != "" {
		it[contract.Active] = text(d.list)
		it[contract.At] = number(max(d.at.Unix(), 0))
	}
	if d.record != "" {
		it[contract.Record] = text(string(d.record))
	}
	if !d.expires.IsZero() {
		it[contract.TTL] = number(d.expires.Unix() + 1)
	}
	if err := t.put(ctx, it, d.rev); err != nil {
		return fmt.Errorf("put %s: %w", d.pk, err)
	}
	return nil
}

func getDocument[T any](ctx context.Context, t table, pk string) (value T, rev int64, err error) {
	it, err := t.get(ctx, pk, strong)
	if err == nil && it == nil {
		err = store.ErrNotFound
	}
	if err == nil {
		value, rev, err = decodeDocument[T](it)
	}
	if err != nil {
		return value, 0, fmt.Errorf("get %s: %w", pk, err)
	}
	return value, rev, nil
}

func decodeDocument[T any](it item) (value T, rev int64, err error) {
	r := &reader{}
	if codec := r.number(it, attrCodec); codec > documentCodec {
		return value, 0, fmt.Errorf("%w: %d, this one reads %d", store.ErrNewer, codec, documentCodec)
	}
	body := r.text(it, attrDocument)
	rev = r.number(it, attrRev)
	return value, rev, errors.Join(r.err, json.Unmarshal([]byte(body), &value))
}

// endOfTime is after every place in the index.
var endOfTime = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// listed reads what one part of the sparse index shows between two places in
// it, both included; a zero one is no bound.
func (t table) listed(ctx context.Context, list string, since, until time.Time) ([]item, error) {
	in := &dynamodb.QueryInput{
		IndexName:                 aws.String(contract.ActiveIndex),
		KeyConditionExpression:    aws.String("#active = :list"),
		ProjectionExpression:      aws.String("#pk"),
		ExpressionAttributeNames:  map[string]string{"#active": contract.Active, "#pk": contract.PK},
		ExpressionAttributeValues: item{":list": text(list)},
	}
	if !since.IsZero() || !until.IsZero() {
		if until.IsZero() {
			until = endOfTime
		}
		in.KeyConditionExpression = aws.String("#active = :list AND #at BETWEEN :since AND :until")
		in.ExpressionAttributeNames["#at"] = contract.At
		in.ExpressionAttributeValues[":since"] = number(max(since.Unix(), 0))
		in.ExpressionAttributeValues[":until"] = number(until.Unix())
	}
	return t.found(ctx, in)
}

// found reads what a query of an index finds from the table itself, which the
// index follows within moments.
func (t table) found(ctx context.Context, in *dynamodb.QueryInput) ([]item, error) {
	keys, err := t.query(ctx, in, 0)
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	pks := make([]string, len(keys))
	for i, k := range keys {
		pks[i] = keyOf(k)
	}
	return t.getAll(ctx, pks, strong)
}

func (t table) all(ctx context.Context, prefix string) ([]item, error) {
	var all []item
	err := t.each(ctx, prefix, func(it item) error {
		all = append(all, it)
		return nil
	})
	return all, err
}
