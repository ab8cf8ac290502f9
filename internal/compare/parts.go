package compare

import (
	"cmp"
	"context"
	"errors"
	"io"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"
)

// Parted are Rows that can be given away in parts, for several goroutines to read.
type Parted interface {
	// Parts returns what gives part after part, in the order of the file: together
	// they have the records that Next would come to, and behind the last is io.EOF. It
	// returns nil for a file that has to be read as it comes.
	Parts() func() (Rows, error)
}

// maxReaders is how many goroutines read one file: more would wait for what cuts
// it into parts.
const maxReaders = 8

// readers is how many goroutines read each file. Two processors are busy with two
// files as it is, and cutting them would only cost.
func (p Plan) readers() int {
	switch n := runtime.GOMAXPROCS(0); {
	case p.workers > 0:
		return p.workers
	case n <= 2:
		return 1
	default:
		return min(n, maxReaders)
	}
}

// readParts reads a file with several goroutines, each into an index of its own.
func (x *keyIndex) readParts(ctx context.Context, plan Plan, next func() (Rows, error)) error {
	parts := make(chan Rows)
	shards := make([]keyIndex, plan.readers())
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(parts)
		return giveAway(ctx, next, parts)
	})
	for i := range shards {
		shard := &shards[i]
		shard.init(plan)
		group.Go(func() error {
			take := shard.taker(plan)
			for part := range parts {
				if err := errors.Join(all(ctx, part, take, shard.reject), part.Close()); err != nil {
					return err
				}
			}
			return nil
		})
	}
	err := group.Wait()
	for i := range shards {
		x.merge(&shards[i])
	}
	x.settleRejected()
	return err
}

// giveAway sends parts to whoever is free.
func giveAway(ctx context.Context, next func() (Rows, error), parts chan<- Rows) error {
	for {
		part, err := next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		select {
		case parts <- part:
		case <-ctx.Done():
			return errors.Join(ctx.Err(), part.Close())
		}
	}
}

// merge takes over what another index has of the same file. Entries stay where
// they are.
func (x *keyIndex) merge(o *keyIndex) {
	for p := range o.blocks {
		x.blocks[p] = append(x.blocks[p], o.blocks[p]...)
		if len(o.last[p]) > 0 {
			x.blocks[p] = append(x.blocks[p], o.last[p])
		}
	}
	x.rows += o.rows
	x.ledgers.merge(&o.ledgers)
	x.census.merge(&o.census)
	x.rejected = append(x.rejected, o.rejected...)
	x.dropped += o.dropped
}

// settleRejected lists the first of the rejected rows, as one reader would have.
func (x *keyIndex) settleRejected() {
	slices.SortFunc(x.rejected, func(a, b Rejected) int { return cmp.Compare(a.Line, b.Line) })
	if more := len(x.rejected) - maxRejected; more > 0 {
		x.rejected, x.dropped = x.rejected[:maxRejected], x.dropped+more
	}
}
