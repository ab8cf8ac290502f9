package onboard_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/export"
	"github.com/plumbline/plumbline/internal/onboard"
	"github.com/plumbline/plumbline/internal/platform/all"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/sheet"
)

var update = flag.Bool("update", false, "write the golden files")

const samples = "../../events/exports/"

// surveyed are files as a command gives them.
func surveyed(t *testing.T, paths ...string) []onboard.File {
	t.Helper()
	var files []onboard.File
	for _, path := range paths {
		open := func() *sheet.Reader {
			f, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = f.Close() })
			r, err := sheet.Open(f, sheet.Options{Name: path})
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		table := export.Sample(open(), 500)
		best := export.Recognise(table.Header, table.Samples)[0]
		f := onboard.File{Name: filepath.Base(path), Title: best.Title, Platform: best.Mapping.Platform}
		if best.Known() {
			f.Mappings = best.Mappings()
		}
		f, err := onboard.Survey(f, open())
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

func setting(t *testing.T, paths ...string) onboard.Setting {
	t.Helper()
	return onboard.Setting{
		Files: surveyed(t, paths...), Platforms: all.Platforms(), Zone: "America/New_York",
		Read: func(name string) ([]byte, error) { return os.ReadFile(filepath.Join("testdata/beside", name)) },
	}
}

// golden compares with a file, or writes it.
func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// loaded writes a plan's registry into a folder and loads it from there.
func loaded(t *testing.T, plan *onboard.Plan) (*registry.Registry, []byte) {
	t.Helper()
	text, beside, err := plan.Registry()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/beside")); err != nil {
		t.Fatal(err)
	}
	beside["plumbline.yaml"] = text
	for name, content := range beside {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	reg, problems := registry.Load(filepath.Join(dir, "plumbline.yaml"), all.Platforms(), time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC))
	if reg == nil {
		t.Fatalf("%v\n%s", problems, text)
	}
	return reg, text
}

var cases = []struct {
	name    string
	files   []string
	answers string
	// warnings are what the check still has to say, besides placeholders.
	warnings []string
}{
	{"enter", []string{samples + "shopify-orders.csv", samples + "businesscentral-sales-orders.csv"}, "", nil},
	{"stock", []string{samples + "businesscentral-stock.csv", samples + "shopify-inventory.csv"}, `
locations: {erp: {WEST: ignore}}
jobs: {stock-to-shop: every 5 minutes, prices-to-shop: "nightly at 02:00"}
timezone: Europe/Berlin
currency: EUR
`, nil},
	{"everything-answered", nil, `
systems: {shopify-us: shopify, erp: standard}
settings: {shopify-us: {shop: acme.myshopify.com}}
believed: {customers: shopify-us}
order_number: {shopify-us: "#US1042", erp: US1042-A}
buffer: buffer.csv
orders_excluded: [unpaid, test, cancelled, gift-cards, channel tiktok]
collective_customer: no
kits: kits.csv
jobs: {stock-to-shopify-us: every 15 min}
owner: {team: inventory-ops, channel: "#inventory-ops", deputy: lee@acme.example}
breaks:
  stock-to-shopify-us: "We oversell within the hour: set the buffer to 20."
  orders-to-erp: Paid orders are not picked. Enter today's by hand.
  prices-to-shopify-us: We sell at yesterday's prices.
  refunds-to-erp: The month does not close.
  customers-to-erp: Customers are written to who do not want it.
month_close: 5
`, nil},
	{"warehouse-alone", []string{samples + "shiphero-inventory.csv", samples + "shopify-inventory.csv"}, `
buffer: 3
negatives: yes
locations: {wms: {Primary: east}}
settings: {wms: {account: 7556}}
`, []string{"systems.wms lacks credential"}},
	{"two-stores", nil, `
systems: [us=shopify, ca=shopify, erp=businesscentral, wms=shiphero]
settings:
  us: {shop: acme.myshopify.com}
  ca: {shop: acme-ca.myshopify.com}
  erp: {tenant: acme.onmicrosoft.com, company: 5d0d7c3a-41f2-4e57-9a43-7b1f1d2c0e11}
order_number: {us: "#US1042", ca: "#CA2001", erp: US1042, wms: US1042}
stores: {erp: {us: SHOPIFYUS, ca: SHOPIFYCA}, wms: {us: acme.myshopify.com, ca: acme-ca.myshopify.com}}
orders_excluded: none
`, nil},
	{"all-roles", nil, `
systems: shop=woocommerce, erp=netsuite, wms=shipbob, tax=taxjar, crm=hubspot, payments=stripe, post=shippo
settings: {shop: {shop: "https://shop.acme.example"}}
order_number: {shop: 1042, erp: "00001042"}
`, nil},
	{"unknown-files", []string{"testdata/bestand.csv", samples + "shopify-inventory-2023.csv"}, `
systems: lager=standard, shop=shopify
roles: {lager: warehouse}
believed: {stock: lager}
`, nil},
	{"summed-stock", []string{samples + "businesscentral-items.csv", samples + "shopify-inventory-by-location.csv"}, "negatives: no\n", nil},
	{"shop-is-believed", nil, "systems: a=standard, b=standard\nroles: {a: storefront, b: erp}\nbelieved: {stock: a, prices: a, orders: b}\n", nil},
}

