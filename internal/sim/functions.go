package sim

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/plumbline/plumbline/internal/archive"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/fetch"
	"github.com/plumbline/plumbline/internal/generation"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/learnt"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/notify"
	"github.com/plumbline/plumbline/internal/notify/slack"
	"github.com/plumbline/plumbline/internal/notify/slack/workspace"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/receive"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/respond"
)

// instance is a function's process: it has one invocation at a time, a clock of
// its own, and what it remembers from one invocation to the next.
type instance struct {
	world      *world
	function   string
	registry   *registry.Registry
	skew       time.Duration
	invocation *invocation

	receive *receive.Service
	merge   *merge.Service
	drift   *drift.Service
	notify  *notify.Service
	archive *archive.Service
	respond *respond.Service
	fetch   *fetch.Service
}

// instanceOf is an idle instance of a function, or a new one.
func (w *world) instanceOf(function string) *instance {
	current := w.deploy.version(w, function)
	idle := w.pool[function]
	idle = slices.DeleteFunc(idle, func(i *instance) bool { return i.registry != current })
	if len(idle) == 0 || w.rng.IntN(20) == 0 {
		w.pool[function] = idle
		return w.newInstance(function, current)
	}
	n := w.rng.IntN(len(idle))
	i := idle[n]
	w.pool[function] = slices.Delete(idle, n, n+1)
	return i
}

// idle takes an instance back that ended well.
func (w *world) idle(i *instance) {
	i.invocation = nil
	w.pool[i.function] = append(w.pool[i.function], i)
}

// single reports whether the function makes one call at a time.
func (i *instance) single() bool {
	return i.function != contract.Merge && i.function != contract.Archive && i.function != contract.Respond && i.function != contract.Fetch
}

func (i *instance) now() time.Time { return time.Now().Add(i.skew) }

func (w *world) newInstance(function string, r *registry.Registry) *instance {
	w.count("instances of " + function)
	name := fmt.Sprintf("instance %s %d", function, w.counts["instances of "+function])
	i := &instance{world: w, function: function, registry: r, skew: w.between(-w.Plan.Skew, w.Plan.Skew, name)}
	log, rules := slog.New(slog.DiscardHandler), judge.Rules(r)
	kept := shelves{instance: i}
	gate := generation.New(r.Generation, func(context.Context) (string, error) {
		return ask(i, "parameter", "generation", func() (string, error) { return w.deploy.current.Generation, nil })
	}, i.now)
	switch function {
	case contract.Receive:
		i.receive = i.deliveries(log)
	case contract.Fetch:
		i.fetch = &fetch.Service{
			Systems: w.deploy.asked[r.Generation], Deliveries: i.deliveries(log), Secrets: keys{}, Paces: paces{i}, Marks: kept,
			Fetches: sender{i, contract.Fetches}, Dead: sender{i, contract.DeadLetters(contract.Fetches)}, Transport: asked{i},
			Now: i.now, Chance: i.chance, Log: log,
		}
	case contract.Merge:
		i.merge = &merge.Service{
			Records: rows{i}, Marks: kept, Arrivals: heard{i}, Looks: sender{i, contract.Looks}, Archive: sender{i, contract.Merged},
			Open: opened, Generation: gate, Registry: r, Rules: rules, Now: i.now, Log: log, Learnt: learnt.NewReader(kept, rules, i.now, log),
		}
	case contract.Drift:
		i.drift = &drift.Service{
			Records: rows{i}, Findings: kept, Marks: kept, Sweeps: kept, Documents: kept, Looks: sender{i, contract.Looks},
			Moves: sender{i, contract.Observations}, Topic: published{i, contract.Alerts}, Generation: gate, Registry: r, Rules: rules,
			Now: i.now, Log: log, Learnt: learnt.NewReader(kept, rules, i.now, log), Watch: drift.NewWatch(heard{i}),
		}
	case contract.Notify:
		i.notify = &notify.Service{
			Alerts: kept, Sender: slack.New(workspace.Token, "https://slack.acme.example/", web{i}, i.now).WithButtons(),
			Mail: published{i, contract.Mail}, Now: i.now, Zone: time.UTC, Clock: i.now, Lease: contract.Timeout(contract.Notify),
			Tries: contract.MaxReceive, Log: log,
		}
	case contract.Archive:
		i.archive = &archive.Service{Blobs: blobs{i}, Open: opened, Now: i.now, Log: log}
	case contract.Respond:
		i.respond = &respond.Service{
			Store: kept, Queue: sender{i, contract.Decisions}, Topic: published{i, contract.Alerts}, Looks: sender{i, contract.Looks},
			Slack: dialogs{i}, People: r, Secret: func(context.Context) (string, error) { return signingKey, nil },
			Now: i.now, Zone: time.UTC, Log: log,
		}
	}
	return i
}

