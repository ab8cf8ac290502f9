// Package bench holds the benchmarks that need several packages. Each reports
// what cannot be undercut (the floor) or what is usually done (the peer) from
// the same run, because a number alone says more about the machine than about
// the code. It has no code of its own; `make bench` runs it.
package bench

import (
	"testing"
	"time"
)

// rounds is how often each step runs in its turn.
const rounds = 50

// turns runs the steps alternately and returns each one's fastest time, so that
// a busy machine does not decide what is measured.
func turns(b *testing.B, steps ...func() error) []time.Duration {
	fastest := make([]time.Duration, len(steps))
	for i := range fastest {
		fastest[i] = time.Hour
	}
	for b.Loop() {
		for i, step := range steps {
			for range rounds {
				fastest[i] = min(fastest[i], timed(b, step))
			}
		}
	}
	return fastest
}

func timed(b *testing.B, step func() error) time.Duration {
	start := time.Now()
	err := step()
	took := time.Since(start)
	if err != nil {
		b.Fatal(err)
	}
	return took
}
