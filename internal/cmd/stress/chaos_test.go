package main

import (
	"runtime"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/cmd/stress/rig"
	"github.com/plumbline/plumbline/internal/local/emulator"
)

func TestChaos_WhatIsAcknowledgedSurvivesKillsAndABadNetwork(t *testing.T) {
	t.Parallel()
	c := chaos{
		seed: 3, rounds: 3, lasts: 1500 * time.Millisecond, senders: 3,
		binaries: t.TempDir(), emulators: emulator.ForTest(t), prefix: "chaos-",
	}
	if err := rig.Build(t.Context(), "../../..", c.binaries, runtime.GOARCH); err != nil {
		t.Fatal(err)
	}
	result, err := c.run(t.Context(), t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	kills := 0
	for _, n := range result.kills {
		kills += n
	}
	if result.deliveries < 20 || kills < 5 || result.faults != 2*c.rounds {
		t.Errorf("%+v: the chaos is not what it should be", result)
	}
	t.Logf("%+v", result)
}
