package sim

import "time"

const (
	// mostCalls is how many calls one invocation may make, some hundred times what
	// the largest makes here.
	mostCalls = 5_000
	// mostSteps is how often something may go on at one instant.
	mostSteps = 50_000
)

// stuck is what shows that a simulation would go on for ever (I7). It is over
// then: every invocation is killed, and nothing is checked at the end.
type stuck struct {
	found bool
	at    time.Time
	steps int
}

// tooMany counts a call of an invocation. The lock is the caller's.
func (w *world) tooMany(i *invocation) bool {
	i.calls++
	if i.calls > mostCalls && !w.stuck.found {
		w.stuck.found = true
		w.note("I7", "an invocation of %s makes more than %d calls", i.instance.function, mostCalls)
	}
	return w.stuck.found
}

// stopped counts the steps of an instant, and reports whether the simulation is
// over. It lets the invocations that wait for their turn end.
func (w *world) stopped(now time.Time) bool {
	w.mu.Lock()
	if !now.Equal(w.stuck.at) {
		w.stuck.at, w.stuck.steps = now, 0
	}
	w.stuck.steps++
	if w.stuck.steps > mostSteps && !w.stuck.found {
		w.stuck.found = true
		w.note("I7", "%d steps, and no time passes", mostSteps)
	}
	over, calls := w.stuck.found, w.calls
	if over {
		w.calls = nil
	}
	w.mu.Unlock()
	if over {
		for _, c := range calls {
			close(c.turn)
		}
	}
	return over
}
