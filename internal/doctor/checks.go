package doctor

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/secret"
)

const (
	// skewed is how far the clocks of a sender and the front may lie apart: half of
	// what signed times allow.
	skewed = 2 * time.Minute
	// tickLate is how long ago the last minute's work may be.
	tickLate = 5 * time.Minute
	// arrival is how long a record of its own may take to its row.
	arrival = 30 * time.Second
	// unsent is how long an alert may wait to be published.
	unsent = 5 * time.Minute
	// pile is how many messages may wait: some minutes of a busy day.
	pile = 5000
)

func generation(ctx context.Context, p Patient) []Fault {
	if p.Generation == nil {
		return nil
	}
	current, err := p.Generation(ctx)
	switch {
	case err != nil:
		return unreachable("the generation of the running registry", err)
	case current != p.Registry.Generation:
		return []Fault{{
			What: fmt.Sprintf("the stack runs under another registry (%s) than this file (%s)", current, p.Registry.Generation),
			Do:   "Deploy this one, or restart plumbline run with it; or ask with the --registry that is deployed.",
		}}
	}
	return nil
}

func secrets(ctx context.Context, p Patient) []Fault {
	if p.Resolve == nil {
		return nil
	}
	var faults []Fault
	ask := func(of string, ref secret.Reference) {
		if ref == (secret.Reference{}) {
			return
		}
		if _, err := p.Resolve(ctx, ref); err != nil {
			faults = append(faults, Fault{
				What: fmt.Sprintf("%s: %s cannot be read", of, ref),
				Do:   "Put the secret there, and let the functions' role read it. Until then its deliveries are answered 503, and come again.",
			})
		}
	}
	ask("the key of personal identifiers", p.HashKey)
	ask("Slack's token", p.SlackToken)
	ask("Slack's webhook", p.SlackWebhook)
	ask("Slack's signing secret", p.SlackSigning)
	for _, name := range slices.Sorted(maps.Keys(p.Registry.Systems)) {
		s := p.Registry.Systems[name]
		for _, text := range append(slices.Clone(s.Secrets), s.Credential) {
			ref, err := secret.Parse(text)
			if err == nil {
				ask("system "+name, ref)
			}
		}
	}
	for _, text := range p.Registry.ChangeSecrets {
		if ref, err := secret.Parse(text); err == nil {
			ask("changes", ref)
		}
	}
	return faults
}

// front posts to an address that no system has, and to one of each system with
// nothing signed: both must be refused.
func front(ctx context.Context, p Patient) []Fault {
	if p.Front == nil {
		return nil
	}
	status, _, err := p.Front(ctx, http.MethodPost, "/hooks/plumbline-doctor")
	if err != nil {
		return []Fault{{What: "the front does not answer: " + err.Error(), Do: "Look whether the stack runs, at the address that platforms post to."}}
	}
	if status != http.StatusNotFound {
		return []Fault{{
			What: fmt.Sprintf("the front answers %d where 404 is right: something else listens there, or receive fails", status),
			Do:   "Look at the log of receive, and at what stands before it.",
		}}
	}
	var faults []Fault
	for _, name := range slices.Sorted(maps.Keys(p.Registry.Systems)) {
		if p.Registry.Systems[name].Inbox {
			continue
		}
		status, _, err := p.Front(ctx, http.MethodPost, "/hooks/"+name)
		switch {
		case err != nil:
			faults = append(faults, Fault{What: fmt.Sprintf("system %s: the front does not answer: %v", name, err), Do: "Look at the log of receive."})
		case status == http.StatusNotFound:
			faults = append(faults, Fault{What: fmt.Sprintf("system %s is not known to the stack", name), Do: "Deploy this registry."})
		case status == http.StatusServiceUnavailable:
			faults = append(faults, Fault{What: fmt.Sprintf("system %s: deliveries are answered 503", name), Do: "Look whether its secrets can be read and the queue takes messages: the log of receive says which."})
		case !refused(status):
			faults = append(faults, Fault{
				What: fmt.Sprintf("system %s: a delivery that nobody signed is answered %d, where it should be refused", name, status),
				Do:   "Look at what stands before the front, and whether it answers by itself.",
			})
		}
	}
	return faults
}

