package bench

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/docpage"
)

var update = flag.Bool("update", false, "rewrite the tables of docs/cost.md")

const costPage = "../../docs/cost.md"

// The page of what webhooks cost says what is measured here and now, times the
// price list.
func TestThePageOfCostsIsWhatIsMeasured(t *testing.T) {
	columns := []column{
		{"stock, one at a time", measured(t, spread, 1)},
		{"stock, batches of 10", measured(t, spread, 10)},
		{"orders, batches of 10", measured(t, func(w *world) []delivery { return w.orders(t, 100) }, 10)},
		{"textbook, stock, one at a time", textbook(t, 1)},
		{"textbook, stock, batches of 10", textbook(t, 10)},
	}
	page, err := os.ReadFile(costPage)
	if err != nil {
		t.Fatal(err)
	}
	want := replaced(t, string(page), "webhooks", table(columns))
	want = replaced(t, want, "standing", standing(t))
	if *update {
		if err := os.WriteFile(costPage, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, string(page)); diff != "" {
		t.Errorf("docs/cost.md (-measured +says; `make golden` rewrites it):\n%s", diff)
	}
}

// column is one way to take webhooks, and its bill.
type column struct {
	name  string
	lines []line
}

// measured is the bill of traffic through all functions, after the opening.
func measured(t *testing.T, traffic func(*world) []delivery, size int) []line {
	t.Helper()
	c := newChain(t)
	c.run(t, c.opening(), 10)
	c.account.spent = spending{invocations: map[string]int{}, messages: map[string]int{}}
	deliveries := traffic(c.world)
	c.run(t, deliveries, size)
	return c.account.spent.bill(len(deliveries), size)
}

// textbook is the bill of the design that guides recommend, for the same
// deliveries: a queue, a table of processed ids, a read and a write. It takes
// the front, the time and the log lines of the functions here, keeps one
// system's value and compares nothing.
func textbook(t *testing.T, size int) []line {
	t.Helper()
	w := inMemory(t)
	w.messages(t, w.opening())
	deliveries := spread(w)
	p := newPeer(t)
	for _, m := range w.messages(t, deliveries) {
		for _, o := range w.envelopes[m.Body].Observations {
			p.process(t.Context(), t, m.ID, o)
		}
	}
	c := newChain(t)
	for _, d := range deliveries {
		c.now = d.at
		c.receive(t, d)
	}
	n := len(deliveries)
	return spending{
		dynamo: p.usage, sends: c.account.spent.sends, logged: c.account.spent.logged,
		invocations: map[string]int{contract.Receive: n, contract.Merge: (n + size - 1) / size},
		messages:    map[string]int{contract.Merge: n},
	}.bill(n, size)
}

// table writes the bills beside each other.
func table(columns []column) string {
	var text strings.Builder
	text.WriteString("| |")
	for _, c := range columns {
		fmt.Fprintf(&text, " %s |", c.name)
	}
	text.WriteString("\n|---|" + strings.Repeat("---|", len(columns)) + "\n")
	totals := make([]float64, len(columns))
	for i, first := range columns[0].lines {
		fmt.Fprintf(&text, "| %s |", first.name)
		for j, c := range columns {
			totals[j] += c.lines[i].dollars
			fmt.Fprintf(&text, " %s → $%.2f |", amount(c.lines[i].each), c.lines[i].dollars)
		}
		text.WriteString("\n")
	}
	text.WriteString("| **a million webhooks** |")
	for _, total := range totals {
		fmt.Fprintf(&text, " **$%.2f** |", total)
	}
	return text.String() + "\n"
}

func amount(each float64) string {
	switch {
	case each == 0:
		return "0"
	case each >= 100:
		return fmt.Sprintf("%.0f", each)
	default:
		return fmt.Sprintf("%.2f", each)
	}
}

// standing is what the schedule costs in a month of 30 days in which nothing
// happens, but for the canaries that drift sends itself: an hour's ticks after
// those of another hour, in which what is read once has been read.
func standing(t *testing.T) string {
	t.Helper()
	c := newChain(t)
	c.now = nine
	const hour, ticks = 60, 30 * 24 * 60
	for minute := range 2 * hour {
		if minute == hour {
			c.account.spent = spending{invocations: map[string]int{}, messages: map[string]int{}}
		}
		c.invoke(t, contract.Drift, 0, struct{}{})
		c.consume(t, contract.Observations, 10)
		c.consume(t, contract.Looks, 10)
		c.now = c.now.Add(time.Minute)
	}
	s, invocations := c.account.spent, 0
	for _, n := range s.invocations {
		invocations += n
	}
	u := s.dynamo
	lines := []struct {
		name          string
		units, prices float64
	}{
		{"read units of DynamoDB", u.Reads + u.IndexReads, perMillionReads},
		{"write units of DynamoDB", u.Writes + u.IndexWrites + float64(u.Refused), perMillionWrites},
		// What no message calls is not received, nor deleted.
		{"requests of SQS", float64(s.sends + 2*(invocations-hour)), perMillionQueueRequests},
		{"requests of Lambda", float64(invocations), perMillionInvocations},
		{"reads of the board in S3", float64(s.boardGets), perMillionGets},
		{"writes of the board in S3", float64(s.boardPuts), perMillionPuts},
	}
	text := "| each minute | a month |\n|---|---|\n"
	for _, l := range lines {
		text += fmt.Sprintf("| %.1f %s | $%.2f |\n", l.units/hour, l.name, l.units/hour*ticks/1e6*l.prices)
	}
	return text
}

// replaced puts a table between its two marks on the page.
func replaced(t *testing.T, page, name, text string) string {
	t.Helper()
	whole, err := docpage.With(page, name, text)
	if err != nil {
		t.Fatalf("docs/cost.md: %v", err)
	}
	return whole
}
