// Package sim plays the whole pipeline in one process from one seed: systems
// that change and send signed webhooks, people who decide about alerts, receive,
// fetch, merge, drift, notify, respond and archive as they are deployed, and
// between them stores, queues, a topic, a Slack workspace and a platform's API
// that fail in every way that the real ones can.
//
// Time is virtual, and who goes on next is decided by the seed, so a seed is a
// history: it can be played again. When the faults are over and everything has
// come to rest, what is stored and what people see is compared with what the
// systems said. What must hold all the while is checked at every write.
//
// It owns the simulated outside and the checks. What the functions do is theirs;
// they are not changed for it.
package sim

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/plumbline/plumbline/internal/blob/memblob"
	"github.com/plumbline/plumbline/internal/notify/slack/workspace"
	"github.com/plumbline/plumbline/internal/store/memory"
)

// Options say what is played.
type Options struct {
	Seed uint64
	// Hours is for how long systems change and everything may fail.
	Hours int
	// Plan is how often what fails.
	Plan Plan
}

// Report is what came of it.
type Report struct {
	Seed uint64
	// Simulated is how much time passed, to the very rest.
	Simulated time.Duration
	// Counts are events and faults by name.
	Counts map[string]int
	// Wrong are the invariants that did not hold, with what was seen.
	Wrong []string
}

// world is one simulation under way.
type world struct {
	Options
	t      *testing.T
	start  time.Time
	rng    *rand.Rand // the scheduler's alone
	agenda agenda
	counts map[string]int
	wrong  []string

	mu sync.Mutex
	// calls wait for their turn; done are invocations that have ended.
	calls []*call
	done  []*invocation
	wake  chan struct{}
	// alone lets the one invocation that goes on make its calls without waiting.
	alone   bool
	active  int
	invoked int
	stuck   stuck

	stores  stores
	queues  map[string]*mailbox
	slack   *workspace.Workspace
	outages map[string][]span
	pool    map[string][]*instance
	deploy  deployment
	outside outside
	till    tillState
	history history
}

// stores are what outlives every invocation.
type stores struct {
	records  memory.Records
	findings memory.Findings
	arrivals memory.Arrivals
	blobs    memblob.Store
	paces    memory.Paces
}

type span struct{ from, until time.Time }

func (s span) holds(t time.Time) bool { return !t.Before(s.from) && t.Before(s.until) }

// Play plays one seed.
func Play(t *testing.T, o Options) (r Report) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, o)
		w.play()
		r = Report{Seed: o.Seed, Simulated: time.Since(w.start), Counts: w.counts, Wrong: w.wrong}
	})
	return r
}

func newWorld(t *testing.T, o Options) *world {
	w := &world{
		Options: o, t: t, start: time.Now(), rng: rand.New(rand.NewPCG(o.Seed, 0x9e3779b97f4a7c15)), //nolint:gosec // a history, no secret
		counts: map[string]int{}, wake: make(chan struct{}, 1), queues: map[string]*mailbox{},
		slack: workspace.Offline(), outages: map[string][]span{}, pool: map[string][]*instance{},
	}
	w.deploy = newDeployment(w)
	w.open()
	w.plan()
	return w
}

// rested is how long everything goes on after the last fault, until it is at
// rest: what Slack did not take for an hour waits for another one.
const rested = 3 * time.Hour

func (w *world) play() {
	w.run(w.faultsEnd())
	w.calm()
	w.run(w.faultsEnd().Add(rested))
	if !w.stuck.found {
		w.check()
	}
}

func (w *world) faultsEnd() time.Time { return w.start.Add(time.Duration(w.Hours) * time.Hour) }

func (w *world) stormy() bool { return time.Now().Before(w.faultsEnd()) }

// count counts something that happened.
func (w *world) count(what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.counts[what]++
}

// violated notes an invariant that does not hold. The first few are enough.
func (w *world) violated(invariant, format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.note(invariant, format, args...)
}

// note is violated for who holds the lock.
func (w *world) note(invariant, format string, args ...any) {
	const few = 20
	if len(w.wrong) < few {
		at := time.Since(w.start).Round(time.Millisecond)
		w.wrong = append(w.wrong, fmt.Sprintf("%s after %s: %s", invariant, at, fmt.Sprintf(format, args...)))
	}
}

// String tells the counts in the order of their names.
func (r Report) String() string {
	var parts []string
	for name, n := range r.Counts {
		parts = append(parts, fmt.Sprintf("%s %d", name, n))
	}
	slices.SortFunc(parts, cmp.Compare[string])
	return strings.Join(parts, ", ")
}
