package main

import (
	"context"
	"fmt"
	"hash/maphash"
	"strconv"
	"sync"
	"time"

	"github.com/google/btree"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/store/dynamo"
)

// packed keeps rows in the process, each as the bytes of the item that a table
// would hold, and nothing per row that the garbage collector has to follow: ten
// million rows fit, and a run allocates and collects what one over tables does.
// It is a store.Records. The zero packed is not ready, see newPacked.
type packed struct {
	seed maphash.Seed

	mu sync.Mutex
	// chunks hold the bytes of the rows, and places says where each is, in the order
	// in which they came.
	chunks [][]byte
	places []place
	// slots are the numbers of places by the hash of their row's id.
	slots map[uint64]uint32
	due   [store.Shards]*btree.BTreeG[dueRow]
}

// place is where the bytes of a row are.
type place struct{ chunk, from, size uint32 }

type dueRow struct {
	at time.Time
	id commerce.RecordID
}

func sooner(a, b dueRow) bool {
	if !a.at.Equal(b.at) {
		return a.at.Before(b.at)
	}
	return a.id < b.id
}

// chunkSize is more than the longest item.
const chunkSize = 1 << 20

func newPacked() *packed {
	p := &packed{seed: maphash.MakeSeed(), slots: map[uint64]uint32{}}
	for i := range p.due {
		p.due[i] = btree.NewG(32, sooner)
	}
	return p
}

// Get reads rows by their ids.
func (p *packed) Get(ctx context.Context, ids []commerce.RecordID) (map[commerce.RecordID]record.Row, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("get %d records: %w", len(ids), err)
	}
	rows := make(map[commerce.RecordID]record.Row, len(ids))
	for _, id := range ids {
		p.mu.Lock()
		text, found := p.text(id)
		p.mu.Unlock()
		if !found {
			continue
		}
		row, err := rowOf(text, id)
		if err != nil {
			return nil, fmt.Errorf("get record %s: %w", id, err)
		}
		rows[id] = row
	}
	return rows, nil
}

// Glance is Get: nothing lags behind here.
func (p *packed) Glance(ctx context.Context, ids []commerce.RecordID) (map[commerce.RecordID]record.Row, error) {
	return p.Get(ctx, ids)
}

// text is the bytes of a row. The lock is held.
func (p *packed) text(id commerce.RecordID) (text string, found bool) {
	slot, found := p.slots[p.hash(id)]
	if !found {
		return "", false
	}
	return p.at(slot), true
}

// at copies the bytes of the row in a slot. The lock is held.
func (p *packed) at(slot uint32) string {
	at := p.places[slot]
	return string(p.chunks[at.chunk][at.from : at.from+at.size])
}

func (p *packed) hash(id commerce.RecordID) uint64 { return maphash.String(p.seed, string(id)) }

// rowOf reads the row of an id. Another one means that two ids have one hash.
func rowOf(text string, id commerce.RecordID) (record.Row, error) {
	row, err := dynamo.DecodeRow(unpack(text))
	if err == nil && row.ID() != id {
		err = fmt.Errorf("another record has the same hash")
	}
	return row, err
}

// Put keeps the row as the item of its next revision.
func (p *packed) Put(ctx context.Context, row record.Row) error {
	id := row.ID()
	it, err := dynamo.EncodeRow(row)
	if err == nil {
		err = ctx.Err()
	}
	var bytes []byte
	if err == nil {
		bytes, err = pack(nil, it)
	}
	if err == nil {
		err = p.put(id, row, bytes)
	}
	if err != nil {
		return fmt.Errorf("put record %s: %w", id, err)
	}
	return nil
}

func (p *packed) put(id commerce.RecordID, row record.Row, bytes []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	current := record.Row{Kind: row.Kind, Key: row.Key}
	text, found := p.text(id)
	if found {
		var err error
		if current, err = rowOf(text, id); err != nil {
			return err
		}
	}
	if current.Rev != row.Rev {
		return &store.LostError{Current: current}
	}
	p.keep(p.hash(id), bytes)
	due := p.due[store.ShardOf(id)]
	if !current.Due.IsZero() {
		due.Delete(dueRow{current.Due, id})
	}
	if !row.Due.IsZero() {
		due.ReplaceOrInsert(dueRow{row.Due.UTC().Truncate(time.Millisecond), id})
	}
	return nil
}

// keep writes bytes over those of the same row where they fit, and behind all
// others where they do not.
func (p *packed) keep(hash uint64, bytes []byte) {
	slot, found := p.slots[hash]
	if !found {
		slot = uint32(len(p.places))
		p.slots[hash] = slot
		p.places = append(p.places, place{})
	}
	at := p.places[slot]
	if int(at.size) < len(bytes) {
		last := len(p.chunks) - 1
		if last < 0 || len(p.chunks[last])+len(bytes) > chunkSize {
			p.chunks = append(p.chunks, make([]byte, 0, chunkSize))
			last++
		}
		at.chunk, at.from = uint32(last), uint32(len(p.chunks[last]))
		p.chunks[last] = append(p.chunks[last], bytes...)
	} else {
		copy(p.chunks[at.chunk][at.from:], bytes)
	}
	at.size = uint32(len(bytes))
	p.places[slot] = at
}

// Due reads the shard's index.
func (p *packed) Due(ctx context.Context, shard int, until time.Time, limit int) ([]commerce.RecordID, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list due records of shard %d: %w", shard, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	var ids []commerce.RecordID
	p.due[shard].Ascend(func(row dueRow) bool {
		if len(ids) == limit || row.at.After(until) {
			return false
		}
		ids = append(ids, row.id)
		return true
	})
	return ids, nil
}

// Page reads the rows of a segment in the order in which they came. The cursor is
// the slot to go on from.
func (p *packed) Page(ctx context.Context, segment, segments int, cursor string, limit int) ([]record.Row, string, error) {
	slot, err := segment, ctx.Err()
	if err == nil && cursor != "" {
		slot, err = strconv.Atoi(cursor)
	}
	if err != nil {
		return nil, "", fmt.Errorf("read a page of records: %w", err)
	}
	texts, next := p.texts(slot, segments, limit)
	rows := make([]record.Row, len(texts))
	for i, text := range texts {
		if rows[i], err = dynamo.DecodeRow(unpack(text)); err != nil {
			return nil, "", fmt.Errorf("read a page of records: %w", err)
		}
	}
	return rows, next, nil
}

func (p *packed) texts(slot, step, limit int) (texts []string, next string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for ; slot < len(p.places); slot += step {
		if len(texts) == limit {
			return texts, strconv.Itoa(slot)
		}
		texts = append(texts, p.at(uint32(slot)))
	}
	return texts, ""
}

// Scan calls each for every row of the kind.
func (p *packed) Scan(ctx context.Context, kind commerce.Kind, each func(record.Row) error) error {
	const atOnce = 100
	for cursor := ""; ; {
		rows, next, err := p.Page(ctx, 0, 1, cursor, atOnce)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if kind != "" && row.Kind != kind {
				continue
			}
			if err := each(row); err != nil {
				return err
			}
		}
		if cursor = next; cursor == "" {
			return nil
		}
	}
}
