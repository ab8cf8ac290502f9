package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/doctor"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/notify/slack"
	"github.com/plumbline/plumbline/internal/platform/all"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/secret"
	"github.com/plumbline/plumbline/internal/wire"
)

// doctorCmd examines a stack from one end to the other. Exit code 1 when something
// is wrong.
type doctorCmd struct{}

// Run examines.
func (k *doctorCmd) Run(ctx context.Context, c *cli, out *output) error {
	var all []doctor.Result
	tell := func(r doctor.Result) {
		all = append(all, r)
		if !out.json {
			printResult(out, r)
		}
	}
	if p, ok := k.patient(ctx, c, tell); ok {
		doctor.Examine(ctx, p, tell)
	}
	faults := 0
	for _, r := range all {
		faults += len(r.Faults)
	}
	if out.json {
		if err := out.encode(all); err != nil {
			return err
		}
	} else {
		out.line("%s", concluded(faults))
	}
	if faults > 0 {
		return exitError(1)
	}
	return nil
}

func concluded(faults int) string {
	switch faults {
	case 0:
		return "All is well."
	case 1:
		return "1 fault."
	}
	return fmt.Sprintf("%d faults. The first one may explain those below it.", faults)
}

// patient is the stack, unless the registry or the stack itself is not there.
func (k *doctorCmd) patient(ctx context.Context, c *cli, tell func(doctor.Result)) (doctor.Patient, bool) {
	const valid, there = "the registry is valid", "the stack is there"
	if _, problems := registry.Load(c.Registry, all.Platforms(), time.Now()); len(problems) > 0 {
		tell(doctor.Result{Check: valid, Faults: []doctor.Fault{{
			What: fmt.Sprintf("%s, the first: %s", counted(len(problems), "problem"), problems[0]), Do: "plumbline check names all of them.",
		}}})
		return doctor.Patient{}, false
	}
	tell(doctor.Result{Check: valid, Faults: []doctor.Fault{}})
	w, err := connect(ctx, c)
	if err != nil {
		tell(doctor.Result{Check: there, Faults: []doctor.Fault{{What: err.Error(), Do: "Start it, or name another one with --data, or --aws and --stage."}}})
		return doctor.Patient{}, false
	}
	address, err := k.front(ctx, c)
	if err != nil {
		tell(doctor.Result{Check: there, Faults: []doctor.Fault{{What: err.Error(), Do: "Deploy the stage again: it tells where its front is."}}})
		return doctor.Patient{}, false
	}
	tell(doctor.Result{Check: there, Faults: []doctor.Fault{}})
	p := k.reach(w, address)
	if at, playing := played(c); playing {
		p.Now = func() time.Time { return at }
	}
	return p, true
}

func (k *doctorCmd) front(ctx context.Context, c *cli) (string, error) {
	if c.AWS {
		return deployedFront(ctx, c)
	}
	running, err := local.Find(c.Data)
	return running.Front, err
}

func (k *doctorCmd) reach(w *wire.Wire, address string) doctor.Patient {
	p := doctor.Patient{
		Registry: w.Registry, Now: time.Now, Here: time.Now, Wait: sleep,
		Resolve: w.Secrets.Resolve,
		HashKey: w.Config.HashKey, SlackToken: w.Config.Slack.Token, SlackWebhook: w.Config.Slack.Webhook, SlackSigning: w.Config.Slack.Signing,
		Front: func(ctx context.Context, method, path string) (int, time.Time, error) {
			return knock(ctx, method, address+path)
		},
		Drift: w.Drift(), Outbox: w.Findings().Outbox, Heard: heard(w),
		Queues: map[string]doctor.Depth{}, Aside: map[string]doctor.Depth{},
		Slack: func(ctx context.Context, token string) error { return slack.New(token, "", nil, time.Now).Check(ctx) },
	}
	if w.Config.Generation != (secret.Reference{}) {
		p.Generation = func(ctx context.Context) (string, error) {
			current, err := w.Secrets.Resolve(ctx, w.Config.Generation)
			return strings.TrimSpace(current), err
		}
	}
	for _, q := range contract.Queues(w.Registry.Inboxes()...) {
		depth := w.Queue(q.Name).Depth
		if q.Consumer != "" {
			p.Queues[q.Name] = depth
		} else {
			p.Aside[q.Name] = depth
		}
	}
	return p
}

// heard reads when a system was first heard on anything.
func heard(w *wire.Wire) func(context.Context, string) (time.Time, error) {
	findings := w.Findings()
	return func(ctx context.Context, system string) (time.Time, error) {
		var names []string
		for _, kind := range commerce.Kinds() {
			names = append(names, merge.CoveredMark(system, kind))
		}
		marks, err := findings.GetMarks(ctx, names)
		for _, at := range marks {
			return at, err
		}
		return time.Time{}, err
	}
}

// knock sends a request that says nothing, and waits for its answer for a moment.
func knock(ctx context.Context, method, url string) (status int, date time.Time, err error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, url, http.NoBody)
	if err != nil {
		return 0, date, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, date, err
	}
	date, _ = http.ParseTime(res.Header.Get("Date")) // not every front tells it
	return res.StatusCode, date, res.Body.Close()
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func printResult(out *output, r doctor.Result) {
	if len(r.Faults) == 0 {
		out.line("ok     %s", r.Check)
		return
	}
	for _, f := range r.Faults {
		out.line("FAULT  %s", r.Check)
		out.hang("       ", f.What)
		out.hang("       → ", f.Do)
	}
}