func TestRegistry_OfAnswersIsOneThatTheCheckPasses(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var told bytes.Buffer
			answers, err := onboard.ParseAnswers([]byte(c.answers), &told)
			if err != nil {
				t.Fatal(err)
			}
			plan, err := onboard.Ask(answers, setting(t, c.files...))
			if err != nil {
				t.Fatal(err)
			}
			if left := answers.Unasked(); len(left) > 0 {
				t.Errorf("nobody asked for %v", left)
			}
			reg, text := loaded(t, plan)
			golden(t, "testdata/"+c.name+".yaml", text)
			for _, i := range reg.Integrations {
				for _, r := range i.Rules {
					if r.Mode == registry.Alert {
						t.Errorf("rule %s alerts before anybody trusts it", r.Name())
					}
				}
			}
			for _, w := range reg.Warnings {
				expected := strings.Contains(w.Message, "placeholder")
				for _, want := range c.warnings {
					expected = expected || strings.Contains(w.Message, want)
				}
				if !expected {
					t.Errorf("the check says: %s", w.Message)
				}
			}
		})
	}
}

// talk plays a dialogue, and returns all that was printed.
func talk(t *testing.T, s onboard.Setting, lines ...string) (*onboard.Plan, string, error) {
	t.Helper()
	var out bytes.Buffer
	d := onboard.NewDialogue(t.Context(), strings.NewReader(strings.Join(lines, "\n")+"\n"), &out)
	d.Echo = true
	plan, err := onboard.Ask(d, s)
	return plan, out.String(), err
}

func TestDialogue(t *testing.T) {
	s := setting(t, samples+"shopify-orders.csv", samples+"businesscentral-sales-orders.csv")
	plan, got, err := talk(t, s,
		"shop=shopifi",                  // no platform
		"shop=shopify",                  // one system
		"shop=shopify, shop=netsuite",   // the same name
		"Shop!=shopify, erp=odoo",       // no name
		"",                              // the suggested ones
		"acme.example",                  // no permanent domain
		"acme.myshopify.com",            //
		"",                              // the ERP's tenant is not at hand
		"nobody", "erp", "", "", "shop", // who is believed
		"New York", "America/New_York", // the zone
		"dollars", "usd",
		"", "", // numbers that the files have
		"-3", "x", "missing.csv", "kits.csv", "buffer.csv",
		"perhaps", "no",
		"whatever", "unpaid, test, channel b2b",
		"yes",
		"now and then", "every 10 minutes", "", "", "",
		"parts.csv", "kits.csv",
		"order-desk", "order desk", "#order-desk", "lee@acme.example",
		"We oversell.", "", "", "",
		"40", "5",
	)
	if err != nil {
		t.Fatalf("%v\n%s", err, got)
	}
	golden(t, "testdata/dialogue.txt", []byte(got))
	for line := range strings.Lines(got) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	if strings.Contains(got, "lee@") || strings.Contains(got, "ann@") || strings.Contains(got, "Sample") {
		t.Error("the dialogue repeats who somebody is")
	}
	reg, _ := loaded(t, plan)
	if i, ok := reg.Integration("stock-to-shop"); !ok || i.OnFailure != "We oversell." || i.Owner.Slack != "#order-desk" {
		t.Errorf("what was answered is not in the registry: %+v", i)
	}
}

