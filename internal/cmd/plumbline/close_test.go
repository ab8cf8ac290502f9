package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/total"
)

// march is a month of which one day is explained and one was not covered.
func march(t *testing.T, change ...func(*total.Close)) total.Close {
	t.Helper()
	impact := commerce.MustDecimal("384.1")
	c := total.Close{
		Month: "2026-03", Made: time.Date(2026, 4, 1, 15, 0, 0, 0, time.UTC),
		Ledgers: []total.Ledger{{
			Integration: "orders", Owner: "finance", Rule: "day-close", Wanted: []string{"2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06"}, Days: tuesday(t),
		}},
		Findings: []total.OpenFinding{{ID: "a1b2", Integration: "orders", Owner: "finance", Record: "shopify-us/US1042", Currency: "USD", Impact: &impact}},
	}
	for _, f := range change {
		f(&c)
	}
	return c
}

func signed(c *total.Close) { c.SignOff = &total.SignOff{By: "Noor", At: c.Made} }

func TestClose_SaysWhatIsInDoubtAndWhoSigned(t *testing.T) {
	var text bytes.Buffer
	out := &output{Writer: &text}
	printClose(out, march(t), filepath.Join("close", "2026-03"))
	out.line("---")
	printClose(out, march(t, signed), filepath.Join("close", "2026-03"))
	golden(t, "close.txt", text.Bytes())
}

func TestClose_NobodySignsAMonthThatIsNotOver(t *testing.T) {
	r := &registry.Registry{Integrations: []registry.Integration{{Rules: []registry.Rule{{Totals: &registry.Totals{Closes: 9 * 60, Zone: time.UTC, Days: time.UTC}}}}}}
	days, _ := total.DaysOf("2026-11")
	closes := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	if err := over(r, "2026-11", days, closes.Add(-time.Second)); err == nil || !strings.Contains(err.Error(), "closes at 2026-12-01 09:00 UTC") {
		t.Errorf("%v", err)
	}
	if err := over(r, "2026-11", days, closes); err != nil {
		t.Error(err)
	}
}

func TestClose_PacksFollowOneAnother(t *testing.T) {
	dir := t.TempDir()
	for _, month := range []string{"2026-01", "2026-03"} {
		if _, err := writePack(dir, march(t, func(c *total.Close) { c.Month = month })); err != nil {
			t.Fatal(err)
		}
	}
	m, err := writePack(dir, march(t, signed))
	if err != nil || m.Previous == nil || m.Previous.Month != "2026-01" {
		t.Fatalf("%+v, %v", m.Previous, err)
	}
	if _, err := writePack(dir, march(t)); err == nil || !strings.Contains(err.Error(), "2026-03 is closed and signed") {
		t.Errorf("a signed pack is written over: %v", err)
	}
	var text bytes.Buffer
	if err := verifyPacks(dir, &output{Writer: &text}); err != nil {
		t.Errorf("%v: %s", err, text.String())
	}
	if err := os.WriteFile(filepath.Join(dir, "2026-01", total.TotalsFile), []byte("period\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	text.Reset()
	var exit exitError
	if err := verifyPacks(dir, &output{Writer: &text}); !errors.As(err, &exit) || exit != 1 {
		t.Errorf("a changed pack passes: %v", err)
	}
	golden(t, "verify.txt", text.Bytes())
	text.Reset()
	var packs []verifiedPack
	err = verifyPacks(dir, &output{Writer: &text, json: true})
	if bad := json.Unmarshal(text.Bytes(), &packs); bad != nil || len(packs) == 0 || !errors.As(err, &exit) || exit != 1 {
		t.Errorf("%s: %v, %v", &text, err, bad)
	}
	if err := verifyPacks(t.TempDir(), &output{Writer: &text}); err == nil {
		t.Error("no packs pass")
	}
}
