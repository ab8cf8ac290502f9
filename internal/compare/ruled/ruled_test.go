package ruled

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/compare"
	"github.com/plumbline/plumbline/internal/platform/all"
	"github.com/plumbline/plumbline/internal/registry"
)

const rules = `
systems:
  erp: {platform: standard, secrets: ["env:ERP"]}
  shop: {platform: standard, secrets: ["env:SHOP"]}
tables: {buffer: {file: buffer.csv, key: [sku], default: 3}}
integrations:
  stock:
    purpose: Stock
    owner: {team: ops, slack: "#ops"}
    deputy: {team: ops2, slack: "#ops2"}
    runbook: builtin
    on_failure: We oversell.
    from: erp
    to: shop
    rules:
      - id: stock
        kind: inventory
        when: from.tracked
        expect: {available: 'max(0, from.free - buffer) - in_flight'}
        within: {available: 1}
        impact: abs(delta) * to.cost
        settle: 20m
`

func facet(name string, t commerce.Type) compare.Facet { return compare.Facet{Name: name, Type: t} }

var plan = compare.Plan{Kind: commerce.Inventory, Facets: []compare.Facet{
	facet("tracked", commerce.BoolType), facet("free", commerce.NumberType), facet("available", commerce.NumberType), facet("cost", commerce.NumberType),
}}

func newJudge(t *testing.T, flight *compare.Flight) *Judge {
	t.Helper()
	now := time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)
	read := func(string) ([]byte, error) { return []byte("sku,value\nBIG,10\n"), nil }
	reg, problems := registry.Parse("plumbline.yaml", []byte(rules), read, all.Platforms(), now)
	if reg == nil {
		t.Fatal(problems)
	}
	p := plan
	p.Flight = flight
	j, err := New(reg, "stock", [2]string{"erp", "shop"}, p, now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := New(reg, "stock", [2]string{"erp", "shop"}, compare.Plan{Kind: commerce.Order}, now); err == nil {
		t.Error("a kind without rules is judged")
	}
	if _, err := New(reg, "other", [2]string{"erp", "shop"}, p, now); err == nil {
		t.Error("an integration that there is not is judged by")
	}
	return j
}

func row(sku string, values ...string) []compare.Record {
	r := compare.Record{Key: sku + compare.KeySeparator + "east", About: compare.About{Line: 2, Native: sku, Part: "stock"}}
	for _, v := range values {
		t := compare.Text{State: compare.Present, Text: v}
		if v == "" {
			t = compare.Text{}
		}
		r.Values = append(r.Values, t)
	}
	return []compare.Record{r}
}

func TestRecordsAreJudgedByRules(t *testing.T) {
	type said struct {
		Outcome          compare.Outcome
		Expected, Actual string
		Impact           string
	}
	for name, c := range map[string]struct {
		left, right []compare.Record
		units       int64
		want        said
	}{
		"as expected":       {row("MUG", "true", "12", "", ""), row("MUG", "", "", "9", "2"), 0, said{Outcome: compare.Agree}},
		"within":            {row("MUG", "true", "12", "", ""), row("MUG", "", "", "10", "2"), 0, said{Outcome: compare.Agree}},
		"by the table":      {row("BIG", "true", "12", "", ""), row("BIG", "", "", "2", "2"), 0, said{Outcome: compare.Agree}},
		"not as expected":   {row("MUG", "true", "12", "", ""), row("MUG", "", "", "12", "2"), 0, said{compare.Differ, "9", "12", "6"}},
		"in flight":         {row("MUG", "true", "12", "", ""), row("MUG", "", "", "5", "2"), 4, said{Outcome: compare.Explained, Expected: "5", Actual: "5"}},
		"condition not met": {row("MUG", "false", "12", "", ""), row("MUG", "", "", "12", "2"), 0, said{Outcome: compare.NotJudged}},
		"a facet is absent": {row("MUG", "true", "", "", ""), row("MUG", "", "", "12", "2"), 0, said{Outcome: compare.CannotTell}},
		"only on the left":  {row("MUG", "true", "12", "", ""), nil, 0, said{Outcome: compare.Differ}},
		"only on the right": {nil, row("MUG", "", "", "12", "2"), 0, said{Outcome: compare.Differ}},
	} {
		flight := &compare.Flight{}
		if c.units > 0 {
			flight.Add(commerce.Line{SKU: "MUG", Location: "east", Units: commerce.Int(c.units)})
		}
		judged := newJudge(t, flight).Judge(c.left, c.right)
		if len(judged) != 1 {
			t.Fatalf("%s: %d judgements", name, len(judged))
		}
		got := said{Outcome: judged[0].Outcome}
		if found := judged[0].Findings; len(found) > 0 && found[0].Facet != "" {
			got.Expected, got.Actual = found[0].Left.Text, found[0].Right.Text
			if found[0].Impact != nil && got.Outcome == compare.Differ {
				got.Impact = found[0].Impact.String()
			}
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}
