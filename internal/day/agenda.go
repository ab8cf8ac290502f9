package day

import (
	"container/heap"
	"time"
)

// The recorded day: a Tuesday in New York, in winter time all day.
const (
	date        = "2026-03-03"
	timezone    = "America/New_York"
	clockLayout = "15:04"
)

// zone is fixed so that the generator needs no time zone database.
var zone = time.FixedZone("EST", -5*60*60)

// clock is a moment of the day.
func clock(hour, minute, second int) time.Time {
	return time.Date(2026, time.March, 3, hour, minute, second, 0, zone)
}

// agenda runs tasks in the order of their time, and tasks of one time in the
// order in which they were planned.
type agenda struct {
	tasks taskHeap
	count int
	now   time.Time
}

type task struct {
	at    time.Time
	order int
	do    func()
}

// at plans a task.
func (a *agenda) at(t time.Time, do func()) {
	a.count++
	heap.Push(&a.tasks, task{t, a.count, do})
}

// in plans a task some time from now.
func (a *agenda) in(d time.Duration, do func()) { a.at(a.now.Add(d), do) }

// every plans a task at a fixed interval, both ends included.
func (a *agenda) every(from, until time.Time, step time.Duration, do func()) {
	for t := from; !t.After(until); t = t.Add(step) {
		a.at(t, do)
	}
}

// run works until nothing is planned.
func (a *agenda) run() {
	for len(a.tasks) > 0 {
		next := heap.Pop(&a.tasks).(task)
		a.now = next.at
		next.do()
	}
}

type taskHeap []task

func (h taskHeap) Len() int { return len(h) }
func (h taskHeap) Less(i, j int) bool {
	if !h[i].at.Equal(h[j].at) {
		return h[i].at.Before(h[j].at)
	}
	return h[i].order < h[j].order
}
func (h taskHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *taskHeap) Push(x any)   { *h = append(*h, x.(task)) }
func (h *taskHeap) Pop() any {
	last := len(*h) - 1
	t := (*h)[last]
	*h = (*h)[:last]
	return t
}
