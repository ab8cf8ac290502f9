package backtest_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/plumbline/plumbline/internal/backtest"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/platform/all"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/rerun"
	"github.com/plumbline/plumbline/internal/store/memory"
)

var nine = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)

const file = `
systems:
  erp: {platform: standard, secrets: ["env:ERP"], locations: {EAST: east}, currency: USD}
  shop: {platform: standard, secrets: ["env:SHOP"], locations: {EAST: east}, currency: USD}
integrations:
  stock:
    purpose: Stock
    owner: {team: inventory-ops, slack: "#inventory-ops"}
    deputy: {team: order-desk}
    runbook: builtin
    on_failure: We oversell.
    from: erp
    to: shop
    rules:
      - {id: stock, kind: inventory, mode: alert, expect: {available: from.free}, settle: 20m, impact: abs(delta) * from.price}
`

// parse reads the registry with some text replaced.
func parse(t *testing.T, replace ...string) *registry.Registry {
	t.Helper()
	text := strings.NewReplacer(replace...).Replace(file)
	r, problems := registry.Parse("plumbline.yaml", []byte(text), nil, all.Platforms(), nine)
	if r == nil {
		t.Fatal(problems)
	}
	return r
}

// said is what a system says of a SKU some time after nine.
type said struct {
	after  time.Duration
	system string
	sku    string
	units  int64
}

func (s said) observation() commerce.Observation {
	o := commerce.Observation{
		System: s.system, Kind: commerce.Inventory, Key: commerce.Key{s.sku, "east"}, Part: "level", Native: s.sku, Slot: "EAST",
		Facets: commerce.Facets{"available": commerce.Number(commerce.Int(s.units))},
	}
	if s.system == "erp" {
		o.Facets = commerce.Facets{"free": commerce.Number(commerce.Int(s.units)), "price": commerce.Number(commerce.Int(5))}
	}
	o.Stamp(commerce.VersionParts{Clock: nine.Add(s.after)})
	return o
}

