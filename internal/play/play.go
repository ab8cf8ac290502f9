// Package play sends a recorded day through a running local stack: each
// delivery over HTTP at its own moment on the stack's stepped clock.
//
// It keeps how far it came in the stack's data folder, so that a day that was
// cut off goes on where it stopped. Deliveries that are sent twice do no harm.
package play

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/day"
)

// Stack is what a player needs of a running stack.
type Stack interface {
	// Advance moves the stack's clock and lets everything happen on the way.
	Advance(ctx context.Context, t time.Time) error
	// Front is the address of the HTTP front.
	Front() string
}

// Player plays one day. Its fields are set once.
type Player struct {
	Day      day.Day
	Stack    Stack
	Progress *Progress
	// Decide takes a decision of the day. A day without any needs none.
	Decide func(ctx context.Context, d day.Decision) error
	// Step is called after each delivery, with how many are done. It may be nil.
	Step func(done int, at time.Time)
}

// sendTimeout is how long one delivery may take.
const sendTimeout = 30 * time.Second

// Play sends what is left of the day and then lets the clock run to its end.
func (p *Player) Play(ctx context.Context) error {
	outcomes := p.Day.Outcomes()
	decisions := p.undecided()
	for i := p.Progress.Next; i < len(p.Day.Deliveries); i++ {
		d := p.Day.Deliveries[i]
		var err error
		if decisions, err = p.decide(ctx, decisions, d.At); err != nil {
			return err
		}
		if err := p.Stack.Advance(ctx, d.At); err != nil {
			return fmt.Errorf("play delivery %d: %w", i+1, err)
		}
		if err := p.send(ctx, d, outcomes[i]); err != nil {
			return fmt.Errorf("play delivery %d: %w", i+1, err)
		}
		if err := p.Progress.save(i+1, d.At); err != nil {
			return err
		}
		if p.Step != nil {
			p.Step(i+1, d.At)
		}
	}
	end, err := End(p.Day.Truth)
	if err != nil {
		return err
	}
	if _, err := p.decide(ctx, decisions, end); err != nil {
		return err
	}
	if err := p.Stack.Advance(ctx, end); err != nil {
		return fmt.Errorf("play the rest of the day: %w", err)
	}
	return p.Progress.finish(end)
}

// undecided are the decisions that were not taken yet.
func (p *Player) undecided() []day.Decision {
	return slices.DeleteFunc(slices.Clone(p.Day.Decisions), func(d day.Decision) bool { return !d.At.After(p.Progress.At) })
}

// decide takes the decisions until a time, and returns those after it.
func (p *Player) decide(ctx context.Context, decisions []day.Decision, until time.Time) ([]day.Decision, error) {
	for len(decisions) > 0 && !decisions[0].At.After(until) {
		d := decisions[0]
		if err := p.Stack.Advance(ctx, d.At); err != nil {
			return nil, fmt.Errorf("play the decision of %s: %w", d.At.Format(time.RFC3339), err)
		}
		if err := p.Decide(ctx, d); err != nil {
			return nil, fmt.Errorf("play the decision of %s: %w", d.At.Format(time.RFC3339), err)
		}
		decisions = decisions[1:]
	}
	return decisions, nil
}

// send posts one delivery and compares the answer with what it must be.
func (p *Player) send(ctx context.Context, d day.Delivery, outcome string) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.Stack.Front()+address(d), strings.NewReader(d.Body))
	if err != nil {
		return err
	}
	for name, value := range d.Headers {
		req.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, res.Body)
	// What a platform takes for a yes differs, and so does what it takes for a no.
	taken := res.StatusCode >= http.StatusOK && res.StatusCode < http.StatusMultipleChoices
	if taken == (outcome == day.Refused) {
		err = errors.Join(err, fmt.Errorf("%s answered %d, want the delivery %s", d.System, res.StatusCode, outcome))
	}
	return errors.Join(err, res.Body.Close())
}

// address is where a delivery goes.
func address(d day.Delivery) string {
	if d.System == "" {
		return contract.ChangesPath
	}
	return "/hooks/" + d.System
}

// End is the last minute of the day, in its own zone.
func End(t day.Truth) (time.Time, error) {
	zone, err := time.LoadLocation(t.Timezone)
	if err != nil {
		return time.Time{}, fmt.Errorf("read the day's zone: %w", err)
	}
	if t.Until != "" {
		end, err := time.ParseInLocation("2006-01-02 15:04", t.Until, zone)
		if err != nil {
			return time.Time{}, fmt.Errorf("read the end of the days: %w", err)
		}
		return end, nil
	}
	midnight, err := time.ParseInLocation(time.DateOnly, t.Day, zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("read the day's date: %w", err)
	}
	return midnight.AddDate(0, 0, 1).Add(-time.Minute), nil
}
