package sim

import (
	"errors"
	"hash/fnv"
	"time"

	"github.com/plumbline/plumbline/internal/store"
)

// Plan is how often what fails, each between 0 and 1.
type Plan struct {
	// Of every call to a store, a queue, the topic or Slack.
	CrashBefore, CrashAfter float64
	// Refuse is a call that is throttled, Unclear one that is carried out and
	// answered with an error, Lost a conditional write that is carried out and
	// then reported as a race that was lost, as a client that tries again does.
	Refuse, Unclear, Lost float64
	// Slow is a call that takes seconds.
	Slow float64
	// Of every message: Twice comes again although it was deleted, Lag comes late,
	// Partial is a part of a batch that is not taken.
	Twice, Lag, Partial float64
	// Of every delivery: NeverSent is lost at the sender for good, LostRequest and
	// LostAnswer are lost on the way and sent again, Forged is signed with another
	// secret, Stale comes again hours later.
	NeverSent, LostRequest, LostAnswer, Forged, Stale float64
	// IndexLag is how often an index does not show what was written a moment ago.
	IndexLag float64
	// Missed and Doubled are minutes' runs.
	Missed, Doubled float64
	// Skew is how far the clock of a function's instance may be off, SenderSkew
	// that of a system.
	Skew, SenderSkew time.Duration
	// Outages is how many hours lie between two outages of the topic or Slack,
	// 0 for none.
	Outages int
	// Deploys replaces the registry and the functions while everything goes on.
	Deploys bool
}

// Storm is the plan of a seed: everything fails, and often. Every third seed
// twice, every third four times as often.
func Storm(seed uint64) Plan {
	calls := []float64{1, 2, 4}[seed%3]
	return Plan{
		CrashBefore: 0.004 * calls, CrashAfter: 0.004 * calls, Refuse: 0.01 * calls, Unclear: 0.006 * calls, Lost: 0.003 * calls, Slow: 0.02 * calls,
		Twice: 0.05, Lag: 0.1, Partial: 0.1,
		NeverSent: 0.04, LostRequest: 0.06, LostAnswer: 0.06, Forged: 0.02, Stale: 0.05,
		IndexLag: 0.1, Missed: 0.05, Doubled: 0.05,
		Skew: 2 * time.Second, SenderSkew: 4 * time.Minute, Outages: 4, Deploys: true,
	}
}

// fate is what becomes of one call.
type fate struct {
	kind    string
	latency time.Duration
}

// errRefused is a call that was not carried out, and errUnclear one of which
// nobody knows.
var errUnclear = errors.New("sim: no answer")

// hash is the seed's own number for a name.
func (w *world) hash(name string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name))
	x := h.Sum64() ^ w.Seed*0x9e3779b97f4a7c15
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

// draw is the seed's own number for a name, from 0 to below 1. It does not
// depend on what was drawn before.
func (w *world) draw(name string) float64 { return float64(w.hash(name)>>11) / (1 << 53) }

func (w *world) chance(p float64, name string) bool { return w.stormy() && w.draw(name) < p }

// between is a duration of the seed's choice.
func (w *world) between(from, to time.Duration, name string) time.Duration {
	return from + time.Duration(w.draw(name)*float64(to-from))
}

// fates of calls, in the order in which they are drawn.
const (
	crashBefore = "crash before a call"
	crashAfter  = "crash after a call"
	refused     = "refused call"
	unclear     = "unclear call"
	lostRace    = "race lost against itself"
	slow        = "slow call"
)

func (w *world) fate(name string, conditional bool) fate {
	if !w.stormy() {
		return fate{}
	}
	p, u := w.Plan, w.draw("fate "+name)
	for _, c := range []struct {
		kind string
		p    float64
	}{{crashBefore, p.CrashBefore}, {crashAfter, p.CrashAfter}, {refused, p.Refuse}, {unclear, p.Unclear}, {lostRace, p.Lost}, {slow, p.Slow}} {
		if u >= c.p {
			u -= c.p
			continue
		}
		switch {
		case c.kind == lostRace && !conditional:
			return fate{}
		case c.kind == slow:
			w.count("fault: " + slow)
			return fate{slow, w.between(10*time.Millisecond, 8*time.Second, "latency "+name)}
		}
		w.count("fault: " + c.kind)
		return fate{kind: c.kind}
	}
	return fate{}
}

// call makes a call to something outside, as the seed has it. Lost is what a
// conditional write answers that was carried out before, nil where it is none.
func (i *instance) call(op, key string, do func() error, lost func() error) error {
	inv, w := i.invocation, i.world
	name := inv.name(op, key)
	f := w.fate(name, lost != nil)
	inv.pass(name, f.latency)
	if inv.killed() {
		return errDead
	}
	if w.out(op) {
		w.count("fault: " + op + " is down")
		return store.ErrBusy
	}
	switch f.kind {
	case crashBefore:
		inv.kill()
		return errDead
	case refused:
		return store.ErrBusy
	case crashAfter:
		_ = do()
		inv.kill()
		return errDead
	case unclear:
		_ = do()
		return errUnclear
	case lostRace:
		if err := do(); err != nil {
			return err
		}
		return lost()
	default:
		return do()
	}
}

// ask is call for what is read.
func ask[T any](i *instance, op, key string, do func() (T, error)) (value T, err error) {
	err = i.call(op, key, func() (err error) {
		value, err = do()
		return err
	}, nil)
	if err != nil {
		var none T
		return none, err
	}
	return value, nil
}

// out reports whether what the call is about is down.
func (w *world) out(op string) bool {
	now := time.Now()
	for _, s := range w.outages[op] {
		if s.holds(now) {
			return true
		}
	}
	return false
}