func history(all ...said) iter.Seq2[queue.Envelope, error] {
	return func(yield func(queue.Envelope, error) bool) {
		for i, s := range all {
			e := queue.Envelope{
				Delivery:     commerce.Delivery{ID: fmt.Sprint(i), System: s.system, Received: nine.Add(s.after)},
				Observations: []commerce.Observation{s.observation()},
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}

// morning has a difference of five mugs for an hour, and one of two caps that
// stays.
var morning = []said{
	{0, "erp", "MUG", 14},
	{0, "shop", "MUG", 14},
	{0, "erp", "CAP", 3},
	{0, "shop", "CAP", 3},
	{time.Hour, "erp", "MUG", 9},
	{2 * time.Hour, "shop", "MUG", 9},
	{3 * time.Hour, "erp", "CAP", 1},
}

func question(r *registry.Registry) backtest.Question {
	return backtest.Question{
		Registry: r, Rule: "stock/stock", Start: nine, Since: nine, Until: nine.Add(6 * time.Hour), Deliveries: history(morning...),
		Stores: rerun.Stores{Records: &memory.Records{}, Findings: &memory.Findings{}, Arrivals: &memory.Arrivals{}},
	}
}

func run(t *testing.T, q backtest.Question) []finding.Finding {
	t.Helper()
	all, err := backtest.Run(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func keys(all []finding.Finding) []string {
	keys := []string{}
	for _, f := range all {
		keys = append(keys, f.Key[0])
	}
	return keys
}

func TestRun_FindsWhatTheRuleWouldHaveFound(t *testing.T) {
	result := backtest.ResultOf(run(t, question(parse(t))))
	want := backtest.Result{
		Fired: 2, Alerts: 2, Records: 2, Owners: map[string]int{"inventory-ops": 2}, Classes: map[finding.Class]int{finding.Late: 2},
		Impact: map[string]commerce.Decimal{"USD": commerce.Int(35)}, Settled: 1, Median: 40 * time.Minute,
	}
	if diff := cmp.Diff(want, result, cmpopts.EquateComparable(commerce.Decimal{})); diff != "" {
		t.Error(diff)
	}
}

func TestRun_OfAChangedRuleFindsOtherThings(t *testing.T) {
	for _, c := range []struct {
		name    string
		replace []string
		want    []string
	}{
		{"as it is", nil, []string{"MUG", "CAP"}},
		{"more patient", []string{"settle: 20m", "settle: 90m"}, []string{"CAP"}},
		{"less precise", []string{"settle: 20m", "settle: 20m, within: {available: 2}"}, []string{"MUG"}},
		{"it only watches", []string{"mode: alert", "mode: watch"}, []string{"MUG", "CAP"}},
		{"it is switched off", []string{"mode: alert", "mode: off"}, []string{"MUG", "CAP"}},
		{"it applies later", []string{"settle: 20m", `settle: 20m, valid: {from: 2027-01-01}`}, []string{"MUG", "CAP"}},
	} {
		if got := keys(run(t, question(parse(t, c.replace...)))); !cmp.Equal(c.want, got) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// Who gives no end asks until now, however long ago the last delivery was.
func TestRun_YearsWithoutDeliveriesAreNotLivedThrough(t *testing.T) {
	want := keys(run(t, question(parse(t))))
	years := question(parse(t))
	years.Until = nine.AddDate(10, 0, 0)
	if got := keys(run(t, years)); len(want) == 0 || !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
}

func TestRun_CountsWhatOpensInTheSpanAlone(t *testing.T) {
	q := question(parse(t))
	q.Since = nine.Add(3 * time.Hour)
	if got := keys(run(t, q)); !cmp.Equal([]string{"CAP"}, got) {
		t.Errorf("%v", got)
	}
	q = question(parse(t))
	q.Until = nine.Add(3 * time.Hour)
	if got := keys(run(t, q)); !cmp.Equal([]string{"MUG"}, got) {
		t.Errorf("%v", got)
	}
}

// What changed last before the history begins is in no delivery of it.
func TestRun_KnowsRowsThatHaveNotChangedSince(t *testing.T) {
	q := question(parse(t))
	q.Deliveries = history(said{time.Hour, "shop", "MUG", 20})
	if got := run(t, q); len(got) > 0 {
		t.Errorf("nothing is known of the other side, and still %v", keys(got))
	}
	q.Stores = question(q.Registry).Stores
	var row record.Row
	for _, s := range []said{{-48 * time.Hour, "erp", "MUG", 9}, {-48 * time.Hour, "shop", "MUG", 9}, {time.Hour, "shop", "MUG", 20}, {2 * time.Hour, "shop", "MUG", 9}} {
		o := s.observation()
		row.Kind, row.Key = o.Kind, o.Key
		row, _ = record.Merge(row, o, record.Source{Received: nine.Add(s.after)})
	}
	q.Known.Rows = func(_ context.Context, each func(record.Row) error) error { return each(row) }
	if got := keys(run(t, q)); !cmp.Equal([]string{"MUG"}, got) {
		t.Errorf("%v, want the mug that the shop had too many of", got)
	}
}

func TestRun_TellsWhatDoesNotExist(t *testing.T) {
	for _, name := range []string{"", "stock", "stock/no", "no/stock", "stock/stock/stock"} {
		q := question(parse(t))
		q.Rule = name
		if _, err := backtest.Run(t.Context(), q); err == nil {
			t.Errorf("there is a rule %q", name)
		}
	}
	q := question(parse(t))
	down := errors.New("out of order")
	q.Deliveries = func(yield func(queue.Envelope, error) bool) { yield(queue.Envelope{}, down) }
	if _, err := backtest.Run(t.Context(), q); !errors.Is(err, down) {
		t.Errorf("a damaged archive: %v", err)
	}
}

func TestCompare_PairsByRecordAndTime(t *testing.T) {
	one := func(sku string, from, until time.Duration) finding.Finding {
		f := finding.Finding{ID: sku + from.String(), Kind: commerce.Inventory, Key: commerce.Key{sku, "east"}, Opened: nine.Add(from), State: finding.Open}
		if until > 0 {
			f.State, f.Resolved = finding.Resolved, nine.Add(until)
		}
		return f
	}
	current := []finding.Finding{one("MUG", time.Hour, 2*time.Hour), one("CAP", time.Hour, 2*time.Hour), one("TEE", time.Hour, 0)}
	changed := []finding.Finding{one("MUG", 90*time.Minute, 0), one("CAP", 3*time.Hour, 0), one("SOCK", time.Hour, 0), one("TEE", 5*time.Hour, 0)}
	c := backtest.Compare(current, changed)
	got := [][]string{keys(c.OnlyCurrent), keys(c.OnlyChanged), keys(c.Both)}
	if diff := cmp.Diff([][]string{{"CAP"}, {"CAP", "SOCK"}, {"MUG", "TEE"}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestByImpact_ThatOfWhichNothingIsKnownComesLast(t *testing.T) {
	money := func(sku string, amount int64) finding.Finding {
		d := commerce.Int(amount)
		return finding.Finding{Key: commerce.Key{sku}, Impact: &d}
	}
	got := keys(backtest.ByImpact([]finding.Finding{{Key: commerce.Key{"unknown"}}, money("little", 1), money("much", 100), money("nothing", 0)}))
	if diff := cmp.Diff([]string{"much", "little", "nothing", "unknown"}, got); diff != "" {
		t.Error(diff)
	}
}
