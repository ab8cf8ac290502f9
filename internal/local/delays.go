package local

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamotypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/plumbline/plumbline/internal/contract"
)

// delaysTable is the shelf's own table. It is of the local stack alone.
var delaysTable = contract.Table{
	Name: "local-delays",
	Hash: contract.Attribute{Name: contract.PK, Type: contract.Text},
}

// shelf holds messages until the clock reaches their time. It is kept in a
// local table: a message is on the shelf before its sender hears that it was
// sent, and leaves it after its queue has it.
type shelf struct {
	db     *dynamodb.Client
	queues *sqs.Client
	table  string
	urls   map[string]string
	clock  *Clock
	meter  *meter

	// releasing keeps two releases from sending a message twice.
	releasing sync.Mutex
	mu        sync.Mutex
	waiting   []shelved // in the order of their time
}

type shelved struct {
	id    string
	due   time.Time
	queue string
	entry types.SendMessageBatchRequestEntry
}

// openShelf makes the table where it is missing and reads what is on it.
func openShelf(ctx context.Context, cfg aws.Config, prefix string, made Resources, clock *Clock, m *meter) (*shelf, error) {
	s := &shelf{
		db: dynamodb.NewFromConfig(cfg), queues: sqs.NewFromConfig(cfg),
		table: prefix + delaysTable.Name, urls: made.Queues, clock: clock, meter: m,
	}
	_, err := s.db.CreateTable(ctx, tableInput(s.table, delaysTable))
	var there *dynamotypes.ResourceInUseException
	if err != nil && !errors.As(err, &there) {
		return nil, fmt.Errorf("make table %s: %w", s.table, err)
	}
	pages := dynamodb.NewScanPaginator(s.db, &dynamodb.ScanInput{TableName: &s.table})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("read table %s: %w", s.table, err)
		}
		for _, item := range page.Items {
			message, err := readShelved(item)
			if err != nil {
				return nil, fmt.Errorf("read table %s: %w", s.table, err)
			}
			s.waiting = append(s.waiting, message)
		}
	}
	slices.SortFunc(s.waiting, byTime)
	return s, nil
}

func byTime(a, b shelved) int { return cmp.Or(a.due.Compare(b.due), cmp.Compare(a.id, b.id)) }

// put stores a message that is due at a time and returns its id.
func (s *shelf) put(ctx context.Context, queue string, due time.Time, entry types.SendMessageBatchRequestEntry) (string, error) {
	entry.DelaySeconds = 0
	message := shelved{id: rand.Text(), due: due, queue: queue, entry: entry}
	item, err := message.item()
	if err == nil {
		_, err = s.db.PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.table, Item: item})
	}
	if err != nil {
		return "", fmt.Errorf("keep a delayed message for %s: %w", queue, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	at, _ := slices.BinarySearchFunc(s.waiting, message, byTime)
	s.waiting = slices.Insert(s.waiting, at, message)
	return message.id, nil
}

// next is when the next message is due.
func (s *shelf) next() (time.Time, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting) == 0 {
		return time.Time{}, false
	}
	return s.waiting[0].due, true
}

// release moves every message that is due to its queue.
func (s *shelf) release(ctx context.Context) error {
	s.releasing.Lock()
	defer s.releasing.Unlock()
	for {
		batch := s.due(s.clock.Now())
		if len(batch) == 0 {
			return nil
		}
		if err := s.send(ctx, batch); err != nil {
			return fmt.Errorf("release delayed messages to %s: %w", batch[0].queue, err)
		}
		s.mu.Lock()
		s.waiting = slices.DeleteFunc(s.waiting, func(m shelved) bool {
			return slices.ContainsFunc(batch, func(sent shelved) bool { return sent.id == m.id })
		})
		s.mu.Unlock()
	}
}

// maxBatchBytes keeps a batch well below what SQS takes in one call.
const maxBatchBytes = 512 << 10

// due returns the first due messages that go to one queue in one call.
func (s *shelf) due(now time.Time) []shelved {
	s.mu.Lock()
	defer s.mu.Unlock()
	var batch []shelved
	size := 0
	for _, m := range s.waiting {
		if m.due.After(now) || len(batch) == maxReceived {
			break
		}
		size += len(aws.ToString(m.entry.MessageBody))
		if len(batch) > 0 && (m.queue != batch[0].queue || size > maxBatchBytes) {
			break
		}
		batch = append(batch, m)
	}
	return batch
}

// send queues first and clears the table after: a crash between sends twice,
// which queues do anyway.
func (s *shelf) send(ctx context.Context, batch []shelved) error {
	queue := batch[0].queue
	entries := make([]types.SendMessageBatchRequestEntry, len(batch))
	removals := make([]dynamotypes.WriteRequest, len(batch))
	for i, m := range batch {
		entries[i] = m.entry
		entries[i].Id = aws.String(strconv.Itoa(i))
		removals[i].DeleteRequest = &dynamotypes.DeleteRequest{Key: s.key(m.id)}
	}
	s.meter.sent(queue, len(batch))
	out, err := s.queues.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: aws.String(s.urls[queue]), Entries: entries})
	if err != nil {
		return err
	}
	if len(out.Failed) > 0 {
		return fmt.Errorf("%d of %d were refused: %s", len(out.Failed), len(batch), aws.ToString(out.Failed[0].Message))
	}
	cleared, err := s.db.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{
		RequestItems: map[string][]dynamotypes.WriteRequest{s.table: removals},
	})
	if err != nil {
		return err
	}
	if n := len(cleared.UnprocessedItems); n > 0 {
		return errors.New("the shelf was not cleared")
	}
	return nil
}

func (s *shelf) key(id string) map[string]dynamotypes.AttributeValue {
	return map[string]dynamotypes.AttributeValue{delaysTable.Hash.Name: &dynamotypes.AttributeValueMemberS{Value: id}}
}

func (m shelved) item() (map[string]dynamotypes.AttributeValue, error) {
	entry, err := json.Marshal(m.entry)
	if err != nil {
		return nil, err
	}
	return map[string]dynamotypes.AttributeValue{
		delaysTable.Hash.Name: &dynamotypes.AttributeValueMemberS{Value: m.id},
		"due":                 &dynamotypes.AttributeValueMemberN{Value: strconv.FormatInt(m.due.UnixNano(), 10)},
		"queue":               &dynamotypes.AttributeValueMemberS{Value: m.queue},
		"entry":               &dynamotypes.AttributeValueMemberS{Value: string(entry)},
	}, nil
}

var errShelved = errors.New("local: an item of the shelf cannot be read")

func readShelved(item map[string]dynamotypes.AttributeValue) (shelved, error) {
	id, ok1 := item[delaysTable.Hash.Name].(*dynamotypes.AttributeValueMemberS)
	due, ok2 := item["due"].(*dynamotypes.AttributeValueMemberN)
	queue, ok3 := item["queue"].(*dynamotypes.AttributeValueMemberS)
	entry, ok4 := item["entry"].(*dynamotypes.AttributeValueMemberS)
	if !ok1 || !ok2 || !ok3 || !ok4 {
		return shelved{}, errShelved
	}
	ns, err := strconv.ParseInt(due.Value, 10, 64)
	if err != nil {
		return shelved{}, fmt.Errorf("%w: %w", errShelved, err)
	}
	m := shelved{id: id.Value, due: time.Unix(0, ns).UTC(), queue: queue.Value}
	if err := json.Unmarshal([]byte(entry.Value), &m.entry); err != nil {
		return shelved{}, fmt.Errorf("%w: %w", errShelved, err)
	}
	return m, nil
}
