package redrive

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/queue"
)

// Cause is what messages have in common that came to the same end.
type Cause struct {
	// Reason says why the message was set aside, as far as that is known.
	Reason string
	// System and Topic are blank for what is about no delivery.
	System, Topic string
}

// failed is the reason of every dead letter: what went wrong is in the log of the
// function that gave it up.
const failed = "its function gave it up, see its log"

// matches reports whether the cause, or why the message would stay, holds the
// text. Case does not matter, and a blank text is in everything.
func (f Fate) matches(text string) bool {
	parts := []string{f.Cause.Reason, f.Cause.System + " " + f.Cause.Topic, f.problem()}
	return slices.ContainsFunc(parts, func(part string) bool {
		return strings.Contains(strings.ToLower(part), strings.ToLower(text))
	})
}

func (f Fate) problem() string {
	if f.Problem == nil {
		return ""
	}
	return f.Problem.Error()
}

// deliveryCause is the cause of a delivery that was set aside.
func deliveryCause(e queue.Envelope) Cause {
	return Cause{cmp.Or(e.Reason, failed), e.Delivery.System, e.Delivery.Topic}
}

// messageCause is the cause of a dead letter that is no delivery.
func messageCause(body string) Cause {
	if f, err := queue.DecodeFetch(body); err == nil {
		return Cause{failed, f.System, f.Topic}
	}
	what := "message"
	switch {
	case queue.IsSweep(body):
		what = "walk"
	case queue.IsChange(body):
		what = "change"
	default:
		if look, err := queue.DecodeLook(body); err == nil {
			what = "look at " + string(look.Kind)
		} else if _, err := queue.DecodeDecision(body); err == nil {
			what = "decision"
		}
	}
	return Cause{Reason: failed, Topic: what}
}

// Group is a number of messages with one cause and one prospect.
type Group struct {
	Cause
	// Problem is why they stay where they are, or blank when they come back.
	Problem string
	Count   int
	// First and Last are when the oldest and the newest was received.
	First, Last time.Time
}

// Groups puts fates together by their causes.
type Groups map[Cause]map[string]*Group

// Add counts a fate.
func (g Groups) Add(f Fate) {
	problem := f.problem()
	if g[f.Cause] == nil {
		g[f.Cause] = map[string]*Group{}
	}
	group := g[f.Cause][problem]
	if group == nil {
		group = &Group{Cause: f.Cause, Problem: problem, First: f.At, Last: f.At}
		g[f.Cause][problem] = group
	}
	group.Count++
	if f.At.Before(group.First) {
		group.First = f.At
	}
	if f.At.After(group.Last) {
		group.Last = f.At
	}
}

// List is the groups, the largest first.
func (g Groups) List() []Group {
	var all []Group
	for _, problems := range g {
		for _, group := range problems {
			all = append(all, *group)
		}
	}
	slices.SortFunc(all, func(a, b Group) int {
		return cmp.Or(b.Count-a.Count, strings.Compare(a.System, b.System), strings.Compare(a.Topic, b.Topic),
			strings.Compare(a.Reason, b.Reason), strings.Compare(a.Problem, b.Problem))
	})
	return all
}
