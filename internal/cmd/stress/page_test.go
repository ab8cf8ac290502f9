package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/cmd/stress/rig"
)

func TestReport_ReplacesWhatStandsBetweenThePagesMarks(t *testing.T) {
	page := filepath.Join(t.TempDir(), "page.md")
	if err := os.WriteFile(page, []byte("before\n<!-- load begin -->\nold\n<!-- load end -->\nafter\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	wave := drained{Sent: &rig.Sent{Accepted: 20, Took: time.Second}, merged: 1500 * time.Millisecond}
	l := loaded{
		load: load{rate: 2, lasts: 10 * time.Minute, probes: 1, changes: 20}, sent: &rig.Sent{Accepted: 1200, Took: 10 * time.Minute},
		lags: rig.Times{3 * time.Millisecond, 12 * time.Second}, burst: wave, flash: wave, alerts: rig.Times{151 * time.Millisecond},
		course: []moment{{at: time.Minute, waiting: 7, memory: []resident{{"stack", 60 << 20}, {"node", 90 << 20}}}},
	}
	if err := l.report(io.Discard, page, "make load"); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"before\n<!-- load begin -->\n20", "2 deliveries a second for 10m |", "1200 accepted in 10m (2 a second)", "longest 12s",
		"aim p99 150 ms **missed**", "| SQS MB |", "| 1m | 0 ms | 0 ms | 0 ms | 7 | 60 | 90 |", "<!-- load end -->\nafter\n",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the page lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(string(text), "\nold\n") {
		t.Error("the page keeps the last result")
	}
}
