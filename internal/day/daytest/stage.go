// Package daytest plays recorded days through the functions in one process: the
// use cases over stores in memory, on the day's own clock, with the day's answers
// in place of platforms. It proves what the functions conclude; that they are
// put together right, and hold under faults, others prove on emulators.
package daytest

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/change"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/fetch"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/learnt"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/all"
	"github.com/plumbline/plumbline/internal/play"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/receive"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/respond"
	"github.com/plumbline/plumbline/internal/secret"
	"github.com/plumbline/plumbline/internal/store/memory"
)

// Stage plays one day.
type Stage struct {
	// Records and Findings are what came out.
	Records  *memory.Records
	Findings *memory.Findings
	// Arrivals are when systems were heard.
	Arrivals *memory.Arrivals
	// Drift judges as of the stage's clock.
	Drift *drift.Service
	// Answers are the platforms.
	Answers *play.Answers
	// Zone is the day's.
	Zone *time.Location
	// Quarantined counts the deliveries that could not be read.
	Quarantined int

	day    day.Day
	asides []aside
	// now is the clock, ticked the minute that was called last, and audit when the
	// next audit is due.
	now, ticked, audit time.Time
	// consumers has who reads each queue.
	consumers map[string]string

	receive *receive.Service
	merge   *merge.Service
	fetch   *fetch.Service
	respond *respond.Service
	sealed  []queue.Envelope
	// sending guards what is sent.
	sending sync.Mutex
	waiting []message
}

// message is one that was sent to a function.
type message struct {
	at   time.Time
	to   string
	body string
}

// Load reads the registry at a path. Every problem and every warning of it fails
// the test.
func Load(t *testing.T, path string) *registry.Registry {
	t.Helper()
	r, problems := registry.Load(path, all.Platforms(), time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC))
	for _, p := range problems {
		t.Error(p)
	}
	if r == nil {
		t.FailNow()
	}
	for _, w := range r.Warnings {
		t.Errorf("warning: %v", w)
	}
	return r
}

