package compare

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"
)

// roundSize is how many odd keys are looked at in one reading of the files, so
// that files without anything in common still need bounded memory.
const roundSize = 1 << 21

// kept is a record that the second pass keeps.
type kept struct {
	odd    int
	key    string
	packed string
	about  About
}

// values are the record's, in the order of the plan's facets.
func (k kept) values() []Text { return unpack(k.packed, nil) }

// pair is one odd key with its records of each side, in the order of their lines.
type pair struct {
	status
	rows [2][]kept
}

func (p pair) first() kept {
	if len(p.rows[Left]) > 0 {
		return p.rows[Left][0]
	}
	return p.rows[Right][0]
}

func (p pair) key() string { return p.first().key }

// oddTable finds odd keys by their hashes.
type oddTable struct {
	places []uint32 // index into odd, plus one
	odd    []odd
}

func newOddTable(o []odd) oddTable {
	size := 16
	for size < 4*len(o) {
		size *= 2
	}
	t := oddTable{make([]uint32, size), o}
	mask := uint64(size - 1)
	for n := range o {
		i := o[n].h & mask
		for t.places[i] != 0 {
			i = (i + 1) & mask
		}
		t.places[i] = uint32(n + 1)
	}
	return t
}

// find returns the index of a key, or -1. The check of most keys, which are not
// odd, ends at the first empty place and needs no second hash.
func (t oddTable) find(key []byte) int {
	mask := uint64(len(t.places) - 1)
	k := keyHash{h: sumKey(key)}
	for i := k.h & mask; t.places[i] != 0; i = (i + 1) & mask {
		n := int(t.places[i] - 1)
		if t.odd[n].h == k.h && t.odd[n].check == checkKey(key) {
			return n
		}
	}
	return -1
}

// collection is what one round of the second pass keeps.
type collection [2][]kept

// collect reads the odd records of both files again. The lines are where they
// begin in each file, in order, or nil.
func collect(ctx context.Context, files Files, o []odd, lines *[2][]uint32) (*collection, error) {
	t := newOddTable(o)
	var c collection
	group, ctx := errgroup.WithContext(ctx)
	for side := range files {
		group.Go(func() error {
			rows, err := files[side].Rows()
			if err != nil {
				return err
			}
			return errors.Join(c.read(ctx, Side(side), rows, t, lines), rows.Close())
		})
	}
	return &c, group.Wait()
}

func (c *collection) read(ctx context.Context, side Side, rows Rows, t oddTable, lines *[2][]uint32) error {
	var scratch []byte
	keep := func(rows Rows) error {
		key := rows.Key()
		n := t.find(key)
		if n < 0 {
			return nil
		}
		values, err := rows.Values()
		if err != nil {
			return err
		}
		scratch = pack(scratch[:0], values)
		about := rows.About()
		about.Segments = slices.Clone(about.Segments)
		c[side] = append(c[side], kept{n, string(key), string(scratch), about})
		return nil
	}
	skipper, ok := rows.(Skipper)
	if lines == nil || !ok {
		return all(ctx, rows, keep, func(Rejected) {}) // the first pass has counted them
	}
	for i, line := range lines[side] {
		if !skipper.SkipTo(int(line)) && i == 0 {
			return all(ctx, rows, keep, func(Rejected) {})
		}
		if err := rows.Next(); err != nil {
			return fmt.Errorf("line %d has changed while it was compared: %w", line, err)
		}
		if err := keep(rows); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// pairs puts the records of each odd key together.
func (c *collection) pairs(o []odd) []pair {
	all := make([]pair, len(o))
	for i := range o {
		all[i].status = o[i].status
	}
	for side, records := range c {
		slices.SortFunc(records, func(a, b kept) int { return cmp.Or(cmp.Compare(a.odd, b.odd), cmp.Compare(a.about.Line, b.about.Line)) })
		for from := 0; from < len(records); {
			to := from
			for to < len(records) && records[to].odd == records[from].odd {
				to++
			}
			all[records[from].odd].rows[side] = records[from:to:to]
			from = to
		}
	}
	slices.SortFunc(all, func(a, b pair) int { return cmp.Compare(a.key(), b.key()) })
	return all
}