func clocks(ctx context.Context, p Patient) []Fault {
	if p.Front == nil {
		return nil
	}
	_, date, err := p.Front(ctx, http.MethodPost, "/hooks/plumbline-doctor")
	if err != nil || date.IsZero() {
		return nil // the front's own check has told
	}
	if apart := p.Here().Sub(date).Abs(); apart > skewed {
		return []Fault{{
			What: fmt.Sprintf("this machine and the front are %s apart", apart.Round(time.Second)),
			Do:   "Set the clock. Signed times that are too old or too new are refused.",
		}}
	}
	return nil
}

func schedule(ctx context.Context, p Patient) []Fault {
	if p.Drift == nil {
		return nil
	}
	h, err := p.Drift.Health(ctx)
	if err != nil {
		return unreachable("drift's state", err)
	}
	var faults []Fault
	switch ago := p.Now().Sub(h.Ticked); {
	case h.Ticked.IsZero():
		faults = append(faults, Fault{What: "drift has never run", Do: "Wait a minute after the first deployment; then look at the schedule and at the log of drift."})
	case ago > tickLate:
		faults = append(faults, Fault{
			What: fmt.Sprintf("drift has not come to the end of a minute's work for %s: nothing is judged and nobody is told", ago.Round(time.Minute)),
			Do:   "Look at the schedule, and for errors and throttles of drift.",
		})
	}
	if h.Unaudited {
		faults = append(faults, Fault{What: "no audit has begun for more than 26 hours", Do: "Look at the schedule audit, and at the log of drift."})
	}
	return faults
}

func roundTrip(ctx context.Context, p Patient) []Fault {
	if p.Drift == nil || p.Wait == nil {
		return nil
	}
	sent := p.Now()
	if err := p.Drift.Knock(ctx, sent); err != nil {
		return []Fault{{What: "the queue of observations takes nothing: " + err.Error(), Do: "Look whether the queue exists, and whether you may send to it."}}
	}
	const step = 500 * time.Millisecond
	for waited := time.Duration(0); waited < arrival; waited += step {
		arrived, err := p.Drift.Knocked(ctx, sent)
		if err != nil {
			return unreachable("the table of records", err)
		}
		if arrived {
			return nil
		}
		if err := p.Wait(ctx, step); err != nil {
			break
		}
	}
	return []Fault{{
		What: fmt.Sprintf("a record of its own is not in its row after %s: %v", arrival, errSlow),
		Do:   "Look at the log of merge, and whether the queue of observations is being worked on.",
	}}
}

func canary(ctx context.Context, p Patient) []Fault {
	if p.Drift == nil {
		return nil
	}
	h, err := p.Drift.Health(ctx)
	if err != nil || !h.CanaryLate {
		return nil
	}
	return []Fault{{What: "the difference that Plumbline makes in itself was not found in time", Do: "Look at the queue of looks, and at the logs of merge and drift."}}
}

func backlog(ctx context.Context, p Patient) []Fault {
	var faults []Fault
	for _, name := range slices.Sorted(maps.Keys(p.Queues)) {
		visible, _, _, err := p.Queues[name](ctx)
		switch {
		case err != nil:
			faults = append(faults, unreachable("queue "+name, err)...)
		case visible > pile:
			faults = append(faults, Fault{
				What: fmt.Sprintf("messages wait in the queue %s: %d", name, visible),
				Do:   "Look for errors and throttles of the function that it calls. What differs meanwhile is held, not alerted.",
			})
		}
	}
	return faults
}