// Read reads a day's folder.
func Read(t *testing.T, folder string) day.Day {
	t.Helper()
	d, err := day.Read(os.DirFS(folder))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// New puts the functions of a registry together, whose files lie beside it.
func New(t *testing.T, r *registry.Registry, beside string, d day.Day) *Stage {
	t.Helper()
	s := &Stage{Records: &memory.Records{}, Findings: &memory.Findings{}, Arrivals: &memory.Arrivals{}, day: d, now: d.Deliveries[0].At}
	s.ticked, s.audit = s.now.Truncate(time.Minute), s.now.Truncate(auditEvery).Add(auditEvery)
	s.consumers = map[string]string{}
	for _, q := range contract.Queues() {
		s.consumers[q.Name] = q.Consumer
	}
	var err error
	if s.Zone, err = time.LoadLocation(d.Truth.Timezone); err != nil {
		t.Fatal(err)
	}
	log, now, files := slog.New(slog.DiscardHandler), func() time.Time { return s.now }, secretFiles(beside)
	s.Answers = play.NewAnswers(d.Answers, now)
	received, asked := systems(t, r)
	s.receive = &receive.Service{
		Systems: received, Secrets: files, Observations: s.queue(contract.Observations), Quarantine: s.queue(contract.Quarantine),
		Fetches: s.queue(contract.Fetches), Seal: s.seal, MaxBody: contract.MaxBody, Log: log,
	}
	rules := judge.Rules(r)
	s.merge = &merge.Service{
		Records: s.Records, Marks: s.Findings, Looks: s.queue(contract.Looks), Archive: s.queue(contract.Merged),
		Arrivals: s.Arrivals, Open: s.open, Registry: r, Rules: rules, Now: now, Log: log,
		Learnt: learnt.NewReader(s.Findings, rules, now, log),
	}
	s.fetch = &fetch.Service{
		Systems: asked, Deliveries: s.receive, Secrets: files, Paces: anyPace{}, Marks: s.Findings,
		Fetches: s.queue(contract.Fetches), Dead: s.queue(contract.DeadLetters(contract.Fetches)), Transport: s.Answers,
		Now: now, Chance: func(int64) int64 { return 0 }, Log: log,
	}
	s.receive.Changes = receive.Changes{Known: knownTo(r), Queue: s.queue(contract.Looks)}
	for _, ref := range r.ChangeSecrets {
		s.receive.Changes.Secrets = append(s.receive.Changes.Secrets, reference(t, ref))
	}
	s.respond = &respond.Service{Store: s.Findings, Topic: deaf{}, Looks: s.queue(contract.Looks), Now: now, Zone: s.Zone, Log: log}
	s.Drift = &drift.Service{
		Records: s.Records, Findings: s.Findings, Marks: s.Findings, Sweeps: s.Findings, Documents: s.Findings,
		Looks: s.queue(contract.Looks), Moves: s.queue(contract.Observations), Topic: deaf{}, Watch: drift.NewWatch(s.Arrivals),
		Registry: r, Rules: rules, Now: now, Log: log, Learnt: learnt.NewReader(s.Findings, rules, now, log),
	}
	return s
}

func systems(t *testing.T, r *registry.Registry) (received map[string]receive.System, asked map[string]fetch.System) {
	t.Helper()
	known := map[string]platform.Platform{}
	for _, p := range all.Platforms() {
		known[p.Name] = p
	}
	received, asked = map[string]receive.System{}, map[string]fetch.System{}
	for name, s := range r.Systems {
		endpoint, err := known[s.Platform].New(r.PlatformConfig(name, []byte("a key for this test")))
		if err != nil {
			t.Fatal(err)
		}
		system := receive.System{Endpoint: endpoint}
		for _, ref := range s.Secrets {
			system.Secrets = append(system.Secrets, reference(t, ref))
		}
		received[name], asked[name] = system, fetch.System{Endpoint: endpoint}
		if s.Credential != "" {
			asked[name] = fetch.System{Endpoint: endpoint, Credential: reference(t, s.Credential)}
		}
	}
	return received, asked
}

// knownTo are the names of the registry that a change may be about.
func knownTo(r *registry.Registry) change.Known {
	return change.Known{
		System:      func(name string) bool { _, ok := r.Systems[name]; return ok },
		Integration: func(name string) bool { _, ok := r.Integration(name); return ok },
	}
}

func reference(t *testing.T, text string) secret.Reference {
	t.Helper()
	ref, err := secret.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

// Play sends every delivery at its moment and lets the day run to its end.
func (s *Stage) Play(t *testing.T) {
	t.Helper()
	if err := play.Remember(t.Context(), s.day.History, s.receive, s.settle); err != nil {
		t.Fatal(err)
	}
	outcomes := s.day.Outcomes()
	decisions := s.day.Decisions
	for i, d := range s.day.Deliveries {
		decisions = s.decide(t, decisions, d.At)
		s.until(t, d.At)
		s.look(d.At)
		header := http.Header{}
		for name, value := range d.Headers {
			header.Set(name, value)
		}
		req := platform.Request{Method: http.MethodPost, Header: header, Body: []byte(d.Body), Received: d.At}
		answer := s.take(t, d.System, req)
		if accepted := answer.Code() < http.StatusMultipleChoices; accepted == (outcomes[i] == day.Refused) {
			t.Errorf("line %d of %s: answered %d, want it %s", i+1, d.System, answer.Code(), outcomes[i])
		}
	}
	end, err := play.End(s.day.Truth)
	if err != nil {
		t.Fatal(err)
	}
	s.decide(t, decisions, end)
	s.until(t, end)
}

// settle has nothing to wait for: what was sent waits in its order for the clock.
func (*Stage) settle(context.Context) error { return nil }

// take hands a request to receive, as the front does.
func (s *Stage) take(t *testing.T, system string, req platform.Request) platform.Answer {
	t.Helper()
	if system == "" {
		return s.receive.Change(t.Context(), req)
	}
	return s.receive.Receive(t.Context(), system, req)
}

// decide takes the decisions until a time, and returns those after it.
func (s *Stage) decide(t *testing.T, decisions []day.Decision, until time.Time) []day.Decision {
	t.Helper()
	for len(decisions) > 0 && !decisions[0].At.After(until) {
		s.until(t, decisions[0].At)
		if err := play.Decide(t.Context(), decisions[0], s.Findings, s.respond); err != nil {
			t.Fatal(err)
		}
		decisions = decisions[1:]
	}
	return decisions
}

// Alerts are those that were raised, as they stand, in the order of their opening.
func (s *Stage) Alerts(t *testing.T) []alert.Alert {
	t.Helper()
	alerts, err := s.Findings.AllAlerts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(alerts, func(a, b alert.Alert) int { return a.Opened.Compare(b.Opened) })
	return alerts
}

// Observed is what a truth is compared with.
func (s *Stage) Observed(t *testing.T) []day.Observed {
	t.Helper()
	alerts := s.Alerts(t)
	return play.Observe(alerts, s.Zone, s.day.Truth.Clock())
}

// Says holds the finding of a rule about a record to what it says of the reason.
func (s *Stage) Says(t *testing.T, rule, key, why string) {
	t.Helper()
	all, err := s.Findings.AllFindings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		if f.Rule == rule && f.Key.Text(f.Kind) == key && f.Told() {
			if f.Why != why {
				t.Errorf("%s of %s %s: %q, want %q", rule, f.Kind, key, f.Why, why)
			}
			return
		}
	}
	t.Errorf("no finding of %s about %s", rule, key)
}

// Truth is the day's.
func (s *Stage) Truth() day.Truth { return s.day.Truth }

// aside is something to be looked at while a day is played.
type aside struct {
	at time.Time
	do func()
}

// Aside looks at something before the first delivery after a time of the day's
// date. It is called before Play.
func (s *Stage) Aside(hour, minute int, do func()) {
	first := s.day.Deliveries[len(s.day.Deliveries)/2].At.In(s.Zone)
	s.AsideAt(time.Date(first.Year(), first.Month(), first.Day(), hour, minute, 0, 0, s.Zone), do)
}

// AsideAt looks at something before the first delivery after a moment.
func (s *Stage) AsideAt(at time.Time, do func()) { s.asides = append(s.asides, aside{at, do}) }

func (s *Stage) look(now time.Time) {
	for i, a := range s.asides {
		if a.do != nil && now.After(a.at) {
			s.asides[i].do = nil
			a.do()
		}
	}
}

// Verdict is what a rule says of a record now.
func (s *Stage) Verdict(t *testing.T, rule string, kind commerce.Kind, key ...string) judge.Verdict {
	t.Helper()
	id := commerce.Key(key).ID(kind)
	rows, err := s.Records.Get(t.Context(), []commerce.RecordID{id})
	if err != nil {
		t.Fatal(err)
	}
	verdicts, err := s.Drift.Verdicts(t.Context(), rows[id])
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range verdicts {
		if v.Rule == rule {
			return v
		}
	}
	t.Fatalf("no rule %s about %v", rule, key)
	return judge.Verdict{}
}
