package merge

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
)

// The marks of time that merge keeps and drift reads.
const (
	coveredMark  = "covered"
	snapshotMark = "snapshot"
	fileMark     = "file"
	unreadMark   = "unread"
	// LateMark is when deliveries were last merged more than two minutes after
	// they were received.
	LateMark = "late"
)

// CoveredMark names the mark of when a system was first heard on a kind.
func CoveredMark(system string, kind commerce.Kind) string {
	return strings.Join([]string{coveredMark, system, string(kind)}, "|")
}

// SnapshotMark names the mark of how old the newest file is that held all of a
// system's records of a kind.
func SnapshotMark(system string, kind commerce.Kind) string {
	return strings.Join([]string{snapshotMark, system, string(kind)}, "|")
}

// FileMark names the mark of how old the newest file is of a system's records of a
// kind that was read to its end.
func FileMark(system string, kind commerce.Kind) string {
	return strings.Join([]string{fileMark, system, string(kind)}, "|")
}

// UnreadMark names the mark of the newest delivery of a system that could not
// be read or merged.
func UnreadMark(system string) string { return unreadMark + "|" + system }

// coverage remembers what this process has already stored, so that a mark is
// written once and not with every delivery.
type coverage struct {
	mu    sync.Mutex
	since map[string]map[commerce.Kind]time.Time
	late  time.Time
}

// news reports whether the instant is earlier than what is known.
func (c *coverage) news(system string, kind commerce.Kind, at time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	known, ok := c.since[system][kind]
	return !ok || at.Before(known)
}

func (c *coverage) learn(system string, kind commerce.Kind, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.since == nil {
		c.since = map[string]map[commerce.Kind]time.Time{}
	}
	if c.since[system] == nil {
		c.since[system] = map[commerce.Kind]time.Time{}
	}
	c.since[system][kind] = at
}

// tardy reports whether a late delivery is worth a mark: at most one in ten
// seconds is.
func (c *coverage) tardy(now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now.Sub(c.late) < 10*time.Second {
		return false
	}
	c.late = now
	return true
}

// cover notes which systems are heard on which kinds, which deliveries cannot
// be read, and that merging is behind.
func (b *batch) cover(ctx context.Context) {
	now := b.Now()
	for i, e := range b.envelopes {
		if b.errs[i] != nil || e.Delivery.Topic == commerce.ExportTopic {
			continue // a file says neither that its system is heard, nor that what is live is late
		}
		if err := errors.Join(b.coverDelivery(ctx, e.Delivery.Received, e.Observations), b.arrive(ctx, e)); err != nil {
			b.fail(i, err)
			continue
		}
		if now.Sub(e.Delivery.Received) > lateAfter && b.coverage.tardy(now) {
			if err := b.Marks.LatestMark(ctx, LateMark, now); err != nil {
				b.fail(i, fmt.Errorf("note that merging is late: %w", err))
			}
		}
	}
}

func (b *batch) coverDelivery(ctx context.Context, received time.Time, observations []commerce.Observation) error {
	for _, o := range observations {
		switch {
		case o.Kind == commerce.Link, o.Kind == commerce.Canary, o.Kind == commerce.Total, o.Kind == commerce.Trend:
		case o.Kind == commerce.Mapping:
			if err := b.coverMapping(ctx, o, received); err != nil {
				return err
			}
		case b.coverage.news(o.System, o.Kind, received):
			if err := b.Marks.EarliestMark(ctx, CoveredMark(o.System, o.Kind), received); err != nil {
				return fmt.Errorf("note that %s reports %s: %w", o.System, o.Kind, err)
			}
			b.coverage.learn(o.System, o.Kind, received)
		}
	}
	return nil
}

// coverMapping notes a delivery that could not be read, or an API that could not
// be asked, and takes the note back when that is over.
func (b *batch) coverMapping(ctx context.Context, o commerce.Observation, received time.Time) error {
	switch {
	case o.Key[1] != judge.Unreadable && o.Key[1] != judge.Credential:
		return nil
	case o.Gone:
		return b.Marks.DeleteMark(ctx, UnreadMark(o.System))
	default:
		return b.Marks.LatestMark(ctx, UnreadMark(o.System), received)
	}
}

// dead notes that a message goes to the dead letters: until it is back, rows of
// its system may lack what it says.
func (b *batch) dead(ctx context.Context, i int) {
	system := b.envelopes[i].Delivery.System
	if b.messages[i].Receives < lastReceive || system == "" {
		return
	}
	if err := b.Marks.LatestMark(ctx, UnreadMark(system), b.Now()); err != nil {
		b.Log.ErrorContext(ctx, "dead letter not noted", "system", system, "error", err.Error())
	}
}
