package load

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/plumbline/plumbline/internal/blob"
	"github.com/plumbline/plumbline/internal/sheet"
	"github.com/plumbline/plumbline/internal/store"
)

// source is a file's bytes on their way to the reader. It tells what is wrong with
// the way from what is wrong with the file.
type source struct {
	body io.Reader
	sum  hash.Hash
	size int64
	err  error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.body.Read(p)
	s.size += int64(n)
	_, _ = s.sum.Write(p[:n]) // a hash takes everything
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// read reads the file from where the load is, checkpoint by checkpoint, until its
// end or until the time is over.
func (s *Service) read(ctx context.Context, p progress, f blob.File) (err error) {
	defer func() { err = errors.Join(err, f.Body.Close()) }()
	bytes := &source{body: f.Body, sum: sha256.New()}
	rows, err := s.Reader(p.place(), p.AsOf, bytes)
	switch {
	case bytes.err != nil:
		return fmt.Errorf("read the file: %w", bytes.err)
	case err != nil:
		p.State, p.Why = Refused, err.Error()
		return s.refused(ctx, p)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	r := &reading{service: s, progress: p, rows: rows, bytes: bytes}
	switch err := r.run(ctx); {
	case errors.Is(err, store.ErrLost):
		return nil // somebody else goes on
	case err != nil:
		return err
	case !r.over:
		return s.goOn(ctx, r.progress, 0)
	}
	return s.ended(ctx, r.progress, rows.Unmapped())
}

// reading is one invocation's work on a file.
type reading struct {
	progress
	service *Service
	rows    Rows
	bytes   *source
	over    bool
}

func (r *reading) run(ctx context.Context) error {
	r.As = r.rows.As()
	for range r.Calls {
		// What was read before is read again: neither a compressed file nor a workbook
		// can be begun in its middle.
		if _, err := r.next(); err != nil {
			return err
		}
		if r.over {
			return nil // it had been over
		}
	}
	for !r.over {
		if err := r.chunk(ctx); err != nil {
			return err
		}
		if !enough(ctx) {
			break
		}
	}
	return nil
}

// next is what the file says next, which is nothing beyond its end.
func (r *reading) next() (taken, error) {
	row, err := r.rows.Next()
	var bad *sheet.RowError
	switch {
	case r.bytes.err != nil:
		return taken{}, fmt.Errorf("read the file: %w", r.bytes.err)
	case errors.As(err, &bad):
		return taken{bad: bad}, nil
	case errors.Is(err, io.EOF):
		r.over = true
		return taken{}, r.whole()
	case err != nil:
		r.over, r.Truncated, r.Why = true, true, err.Error()
		return taken{}, nil //nolint:nilerr // it is what there is to say of the file
	}
	return taken{row: row}, nil
}

// whole takes the checksum of the file, which the reader need not have read to its
// last byte.
func (r *reading) whole() error {
	if _, err := io.Copy(io.Discard, r.bytes); err != nil {
		return fmt.Errorf("read the file: %w", err)
	}
	r.Checksum, r.Bytes = hex.EncodeToString(r.bytes.sum.Sum(nil)), r.bytes.size
	return nil
}

// taken is one step in a file.
type taken struct {
	row Row
	bad *sheet.RowError
}

// chunk reads up to a checkpoint, sends what it read, and notes how far that is.
func (r *reading) chunk(ctx context.Context) error {
	out := &outgoing{Service: r.service, of: r.Certificate, number: r.Messages}
	var keys keySet
	var bad []*sheet.RowError
	calls := 0
	for ; calls < cmp.Or(r.service.Chunk, chunkRows) && !r.over; calls++ {
		next, err := r.next()
		if err != nil {
			return err
		}
		switch {
		case next.bad != nil:
			bad = append(bad, next.bad)
		case !r.over:
			o := next.row.Observation
			keys.add(o.Key.ID(o.Kind))
			if err := out.add(ctx, o); err != nil {
				return err
			}
			r.Records++
		}
	}
	if err := out.send(ctx); err != nil {
		return err
	}
	if err := r.keep(ctx, keys, bad); err != nil {
		return err
	}
	r.Rows, r.Rejected = r.rows.Read(), r.Rejected+len(bad)
	r.Calls, r.Messages = r.Calls+calls, out.number
	r.Chunks++
	return r.service.save(ctx, &r.progress)
}

// keep stores what is needed of the chunk once the file is at its end.
func (r *reading) keep(ctx context.Context, keys keySet, bad []*sheet.RowError) error {
	if err := r.service.Blobs.Put(ctx, keysOf(r.Load, r.Chunks), keys.encode()); err != nil {
		return fmt.Errorf("keep keys: %w", err)
	}
	if len(bad) == 0 {
		return nil
	}
	r.Bad = append(r.Bad, r.Chunks)
	return r.keepBad(ctx, bad)
}
