package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
)

// exportedRows are a record of stock, an order of a sole trader, a customer, and
// one that was erased.
func exportedRows() []record.Row {
	nine := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	view := func(system, native string, facets commerce.Facets) record.View {
		o := commerce.Observation{Facets: facets}
		o.Stamp(commerce.VersionParts{Clock: nine})
		return record.View{ViewID: record.ViewID{System: system, Part: "p", Native: native}, Version: o.Version, Received: nine, Facets: facets}
	}
	text, number := commerce.Text, func(n int64) commerce.Value { return commerce.Number(commerce.Int(n)) }
	gone := view("erp", "12", nil)
	gone.Gone = true
	return []record.Row{
		{Kind: commerce.Inventory, Key: commerce.Key{"=MUG", "east"}, Views: []record.View{
			view("erp", "=MUG/EAST", commerce.Facets{"free": number(-3)}),
			view("shop", "81", commerce.Facets{"available": commerce.Null(), "tracked": commerce.Bool(true)}), gone,
		}},
		{Kind: commerce.Order, Key: commerce.Key{"shop", "US1042"}, Views: []record.View{
			view("shop", "5821", commerce.Facets{"total": number(18), "company": text("Quillon Canaryworth")}),
		}},
		{Kind: commerce.Customer, Key: commerce.Key{"9f86d081"}, Views: []record.View{view("shop", "8123", commerce.Facets{"country": text("US")})}},
		{Kind: commerce.Customer, Key: commerce.Key{"60303ae2"}, Suppressed: nine},
	}
}

func exportAll(t *testing.T, format string, asks bool) string {
	t.Helper()
	var b bytes.Buffer
	to := exportTo(&output{Writer: &b}, format)
	for _, row := range exportedRows() {
		if err := to.row(exportOf(row, asks)); err != nil {
			t.Fatal(err)
		}
	}
	if err := to.end(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestExport_HoldsOfPersonsNothingButHashes(t *testing.T) {
	for _, format := range []string{"jsonl", "csv"} {
		text := exportAll(t, format, false)
		golden(t, "export."+format, []byte(text))
		for _, personal := range []string{"Canaryworth", "8123", "country"} {
			if strings.Contains(text, personal) {
				t.Errorf("%s holds %q", format, personal)
			}
		}
	}
}

func TestExport_TellsWhoeverAsksEverythingThatIsKept(t *testing.T) {
	text := exportAll(t, "jsonl", true)
	for _, kept := range []string{"Canaryworth", "8123", `"country":"US"`, `"erased":"2026-03-03T09:00:00Z"`} {
		if !strings.Contains(text, kept) {
			t.Errorf("%q is kept, and not told: %s", kept, text)
		}
	}
}

// An answer without anything in it would pass for a failure.
func TestExport_OfAnUnknownPersonSaysSo(t *testing.T) {
	for _, c := range []struct {
		format      string
		json        bool
		want, notes string
	}{
		{format: "jsonl", notes: "Nothing is kept about that person.\n"},
		{format: "csv", want: "kind,key,system,part,native,", notes: "Nothing is kept about that person.\n"},
		{format: "jsonl", json: true, want: "[]\n"},
	} {
		var text, notes bytes.Buffer
		k := exportCmd{Format: c.format}
		err := k.exportNobody(&output{Writer: &text, json: c.json}, &notes)
		if err != nil || !strings.HasPrefix(text.String(), c.want) || c.want == "" && text.Len() > 0 || notes.String() != c.notes {
			t.Errorf("%s: %q and %q, want %q and %q: %v", c.format, &text, &notes, c.want, c.notes, err)
		}
	}
}
