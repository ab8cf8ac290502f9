package drift

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
)

// reader is an owner who gets a digest, and of which integrations.
type reader struct {
	owner        alert.Owner
	zone         *time.Location
	integrations map[string]bool
	// at is when the digest of today was or is due, and since until when the
	// last one told.
	at, since time.Time
}

func (d reader) mark() string { return "digest|" + d.owner.Team + "|" + d.owner.Slack }

// digests writes the digest of every owner whose time of day has come. Its id is
// the owner's and the day's, so that writing it twice is writing it once; the
// outbox publishes it.
func (s *Service) digests(ctx context.Context) error {
	due, err := s.readersDue(ctx)
	if err != nil || len(due) == 0 {
		return err
	}
	oldest := slices.MinFunc(due, func(a, b reader) int { return a.since.Compare(b.since) }).since
	active, err := s.Findings.ActiveFindings(ctx)
	if err != nil {
		return fmt.Errorf("read findings for digests: %w", err)
	}
	ended, err := s.Findings.EndedQuietly(ctx, oldest)
	if err != nil {
		return fmt.Errorf("read findings for digests: %w", err)
	}
	var failed []error
	for _, d := range due {
		failed = append(failed, s.digest(ctx, d, slices.Concat(active, ended)))
	}
	return errors.Join(failed...)
}

func (s *Service) digest(ctx context.Context, d reader, findings []finding.Finding) error {
	findings = slices.DeleteFunc(findings, func(f finding.Finding) bool {
		return !d.integrations[f.Integration] || f.State == finding.Resolved && f.Resolved.Before(d.since)
	})
	if a, some := alert.NewDigest(d.owner, findings, d.since, d.at); some {
		if err := s.Findings.PutAlert(ctx, s.stamped(a)); err != nil && !errors.Is(err, store.ErrLost) {
			return fmt.Errorf("write digest of %s: %w", d.owner.Team, err)
		}
	}
	if err := s.Marks.LatestMark(ctx, d.mark(), d.at); err != nil {
		return fmt.Errorf("note digest of %s: %w", d.owner.Team, err)
	}
	return nil
}

// readersDue lists the owners whose digest is due.
func (s *Service) readersDue(ctx context.Context) ([]reader, error) {
	readers := s.readers()
	if len(readers) == 0 {
		return nil, nil
	}
	names := make([]string, 0, len(readers))
	for _, d := range readers {
		names = append(names, d.mark())
	}
	marks, err := s.Marks.GetMarks(ctx, names)
	if err != nil {
		return nil, fmt.Errorf("read marks of digests: %w", err)
	}
	var due []reader
	for _, d := range readers {
		d.at = lastAt(s.Registry.Digest, d.zone, s.Now())
		d.since = d.at.AddDate(0, 0, -1)
		if told, ever := marks[d.mark()]; ever {
			d.since = told
		}
		if d.at.After(d.since) {
			due = append(due, d)
		}
	}
	return due, nil
}

// readers are the owners of integrations with rules that may leave something to
// a digest: they only watch, or alert above an amount.
func (s *Service) readers() []reader {
	all := map[string]reader{}
	for _, i := range s.Registry.Integrations {
		if !slices.ContainsFunc(i.Rules, func(r registry.Rule) bool { return r.Mode == registry.Watch || len(r.AlertOver) > 0 }) {
			continue
		}
		d := reader{owner: alert.Owner{Team: i.Owner.Team, Slack: i.Owner.Slack}, zone: i.Owner.Timezone, integrations: map[string]bool{}}
		if known, ok := all[d.mark()]; ok {
			d = known
		}
		d.integrations[i.Name] = true
		all[d.mark()] = d
	}
	return slices.SortedFunc(maps.Values(all), func(a, b reader) int { return cmp.Compare(a.mark(), b.mark()) })
}

// lastAt is the last time that the clock on the wall showed the minute of the
// day.
func lastAt(minute int, zone *time.Location, now time.Time) time.Time {
	if zone == nil {
		zone = time.UTC
	}
	local := now.In(zone)
	at := time.Date(local.Year(), local.Month(), local.Day(), minute/60, minute%60, 0, 0, zone)
	if at.After(now) {
		at = time.Date(local.Year(), local.Month(), local.Day()-1, minute/60, minute%60, 0, 0, zone)
	}
	return at
}
