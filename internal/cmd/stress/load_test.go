package main

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/local/emulator"
)

func TestMain(m *testing.M) { emulator.Main(m) }

func TestLoad_NothingIsLostAndEachDifferenceIsToldOnce(t *testing.T) {
	t.Parallel()
	l := load{
		rate: 60, lasts: 4 * time.Second, crowd: 300, changes: 200, probes: 3, skus: 40, sample: time.Second, seed: 7,
		emulators: emulator.ForTest(t), plan: local.Plan{Prefix: "load-", Window: time.Second, Visibility: 5 * time.Second},
	}
	result, err := l.run(t.Context(), t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	if sent := result.sent.Accepted + result.burst.Accepted + result.flash.Accepted; sent < 400 || result.deliveries < 400 {
		t.Errorf("%d deliveries were sent, %d of them different: the load is not what it should be", sent, result.deliveries)
	}
	if len(result.alerts) != l.probes || len(result.course) == 0 {
		t.Errorf("%d of %d alerts, %d moments of the course", len(result.alerts), l.probes, len(result.course))
	}
}
