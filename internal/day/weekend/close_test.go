package weekend_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/day/daytest"
	"github.com/plumbline/plumbline/internal/total"
)

// closes puts March together, as plumbline close does, and holds what it says to
// the script: Saturday has $51.50 that nothing explains, Sunday nothing.
func closes(t *testing.T, s *daytest.Stage) {
	t.Helper()
	month := total.Close{Month: "2026-03", Made: time.Date(2026, 3, 9, 12, 0, 0, 0, time.UTC)}
	month.Ledgers = []total.Ledger{ledger(t, s, "2026-03-07", "2026-03-08", "2026-03-09")}
	if got := unexplained(month); got != "USD 51.5" {
		t.Errorf("the month is unexplained by %q, want USD 51.5", got)
	}
	var doubts []string
	for _, d := range month.Doubts() {
		doubts = append(doubts, d.Period+" "+string(d.Outcome)+" "+d.Why)
	}
	if len(doubts) != 2 || !strings.HasPrefix(doubts[0], "2026-03-07 differ ") || doubts[1] != "2026-03-09 cannot_tell not added up yet" {
		t.Errorf("in doubt are %q, want Saturday, and Monday, which is not over", doubts)
	}
	if month.Closed() {
		t.Error("a month with doubts is closed and nobody signed it")
	}
	signed(t, month)

	sunday := total.Close{Month: "2026-03", Made: month.Made, Ledgers: []total.Ledger{ledger(t, s, "2026-03-08")}}
	if got := unexplained(sunday); got != "USD 0" || !sunday.Closed() {
		t.Errorf("Sunday is unexplained by %q, closed %t; want USD 0, closed", got, sunday.Closed())
	}
}

// signed holds a pack to what is signed with it: its doubts, each file's hash, and
// the pack before it.
func signed(t *testing.T, month total.Close) {
	t.Helper()
	month.SignOff = &total.SignOff{By: "Noor", At: month.Made}
	files, err := month.Pack(nil)
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := total.ReadManifest(files[total.ManifestFile])
	if err != nil || len(manifest.Doubts) != 2 || manifest.SignOff.By != "Noor" || !month.Closed() {
		t.Errorf("the manifest is %+v: %v", manifest, err)
	}
	april := total.Close{Month: "2026-04", Made: month.Made.AddDate(0, 1, 0)}
	next, err := april.Pack(files[total.ManifestFile])
	if err != nil {
		t.Fatal(err)
	}
	if wrong := slices.Concat(total.Verify(files, nil), total.Verify(next, files[total.ManifestFile])); len(wrong) > 0 {
		t.Errorf("untouched packs: %q", wrong)
	}
	if !bytes.Contains(files["differences.csv"], []byte("portal/P2990")) {
		t.Errorf("differences.csv does not name the order:\n%s", files["differences.csv"])
	}
	files["differences.csv"] = bytes.Replace(files["differences.csv"], []byte("P2990"), []byte("P2991"), 1)
	if wrong := total.Verify(files, nil); !slices.Equal(wrong, []string{"differences.csv was changed"}) {
		t.Errorf("after a change of a file: %q", wrong)
	}
}

// ledger is what the rule day-close added up of some days, as far as they are over.
func ledger(t *testing.T, s *daytest.Stage, days ...string) total.Ledger {
	t.Helper()
	l := total.Ledger{Integration: "orders-to-erp", Owner: "finance", Rule: "day-close", Wanted: days}
	for _, period := range days {
		d, err := s.Findings.GetDocument(t.Context(), total.Document("orders-to-erp/day-close", period))
		if err != nil {
			continue
		}
		var day total.Day
		if err := json.Unmarshal(d.Body, &day); err != nil {
			t.Fatal(err)
		}
		l.Days = append(l.Days, day)
	}
	return l
}

func unexplained(c total.Close) string {
	var all []string
	for _, r := range c.Unexplained() {
		all = append(all, r.Currency+" "+r.Unexplained.String())
	}
	return strings.Join(all, ", ")
}