func (i *instance) deliveries(log *slog.Logger) *receive.Service {
	return &receive.Service{
		Systems: i.world.deploy.systems[i.registry.Generation], Secrets: keys{}, Observations: sender{i, contract.Observations},
		Quarantine: sender{i, contract.Quarantine}, Fetches: sender{i, contract.Fetches}, Seal: sealed, Generation: i.registry.Generation,
		MaxBody: contract.MaxBody, Log: log,
	}
}

func sealed(_ context.Context, e queue.Envelope) (string, error)    { return queue.Encode(e) }
func opened(_ context.Context, body string) (queue.Envelope, error) { return queue.Decode(body) }

// open makes the queues and says who takes what is in them.
func (w *world) open() {
	handlers := map[string]func(ctx context.Context, i *instance, batch []queue.Message) []string{
		contract.Observations: mergeBatch, contract.Looks: lookBatch, contract.Notices: notifyBatch, contract.Merged: archiveBatch,
		contract.Decisions: decisionBatch, contract.Fetches: fetchBatch,
	}
	for _, q := range contract.Queues() {
		m := &mailbox{world: w, Queue: q, held: map[string]*held{}, bodies: map[string]int{}, handle: handlers[q.Name]}
		if m.handle == nil {
			m.handle = func(context.Context, *instance, []queue.Message) []string { return nil }
		}
		w.queues[q.Name] = m
	}
}

func mergeBatch(ctx context.Context, i *instance, batch []queue.Message) []string {
	messages := make([]merge.Message, 0, len(batch))
	for _, m := range batch {
		messages = append(messages, merge.Message{ID: m.ID, Body: m.Body, Receives: m.Receives})
	}
	return i.merge.Merge(ctx, messages)
}

func lookBatch(ctx context.Context, i *instance, batch []queue.Message) []string {
	messages := make([]drift.Message, 0, len(batch))
	for _, m := range batch {
		messages = append(messages, drift.Message{ID: m.ID, Body: m.Body})
	}
	return i.drift.Look(ctx, messages)
}

func notifyBatch(ctx context.Context, i *instance, batch []queue.Message) (failed []string) {
	var event events.SQSEvent
	for _, m := range batch {
		event.Records = append(event.Records, events.SQSMessage{
			MessageId: m.ID, Body: m.Body, Attributes: map[string]string{"ApproximateReceiveCount": strconv.Itoa(m.Receives)},
		})
	}
	response, _ := i.notify.HandleBatch(ctx, event)
	for _, f := range response.BatchItemFailures {
		failed = append(failed, f.ItemIdentifier)
	}
	return failed
}

func fetchBatch(ctx context.Context, i *instance, batch []queue.Message) []string {
	messages := make([]fetch.Message, 0, len(batch))
	for _, m := range batch {
		messages = append(messages, fetch.Message{ID: m.ID, Body: m.Body})
	}
	return i.fetch.Fetch(ctx, messages)
}

func decisionBatch(ctx context.Context, i *instance, batch []queue.Message) []string {
	messages := make([]respond.Message, 0, len(batch))
	for _, m := range batch {
		messages = append(messages, respond.Message{ID: m.ID, Body: m.Body})
	}
	return i.respond.Apply(ctx, messages)
}

func archiveBatch(ctx context.Context, i *instance, batch []queue.Message) []string {
	messages := make([]archive.Message, 0, len(batch))
	for _, m := range batch {
		messages = append(messages, archive.Message{ID: m.ID, Body: m.Body})
	}
	return i.archive.Archive(ctx, messages)
}

// planTick notes a minute's run, now and then none or two at once.
func (w *world) planTick(at time.Time, n int) {
	name := fmt.Sprintf("tick %06d", n)
	run := func() {
		w.invoke(contract.Drift, contract.Timeout(contract.Drift), func(ctx context.Context, i *instance) func() {
			_ = i.drift.Tick(ctx) // what could not be done is done in the next minute
			return nil
		}, nil)
	}
	faulty := at.Before(w.faultsEnd())
	switch {
	case faulty && w.draw(name) < w.Plan.Missed:
		w.count("fault: missed run")
		return
	case faulty && w.draw("doubled "+name) < w.Plan.Doubled:
		w.count("fault: doubled run")
		w.at(at, name+" again", run)
	}
	w.at(at, name, run)
}

// audit begins the daily walk.
func (w *world) audit() {
	w.invoke(contract.Drift, contract.Timeout(contract.Drift), func(ctx context.Context, i *instance) func() {
		_ = i.drift.Audit(ctx)
		return nil
	}, nil)
}
