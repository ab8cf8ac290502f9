package drift

import (
	"context"
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
)

const (
	// canaryEvery is how often drift makes a difference in itself.
	canaryEvery = 15 * time.Minute
	// canaryLate is how long it may take until the difference is found, and then
	// until its end is.
	canaryLate = 5 * time.Minute
)

// canaryKey is the one record that canaries are about.
var canaryKey = commerce.Key{"difference"}

// canary is a difference that drift made in itself: two observations that went
// the way of all others, through the queue, merge, a look and a claim.
type canary struct {
	// Sent is when, Found when it was found, and Over says that its end was too.
	Sent, Found time.Time
	Over        bool
	// Tried is when the last message was sent.
	Tried time.Time
	// Late says that people were told that it took too long.
	Late bool `json:",omitempty"`
}

// canary takes the canary one step further, or sends the next one.
func (r *run) canary(ctx context.Context, w *watched) error {
	if r.Moves == nil {
		return nil
	}
	c := &w.Canary
	if c.Sent.Before(w.Since) || c.Over && r.now.Sub(c.Sent) >= canaryEvery {
		// Nobody looked after the one from before a break.
		*c = canary{Sent: r.now.UTC(), Late: c.Late}
		return r.sing(ctx, c)
	}
	if c.Over {
		return nil
	}
	open, err := r.sung(ctx, c)
	if err != nil {
		return err
	}
	switch {
	case c.Found.IsZero() && open:
		c.Found = r.now.UTC()
		return r.sing(ctx, c)
	case !c.Found.IsZero() && !open:
		c.Over = true
	case r.now.Sub(c.Tried) >= canaryEvery: // it may be among the dead letters
		if err := r.sing(ctx, c); err != nil {
			return err
		}
	}
	return r.canaryLate(ctx, c)
}

// canaryLate tells that the canary was not found in time, or that one was again:
// then also when it does not remember to have told, because a run that did may not
// have lived to note it.
func (r *run) canaryLate(ctx context.Context, c *canary) error {
	since := later(c.Sent, c.Found)
	late := !c.Over && r.now.Sub(since) > canaryLate
	if late && c.Late || !late && !c.Over {
		return nil
	}
	err := r.note(ctx, note{
		system: commerce.Plumbline, what: judge.Canary, native: canaryKey[0], at: r.now, over: !late, since: since,
		reason: "its own test difference was not found within 5 minutes: merging or judging is stuck",
	})
	if err != nil {
		return err
	}
	c.Late = late
	return nil
}

// sing sends what the canary has to say: a song that the other side does not
// sing, and once that was found, the answer.
func (r *run) sing(ctx context.Context, c *canary) error {
	song := c.Sent.Unix()
	observations := []commerce.Observation{verse(judge.CanarySinger, song, c.Sent), verse(judge.CanaryListener, 0, c.Sent)}
	if !c.Found.IsZero() {
		observations = []commerce.Observation{verse(judge.CanaryListener, song, c.Found)}
	}
	body, err := queue.Encode(queue.Envelope{
		Delivery:     commerce.Delivery{ID: "canary", System: commerce.Plumbline, Topic: "canary", Received: r.now},
		Observations: observations, Generation: r.Registry.Generation,
	})
	if err != nil {
		return fmt.Errorf("make a canary: %w", err)
	}
	if err := r.Moves.Send(ctx, body); err != nil {
		return fmt.Errorf("send a canary: %w", err)
	}
	c.Tried = r.now.UTC()
	return nil
}

func verse(side string, song int64, at time.Time) commerce.Observation {
	o := commerce.Observation{
		System: side, Kind: commerce.Canary, Key: canaryKey, Part: "canary", Native: canaryKey[0],
		Facets: commerce.Facets{"song": commerce.Number(commerce.Int(song))},
	}
	o.Stamp(commerce.VersionParts{Clock: at})
	return o
}

// sung reports whether the canary is a difference that was claimed. The row knows
// what a run did not live to note, or was too late to: of two canaries that were
// sent at once the newer one counts, and one that has its answer was found.
func (r *run) sung(ctx context.Context, c *canary) (bool, error) {
	id := canaryKey.ID(commerce.Canary)
	rows, err := r.Records.Get(ctx, []commerce.RecordID{id})
	if err != nil {
		return false, fmt.Errorf("read %s: %w", id, err)
	}
	row := rows[id]
	singer, listener := said(row, judge.CanarySinger), said(row, judge.CanaryListener)
	if singer.Told().After(c.Sent) {
		*c = canary{Sent: singer.Told(), Tried: c.Tried, Late: c.Late}
	}
	song := commerce.Number(commerce.Int(c.Sent.Unix()))
	if singer.Facets["song"] != song {
		return false, nil
	}
	if c.Found.IsZero() && listener.Facets["song"] == song {
		c.Found = listener.Told()
	}
	return row.Marks[commerce.Plumbline+"/"+judge.CanaryRule].Open != "", nil
}

// said is what one side of the canary said last.
func said(row record.Row, side string) (last record.View) {
	for _, v := range row.Views {
		if v.System == side {
			last = v
		}
	}
	return last
}

// sang is what a canary has of a finding: it is open, or it is over. It is never
// written, so that nobody is told of it.
func sang(row record.Row, j judgement) finding.Finding {
	f := finding.Finding{ID: row.Marks[j.rule.Name()].Open, State: finding.Open}
	if j.Outcome == judge.Agree {
		f.State = finding.Resolved
	}
	return f
}
