package rerun

import (
	"container/heap"
	"sync"
	"time"
)

// Agenda is the simulated clock: what is to happen, in the order of its time.
// Things may be noted at the same moment from several goroutines.
type Agenda struct {
	now time.Time

	mu    sync.Mutex
	noted int
	queue entries
}

// NewAgenda begins at the time.
func NewAgenda(now time.Time) *Agenda { return &Agenda{now: now} }

// Now is the simulated time.
func (a *Agenda) Now() time.Time { return a.now }

// At notes what is to happen at a time, which is now if it has passed. Of two
// things at one time the one that was noted first comes first.
func (a *Agenda) At(t time.Time, what func()) { a.Named(t, "", what) }

// Named is At for what is noted in no certain order: what happens at one time
// happens in the order of the names.
func (a *Agenda) Named(t time.Time, name string, what func()) {
	if t.Before(a.now) {
		t = a.now
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.noted++
	heap.Push(&a.queue, entry{t, name, a.noted, what})
}

// In notes what is to happen after a while.
func (a *Agenda) In(d time.Duration, what func()) { a.At(a.now.Add(d), what) }

// Run lets everything happen that is noted for before the end, and what follows
// from it, as long as nothing goes wrong.
func (a *Agenda) Run(end time.Time, wrong func() error) error {
	for {
		next, some := a.next(end)
		if !some {
			break
		}
		a.now = next.at
		next.what()
		if err := wrong(); err != nil {
			return err
		}
	}
	a.now = end
	return nil
}

func (a *Agenda) next(end time.Time) (next entry, some bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.queue) == 0 || !a.queue[0].at.Before(end) {
		return next, false
	}
	next, some = heap.Pop(&a.queue).(entry)
	return next, some
}

type entry struct {
	at    time.Time
	name  string
	noted int
	what  func()
}

// entries is a heap.Interface.
type entries []entry

func (e entries) Len() int { return len(e) }

func (e entries) Less(i, j int) bool {
	switch {
	case !e[i].at.Equal(e[j].at):
		return e[i].at.Before(e[j].at)
	case e[i].name != e[j].name:
		return e[i].name < e[j].name
	default:
		return e[i].noted < e[j].noted
	}
}

func (e entries) Swap(i, j int) { e[i], e[j] = e[j], e[i] }

func (e *entries) Push(x any) {
	if next, ok := x.(entry); ok {
		*e = append(*e, next)
	}
}

func (e *entries) Pop() any {
	last := (*e)[len(*e)-1]
	(*e)[len(*e)-1] = entry{}
	*e = (*e)[:len(*e)-1]
	return last
}
