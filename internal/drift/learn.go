package drift

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/fold"
	"github.com/plumbline/plumbline/internal/learnt"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
)

const (
	// learntState is the document of what was learnt and of what it was learnt of.
	learntState = learnt.Basis
	// learntExpire is how long a number of what was learnt is kept.
	learntExpire = 90 * 24 * time.Hour
)

// learn publishes the settle times that an audit has learnt: under their number,
// and then as what is judged by. The state goes first, and names its audit, so
// that learning the same twice is learning it once.
func (r *run) learn(ctx context.Context, s store.Sweep, f fold.Fold) error {
	if r.Learnt == nil {
		return nil
	}
	state, err := r.learnOnce(ctx, s, f)
	if err != nil || state.Run != s.Run {
		return err
	}
	body, err := json.Marshal(state.Learnt)
	if err != nil {
		return fmt.Errorf("publish settle times: %w", err)
	}
	for _, d := range []store.Document{
		{Name: fmt.Sprintf("learnt|%d", state.N), Body: body, Expires: state.At.Add(learntExpire)},
		{Name: learnt.Current, Body: body},
	} {
		if err := r.publishDocument(ctx, d, func(before json.RawMessage) (bool, error) {
			var b learnt.Learnt
			err := json.Unmarshal(before, &b)
			return b.At.Before(state.At), err
		}); err != nil {
			return fmt.Errorf("publish settle times: %w", err)
		}
	}
	return nil
}

// learnOnce is the state after an audit, or after a later one.
func (r *run) learnOnce(ctx context.Context, s store.Sweep, f fold.Fold) (learnt.State, error) {
	var before learnt.State
	d, err := r.Documents.GetDocument(ctx, learntState)
	if err == nil {
		err = json.Unmarshal(d.Body, &before)
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return before, fmt.Errorf("read what was learnt: %w", err)
	}
	if !before.At.Before(s.Noted) {
		return before, nil
	}
	var rules []registry.Rule
	for _, of := range r.Rules {
		rules = append(rules, of...)
	}
	next := learnt.Learn(before, s.Run, f, rules)
	body, err := json.Marshal(next)
	if err != nil {
		return next, fmt.Errorf("keep what was learnt: %w", err)
	}
	if err := r.Documents.PutDocument(ctx, store.Document{Name: learntState, Body: body, Rev: d.Rev}); err != nil {
		return next, fmt.Errorf("keep what was learnt: %w", err)
	}
	return next, nil
}
