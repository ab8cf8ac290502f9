package drift_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/store/memory"
)

// This file explores every interleaving of the calls that several invocations
// make to the stores, with crashes before and after any call, and redelivery.
//
// An invocation does nothing but ask the stores and go on with their answers.
// So what it asks next follows from the answers that it has got, and one run of
// the code for each series of answers is enough: from then on an invocation is a
// place in a tree. What is left to explore is which place each one is at, and
// what is stored; a pair that was seen before is not followed again.

var errCrash = errors.New("crashed")

// stored is everything that outlives an invocation.
type stored struct {
	now      time.Time
	records  *memory.Records
	findings *memory.Findings
	groups   map[string]store.Group
	looks    []waiting
}

func (s *stored) clone() *stored {
	return &stored{s.now, s.records.Clone(), s.findings.Clone(), maps.Clone(s.groups), slices.Clone(s.looks)}
}

// print is what tells two states of the stores apart.
func (s *stored) print(ctx context.Context) string {
	var b strings.Builder
	_ = s.records.Scan(ctx, "", func(row record.Row) error {
		fmt.Fprintf(&b, "%+v\n", row)
		return nil
	})
	findings, _ := s.findings.AllFindings(ctx)
	alerts, _ := s.findings.AllAlerts(ctx)
	fmt.Fprintf(&b, "%s\n%s\n%+v\n%+v\n%s", text(findings), text(alerts), s.groups, s.looks, s.now)
	return b.String()
}

// request is what an invocation asks of the stores.
type request struct {
	name string
	// step is set where others may come first, and where it may crash.
	step bool
	// reads is set where it changes nothing.
	reads bool
	do    func(s *stored) answer
}

// answer is what the stores say to a request.
type answer struct {
	value any
	err   error
}

func (a answer) print() string {
	var lost *store.LostError
	if errors.As(a.err, &lost) {
		return fmt.Sprintf("%v %+v", a.err, lost.Current)
	}
	return fmt.Sprintf("%s %v", text(a.value), a.err)
}

// text prints a value with all that it holds, and without any address.
func text(v any) string {
	if rows, ok := v.(map[commerce.RecordID]record.Row); ok {
		return fmt.Sprintf("%+v", rows)
	}
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// place is where an invocation is after a series of answers: what it asks next,
// or that it is over.
type place struct {
	id      int
	asks    *request
	failed  bool
	answers []answer
	next    map[string]*place
}

// actor is one invocation that is delivered again until it succeeds.
type actor struct {
	name string
	work func(ctx context.Context, g *gate) error

	start  *place
	places int
}

// after is the place that the answer leads to.
func (a *actor) after(ctx context.Context, p *place, got answer) *place {
	key := got.print()
	if known, ok := p.next[key]; ok {
		return known
	}
	n := a.run(ctx, append(slices.Clone(p.answers), got))
	p.next[key] = n
	return n
}

// run runs the code up to the request that follows the answers. From there on
// the code sees a crash, and does nothing more.
func (a *actor) run(ctx context.Context, answers []answer) *place {
	g := &gate{answers: answers}
	err := a.work(ctx, g)
	a.places++
	return &place{id: a.places, asks: g.asks, failed: g.asks == nil && err != nil, answers: answers, next: map[string]*place{}}
}

// maxActors is how many invocations one exploration holds.
const maxActors = 6

// moment is a state of the whole: what is stored, and where everybody is.
type moment struct {
	stored  int
	crashes int
	at      [maxActors]int
}

// point is a moment with what is needed to go on from it.
type point struct {
	stored  *stored
	id      int
	crashes int
	at      []*place
	// before and step tell how the point was reached.
	before *point
	step   string
}

// move is one call of one actor at one state of the stores. Where the others
// are does not matter to what comes of it.
type move struct {
	stored, actor, place int
	crash                bool
}

// made is what came of a move.
type made struct {
	stored *stored
	id     int
	to     *place
}

// exploration walks all points.
type exploration struct {
	ctx    context.Context
	actors []*actor
	seen   map[moment]bool
	moves  map[move]made
	// worlds numbers what is stored by its print.
	worlds map[string]int
	ends   map[int]*point
}

// explore visits every point that can be reached with the number of crashes and
// returns those where everybody is over, one for each state of the stores.
func explore(ctx context.Context, s *stored, actors []*actor, crashes int) *exploration {
	e := &exploration{ctx: ctx, actors: actors, seen: map[moment]bool{}, moves: map[move]made{}, worlds: map[string]int{}, ends: map[int]*point{}}
	first := &point{stored: s, crashes: crashes, step: "start"}
	for _, a := range actors {
		a.start = a.run(ctx, nil)
		first.at = append(first.at, a.start)
	}
	first.id = e.number(first.stored)
	todo := []*point{}
	visit := func(p *point) {
		m := moment{stored: p.id, crashes: p.crashes}
		for i, place := range p.at {
			m.at[i] = place.id
		}
		if !e.seen[m] {
			e.seen[m] = true
			todo = append(todo, p)
		}
	}
	visit(first)
	for len(todo) > 0 {
		p := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		over := true
		for i, place := range p.at {
			if place.asks == nil {
				continue
			}
			over = false
			visit(e.step(p, i, false))
			if p.crashes > 0 && place != e.actors[i].start {
				visit(e.crash(p, i))
			}
			if p.crashes > 0 {
				if !place.asks.reads {
					visit(e.step(p, i, true))
				}
			}
		}
		if over {
			e.ends[p.id] = p
		}
	}
	return e
}

func (e *exploration) number(s *stored) int {
	key := s.print(e.ctx)
	if _, known := e.worlds[key]; !known {
		e.worlds[key] = len(e.worlds)
	}
	return e.worlds[key]
}

// step makes the call that an actor asks for and all that follows up to its
// next step. The actor may crash right after the call.
func (e *exploration) step(p *point, i int, crash bool) *point {
	m := move{p.id, i, p.at[i].id, crash}
	made, known := e.moves[m]
	if !known {
		made = e.make(p.stored, p.id, e.actors[i], p.at[i], crash)
		e.moves[m] = made
	}
	next := &point{stored: made.stored, id: made.id, crashes: p.crashes, at: slices.Clone(p.at), before: p, step: e.actors[i].name + " " + p.at[i].asks.name}
	next.at[i] = made.to
	if crash {
		next.crashes--
		next.step += " and crashes"
	}
	return next
}

func (e *exploration) make(s *stored, id int, a *actor, at *place, crash bool) made {
	changed := false
	for {
		if !at.asks.reads && !changed {
			s, changed = s.clone(), true
		}
		at = a.after(e.ctx, at, at.asks.do(s))
		if crash || at.failed {
			at = a.start
		}
		if crash || at.asks == nil || at.asks.step {
			break
		}
	}
	if changed {
		id = e.number(s)
	}
	return made{s, id, at}
}

// crash ends an actor before its call.
func (e *exploration) crash(p *point, i int) *point {
	next := *p
	next.at = slices.Clone(p.at)
	next.at[i], next.before, next.step = e.actors[i].start, p, e.actors[i].name+" crashes before "+p.at[i].asks.name
	next.crashes--
	return &next
}

// schedule tells how a point was reached.
func (p *point) schedule() string {
	var steps []string
	for ; p != nil; p = p.before {
		steps = append([]string{p.step}, steps...)
	}
	return strings.Join(steps, "\n  ")
}
