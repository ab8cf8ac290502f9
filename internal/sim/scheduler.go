package sim

import (
	"cmp"
	"container/heap"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing/synctest"
	"time"
)

// errDead is what an invocation that was killed gets from every further call.
// None of them has an effect.
var errDead = errors.New("sim: the invocation was killed")

// run lets everything happen that is noted for before the end. Whenever more
// than one thing can go on, the seed decides which does.
func (w *world) run(end time.Time) {
	for {
		synctest.Wait()
		w.mu.Lock()
		w.alone = false
		w.mu.Unlock()
		w.finish()
		now := time.Now()
		if w.stopped(now) {
			return
		}
		ready := w.ready(now)
		due := w.agenda.due(now) && now.Before(end)
		switch {
		case due && (len(ready) == 0 || w.rng.IntN(2) == 0):
			next := w.agenda.pop()
			w.hand(true, func() { next.what() })
		case len(ready) > 0:
			c := ready[w.rng.IntN(len(ready))]
			w.take(c)
			w.hand(false, func() { close(c.turn) })
		case !now.Before(end):
			return
		default:
			w.sleep(w.soonest(end).Sub(now))
		}
	}
}

// hand lets one thing go on. It makes its calls without waiting for its turn
// while nothing else can come in between, and if it makes one at a time.
func (w *world) hand(starts bool, what func()) {
	w.mu.Lock()
	w.alone = w.active == 0 && starts && !w.agenda.due(time.Now())
	w.mu.Unlock()
	what()
}

// ready are the calls whose time has come, in an order of their own.
func (w *world) ready(now time.Time) []*call {
	w.mu.Lock()
	defer w.mu.Unlock()
	var ready []*call
	for _, c := range w.calls {
		if !c.at.After(now) {
			ready = append(ready, c)
		}
	}
	slices.SortFunc(ready, func(a, b *call) int { return cmp.Compare(a.name, b.name) })
	return ready
}

func (w *world) take(c *call) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls = slices.DeleteFunc(w.calls, func(o *call) bool { return o == c })
}

// soonest is when something can go on by itself, at most the end.
func (w *world) soonest(end time.Time) time.Time {
	at := end
	if next, some := w.agenda.next(); some && next.Before(at) {
		at = next
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.calls {
		if c.at.Before(at) {
			at = c.at
		}
	}
	return at
}

// sleep lets time pass, until an invocation that waits by itself makes a call.
func (w *world) sleep(d time.Duration) {
	timer := time.NewTimer(max(d, 0))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-w.wake:
	}
}

func (w *world) wakeUp() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// call is a call to something outside that waits for its turn.
type call struct {
	name string
	at   time.Time
	turn chan struct{}
}

// invocation is one run of a function.
type invocation struct {
	world    *world
	instance *instance
	number   int
	deadline time.Time
	seen     map[string]int
	calls    int
	dead     bool
	// after is what follows from its end; it is not called when it was killed.
	after func()
	ended func()
}

// invoke starts a function on an instance that is idle, or on a new one. What
// follows from its end is returned by the work. It is called by the scheduler.
func (w *world) invoke(function string, timeout time.Duration, work func(ctx context.Context, i *instance) (after func()), ended func()) {
	in := w.instanceOf(function)
	w.mu.Lock()
	w.invoked++
	w.active++
	inv := &invocation{world: w, instance: in, number: w.invoked, deadline: time.Now().Add(timeout), seen: map[string]int{}, ended: ended}
	w.mu.Unlock()
	in.invocation = inv
	w.count("invocations of " + function)
	go func() {
		ctx, cancel := context.WithDeadline(context.Background(), inv.deadline)
		defer cancel()
		inv.after = work(ctx, in)
		w.mu.Lock()
		defer w.mu.Unlock()
		w.done = append(w.done, inv)
		w.wakeUp()
	}()
}

// finish does what follows from the invocations that have ended.
func (w *world) finish() {
	w.mu.Lock()
	done := w.done
	w.done = nil
	w.active -= len(done)
	w.mu.Unlock()
	slices.SortFunc(done, func(a, b *invocation) int { return cmp.Compare(a.number, b.number) })
	for _, inv := range done {
		if !inv.killed() {
			w.idle(inv.instance)
			if inv.after != nil {
				inv.after()
			}
		}
		if inv.ended != nil {
			inv.ended()
		}
	}
}

// killed reports whether the invocation does nothing any more: it crashed, or
// its time is over.
func (i *invocation) killed() bool {
	i.world.mu.Lock()
	defer i.world.mu.Unlock()
	if !i.dead && !time.Now().Before(i.deadline) {
		i.dead = true
		i.world.counts["fault: time-out"]++
	}
	return i.dead || i.world.stuck.found
}

func (i *invocation) kill() {
	i.world.mu.Lock()
	defer i.world.mu.Unlock()
	i.dead = true
}

// name is the call's own in the whole simulation.
func (i *invocation) name(op, key string) string {
	i.world.mu.Lock()
	defer i.world.mu.Unlock()
	name := op + " " + key
	i.seen[name]++
	return fmt.Sprintf("%08d %s %d", i.number, name, i.seen[name])
}

// pass waits for the call's turn, and for its latency.
func (i *invocation) pass(name string, latency time.Duration) {
	w := i.world
	w.mu.Lock()
	if w.tooMany(i) {
		w.mu.Unlock()
		return
	}
	if latency == 0 && w.alone && i.instance.single() {
		w.mu.Unlock()
		return
	}
	c := &call{name: name, at: time.Now().Add(latency), turn: make(chan struct{})}
	w.calls = append(w.calls, c)
	w.wakeUp()
	w.mu.Unlock()
	<-c.turn
}

// agenda is what is to happen, in the order of its time. An invocation notes what
// follows from its calls while the one who started it may note more.
type agenda struct {
	mu    sync.Mutex
	noted int
	heap  entries
}

type entry struct {
	at    time.Time
	name  string
	noted int
	what  func()
}

// at notes what is to happen at a time. What happens at one time happens in the
// order of the names.
func (w *world) at(t time.Time, name string, what func()) {
	w.agenda.mu.Lock()
	defer w.agenda.mu.Unlock()
	w.agenda.noted++
	heap.Push(&w.agenda.heap, entry{t, name, w.agenda.noted, what})
}

func (a *agenda) next() (time.Time, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.heap) == 0 {
		return time.Time{}, false
	}
	return a.heap[0].at, true
}

func (a *agenda) due(now time.Time) bool {
	next, some := a.next()
	return some && !next.After(now)
}

func (a *agenda) pop() entry {
	a.mu.Lock()
	defer a.mu.Unlock()
	e, _ := heap.Pop(&a.heap).(entry)
	return e
}

type entries []entry

func (e entries) Len() int { return len(e) }

func (e entries) Less(i, j int) bool {
	return cmp.Or(e[i].at.Compare(e[j].at), cmp.Compare(e[i].name, e[j].name), cmp.Compare(e[i].noted, e[j].noted)) < 0
}

func (e entries) Swap(i, j int) { e[i], e[j] = e[j], e[i] }

func (e *entries) Push(x any) {
	if next, ok := x.(entry); ok {
		*e = append(*e, next)
	}
}

func (e *entries) Pop() any {
	last := (*e)[len(*e)-1]
	*e = (*e)[:len(*e)-1]
	return last
}
