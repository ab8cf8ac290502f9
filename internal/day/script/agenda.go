package script

import (
	"container/heap"
	"time"
)

// Agenda runs tasks in the order of their time, and tasks of one time in the
// order in which they were planned.
type Agenda struct {
	// Now is the time of the task that runs.
	Now   time.Time
	tasks taskHeap
	count int
}

type task struct {
	at    time.Time
	order int
	do    func()
}

// At plans a task.
func (a *Agenda) At(t time.Time, do func()) {
	a.count++
	heap.Push(&a.tasks, task{t, a.count, do})
}

// In plans a task some time from now.
func (a *Agenda) In(d time.Duration, do func()) { a.At(a.Now.Add(d), do) }

// Every plans a task at a fixed interval, both ends included.
func (a *Agenda) Every(from, until time.Time, step time.Duration, do func()) {
	for t := from; !t.After(until); t = t.Add(step) {
		a.At(t, do)
	}
}

// Run works until nothing is planned.
func (a *Agenda) Run() {
	for len(a.tasks) > 0 {
		next := heap.Pop(&a.tasks).(task)
		a.Now = next.at
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
