package memory

import (
	"context"
	"sync"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/store"
)

// Paces is a store.Paces. The zero Paces holds nothing back.
type Paces struct {
	mu   sync.Mutex
	even map[string]time.Time
}

// Reserve takes the next call.
func (p *Paces) Reserve(
	_ context.Context, name string, pace platform.Pace, now time.Time, wait time.Duration,
) (at time.Time, reserved bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	at, after := store.NextCall(p.even[name], pace, now.UTC().Truncate(time.Microsecond))
	if at.Sub(now) > wait {
		return at, false, nil
	}
	p.keep(name, after)
	return at, true, nil
}

// Hold moves the even pace behind until.
func (p *Paces) Hold(_ context.Context, name string, pace platform.Pace, until time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if even := until.UTC().Truncate(time.Microsecond).Add(store.Slack(pace)); even.After(p.even[name]) {
		p.keep(name, even)
	}
	return nil
}

func (p *Paces) keep(name string, even time.Time) {
	if p.even == nil {
		p.even = map[string]time.Time{}
	}
	p.even[name] = even
}
