package dynamo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/store"
)

// attrEven is when the next call would be made at an even pace, in microseconds
// since 1970: a whole number, which DynamoDB adds to exactly.
const attrEven = "even"

// raceTries is how often a reservation that others overtook is tried again.
const raceTries = 8

// Paces keeps one item for each name in the table contract.Findings. It is a
// store.Paces.
type Paces struct{ table table }

// NewPaces returns the paces that the named table holds.
func NewPaces(client *dynamodb.Client, name string, options ...Option) *Paces {
	return &Paces{newTable(client, name, options)}
}

// Reserve takes the next call with one conditional update: of an even pace that
// is over, or else of one that still runs. Neither reads first, so that many who
// reserve at once do not fail each other.
func (p *Paces) Reserve(
	ctx context.Context, name string, pace platform.Pace, now time.Time, wait time.Duration,
) (at time.Time, reserved bool, err error) {
	now = now.UTC().Truncate(time.Microsecond)
	every := pace.Every.Microseconds()
	last := now.Add(wait + store.Slack(pace))
	for range raceTries {
		_, rested, err := p.update(ctx, name, "SET #even = :next", "attribute_not_exists(#even) OR #even <= :now",
			item{":next": number(now.UnixMicro() + every), ":now": number(now.UnixMicro())})
		if err != nil {
			return now, false, err
		}
		if rested {
			return now, true, nil
		}
		even, running, err := p.update(ctx, name, "SET #even = #even + :every", "#even > :now AND #even <= :last",
			item{":every": number(every), ":now": number(now.UnixMicro()), ":last": number(last.UnixMicro())})
		if err != nil {
			return now, false, err
		}
		if at, _ := store.NextCall(even, pace, now); running || even.After(last) {
			return at, running, nil
		}
	}
	return now, false, fmt.Errorf("reserve a call of %s: %w", name, store.ErrBusy)
}

// Hold moves the even pace behind until, unless it is there already.
func (p *Paces) Hold(ctx context.Context, name string, pace platform.Pace, until time.Time) error {
	_, _, err := p.update(ctx, name, "SET #even = :even", "attribute_not_exists(#even) OR #even < :even",
		item{":even": number(until.Add(store.Slack(pace)).UnixMicro())})
	return err
}

// update changes the item on a condition. It returns the even pace as it was
// before, and whether the condition held.
func (p *Paces) update(ctx context.Context, name, change, condition string, values item) (even time.Time, held bool, err error) {
	out, err := p.table.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: p.table.name, Key: item{contract.PK: text(contract.PaceKeys + name)},
		UpdateExpression: aws.String(change), ConditionExpression: aws.String(condition),
		ExpressionAttributeNames: map[string]string{"#even": attrEven}, ExpressionAttributeValues: values,
		ReturnValues:                        types.ReturnValueAllOld,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
		ReturnConsumedCapacity:              p.table.meter.wanted(),
	})
	var refused *types.ConditionalCheckFailedException
	switch {
	case errors.As(err, &refused):
		p.table.meter.refused()
		even, err = evenOf(refused.Item)
	case err == nil:
		p.table.meter.wrote(out.ConsumedCapacity)
		held = true
		even, err = evenOf(out.Attributes)
	default:
		err = classify(err)
	}
	if err != nil {
		return even, held, fmt.Errorf("pace of %s: %w", name, err)
	}
	return even, held, nil
}

// evenOf is the zero time for an item that is not there.
func evenOf(it item) (time.Time, error) {
	if len(it) == 0 {
		return time.Time{}, nil
	}
	r := &reader{}
	micros := r.number(it, attrEven)
	return time.UnixMicro(micros).UTC(), r.err
}
