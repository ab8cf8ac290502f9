package load_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/load"
)

func TestAFileBecomesTheSidesOfItsSystem(t *testing.T) {
	w := newWorld(t)
	w.load.Chunk = 2
	w.put(t, "stock.csv", stockFile(5, 0, 7, 12, 3), nil)
	w.run(t)
	if got := w.stock(t, 6); got != "5 0 7 12 3 -" {
		t.Errorf("stock %s", got)
	}
	c := w.certificates(t)[0]
	if c.State != load.Done || c.Rows != 5 || c.Records != 5 || c.Keys != 5 || c.Rejected != 0 || c.Truncated || !c.Complete || !c.Concludes {
		t.Errorf("certificate %+v", c)
	}
	if len(c.Checksum) != 64 || len(c.KeysChecksum) != 64 || c.Bytes == 0 || !strings.Contains(c.As, "Shopify inventory") {
		t.Errorf("certificate %+v", c)
	}
}

func TestTheSameFileTwiceChangesNothing(t *testing.T) {
	w := newWorld(t)
	meta := map[string]string{load.AsOfMeta: "2026-03-03T08:00:00Z"}
	w.put(t, "stock.csv", stockFile(5, 6, 7), meta)
	w.run(t)
	before := w.row(t, 1)
	w.now = w.now.Add(time.Hour)
	w.put(t, "stock.csv", stockFile(5, 6, 7), meta)
	w.put(t, "again.csv", stockFile(5, 6, 7), meta)
	w.run(t)
	if after := w.row(t, 1); after.Rev != before.Rev {
		t.Errorf("revision %d, want %d", after.Rev, before.Rev)
	}
}

func TestAFileIsAppliedAsOfItsOwnTime(t *testing.T) {
	w := newWorld(t)
	for i, at := range []time.Duration{-2 * time.Hour, -30 * time.Minute} {
		w.hookAt(t, i, 100+i, nine.Add(at))
	}
	w.put(t, "stock.csv", stockFile(5, 6), map[string]string{load.AsOfMeta: "2026-03-03T08:00:00Z"})
	w.run(t)
	if got := w.stock(t, 2); got != "5 101" {
		t.Errorf("stock %s, want the file's where it is newer", got)
	}
	w.hook(t, 0, 4)
	if got := w.stock(t, 1); got != "4" {
		t.Errorf("stock %s, want what the webhook told since", got)
	}
}

func TestRowsThatCannotBeReadAreReportedWithoutTheirValues(t *testing.T) {
	w := newWorld(t)
	content := strings.Replace(stockFile(5, 6, 7), "6,6\n", "plenty,6\n", 1)
	w.put(t, "stock.csv", content, nil)
	w.run(t)
	if got := w.stock(t, 3); got != "5 - 7" {
		t.Errorf("stock %s", got)
	}
	body, err := w.files.Get(t.Context(), "exports/shop/inventory/stock.csv.report.json")
	if err != nil {
		t.Fatal(err)
	}
	var r load.Report
	if err := json.Unmarshal(body, &r); err != nil {
		t.Fatal(err)
	}
	if len(r.RejectedRows) != 1 || r.RejectedRows[0].Line != 3 || r.RejectedRows[0].Column == 0 || r.Concludes || r.State != load.Done {
		t.Errorf("report %s", body)
	}
	if strings.Contains(string(body), "plenty") {
		t.Error("the report repeats a value")
	}
	if why := w.noted(t, "rejected", "inventory"); !strings.Contains(why, "1 of 3 rows of stock.csv cannot be read, the first: line 3") || strings.Contains(why, "plenty") {
		t.Errorf("noted %q", why)
	}
	w.now = w.now.Add(time.Hour)
	w.put(t, "stock.csv", stockFile(5, 6, 7), nil)
	w.run(t)
	if why := w.noted(t, "rejected", "inventory"); why != "" {
		t.Errorf("still noted after a good file: %q", why)
	}
}

func TestAFileOfAnotherLayoutIsRefusedWithTheReason(t *testing.T) {
	w := newWorld(t)
	w.put(t, "orders.csv", "Name,Total\nUS1,5\n", nil)
	w.run(t)
	if c := w.certificates(t)[0]; c.State != load.Refused || !strings.Contains(c.Why, "shopify-inventory") {
		t.Errorf("certificate %+v", c)
	}
	if why := w.noted(t, "rejected", "inventory"); !strings.Contains(why, "orders.csv cannot be read") {
		t.Errorf("noted %q", why)
	}
}

func TestWhatIsNoExportIsLeftAlone(t *testing.T) {
	w := newWorld(t)
	for _, key := range []string{"exports/shop/inventory/a.csv.report.json", "exports/shop/stocks/a.csv", "exports/shop/a.csv", "loads/x/keys", "exports/nobody/inventory/a.csv"} {
		if err := w.files.Put(t.Context(), key, []byte(stockFile(1))); err != nil {
			t.Fatal(err)
		}
		if err := w.loads.Send(t.Context(), event(key)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.loads.Send(t.Context(), `{"Event":"s3:TestEvent"}`); err != nil {
		t.Fatal(err)
	}
	w.run(t)
	if got := w.stock(t, 1); got != "-" {
		t.Errorf("stock %s", got)
	}
}

func TestAnExportSaysNothingAboutWhetherItsSystemIsHeard(t *testing.T) {
	w := newWorld(t)
	w.put(t, "stock.csv", stockFile(5), map[string]string{load.CompleteMeta: "false"})
	w.run(t)
	marks, err := w.findings.GetMarks(t.Context(), []string{"covered|shop|inventory", "late", "snapshot|shop|inventory"})
	if err != nil || len(marks) != 1 || !marks["snapshot|shop|inventory"].Equal(nine) {
		t.Errorf("marks %v, %v", marks, err)
	}
}
