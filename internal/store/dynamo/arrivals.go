package dynamo

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/silence"
	"github.com/plumbline/plumbline/internal/store"
)

// attrSlots is the set of the day's slots in which something arrived, by their
// number in the day.
const attrSlots = "slots"

// Arrive adds the slot to the set of its day. What is in it already is in it
// once.
func (s *Findings) Arrive(ctx context.Context, source silence.Source, at time.Time) error {
	day := store.ArrivalDay(at)
	slot := int64(silence.SlotOf(at) - silence.SlotOf(day))
	pk := arrivalsKey(source, day)
	out, err := s.table.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: s.table.name, Key: item{contract.PK: text(pk)},
		UpdateExpression:         aws.String("ADD #slots :slot SET #ttl = :ttl"),
		ExpressionAttributeNames: map[string]string{"#slots": attrSlots, "#ttl": contract.TTL},
		ExpressionAttributeValues: item{
			":slot": &types.AttributeValueMemberNS{Value: []string{strconv.FormatInt(slot, 10)}},
			":ttl":  number(store.ArrivalsExpire(day).Unix()),
		},
		ReturnConsumedCapacity: s.table.meter.wanted(),
	})
	if err != nil {
		return fmt.Errorf("note arrival in %s: %w", pk, classify(err))
	}
	s.table.meter.wrote(out.ConsumedCapacity)
	return nil
}

// Arrived reads the days with one BatchGetItem for each 100 of them.
func (s *Findings) Arrived(ctx context.Context, source silence.Source, from, until time.Time) ([]silence.Slot, error) {
	var pks []string
	for _, day := range store.ArrivalDays(from, until) {
		pks = append(pks, arrivalsKey(source, day))
	}
	items, err := s.table.getAll(ctx, pks, strong)
	if err != nil {
		return nil, fmt.Errorf("read arrivals of %s of %s: %w", source.Kind, source.System, err)
	}
	var slots []silence.Slot
	for _, it := range items {
		of, err := slotsOf(it)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", keyOf(it), err)
		}
		slots = append(slots, of...)
	}
	slices.Sort(slots)
	return slots, nil
}

func arrivalsKey(source silence.Source, day time.Time) string {
	return contract.ArrivalKeys + strings.Join([]string{source.System, string(source.Kind), day.Format(time.DateOnly)}, "|")
}

func slotsOf(it item) ([]silence.Slot, error) {
	pk := keyOf(it)
	day, err := time.Parse(time.DateOnly, pk[strings.LastIndex(pk, "|")+1:])
	if err != nil {
		return nil, err
	}
	set, ok := it[attrSlots].(*types.AttributeValueMemberNS)
	if !ok {
		return nil, fmt.Errorf("%s is no set of numbers", attrSlots)
	}
	first := silence.SlotOf(day)
	slots := make([]silence.Slot, 0, len(set.Value))
	for _, text := range set.Value {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%s: not a number", attrSlots)
		}
		slots = append(slots, first+silence.Slot(n))
	}
	return slots, nil
}
