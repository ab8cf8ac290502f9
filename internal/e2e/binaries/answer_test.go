package binaries_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

func TestEveryFunctionAnswersItsEvents(t *testing.T) {
	names, err := functions()
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, "answer-", small)
	w.store(t)
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := calls(name, time.Now())
			if len(all) == 0 {
				t.Fatalf("no event of %s is known here", name)
			}
			e := start(t, bundle(t, name, small, w.env))
			for _, c := range all {
				answer, err := e.Invoke(t.Context(), payload(t, c.event))
				if err != nil || string(answer) != c.answer {
					t.Errorf("%s: answered %s, %v; want %s. The function says: %s", c.name, answer, err, c.answer, e.Logs())
				}
				wantNoSecrets(t, string(answer))
			}
			wantNoSecrets(t, e.Logs())
			t.Logf("%s: %v from the start of the process to the first answer", name, e.ColdStart().Round(100*time.Microsecond))
		})
	}
}

// known is the alert that notify is told of.
const known = "0123456789ab"

// store writes what events name.
func (w *world) store(t *testing.T) {
	t.Helper()
	now := time.Now()
	err := w.wire.Findings().PutAlert(t.Context(), alert.Alert{
		ID: known, Integration: "stock-to-storefront", Rule: "stock", Class: finding.ValueDiffers, Severity: "critical",
		Owner: alert.Owner{Team: "inventory-ops", Slack: "#inventory-ops", Person: "dana"}, From: "erp", To: "shop", Kind: commerce.Inventory,
		Members: []alert.Member{{Finding: known, Key: "MUG-BLU@east", State: finding.Open, Since: now, Opened: now, Joined: 1, Changed: 1}},
		Opened:  now, Seq: 1, Published: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
}
