package load

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/plumbline/plumbline/internal/blob"
	"github.com/plumbline/plumbline/internal/store"
)

// begin reads a file that came in, unless it is known already. What is not over
// goes on: its message may have been lost.
func (s *Service) begin(ctx context.Context, of Place) error {
	f, err := s.Files.Open(ctx, of.Key())
	if errors.Is(err, blob.ErrNotFound) {
		return nil // removed meanwhile
	}
	if err != nil {
		return err
	}
	p, err := s.known(ctx, of, f)
	if err != nil || p.State != Reading {
		err = errors.Join(err, f.Body.Close())
		if err == nil && p.State == Read {
			err = s.goOn(ctx, p, 0)
		}
		return err
	}
	return s.read(ctx, p, f)
}

// resume goes on reading where the load is.
func (s *Service) resume(ctx context.Context, p progress) error {
	f, err := s.Files.Open(ctx, p.Object)
	if err == nil && f.Tag != p.Tag {
		err = errors.Join(blob.ErrNotFound, f.Body.Close())
	}
	if errors.Is(err, blob.ErrNotFound) {
		p.Truncated, p.Why = true, "the file was replaced or removed while it was read"
		return s.ended(ctx, p, nil)
	}
	if err != nil {
		return err
	}
	return s.read(ctx, p, f)
}

// known is how far the load of the file is; a file that nobody has seen is at its
// beginning.
func (s *Service) known(ctx context.Context, of Place, f blob.File) (progress, error) {
	zone, there := s.Zone(of.System)
	if !there {
		s.Log.WarnContext(ctx, "file of no system left alone", "object", of.Key())
		return progress{Certificate: Certificate{State: Refused}}, nil
	}
	c := Certificate{
		System: of.System, Kind: of.Kind, Object: of.Key(), State: Reading, Bytes: f.Size,
		Started: s.Now().UTC().Truncate(time.Millisecond), Complete: s.Complete(of.System, of.Kind) || f.Meta[CompleteMeta] == "true",
	}
	var problem error
	c.AsOf, c.AsOfFrom, problem = AsOf(of, f, zone, s.Now())
	if rows, err := strconv.Atoi(f.Meta[RowsMeta]); err == nil {
		c.Declared = &rows
	}
	c.Load = loadID(c, f)
	p, err := s.progress(ctx, c.Load)
	if !errors.Is(err, store.ErrNotFound) {
		return p, err
	}
	p = progress{Certificate: c, Tag: f.Tag}
	if problem != nil {
		p.State, p.Why = Refused, problem.Error()
	}
	return p, s.open(ctx, &p)
}

// open notes that a load has begun: first in the ledger, so that loads that
// overlap know of each other.
func (s *Service) open(ctx context.Context, p *progress) error {
	if _, err := s.list(ctx, p.Certificate); err != nil {
		return err
	}
	if p.State == Refused {
		if err := s.tell(ctx, *p); err != nil {
			return err
		}
	}
	return s.save(ctx, p)
}

// loadID tells files apart, and also the same bytes that were stored a second
// time.
func loadID(c Certificate, f blob.File) string {
	h := sha256.New()
	for _, part := range []string{c.Object, f.Tag, f.Modified.UTC().Format(time.RFC3339), c.AsOf.Format(time.RFC3339Nano), fmt.Sprint(c.Complete), f.Meta[RowsMeta], f.Meta[PutMeta]} {
		_, _ = fmt.Fprintf(h, "%d:%s", len(part), part) // a hash takes everything
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}
