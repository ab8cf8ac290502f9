package e2e_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/local/emulator"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/play"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/wire"
)

// left is everything that a played day leaves.
type left struct {
	alerts      []alert.Alert
	findings    []finding.Finding
	quarantined []queue.Envelope
	archived    []queue.Envelope
	dead        map[string]int
	waiting     map[string]int
	console     string
	log         string
}

// whatIsLeft reads a stack that has come to rest after a recorded day.
func whatIsLeft(ctx context.Context, w *wire.Wire, recorded day.Day) (left, error) {
	var l left
	var errs [6]error
	l.alerts, errs[0] = w.Findings().AllAlerts(ctx)
	l.findings, errs[1] = w.Findings().AllFindings(ctx)
	l.quarantined, errs[2] = contents(ctx, w, contract.Quarantine)
	l.archived, errs[3] = archived(ctx, w, recorded.Deliveries[0].At)
	l.dead, errs[4] = deadLetters(ctx, w)
	l.waiting, errs[5] = waiting(ctx, w)
	return l, errors.Join(errs[:]...)
}

// waiting counts what lies in each queue that a function reads.
func waiting(ctx context.Context, w *wire.Wire) (map[string]int, error) {
	counts := map[string]int{}
	for _, q := range contract.Queues() {
		if q.Consumer == "" {
			continue
		}
		visible, hidden, _, err := w.Queue(q.Name).Depth(ctx)
		if err != nil {
			return nil, err
		}
		counts[q.Name] = visible + hidden
	}
	return counts, nil
}

// undisturbed is the day as it goes when nothing happens to the stack. It is
// played once for all tests.
var undisturbed struct {
	once sync.Once
	left left
	err  error
}

func undisturbedDay(t *testing.T) left {
	t.Helper()
	emulators := emulator.ForTest(t)
	undisturbed.once.Do(func() { undisturbed.left, undisturbed.err = playDay(emulators) })
	if undisturbed.err != nil {
		t.Fatal(undisturbed.err)
	}
	return undisturbed.left
}

// playDay outlives the test that asks for it first.
func playDay(emulators *emulator.Emulators) (left, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	recorded, err := readDay()
	if err != nil {
		return left{}, err
	}
	w, err := begin(ctx, local.Options{
		Memory: true, Emulators: emulators, Plan: local.Plan{Prefix: "day-"}, Clock: local.SteppedClock(recorded.Deliveries[0].At),
	})
	if err != nil {
		return left{}, err
	}
	player := play.Player{Day: recorded, Stack: w, Progress: play.NewProgress()}
	// The player compares each answer with the truth.
	if err := player.Play(ctx); err != nil {
		return left{}, errors.Join(err, w.Close())
	}
	l, err := whatIsLeft(ctx, w.wire, recorded)
	l.console, l.log = w.console.String(), w.log.String()
	return l, errors.Join(err, w.Close())
}

func dayFolder() string { return filepath.Join(root, "events", "day") }

func readDay() (day.Day, error) { return day.Read(os.DirFS(dayFolder())) }

func TestTheDay_RaisesEveryPlantedFaultAndNothingElse(t *testing.T) {
	t.Parallel()
	l := undisturbedDay(t)
	wantTheTruth(t, l)
	for _, a := range l.alerts {
		if n := openings(l.console, l.alerts)[a.ID]; n != 1 {
			t.Errorf("the beginning of %s / %s on %s was told %d times", a.Integration, a.Rule, a.Members[0].Key, n)
		}
	}
}

func TestTheDay_NamesNobody(t *testing.T) {
	t.Parallel()
	l := undisturbedDay(t)
	recorded, err := readDay()
	if err != nil {
		t.Fatal(err)
	}
	address := regexp.MustCompile(`[\w.+-]+@[\w-]+\.[\w.-]+`)
	people := map[string]bool{}
	for _, d := range recorded.Deliveries {
		for _, found := range address.FindAllString(d.Body, -1) {
			people[found] = true
		}
	}
	if len(people) == 0 || !strings.Contains(l.log, "outcome=queued") {
		t.Fatalf("%d people in the day; the log has %d bytes", len(people), len(l.log))
	}
	for person := range people {
		if strings.Contains(l.log, person) || strings.Contains(l.console, person) {
			t.Errorf("%s is in the log or in an alert", person)
		}
	}
}

// wantTheTruth compares what a day left with what it must leave.
func wantTheTruth(t *testing.T, l left) {
	t.Helper()
	recorded, err := readDay()
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation(recorded.Truth.Timezone)
	if err != nil {
		t.Fatal(err)
	}
	for _, deviation := range day.Check(recorded.Truth, play.Observe(l.alerts, zone, recorded.Truth.Clock())) {
		t.Error(deviation)
	}
	for name, n := range l.dead {
		if n > 0 {
			t.Errorf("%d dead letters in %s", n, name)
		}
	}
	for name, n := range l.waiting {
		if n > 0 {
			t.Errorf("%d messages still in %s", n, name)
		}
	}
	genuine, unreadable := expected(t, recorded)
	if diff := cmp.Diff(unreadable, names(l.quarantined)); diff != "" {
		t.Errorf("quarantine (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(genuine, names(l.archived)); diff != "" {
		t.Errorf("archive (-want +got):\n%s", diff)
	}
}

// expected names the deliveries that must be archived and those that must be in
// quarantine.
func expected(t *testing.T, recorded day.Day) (genuine, unreadable []string) {
	t.Helper()
	reg, err := wire.LoadRegistry(environment(contract.RegistryVariable), recorded.Deliveries[0].At)
	if err != nil {
		t.Fatal(err)
	}
	systems, err := wire.Systems(reg, []byte("nothing is hashed here"))
	if err != nil {
		t.Fatal(err)
	}
	for i, outcome := range recorded.Outcomes() {
		d := recorded.Deliveries[i]
		header := http.Header{}
		for name, value := range d.Headers {
			header.Set(name, value)
		}
		_, id := systems[d.System].Endpoint.Identify(platform.Request{Header: header})
		switch outcome {
		case day.Refused:
		case day.Unreadable:
			unreadable = append(unreadable, deliveryName(d.System, id, []byte(d.Body)))
		default:
			genuine = append(genuine, deliveryName(d.System, id, []byte(d.Body)))
		}
	}
	return sorted(genuine), sorted(unreadable)
}

// names lists the deliveries of envelopes, each once. Plumbline's own reports
// have no body and are left out.
func names(envelopes []queue.Envelope) []string {
	var all []string
	for _, e := range envelopes {
		if len(e.Delivery.Body) > 0 {
			all = append(all, deliveryName(e.Delivery.System, e.Delivery.ID, e.Delivery.Body))
		}
	}
	return sorted(all)
}

// deliveryName holds every byte of the body to what was sent.
func deliveryName(system, id string, body []byte) string {
	sum := sha256.Sum256(body)
	return strings.Join([]string{system, id, hex.EncodeToString(sum[:8])}, " ")
}

func sorted(all []string) []string {
	slices.Sort(all)
	return slices.Compact(all)
}
