package watch_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/notify/console"
	"github.com/plumbline/plumbline/internal/platform/all"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/watch"
)

const registryText = `systems:
  shop:
    platform: shopify
    shop: acme.myshopify.com
    secrets: env:SHOP
    locations: {East: east}
    exports: {inventory: {preset: shopify-inventory, complete: true}}
  erp:
    platform: businesscentral
    secrets: env:ERP
    company: 00000000-0000-4000-8000-000000000001
    tenant: acme.example
    locations: {EAST: east}
    exports: {inventory: {preset: businesscentral-stock, complete: true}}
integrations:
  stock:
    purpose: Stock
    owner: {team: ops, slack: "#stock"}
    deputy: {person: lee@acme.example}
    runbook: builtin
    on_failure: We oversell.
    from: erp
    to: shop
    rules:
      - {id: stock, kind: inventory, mode: alert, expect: {available: from.free}, settle: 20m}
      - {id: listed, kind: inventory, mode: alert, check: present, settle: 1h}
`

var first = time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC)

// levels are what each night's files say of a SKU: the ERP's and the shop's. Less
// than zero is no row.
type levels map[string][5][2]int

func fiveNights() levels {
	l := levels{
		"FINE":  {{5, 5}, {5, 5}, {4, 4}, {4, 4}, {4, 4}},
		"HOT":   {{90, 89}, {70, 68}, {50, 47}, {30, 29}, {10, 8}}, // sold between the two files, every night
		"LAG":   {{14, 14}, {9, 14}, {9, 9}, {7, 9}, {7, 7}},       // a night later, but it follows
		"STUCK": {{20, 20}, {15, 20}, {15, 20}, {15, 20}, {15, 15}},
		"CASE":  {{10, 12}, {10, 12}, {10, 13}, {10, 13}, {10, 16}}, // opens on day 2, and is waived
		"MORE":  {{30, 37}, {29, 36}, {28, 35}, {26, 34}, {25, 32}}, // both sell, and the difference stays
		"GONE":  {{3, 3}, {3, 3}, {3, -1}, {3, -1}, {3, -1}},
		"NEW":   {{-1, -1}, {8, -1}, {8, -1}, {8, -1}, {8, 8}},
	}
	for i := range 30 {
		l[fmt.Sprintf("MANY-%02d", i)] = [5][2]int{{i, i}, {i, i}, {i, i}, {i, i}, {i, i}}
	}
	return l
}

func (l levels) file(night, system int) string {
	var b strings.Builder
	if system == 0 {
		b.WriteString("Item No.,Location Code,Inventory,Available Inventory\n")
	} else {
		b.WriteString("Handle,Title,SKU,Location,Incoming (not editable),Unavailable (not editable),Committed (not editable),Available (not editable),On hand (current)\n")
	}
	skus := make([]string, 0, len(l))
	for sku := range l {
		skus = append(skus, sku)
	}
	slices.Sort(skus)
	for _, sku := range skus {
		n := l[sku][night][system]
		switch {
		case n < 0:
		case system == 0:
			fmt.Fprintf(&b, "%s,EAST,%d,%d\n", sku, n, n)
		default:
			fmt.Fprintf(&b, "%s,%s,%s,East,0,0,0,%d,%d\n", strings.ToLower(sku), sku, sku, n, n)
		}
	}
	return b.String()
}

func erpFile(night int) string {
	return "erp-inventory-" + first.AddDate(0, 0, night).Format("2006-01-02") + "T0200Z.csv"
}

func shopFile(night int) string {
	return "shop/inventory/" + first.AddDate(0, 0, night).Format("2006-01-02") + "T0230Z.csv"
}

type world struct {
	t      testing.TB
	folder string
	now    time.Time
	said   bytes.Buffer
	watch  *watch.Service
	levels levels
}

func newWorld(t testing.TB) *world {
	t.Helper()
	return worldIn(t, t.TempDir())
}

func worldIn(t testing.TB, folder string) *world {
	t.Helper()
	r, problems := registry.Parse("plumbline.yaml", []byte(registryText), func(string) ([]byte, error) { return nil, errors.New("no file") }, all.Platforms(), first)
	if r == nil {
		t.Fatal(problems)
	}
	w := &world{t: t, folder: folder, now: first.AddDate(0, 0, 9), levels: fiveNights()}
	w.watch = &watch.Service{
		Registry: r, HashKey: []byte("key"), Folder: folder, State: filepath.Join(folder, ".plumbline"),
		Sender: console.New(&w.said), Zone: time.UTC, Now: func() time.Time { return w.now },
	}
	return w
}

// drop writes a file that was written some hours after it began.
func (w *world) drop(name, content string) {
	w.t.Helper()
	path := filepath.Join(w.folder, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		w.t.Fatal(err)
	}
	at := w.now.Add(-time.Hour)
	if err := os.Chtimes(path, at, at); err != nil {
		w.t.Fatal(err)
	}
}

// night drops both files of a night. On the fourth the shop's is cut off.
func (w *world) night(n int) {
	w.t.Helper()
	w.now = first.AddDate(0, 0, n).Add(6 * time.Hour)
	w.drop(erpFile(n), w.levels.file(n, 0))
	content := w.levels.file(n, 1)
	if n == 3 {
		content = content[:len(content)*2/3]
	}
	w.drop(shopFile(n), content)
}

func (w *world) run() watch.Result {
	w.t.Helper()
	r, err := w.watch.Run(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *world) state() *watch.State {
	w.t.Helper()
	s, err := watch.Read(w.watch.State)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func (w *world) findings() []finding.Finding {
	w.t.Helper()
	all, err := w.state().Stores.Findings.AllFindings(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

// names are findings by SKU, rule and state.
func names(all []finding.Finding) []string {
	out := []string{}
	for _, f := range all {
		out = append(out, f.Key[0]+" "+f.Rule+" "+string(f.State))
	}
	slices.Sort(out)
	return out
}
