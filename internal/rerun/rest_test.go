package rerun_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/rerun"
	"github.com/plumbline/plumbline/internal/store/memory"
)

// What rests is missed, and tells of itself as it would have in an account.
func TestRest_WhatStandsStillIsTold(t *testing.T) {
	for _, c := range []struct {
		part rerun.Part
		from time.Duration
		key  commerce.Key
	}{
		{rerun.Minute, time.Hour, commerce.Key{commerce.Plumbline, "schedule", "run"}},
		{rerun.Audit, 26 * time.Hour, commerce.Key{commerce.Plumbline, "schedule", "audit"}},
		{rerun.Messages, time.Hour, commerce.Key{commerce.Plumbline, "canary", "difference"}},
	} {
		for rests, want := range map[time.Duration]bool{2 * time.Minute: false, 3 * time.Hour: true} {
			agenda := rerun.NewAgenda(nine.Truncate(24 * time.Hour))
			begin := agenda.Now()
			findings := &memory.Findings{}
			s := rerun.New(agenda, &registry.Registry{Generation: "g1", Integrations: []registry.Integration{{Name: "acme"}}}, rerun.Stores{
				Records: &memory.Records{}, Findings: findings, Arrivals: &memory.Arrivals{},
			})
			agenda.At(begin.Add(c.from+time.Minute), func() { s.Rest(c.part, true) })
			agenda.At(begin.Add(c.from+time.Minute+rests), func() { s.Rest(c.part, false) })
			if err := agenda.Run(begin.Add(40*time.Hour), s.Wrong); err != nil {
				t.Fatal(err)
			}
			all, err := findings.AllFindings(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			told := false
			for _, f := range all {
				told = told || f.Key.ID(commerce.Mapping) == c.key.ID(commerce.Mapping)
			}
			if told != want {
				t.Errorf("%s rests for %s: told %t", c.part, rests, told)
			}
		}
	}
}
