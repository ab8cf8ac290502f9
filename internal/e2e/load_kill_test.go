package e2e_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/load"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/local/emulator"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/wire"
)

func bigExport(rows int) string {
	var b strings.Builder
	b.WriteString("Handle,SKU,Location,Committed (not editable),Available (not editable),On hand (current)\n")
	for i := range rows {
		fmt.Fprintf(&b, "mug,BIG-%05d,655441491,0,%d,%d\n", i, i, i)
	}
	return b.String()
}

// TestLoad_AKilledStackLoadsEachRowOnce kills the program while it merges what a
// file says, twice, and starts it again.
func TestLoad_AKilledStackLoadsEachRowOnce(t *testing.T) {
	t.Parallel()
	const rows = 4000
	folder, file := t.TempDir(), filepath.Join(t.TempDir(), "stock.csv")
	if err := os.WriteFile(file, []byte(bigExport(rows)), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"run", "--data", folder, "--addr", "127.0.0.1:0"}
	began := false
	for run := range 3 {
		p, err := launch(args...)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(p.kill)
		var w *wire.Wire
		if err := p.await(time.Minute, func() bool { w = reach(folder); return w != nil }); err != nil {
			t.Fatal(err)
		}
		if !began {
			began = true
			command(t, "load", "shopify-us", "inventory", file, "--data", folder, "--as-of", "2h", "--complete", "--wait", "1s")
		}
		merged, last := 0, run == 2
		until := func() bool {
			merged = 0
			_ = w.Records().Scan(t.Context(), commerce.Inventory, func(record.Row) error { merged++; return nil })
			return merged >= (run+1)*rows/4
		}
		if last {
			until = func() bool {
				l, err := load.ReadLedger(t.Context(), w.Findings(), "shopify-us", commerce.Inventory)
				return err == nil && len(l.Loads) > 0 && l.Loads[0].State == load.Done
			}
		}
		if err := p.await(2*time.Minute, until); err != nil {
			t.Fatal(err)
		}
		if last {
			wantEachOnce(t, w, rows)
		}
		p.kill()
	}
}

func wantEachOnce(t *testing.T, w *wire.Wire, rows int) {
	t.Helper()
	n := 0
	err := w.Records().Scan(t.Context(), commerce.Inventory, func(r record.Row) error {
		if n++; len(r.Views) != 1 || r.SideOf("shopify-us").Facets["available"].String() != fmt.Sprint(number(r.Key[0])) {
			t.Errorf("%s: %+v", r.ID(), r.Views)
		}
		return nil
	})
	l, err2 := load.ReadLedger(t.Context(), w.Findings(), "shopify-us", commerce.Inventory)
	if err != nil || err2 != nil || n != rows || len(l.Loads) != 1 || l.Loads[0].Keys != rows || l.Loads[0].Gone > 0 {
		t.Errorf("%d rows, %+v, %v, %v", n, l, err, err2)
	}
}

func number(sku string) (n int) {
	_, _ = fmt.Sscanf(sku, "BIG-%d", &n) // what is no number is 0
	return n
}

// reach wires to the stack on a folder, or is nil while none is open.
func reach(folder string) *wire.Wire {
	r, err := local.Find(folder)
	if err != nil || r.Front == "" || !answers(strings.TrimPrefix(r.Front, "http://")) {
		return nil
	}
	env := r.Resources.Environ()
	w, err := wire.New(wire.Options{AWS: r.AWSConfig(), Getenv: func(name string) string {
		if value, ok := env[name]; ok {
			return value
		}
		if name == contract.StageVariable {
			return "local"
		}
		return environment(name)
	}})
	if err != nil {
		return nil
	}
	return w
}

// TestLoad_LiveWebhooksKeepTheirPace: what a webhook tells is merged within
// seconds while a file waits to be.
func TestLoad_LiveWebhooksKeepTheirPace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, local.Options{Memory: true, Emulators: emulator.ForTest(t), Plan: local.Plan{Prefix: "pace-"}, Schedules: []contract.Schedule{}})
	at := load.Place{System: "shopify-us", Kind: commerce.Inventory, Name: "big.csv"}
	if err := w.wire.Exports().Write(t.Context(), at.Key(), strings.NewReader(bigExport(5000)), map[string]string{load.AsOfMeta: time.Now().Add(-time.Hour).Format(time.RFC3339)}); err != nil {
		t.Fatal(err)
	}
	if err := w.LookForExports(t.Context()); err != nil {
		t.Fatal(err)
	}
	bulk, slowest, during := w.wire.Queue(contract.Bulk), time.Duration(0), 0
	for i := range 200 {
		sku := fmt.Sprintf("LIVE-%d", i)
		began := time.Now()
		body := stockReport(sku, "7", w.Clock().Now())
		if got := w.call(t, http.MethodPost, "erp", w.sign(t, "erp", "", sku, body), body); got != http.StatusOK {
			t.Fatalf("answered %d", got)
		}
		for !w.has(t, sku) {
			if time.Since(began) > patience {
				t.Fatal("the webhook waits behind the file")
			}
			time.Sleep(5 * time.Millisecond)
		}
		slowest = max(slowest, time.Since(began))
		visible, inFlight, _, err := bulk.Depth(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if visible+inFlight > 0 {
			during++
		} else if during > 0 {
			break
		}
	}
	if during < 3 || slowest > 10*time.Second {
		t.Errorf("%d webhooks came while rows of the file waited, the slowest took %v", during, slowest)
	}
	t.Logf("%d webhooks came while rows of the file waited, the slowest took %v", during, slowest)
}

// has reports whether the ERP's stock of an SKU is merged.
func (w *world) has(t *testing.T, sku string) bool {
	t.Helper()
	found := false
	for _, location := range []string{"east", "west"} {
		id := commerce.Key{sku, location}.ID(commerce.Inventory)
		rows, err := w.wire.Records().Get(t.Context(), []commerce.RecordID{id})
		if err != nil {
			t.Fatal(err)
		}
		found = found || len(rows) > 0
	}
	return found
}
