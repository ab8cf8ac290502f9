package drift_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/load"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
)

func TestBoard_SystemsShowTheirSubscriptionsAndTheWebhooksTheyLost(t *testing.T) {
	w := watch(stockRegistry("from.free", 10*time.Minute))
	p := newPages()
	w.drift.Documents, w.drift.Sweeps = w.findings, w.findings
	w.drift.Board = &drift.Board{Pages: p, Zone: time.UTC}
	w.drift.Registry.Systems["erp"] = registry.System{
		Name: "erp", Platform: "businesscentral", Subscriptions: &platform.Subscriptions{Chore: "subscriptions", Lasts: 72 * time.Hour},
	}
	asked := w.now.Add(-time.Hour)
	if err := w.findings.LatestMark(t.Context(), contract.ChoreMark("erp", "subscriptions"), asked); err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(load.Ledger{Loads: []load.Certificate{
		{State: load.Reading},
		{State: load.Done, Compared: true, Lost: 2, Told: 510, Since: asked.AddDate(0, 0, -1), AsOf: asked},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.findings.PutDocument(t.Context(), store.Document{Name: load.LedgerName("erp", commerce.Inventory), Body: body}); err != nil {
		t.Fatal(err)
	}
	w.tick(t)
	for _, want := range []string{
		"in order, asked <time datetime=\"" + asked.Format(time.RFC3339), "<time datetime=\"" + asked.Add(72*time.Hour).Format(time.RFC3339),
		"if not renewed before", "0.4 % (2 of 512)",
	} {
		if !strings.Contains(p.files["systems.html"], want) {
			t.Errorf("no %q in\n%s", want, p.files["systems.html"])
		}
	}
}