func TestDialogue_EndsWithoutARegistryWhenTheInputDoes(t *testing.T) {
	s := setting(t)
	_, whole, err := talk(t, s, strings.Split(strings.Repeat("\n", 60), "\n")...)
	if err != nil {
		t.Fatal(err)
	}
	for n := range strings.Count(whole, "> ") - 1 {
		plan, _, err := talk(t, s, make([]string, n+1)...)
		if plan != nil || !errors.Is(err, onboard.ErrEnded) {
			t.Fatalf("after %d answers: %v", n, err)
		}
	}
}

func TestDialogue_EndsWhenItIsInterrupted(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	silent, _ := io.Pipe()
	d := onboard.NewDialogue(ctx, silent, io.Discard)
	stop()
	if _, err := onboard.Ask(d, setting(t)); !errors.Is(err, onboard.ErrEnded) {
		t.Errorf("got %v, want ErrEnded", err)
	}
}

func TestAnswers_SayWhichOneIsWrong(t *testing.T) {
	for answers, want := range map[string]string{
		"currency: dollars":                       "answers: currency: ",
		"believed: {stock: nobody}":               "answers: believed.stock: want one of shop, erp",
		"systems: [shop=shopify]":                 "answers: systems: want at least two systems",
		"jobs: {stock-to-shop: seldom}":           "answers: jobs.stock-to-shop: want ",
		"kits: parts.csv":                         "answers: kits: parts.csv:1:",
		"buffer: kits.csv":                        "answers: buffer: kits.csv: want the columns",
		"order_number: {shop: '#1', erp: '2222'}": "answers: order_number.erp: nothing clear",
		"owner: {team: a, channel: here}":         "answers: owner.channel: ",
		"month_close: never":                      "answers: month_close: want a number",
		"locations: {}":                           "",
	} {
		if !strings.HasPrefix(answers, "systems") {
			answers = "systems: shop=shopify, erp=standard\n" + answers
		}
		a, err := onboard.ParseAnswers([]byte(answers), io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		_, err = onboard.Ask(a, setting(t))
		if got := errText(err); !strings.HasPrefix(got, want) || (want == "") != (got == "") {
			t.Errorf("%s: got %q, want %q", answers, got, want)
		}
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestAnswers_ToNoQuestionAreNamed(t *testing.T) {
	a, err := onboard.ParseAnswers([]byte("curency: EUR\nbelieved: {stocks: erp, stock: erp}\njobs: {}\n"), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := onboard.Ask(a, setting(t)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"curency", "believed.stocks", "jobs"}, a.Unasked()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAnswers_HaveToBeYAML(t *testing.T) {
	if _, err := onboard.ParseAnswers([]byte("- a\n- b"), io.Discard); err == nil {
		t.Error("a list was taken for answers")
	}
}

func TestTheAnswersOfThePageAreRight(t *testing.T) {
	page, err := os.ReadFile("../../docs/exports/init.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(page), "```yaml\n")
	example, _, _ = strings.Cut(example, "```")
	a, err := onboard.ParseAnswers([]byte(example), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := onboard.Ask(a, setting(t, samples+"businesscentral-stock.csv"))
	if err != nil || len(a.Unasked()) > 0 {
		t.Fatalf("%v, %v", err, a.Unasked())
	}
	loaded(t, plan)
}
