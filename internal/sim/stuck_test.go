package sim

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/plumbline/plumbline/internal/contract"
)

func TestPlay_WhatGoesOnForEverIsAFailureSoon(t *testing.T) {
	for name, c := range map[string]struct {
		endless func(w *world)
		want    string
	}{
		"steps of one instant": {func(w *world) {
			var again func()
			again = func() { w.at(time.Now(), "again", again) }
			again()
		}, "no time passes"},
		"calls of one invocation": {func(w *world) {
			w.invoke(contract.Drift, time.Minute, func(_ context.Context, i *instance) func() {
				for i.call("rows", "get", func() error { return nil }, nil) == nil {
				}
				return nil
			}, nil)
		}, "an invocation of drift makes more than"},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, Options{Seed: 1, Hours: 1})
			c.endless(w)
			w.play()
			if !slices.ContainsFunc(w.wrong, func(s string) bool { return strings.HasPrefix(s, "I7") && strings.Contains(s, c.want) }) {
				t.Errorf("%s: noticed %q", name, w.wrong)
			}
		})
	}
}
