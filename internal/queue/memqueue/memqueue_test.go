package memqueue_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/queue/memqueue"
	"github.com/plumbline/plumbline/internal/queue/queuetest"
)

func TestQueue(t *testing.T) {
	queuetest.Run(t, func(*testing.T) queuetest.World {
		now := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
		clock := func() time.Time { return now }
		dead := memqueue.New(memqueue.Options{Now: clock, Visibility: queuetest.Visibility})
		return queuetest.World{
			Queue: memqueue.New(memqueue.Options{
				Now: clock, Visibility: queuetest.Visibility, MaxReceives: queuetest.MaxReceives, DeadLetters: dead,
			}),
			Dead: dead,
			Pass: func(d time.Duration) { now = now.Add(d) },
		}
	})
}
