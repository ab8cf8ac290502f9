package dynamo

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/store"
)

// attrDone is the set of the numbers that are done, each by its place in the
// block: short, so that a whole block is one write unit.
const attrDone = "done"

// PutReceipts adds the numbers to the set of their block, with one UpdateItem for
// each block.
func (s *Findings) PutReceipts(ctx context.Context, series string, numbers []int, expires time.Time) error {
	numbers = slices.Compact(slices.Sorted(slices.Values(numbers)))
	for len(numbers) > 0 {
		block := numbers[0] / store.ReceiptBlock
		var places []string
		for len(numbers) > 0 && numbers[0]/store.ReceiptBlock == block {
			places, numbers = append(places, strconv.Itoa(numbers[0]%store.ReceiptBlock)), numbers[1:]
		}
		if err := s.addReceipts(ctx, receiptsKey(series, block), places, expires); err != nil {
			return err
		}
	}
	return nil
}

func (s *Findings) addReceipts(ctx context.Context, pk string, places []string, expires time.Time) error {
	out, err := s.table.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: s.table.name, Key: item{contract.PK: text(pk)},
		UpdateExpression:         aws.String("ADD #done :done SET #ttl = :ttl"),
		ExpressionAttributeNames: map[string]string{"#done": attrDone, "#ttl": contract.TTL},
		ExpressionAttributeValues: item{
			":done": &types.AttributeValueMemberNS{Value: places},
			":ttl":  number(expires.Unix() + 1),
		},
		ReturnConsumedCapacity: s.table.meter.wanted(),
	})
	if err != nil {
		return fmt.Errorf("note what is done in %s: %w", pk, classify(err))
	}
	s.table.meter.wrote(out.ConsumedCapacity)
	return nil
}

// CountReceipts reads the blocks, one after the other.
func (s *Findings) CountReceipts(ctx context.Context, series string, n int) (count int, err error) {
	for first := 0; first < n; first += store.ReceiptBlock {
		pk := receiptsKey(series, first/store.ReceiptBlock)
		it, err := s.table.get(ctx, pk, strong)
		if err != nil {
			return 0, fmt.Errorf("read what is done in %s: %w", pk, err)
		}
		done, err := countBelow(it, n-first)
		if err != nil {
			return 0, fmt.Errorf("read %s: %w", pk, err)
		}
		count += done
	}
	return count, nil
}

// countBelow counts the places of a block below n. There may be no block.
func countBelow(it item, n int) (count int, err error) {
	if it == nil {
		return 0, nil
	}
	set, ok := it[attrDone].(*types.AttributeValueMemberNS)
	if !ok {
		return 0, fmt.Errorf("%s is no set of numbers", attrDone)
	}
	for _, text := range set.Value {
		place, err := strconv.Atoi(text)
		if err != nil {
			return 0, fmt.Errorf("%s: not a number", attrDone)
		}
		if place < n {
			count++
		}
	}
	return count, nil
}

func receiptsKey(series string, block int) string {
	return contract.ReceiptKeys + series + "|" + strconv.Itoa(block)
}
