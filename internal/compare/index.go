package compare

import (
	"context"
	"encoding/binary"
	"errors"
	"hash/maphash"
	"io"

	"github.com/cespare/xxhash/v2"
	"golang.org/x/sync/errgroup"
)

// Keys are told apart by 96 bits of two unrelated hashes, the second of them seeded
// anew by each process: nobody can make two keys collide, and among 10^8 by chance
// it happens once in 10^13 runs.
type keyHash struct {
	h     uint64
	check uint32
}

var seed = maphash.MakeSeed()

func hashKey(key []byte) keyHash { return keyHash{sumKey(key), checkKey(key)} }

func sumKey(key []byte) uint64 { return xxhash.Sum64(key) }

func checkKey(key []byte) uint32 { return uint32(maphash.Bytes(seed, key)) }

// hashValues digests values so that equal ones, and practically only those, have
// equal digests.
func hashValues(values []Value, scratch []byte) (uint64, []byte) {
	scratch = pack(scratch[:0], values)
	return maphash.Bytes(seed, scratch), scratch
}

// pack writes values one behind another, each with its state and length.
func pack(b []byte, values []Value) []byte {
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, uint32(v.State)|uint32(len(v.Text))<<8)
		b = append(b, v.Text...)
	}
	return b
}

// unpack is the inverse of pack.
func unpack(s string, values []Text) []Text {
	for len(s) > 0 {
		n := int(s[1]) | int(s[2])<<8 | int(s[3])<<16
		values = append(values, Text{State(s[0]), s[4 : 4+n]})
		s = s[4+n:]
	}
	return values
}

// entry is what the first pass keeps of a record.
type entry struct {
	keyHash
	line   uint32
	values uint64
}

// The index is split by the key's hash into parts that fit the processor's
// cache one at a time. Each part grows in blocks, which nothing copies.
const (
	partBits  = 9
	parts     = 1 << partBits
	blockSize = 256
)

func part(h uint64) int { return int(h >> (64 - partBits)) }

type keyIndex struct {
	last     [parts][]entry   // the block that grows
	blocks   [parts][][]entry // full ones before it
	rows     int
	ledgers  ledgers
	census   census
	rejected []Rejected
	dropped  int // of rejected rows, those that are counted only
}

// maxRejected is how many rejected rows are listed with their places.
const maxRejected = 10_000

func (x *keyIndex) add(e entry) {
	last := &x.last[part(e.h)]
	if len(*last) == cap(*last) {
		x.grow(part(e.h))
	}
	*last = append(*last, e)
	x.rows++
}

// grow begins a part's next block.
func (x *keyIndex) grow(p int) {
	size := blockSize / 16
	if cap(x.last[p]) > 0 {
		x.blocks[p] = append(x.blocks[p], x.last[p])
		size = blockSize
	}
	x.last[p] = make([]entry, 0, size)
}

// take gives a part's entries away, block by block.
func (x *keyIndex) take(p int, use func(entry)) {
	for i, block := range x.blocks[p] {
		for _, e := range block {
			use(e)
		}
		x.blocks[p][i] = nil
	}
	for _, e := range x.last[p] {
		use(e)
	}
	x.last[p] = nil
}

func (x *keyIndex) reject(r Rejected) {
	if len(x.rejected) == maxRejected {
		x.dropped++
		return
	}
	x.rejected = append(x.rejected, r)
}

func (x *keyIndex) size(p int) int {
	n := len(x.last[p])
	for _, b := range x.blocks[p] {
		n += len(b)
	}
	return n
}

// index reads both files at the same time.
func index(ctx context.Context, files Files, plan Plan) (*[2]keyIndex, error) {
	var x [2]keyIndex
	group, ctx := errgroup.WithContext(ctx)
	for side := range x {
		x[side].init(plan)
		group.Go(func() error { return x[side].read(ctx, files[side], plan) })
	}
	return &x, group.Wait()
}

func (x *keyIndex) init(plan Plan) {
	x.ledgers = newLedgers(len(plan.Facets))
	x.census = newCensus(plan)
}

func (x *keyIndex) read(ctx context.Context, f File, plan Plan) (err error) {
	rows, err := f.Rows()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if parted, ok := rows.(Parted); ok && plan.readers() > 1 {
		if next := parted.Parts(); next != nil {
			return x.readParts(ctx, plan, next)
		}
	}
	return all(ctx, rows, x.taker(plan), x.reject)
}

// taker returns what adds the record at hand to the index.
func (x *keyIndex) taker(plan Plan) func(Rows) error {
	var scratch []byte
	amounts, others, currency := plan.amounts()
	return func(rows Rows) error {
		values, err := rows.Values()
		if err != nil {
			return err
		}
		key := rows.Key()
		x.census.add(key, rows)
		e := entry{keyHash: hashKey(key), line: uint32(rows.Line())}
		x.tally(values, others, nil)
		if len(amounts) > 0 {
			x.tally(values, amounts, named(values[currency]))
		}
		e.values, scratch = hashValues(values, scratch)
		x.add(e)
		return nil
	}
}

// tally adds numbers up in the ledger of a currency.
func (x *keyIndex) tally(values []Value, places []int, currency []byte) {
	sums := x.ledgers.of(currency)
	for _, i := range places {
		if values[i].State == Present {
			sums[i].add(values[i].Text)
		}
	}
}

// all calls use for each record of a file and reject for each row that is none,
// as one of the two finds.
func all(ctx context.Context, rows Rows, use func(Rows) error, reject func(Rejected)) error {
	const pause = 1 << 12 // rows between two looks at the context
	for n := 1; ; n++ {
		err := rows.Next()
		if err == nil {
			err = use(rows)
		}
		if err != nil {
			if over, err := ended(err, reject); over || err != nil {
				return err
			}
		}
		if n%pause == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// ended reports whether an error is the end of a file. A row that is none goes to
// reject, anything else comes back. It stands by itself so that a row without an
// error allocates nothing.
func ended(err error, reject func(Rejected)) (bool, error) {
	var bad *Rejected
	switch {
	case errors.Is(err, io.EOF):
		return true, nil
	case errors.As(err, &bad):
		reject(*bad)
		return false, nil
	default:
		return false, err
	}
}
