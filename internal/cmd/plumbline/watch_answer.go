package main

import (
	"path/filepath"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/watch"
)

// watchAnswer is what one run came to, as --json prints it.
type watchAnswer struct {
	AsOf      time.Time      `json:"as_of,omitzero"`
	Loaded    []loadedAnswer `json:"loaded"`
	Left      []leftFile     `json:"left"`
	Unsettled int            `json:"still_written"`
	Opened    []watchFinding `json:"opened"`
	Ended     []watchFinding `json:"ended"`
	Active    int            `json:"active"`
	Waiting   int            `json:"waiting"`
	Awaited   []awaitedFile  `json:"awaited"`
	Told      int            `json:"alerts_told"`
	Untold    string         `json:"alerts_not_told,omitempty"`
}

type loadedAnswer struct {
	File     string        `json:"file"`
	System   string        `json:"system"`
	Kind     commerce.Kind `json:"kind"`
	AsOf     time.Time     `json:"as_of"`
	AsOfFrom string        `json:"as_of_from"`
	Rows     int           `json:"rows"`
	Rejected int           `json:"rejected"`
	Gone     int           `json:"gone"`
}

type leftFile struct {
	File string `json:"file"`
	Why  string `json:"why"`
}

type watchFinding struct {
	ID     string        `json:"id"`
	Rule   string        `json:"rule"`
	Class  finding.Class `json:"class"`
	Record string        `json:"record"`
}

type awaitedFile struct {
	System string        `json:"system"`
	Kind   commerce.Kind `json:"kind"`
	AsOf   time.Time     `json:"newest,omitzero"`
}

func watchAnswerOf(r watch.Result) watchAnswer {
	a := watchAnswer{
		AsOf: r.AsOf, Loaded: []loadedAnswer{}, Left: []leftFile{}, Unsettled: r.Unsettled, Opened: watchFindings(r.Opened), Ended: watchFindings(r.Ended),
		Active: r.Active, Waiting: r.Waiting, Awaited: []awaitedFile{}, Told: r.Told,
	}
	for _, l := range r.Loaded {
		a.Loaded = append(a.Loaded, loadedAnswer{l.Path, l.System, l.Kind, l.AsOf, l.AsOfFrom, l.Rows, l.Rejected, l.Gone})
	}
	for _, l := range r.Left {
		a.Left = append(a.Left, leftFile{l.Path, l.Why})
	}
	for _, s := range r.Stale {
		a.Awaited = append(a.Awaited, awaitedFile{s.System, s.Kind, s.AsOf})
	}
	if r.Untold != nil {
		a.Untold = r.Untold.Error()
	}
	return a
}

func watchFindings(all []finding.Finding) []watchFinding {
	out := []watchFinding{}
	for _, f := range all {
		out = append(out, watchFinding{f.ID, f.Integration + "/" + f.Rule, f.Class, string(f.Kind) + " " + f.Key.Text(f.Kind)})
	}
	return out
}

// answerWatch says what a run came to. The alerts were shown already.
func answerWatch(out *output, r watch.Result) error {
	a := watchAnswerOf(r)
	if out.json {
		return out.encode(a)
	}
	for _, l := range a.Loaded {
		out.line("%s  %s %s: %s, %d rejected, %d gone (%s)", out.time(l.AsOf, toMinute), l.System, l.Kind, counted(l.Rows, "row"), l.Rejected, l.Gone, filepath.Base(l.File))
	}
	for _, l := range a.Left {
		out.line("left: %s\n  %s", l.File, l.Why)
	}
	if a.Unsettled > 0 {
		out.line("still being written: %s", counted(a.Unsettled, "file"))
	}
	for _, s := range a.Awaited {
		if s.AsOf.IsZero() {
			out.line("no file of %s %s has been loaded: nothing is compared with it", s.System, s.Kind)
		} else {
			out.line("the newest file of %s %s is of %s: nothing later is judged", s.System, s.Kind, out.time(s.AsOf, toMinute))
		}
	}
	if a.Untold != "" {
		out.line("alerts not shown, tried again with the next run: %s", a.Untold)
	}
	out.line("%s opened, %d ended, %d in all; %s may still settle",
		counted(len(a.Opened), "finding"), len(a.Ended), a.Active, counted(a.Waiting, "record"))
	return nil
}