func givenUp(ctx context.Context, p Patient) []Fault {
	var faults []Fault
	for _, name := range slices.Sorted(maps.Keys(p.Aside)) {
		visible, inFlight, _, err := p.Aside[name](ctx)
		switch {
		case err != nil:
			faults = append(faults, unreachable("queue "+name, err)...)
		case visible+inFlight > 0:
			faults = append(faults, Fault{
				What: fmt.Sprintf("messages lie in %s: %d", name, visible+inFlight),
				Do:   fmt.Sprintf("plumbline redrive %s --dry-run says why, by cause; without --dry-run it brings back what can be worked on by now.", name),
			})
		}
	}
	return faults
}

func systems(ctx context.Context, p Patient) []Fault {
	var faults []Fault
	if p.Heard != nil {
		for _, name := range slices.Sorted(maps.Keys(p.Registry.Systems)) {
			at, err := p.Heard(ctx, name)
			if err != nil {
				return unreachable("when systems were heard", err)
			}
			if at.IsZero() {
				faults = append(faults, Fault{
					What: fmt.Sprintf("system %s was never heard", name),
					Do:   "Register its webhooks, as the page of its platform says, and send one: plumbline send " + name + " FILE.",
				})
			}
		}
	}
	if p.Drift == nil {
		return faults
	}
	h, err := p.Drift.Health(ctx)
	if err != nil {
		return faults // told above
	}
	if !h.Deaf.IsZero() {
		return append(faults, Fault{What: "no system at all is heard since " + at(h.Deaf), Do: "Look at the front: its address, its certificate, what stands before it."})
	}
	for _, s := range h.Silent {
		faults = append(faults, Fault{
			What: fmt.Sprintf("system %s tells nothing about %s since %s", s.System, s.Kind, at(s.Since)),
			Do:   "Look at its webhook subscription: many platforms remove one after failures.",
		})
	}
	return faults
}

func at(t time.Time) string { return t.UTC().Format("02 Jan 15:04 MST") }

func outbox(ctx context.Context, p Patient) []Fault {
	if p.Outbox == nil {
		return nil
	}
	alerts, err := p.Outbox(ctx, p.Now())
	if err != nil {
		return unreachable("the outbox", err)
	}
	var late, refused []string
	for _, a := range alerts {
		switch {
		case !a.Unsent.IsZero() && p.Now().Sub(a.Unsent) > unsent:
			late = append(late, a.ID)
		case !a.Refused.IsZero():
			refused = append(refused, a.Owner.Slack)
		}
	}
	var faults []Fault
	if len(late) > 0 {
		faults = append(faults, Fault{What: fmt.Sprintf("alerts wait for over five minutes to be published: %d", len(late)), Do: "Look at the topic alerts, and at the log of drift."})
	}
	if refused = slices.Compact(slices.Sorted(slices.Values(refused))); len(refused) > 0 {
		faults = append(faults, Fault{
			What: "Slack takes no alerts in " + strings.Join(refused, ", "),
			Do:   "Invite the app into the channel, or correct its name in the registry. Until then these alerts go to the mail topic.",
		})
	}
	return faults
}

func slack(ctx context.Context, p Patient) []Fault {
	if p.Slack == nil || p.SlackToken == (secret.Reference{}) || p.Resolve == nil {
		return nil
	}
	token, err := p.Resolve(ctx, p.SlackToken)
	if err != nil {
		return nil // the secrets' own check has told
	}
	if err := p.Slack(ctx, token); err != nil {
		return []Fault{{What: "Slack does not take the token: " + err.Error(), Do: "Install the app again, and put its bot token where " + p.SlackToken.String() + " says."}}
	}
	return nil
}

func owners(_ context.Context, p Patient) []Fault {
	var faults []Fault
	for _, i := range p.Registry.Integrations {
		if !i.Owner.Ended(p.Now()) {
			continue
		}
		faults = append(faults, Fault{
			What: fmt.Sprintf("integration %s: the owner's last day has passed", i.Name),
			Do:   "Name a new owner, or a later day, in the registry. Until then the deputy is told.",
		})
	}
	return faults
}
