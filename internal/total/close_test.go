package total_test

import (
	"bytes"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/total"
)

var update = flag.Bool("update", false, "write the golden files")

var made = time.Date(2026, 12, 1, 15, 0, 0, 0, time.UTC)

// november is a month of two days: one that is explained, and one with a rest.
func november(change ...func(*total.Close)) total.Close {
	day := func(period string, limits total.Limits, entries ...total.Entry) total.Day {
		d := total.Day{Integration: "orders-to-erp", Rule: "day-close", Kind: commerce.Order, Period: period, From: "shopify-us", To: "erp", Judged: made}
		var s total.Sheets
		for _, e := range entries {
			e.Period = period
			s.Add(rule, e)
		}
		for _, b := range s[rule].Of(period) {
			d.Results = append(d.Results, total.Judge(b, limits))
		}
		return d
	}
	rounding := order(4, "10", "10.01")
	rounding.Sums["total"] = total.Sum{Expected: commerce.Int(10), Actual: commerce.MustDecimal("10.01"), Allowed: commerce.MustDecimal("0.01")}
	eur := order(7, "20", "20")
	eur.By, eur.Currency = "EUR", "EUR"
	impact := commerce.MustDecimal("384.1")
	c := total.Close{
		Month: "2026-11", Made: made,
		Ledgers: []total.Ledger{
			{
				Integration: "orders-to-erp", Owner: "order-desk", Rule: "day-close", Wanted: []string{"2026-11-21", "2026-11-22", "2026-11-23", "2026-11-24"},
				Days: []total.Day{
					day("2026-11-21", total.Limits{}, order(1, "37062.20", "37062.20"), told(order(2, "384.10", "0")), rounding, eur),
					day("2026-11-22", total.Limits{}, order(5, "186.40", "168.40"), waits(order(6, "5", "0"))),
					{Integration: "orders-to-erp", Rule: "day-close", Period: "2026-11-23", Trouble: "erp sent no news of order from 2026-11-23 14:00 UTC on"},
				},
			},
		},
		Findings: []total.OpenFinding{
			{
				ID: "f-1", Integration: "orders-to-erp", Owner: "order-desk", Rule: "order-in-erp", Class: "missing", Kind: "order", Record: "shopify-us/US0002",
				State: "open", Severity: "critical", Since: made.AddDate(0, 0, -10), Currency: "USD", Impact: &impact,
			},
			{
				ID: "f-2", Integration: "orders-to-erp", Owner: "order-desk", Rule: "stock", Class: "late", Kind: "inventory", Record: "=HYPERLINK(1)@east",
				State: "waived", Severity: "minor", Since: made.AddDate(0, -1, -10),
			},
		},
	}
	for _, f := range change {
		f(&c)
	}
	return c
}

func pack(t testing.TB, c total.Close, before []byte) map[string][]byte {
	t.Helper()
	files, err := c.Pack(before)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestClose_ThePackReadsAsAControllerWantsIt(t *testing.T) {
	for name, body := range pack(t, november(), nil) {
		path := filepath.Join("testdata", "close", name)
		if *update {
			if err := os.WriteFile(path, body, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(body)); diff != "" {
			t.Errorf("%s changed (-golden +now):\n%s", name, diff)
		}
	}
}

func TestClose_IsOverWhenNothingIsInDoubtOrSomebodySigned(t *testing.T) {
	explained := func(c *total.Close) {
		c.Ledgers[0].Wanted = c.Ledgers[0].Wanted[:1]
		c.Ledgers[0].Days = c.Ledgers[0].Days[:1]
	}
	signed := func(c *total.Close) { c.SignOff = &total.SignOff{By: "Noor", At: made} }
	missing := func(c *total.Close) { c.Ledgers[0].Days = nil }
	for _, c := range []struct {
		name   string
		close  total.Close
		doubts int
		closed bool
	}{
		{"in doubt", november(), 3, false},
		{"in doubt and signed", november(signed), 3, true},
		{"explained", november(explained), 0, true},
		{"never added up", november(missing), 4, false},
	} {
		if got := c.close.Doubts(); len(got) != c.doubts || c.close.Closed() != c.closed {
			t.Errorf("%s: closed %t, doubts %+v", c.name, c.close.Closed(), got)
		}
	}
}

func TestClose_SaysWhatNothingExplainsByCurrency(t *testing.T) {
	got := map[string]string{}
	for _, r := range november().Unexplained() {
		got[r.Currency] = total.Money(r.Unexplained, r.Currency)
	}
	if diff := cmp.Diff(map[string]string{"EUR": "0.00", "USD": "18.00"}, got); diff != "" {
		t.Error(diff)
	}
}

// Whatever is changed in a chain of packs, verifying says so.
func TestVerify_FindsEveryChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var chain []map[string][]byte
		var before []byte
		for _, month := range []string{"2026-09", "2026-10", "2026-11"} {
			c := november(func(c *total.Close) { c.Month = month })
			files, err := c.Pack(before)
			if err != nil {
				t.Fatal(err)
			}
			before = files[total.ManifestFile]
			chain = append(chain, files)
		}
		if wrong := verify(chain); len(wrong) > 0 {
			t.Fatalf("untouched packs: %v", wrong)
		}
		at := rapid.IntRange(0, 2).Draw(t, "pack")
		pack := chain[at]
		name := rapid.SampledFrom(slices.Sorted(maps.Keys(pack))).Draw(t, "file")
		switch rapid.IntRange(0, 3).Draw(t, "what") {
		case 0:
			delete(pack, name)
		case 1:
			pack["more.csv"] = []byte("x")
		case 2:
			if at == 2 && name == total.ManifestFile {
				return // the last manifest has no successor that would know it
			}
			body := bytes.Clone(pack[name])
			body[rapid.IntRange(0, len(body)-1).Draw(t, "byte")] ^= 1
			pack[name] = body
		default:
			// A manifest that fits its changed table: only the next month knows.
			c := november(func(c *total.Close) { c.Month, c.Findings = "2026-10", nil })
			files, err := c.Pack(chain[0][total.ManifestFile])
			if err != nil {
				t.Fatal(err)
			}
			chain[1] = files
		}
		if len(verify(chain)) == 0 {
			t.Fatal("the change is not found")
		}
	})
}

func verify(chain []map[string][]byte) []string {
	var wrong []string
	var before []byte
	for _, files := range chain {
		wrong = append(wrong, total.Verify(files, before)...)
		before = files[total.ManifestFile]
	}
	return wrong
}

func TestVerify_MissesAPackThatIsGone(t *testing.T) {
	first := pack(t, november(func(c *total.Close) { c.Month = "2026-10" }), nil)
	second := pack(t, november(), first[total.ManifestFile])
	if wrong := total.Verify(second, nil); len(wrong) != 1 || !strings.Contains(wrong[0], "2026-10, is missing") {
		t.Errorf("%v", wrong)
	}
	if wrong := total.Verify(first, second[total.ManifestFile]); len(wrong) != 1 {
		t.Errorf("%v", wrong)
	}
}
