package e2e_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/total"
	"github.com/plumbline/plumbline/internal/wire"
)

// closingRegistry has two owners whose totals close.
const closingRegistry = `
systems:
  shop: {platform: shopify, shop: acme.myshopify.com, secrets: [env:SHOP], currency: USD}
  erp: {platform: standard, secrets: [env:ERP], currency: USD}
defaults: {mode: alert}
integrations:
  orders:
    purpose: Orders
    owner: {team: order-desk, slack: "#order-desk"}
    deputy: {person: lee@acme.example}
    runbook: builtin
    on_failure: Orders are not picked.
    from: shop
    to: erp
    rules:
      - {id: day-close, kind: order, check: total, by: [day, currency], sum: [total_current], count: true, closes: "09:00"}
  refunds:
    purpose: Refunds
    owner: {team: finance, slack: "#finance"}
    deputy: {person: lee@acme.example}
    runbook: builtin
    on_failure: The month does not close.
    from: shop
    to: erp
    rules:
      - {id: refund-close, kind: refund, check: total, by: [day, currency], sum: [amount], closes: "09:00"}
`

// closing is a stack that runs for as long as the test, and a folder of packs.
type closing struct {
	wire                  *wire.Wire
	data, registry, packs string
}

func newClosing(t *testing.T) closing {
	t.Helper()
	c := closing{data: t.TempDir(), registry: filepath.Join(t.TempDir(), "plumbline.yaml"), packs: filepath.Join(t.TempDir(), "close")}
	if err := os.WriteFile(c.registry, []byte(closingRegistry), 0o600); err != nil {
		t.Fatal(err)
	}
	stack, err := local.Start(t.Context(), local.Options{Data: c.data, Schedules: []contract.Schedule{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stack.Close(); err != nil {
			t.Errorf("close the stack: %v", err)
		}
	})
	getenv := stack.Getenv(environment)
	c.wire, err = wire.New(wire.Options{AWS: stack.AWSConfig(), Getenv: func(name string) string {
		if name == contract.RegistryVariable {
			return c.registry
		}
		return getenv(name)
	}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// run is one command line of the program. It answers what is printed.
func (c closing) run(t *testing.T, code int, args ...string) string {
	t.Helper()
	args = append([]string{"close"}, append(args, "--data", c.data, "--registry", c.registry)...)
	out, errs, got := commandIn(t, []string{"SHOP=a secret for these tests", "ERP=whsec_dGVzdHM="}, args...)
	if got != code {
		t.Fatalf("%v: exit code %d, want %d: %s%s", args, got, code, out, errs)
	}
	return out + errs
}

// month writes the days of a month as an audit leaves them: each rule has one
// record a day that agrees, and what is named by its day as well.
func (c closing) month(t *testing.T, month string, more map[string]total.Entry) {
	t.Helper()
	days, _ := total.DaysOf(month)
	for _, rule := range c.wire.Registry.TotalRules() {
		for _, day := range days {
			entries := []total.Entry{sold("shop/US1", "1000", "1000", "1")}
			if e, ok := more[day]; ok && rule.Kind == commerce.Order {
				entries = append(entries, e)
			}
			c.day(t, rule, day, entries...)
		}
	}
}

// day writes what a day came to, over what there was.
func (c closing) day(t *testing.T, rule registry.Rule, day string, entries ...total.Entry) {
	t.Helper()
	var sheets total.Sheets
	for _, e := range entries {
		e.Period = day
		if rule.Kind == commerce.Refund {
			e.Sums = map[string]total.Sum{"amount": e.Sums["total_current"]}
		}
		sheets.Add(rule.Name(), e)
	}
	begins, ends, _ := rule.Totals.Span(day)
	closes := rule.Totals.Closed(day)
	d := total.Day{
		Integration: rule.Integration, Rule: rule.ID, Kind: rule.Kind, Period: day, Begins: begins, Ends: ends,
		From: rule.From, To: rule.To, Closed: closes, Judged: closes,
	}
	for _, b := range sheets[rule.Name()].Of(day) {
		d.Results = append(d.Results, total.Judge(b, total.Limits{Within: rule.Totals.Within}))
	}
	body, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	name := total.Document(rule.Name(), day)
	old, err := c.wire.Findings().GetDocument(t.Context(), name)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		t.Fatal(err)
	}
	if err := c.wire.Findings().PutDocument(t.Context(), store.Document{Name: name, Body: body, Rev: old.Rev}); err != nil {
		t.Fatal(err)
	}
}

// sold is an order on both sides.
func sold(order, expected, actual, count string) total.Entry {
	return total.Entry{By: "USD", Currency: "USD", Record: order, Sums: map[string]total.Sum{
		"total_current": {Expected: commerce.MustDecimal(expected), Actual: commerce.MustDecimal(actual)},
		total.Records:   {Expected: commerce.Int(1), Actual: commerce.MustDecimal(count)},
	}}
}

// missed is an order that is missing, as a finding tells.
func missed(order, amount, id string) total.Entry {
	e := sold(order, amount, "0", "0")
	e.Finding = id
	return e
}

// found writes the finding about an order that is missing.
func (c closing) found(t *testing.T, id, order, amount string, state finding.State, since time.Time) {
	t.Helper()
	impact := commerce.MustDecimal(amount)
	err := c.wire.Findings().PutFinding(t.Context(), finding.Finding{
		ID: id, Integration: "orders", Rule: "order-in-erp", Owner: "order-desk", Class: finding.Missing, Kind: commerce.Order, Key: commerce.Key{"shop", order},
		State: state, Severity: "critical", Since: since, Opened: since, From: "shop", To: "erp", Currency: "USD", Impact: &impact,
	})
	if err != nil {
		t.Fatal(err)
	}
}

// file reads a file of a pack.
func (c closing) file(t *testing.T, month, name string) string {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(c.packs, month, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// edit replaces a text in a file of a pack until the returned function is called.
func (c closing) edit(t *testing.T, month, name, from, to string) (undo func()) {
	t.Helper()
	before := c.file(t, month, name)
	after := strings.Replace(before, from, to, 1)
	if after == before {
		t.Fatalf("%s of %s has no %q", name, month, from)
	}
	write := func(text string) {
		if err := os.WriteFile(filepath.Join(c.packs, month, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(after)
	return func() { write(before) }
}

var runsOfSpaces = regexp.MustCompile(` {2,}`)

// wantTold wants lines in a text, however its columns are aligned.
func wantTold(t *testing.T, text string, lines ...string) {
	t.Helper()
	text = runsOfSpaces.ReplaceAllString(text, " ")
	for _, line := range lines {
		if !strings.Contains(text, line) {
			t.Errorf("no %q in:\n%s", line, text)
		}
	}
}

// TestClose_MonthsAreExplainedSignedAndVerified takes a controller through two
// months: one that is put right before it is signed, and one that is accepted with a
// day that nobody added up.
func TestClose_MonthsAreExplainedSignedAndVerified(t *testing.T) {
	t.Parallel()
	c := newClosing(t)
	c.month(t, "2025-10", map[string]total.Entry{
		"2025-10-14": missed("shop/US1042", "384.10", "f-october"),
		"2025-10-20": sold("shop/US1033", "186.40", "168.40", "1"),
		"2025-10-21": sold("shop/US1034", "168.40", "186.40", "1"),
	})
	c.found(t, "f-october", "US1042", "384.10", finding.Open, time.Date(2025, 10, 14, 12, 0, 0, 0, time.UTC))
	c.found(t, "f-november", "US2042", "50", finding.Acknowledged, time.Date(2025, 11, 3, 12, 0, 0, 0, time.UTC))
	c.found(t, "f-over", "US1001", "7", finding.Resolved, time.Date(2025, 10, 2, 12, 0, 0, 0, time.UTC))
	out := []string{"--out", c.packs}

	// Two days that make up for one another are unexplained both.
	text := c.run(t, 1, append(out, "2025-10")...)
	wantTold(t, text, "In doubt", "2025-10-20 to 2025-10-21 orders / day-close USD differ nothing explains what is left of total_current",
		"orders order-desk day-close USD records 34 33 0 -1 0 0", "Open findings: 1, in ",
		"USD unexplained 36.00", "Not closed: explain what is in doubt, or accept it with --sign.")
	wantTold(t, c.file(t, "2025-10", "differences.csv"),
		"2025-10-14,orders,order-desk,day-close,USD,USD,shop/US1042,total_current,-384.10,finding,f-october,\n",
		"2025-10-20,orders,order-desk,day-close,USD,USD,shop/US1033,total_current,-18.00,nothing,,\n")

	for _, rule := range c.wire.Registry.TotalRules() {
		for _, day := range []string{"2025-10-20", "2025-10-21"} {
			c.day(t, rule, day, sold("shop/US1", "1000", "1000", "1"))
		}
	}
	wantTold(t, c.run(t, 0, append(out, "2025-10")...), "USD unexplained 0.00", "Nothing is in doubt.")
	wantTold(t, c.run(t, 0, append(out, "2025-10", "--sign", "Noor A.")...), "USD unexplained 0.00", "Signed by Noor A., ")
	if text := c.run(t, 2, append(out, "2025-10")...); !strings.Contains(text, "2025-10 is closed and signed") {
		t.Errorf("a signed month is closed once more: %s", text)
	}
	wantTold(t, c.file(t, "2025-10", "totals.csv"),
		"2025-10-14,orders,order-desk,day-close,USD,USD,total_current,1384.10,1000.00,-384.10,0.00,-384.10,0.00,0.00,explained,",
		"2025-10,orders,order-desk,day-close,USD,USD,total_current,31384.10,31000.00,-384.10,0.00,-384.10,0.00,0.00,,\n",
		"2025-10,refunds,finance,refund-close,USD,USD,amount,31000.00,31000.00,0.00,0.00,0.00,0.00,0.00,,\n")
	wantTold(t, c.file(t, "2025-10", "findings.csv"), "2025-10,f-october,orders,order-desk,order-in-erp,missing,order,shop/US1042,open,critical,2025-10-14T12:00:00Z,USD,384.10\n")
	for _, other := range []string{"f-november", "f-over"} {
		if strings.Contains(c.file(t, "2025-10", "findings.csv"), other) {
			t.Errorf("%s is not open in October", other)
		}
	}

	// Of the last day of November nothing is known.
	c.month(t, "2025-11", map[string]total.Entry{"2025-11-03": missed("shop/US2042", "50", "f-november")})
	for _, rule := range c.wire.Registry.TotalRules() {
		if err := c.wire.Findings().DeleteDocument(t.Context(), total.Document(rule.Name(), "2025-11-30")); err != nil {
			t.Fatal(err)
		}
	}
	wantTold(t, c.run(t, 1, append(out, "2025-11")...), "2025-11-30 orders / day-close cannot_tell not added up yet", "Not closed")
	wantTold(t, c.run(t, 0, append(out, "2025-11", "--sign", "Noor A.")...), "Accepted", "2025-11-30 refunds / refund-close cannot_tell not added up yet", "Signed by Noor A., ")
	wantTold(t, c.file(t, "2025-11", "findings.csv"), "2025-10,f-october,orders,order-desk,", "2025-11,f-november,orders,order-desk,")
	wantChain(t, c)

	// Whoever edits a table or a manifest is found.
	whole := c.run(t, 0, "--verify", c.packs)
	wantTold(t, whole, "2025-10 Noor A. as it was made", "2025-11 Noor A. as it was made")
	undo := c.edit(t, "2025-10", "differences.csv", "-384.10", "-38.41")
	wantTold(t, c.run(t, 1, "--verify", c.packs), "2025-10 Noor A. differences.csv was changed", "2025-11 Noor A. as it was made")
	undo()
	undo = c.edit(t, "2025-10", "manifest.json", "Noor A.", "Lee B.")
	wantTold(t, c.run(t, 1, "--verify", c.packs), "2025-10 Lee B. as it was made", "2025-11 Noor A. manifest.json of the pack before it, 2025-10, was changed")
	undo()
	if again := c.run(t, 0, "--verify", c.packs); again != whole {
		t.Errorf("packs as they were made: %s", again)
	}
}

// wantChain wants hashes of all files in the manifests of two signed months, each
// worked out here, and that of the first manifest in the second one.
func wantChain(t *testing.T, c closing) {
	t.Helper()
	hash := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return hex.EncodeToString(sum[:])
	}
	for _, month := range []string{"2025-10", "2025-11"} {
		var m total.Manifest
		if err := json.Unmarshal([]byte(c.file(t, month, "manifest.json")), &m); err != nil {
			t.Fatal(err)
		}
		if len(m.Files) != 3 || m.SignOff == nil || m.SignOff.By != "Noor A." || time.Since(m.SignOff.At) > time.Hour {
			t.Errorf("%s: %+v", month, m)
		}
		for _, f := range m.Files {
			if f.SHA256 != hash(c.file(t, month, f.Name)) {
				t.Errorf("%s: another hash of %s", month, f.Name)
			}
		}
		switch {
		case month == "2025-10" && (m.Previous != nil || len(m.Doubts) != 0 || m.Findings != 1):
			t.Errorf("October: %+v", m)
		case month == "2025-11" && (m.Previous == nil || *m.Previous != total.Previous{Month: "2025-10", SHA256: hash(c.file(t, "2025-10", "manifest.json"))}):
			t.Errorf("November does not follow from October: %+v", m.Previous)
		case month == "2025-11" && (len(m.Doubts) != 2 || m.Doubts[0].Period != "2025-11-30" || m.Findings != 2):
			t.Errorf("November: accepted are %+v, open %d", m.Doubts, m.Findings)
		}
	}
}
