package source

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/compare"
	"github.com/plumbline/plumbline/internal/export"
	"github.com/plumbline/plumbline/internal/platform/all"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/sheet"
)

func write(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func look(t testing.TB, name, text string) Look {
	t.Helper()
	l, err := LookAt(write(t, name, text), sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// said lists what rows say, one line for each.
func said(t testing.TB, rows compare.Rows) []string {
	t.Helper()
	var all []string
	for {
		err := rows.Next()
		var values []compare.Value
		if err == nil {
			values, err = rows.Values()
		}
		var bad *compare.Rejected
		switch {
		case errors.Is(err, io.EOF):
			return all
		case errors.As(err, &bad):
			all = append(all, bad.Error())
			continue
		case err != nil:
			t.Fatal(err)
		}
		line := fmt.Sprintf("%d %q", rows.About().Line, rows.Key())
		for _, v := range values {
			line += fmt.Sprintf(" %d:%s", v.State, v.Text)
		}
		all = append(all, line)
	}
}

// The reader of plain rows is there for speed alone: it says what records say.
func TestPlainRowsSayWhatRecordsSay(t *testing.T) {
	cell := rapid.OneOf(
		rapid.SampledFrom([]string{"", " ", "0", "-0", "007", "-007", "1.50", "1,234.5", "1,234", "-12.30", "99999999999999999999", "1e5", "x", " 12 ", "+3", "$4.00", "(5)", "12%", "0.0", "-0.50", ".5", "5.", "1.2.3", "2026-11-20T06:00:00Z", "2026-02-31T06:00:00Z", "2026-11-20", "yes", "No"}),
		rapid.StringMatching(`-?[0-9]{1,6}(\.[0-9]{1,4})?`),
	)
	for _, typ := range []string{export.Number, export.Text, export.Time, export.Bool} {
		for _, style := range []string{"", "1,234.56"} {
			if style != "" && typ != export.Number {
				continue
			}
			m := export.Mapping{
				Key:    []export.KeyColumn{{Part: "id", Column: "id"}},
				Facets: []export.FacetColumn{{Facet: "value", Column: "value", Type: typ, Style: style}},
			}
			plan := compare.Plan{Facets: []compare.Facet{{Name: "value", Type: typeOf(m.Facets[0])}}}
			rapid.Check(t, func(rt *rapid.T) {
				var text strings.Builder
				text.WriteString("id,value\n")
				for i, c := range rapid.SliceOfN(cell, 1, 20).Draw(rt, "cells") {
					fmt.Fprintf(&text, "k%d,%q\n", i, c)
				}
				f := NewFile(write(t, "file.csv", text.String()), sheet.Options{}, m, export.Options{}, plan, nil)
				plain, err := f.Rows()
				if err != nil {
					rt.Fatal(err)
				}
				if _, ok := plain.(*plainRows); !ok {
					rt.Fatal("not read as plain rows")
				}
				o, err := open(f.path, f.format, nil)
				if err != nil {
					rt.Fatal(err)
				}
				records, err := f.records(o)
				if err != nil {
					rt.Fatal(err)
				}
				if diff := cmp.Diff(said(t, records), said(t, plain)); diff != "" {
					rt.Fatalf("%s %s: -records +plain\n%s", typ, style, diff)
				}
				_, _ = plain.Close(), records.Close()
			})
		}
	}
}

func TestFitFindsKeyAndColumns(t *testing.T) {
	for name, c := range map[string]struct {
		left, right string
		wishes      Wishes
		want        string
	}{
		"same names": {"sku,stock\nA,1\nB,2\n", "sku,stock\nB,1\nA,2\n", Wishes{}, "sku=sku [stock]"},
		"the user's key": {
			"a,b,n\n1,x,1\n2,y,2\n", "c,d,n\nx,9,1\ny,8,3\n",
			Wishes{Key: []Columns{{"b", "c"}}},
			"b=c [n]",
		},
		"the user's names": {
			"sku,Stock,Price\nA,1,5\nB,2,6\n", "sku,Level X,Price\nA,1,5\nB,3,6\n",
			Wishes{Facets: map[string]string{"Stock": "stock", "Level X": "stock"}},
			"sku=sku [price stock]",
		},
		"what the user leaves out": {
			"sku,stock,note\nA,1,a\nB,2,b\n", "sku,stock,note\nA,1,c\nB,2,d\n",
			Wishes{Ignore: []string{"Note"}},
			"sku=sku [stock]",
		},
	} {
		p, err := Fit(look(t, "l.csv", c.left), look(t, "r.csv", c.right), c.wishes)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var facets []string
		for _, f := range p.Plan.Facets {
			facets = append(facets, f.Name)
		}
		got := fmt.Sprintf("%s=%s %v", p.Readings[0].Mapping.Key[0].Column, p.Readings[1].Mapping.Key[0].Column, facets)
		if got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

// Lists of products tell of prices and stock as well.
func TestTheUserChoosesAmongKinds(t *testing.T) {
	shop, err := LookAt("../../../events/exports/woocommerce-products.csv", sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := Fit(shop, shop, Wishes{})
	if err != nil || len(p.Notes) == 0 || !strings.Contains(p.Notes[len(p.Notes)-1], "--kind") {
		t.Fatalf("%v, notes %q", err, p.Notes)
	}
	for _, kind := range []commerce.Kind{commerce.Product, commerce.Price, commerce.Inventory} {
		p, err := Fit(shop, shop, Wishes{Kind: kind})
		if err != nil || p.Plan.Kind != kind {
			t.Errorf("%s: %s, %v", kind, p.Plan.Kind, err)
		}
	}
}

// An export without any row is one: everything is missing in it.
func TestFitTakesAFileWithoutRows(t *testing.T) {
	for _, texts := range [][2]string{{"sku,stock\nA,1\nB,2\n", "sku,stock\n"}, {"sku,stock\n", "sku,stock\nA,1\nB,2\n"}} {
		p, err := Fit(look(t, "l.csv", texts[0]), look(t, "r.csv", texts[1]), Wishes{})
		if err != nil {
			t.Fatal(err)
		}
		r, err := compare.Compare(t.Context(), p.Files([2]export.Options{}, nil), p.Plan)
		if err != nil || r.Summary.OnlyLeft+r.Summary.OnlyRight != 2 {
			t.Errorf("%+v, %v", r, err)
		}
	}
}

func TestFitAsksWhereItCannotTell(t *testing.T) {
	_, err := Fit(look(t, "l.csv", "a\n1.5\n2.5\n"), look(t, "r.csv", "b\n7.5\n8.5\n"), Wishes{})
	if !errors.Is(err, export.ErrPair) || !strings.Contains(err.Error(), "--key LEFT=RIGHT") {
		t.Errorf("got %v", err)
	}
	_, err = Fit(look(t, "l.csv", "a\n1\n"), look(t, "r.csv", "b\n7\n"), Wishes{Key: []Columns{{"a", "c"}}})
	if err == nil || !strings.Contains(err.Error(), `has no column "c"`) {
		t.Errorf("got %v", err)
	}
}

// A key that stands in few rows of both samples is found all the same: rows of two
// large files are never in the same order.
func TestFitTakesNoStatusForAKey(t *testing.T) {
	rows := func(from int) string {
		text := "status,code,n\n"
		for i := range 200 {
			text += fmt.Sprintf("%s,C%d,%d\n", []string{"active", "draft"}[i%2], from+i, i%9)
		}
		return text
	}
	p, err := Fit(look(t, "l.csv", rows(0)), look(t, "r.csv", rows(5000)), Wishes{})
	if err != nil {
		t.Fatal(err)
	}
	if key := p.Readings[0].Mapping.Key; key[0].Column != "code" {
		t.Errorf("key %+v", key)
	}
}

func TestFlightReadsOrderLines(t *testing.T) {
	path := write(t, "orders.csv", "order,SKU,Quantity,Location\n1,A,2,east\n2,a,1,\n3,,5,east\n")
	f, err := Flight(path, export.Options{})
	if err != nil {
		t.Fatal(err)
	}
	located, floating, lines := f.Units("A\x00east")
	if located.String() != "2" || floating.String() != "1" || lines != 2 {
		t.Errorf("%s located, %s floating, %d lines", located, floating, lines)
	}
	if _, err := Flight(write(t, "bad.csv", "a,b\n1,2\n"), export.Options{}); !errors.Is(err, ErrFlight) {
		t.Errorf("got %v", err)
	}
}

// What is saved is a registry: it passes the check as it is, with owners to be
// named.
func TestWhatIsSavedIsARegistry(t *testing.T) {
	within, err := compare.ParseTolerance("1%")
	if err != nil {
		t.Fatal(err)
	}
	p, err := Fit(
		look(t, "shop.csv", "sku,available\nA,1\nB,2\n"), look(t, "2 erp.csv", "sku,available\nA,1\nB,3\n"),
		Wishes{Kind: "inventory", Within: map[string]compare.Tolerance{"available": within}},
	)
	if err != nil {
		t.Fatal(err)
	}
	text, beside, err := p.Registry(Owner{})
	if err != nil {
		t.Fatal(err)
	}
	read := func(file string) ([]byte, error) { return beside[file], nil }
	reg, problems := registry.Parse("plumbline.yaml", text, read, all.Platforms(), time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC))
	if reg == nil {
		t.Fatalf("%v\n%s", problems, text)
	}
	rule := reg.Integrations[0].Rules[0]
	if rule.Mode != registry.Watch || rule.From != "shop" || rule.To != "right-2-erp" || len(reg.Systems["shop"].Exports) != 1 {
		t.Errorf("%+v", rule)
	}
	if !strings.Contains(string(text), "owner-to-be-named\"}  # change this") {
		t.Errorf("placeholders are not marked:\n%s", text)
	}
	if _, _, err := (Pair{}).Registry(Owner{}); !errors.Is(err, ErrNoKind) {
		t.Errorf("got %v", err)
	}
}

// A sales order of Business Central that is not wholly shipped may be so in part.
func TestWhatAColumnDoesNotTellIsNoDifference(t *testing.T) {
	var looks [2]Look
	for i, name := range []string{"shopify-orders.csv", "businesscentral-sales-orders.csv"} {
		var err error
		if looks[i], err = LookAt("../../../events/exports/"+name, sheet.Options{}); err != nil {
			t.Fatal(err)
		}
	}
	p, err := Fit(looks[0], looks[1], Wishes{})
	if err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(p.Plan.Facets, func(f compare.Facet) bool { return f.Name == "fulfilment" }) || !strings.Contains(strings.Join(p.Notes, "\n"), "Completely Shipped") {
		t.Errorf("fulfilment is compared, or its leaving out is not told: %v %q", p.Plan.Facets, p.Notes)
	}
}
