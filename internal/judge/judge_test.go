package judge_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/formula"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

var nine = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)

func minutes(n int) time.Time { return nine.Add(time.Duration(n) * time.Minute) }

func compile(t testing.TB, kind commerce.Kind, source string, want commerce.Type) *formula.Formula {
	t.Helper()
	f, err := formula.Compile(source, func(name string) (commerce.Type, bool) {
		switch name {
		case "in_flight", "delta", "expected", "actual", "buffer":
			return commerce.NumberType, true
		}
		side, facet, _ := strings.Cut(name, ".")
		d, ok := kind.FacetOf(facet)
		return d.Type, ok && (side == "from" || side == "to")
	}, want)
	if err != nil {
		t.Fatalf("formula %s: %v", source, err)
	}
	return f
}

// stock is the rule "the shop shows what the ERP has free".
func stock(t *testing.T, expect string) registry.Rule {
	return registry.Rule{
		Integration: "stock-to-storefront", ID: "stock", Kind: commerce.Inventory, From: "erp", To: "shop",
		Check: registry.Equal, Mode: registry.Alert, Settle: registry.Settle{For: 20 * time.Minute, By: -1},
		Expect: []registry.Expectation{{Facet: "available", Value: compile(t, commerce.Inventory, expect, commerce.NumberType)}},
		Impact: compile(t, commerce.Inventory, "abs(delta) * from.cost", commerce.NumberType),
	}
}

// present is the rule "a paid web order is in the ERP".
func present(t *testing.T, check registry.Check) registry.Rule {
	return registry.Rule{
		Integration: "orders-to-erp", ID: "order-in-erp", Kind: commerce.Order, From: "shop", To: "erp",
		Check: check, Mode: registry.Alert, Settle: registry.Settle{For: 30 * time.Minute, By: -1},
		When: compile(t, commerce.Order, `from.payment == "paid" && !from.cancelled`, commerce.BoolType),
	}
}

// history builds a row from what systems said, a line each.
type history struct {
	row  record.Row
	tick int
}

func stockHistory() *history {
	return &history{row: record.Row{Kind: commerce.Inventory, Key: commerce.Key{"MUG-BLU", "east"}}}
}

func orderHistory() *history {
	return &history{row: record.Row{Kind: commerce.Order, Key: commerce.Key{"shop", "US1042"}}}
}

func (h *history) say(minute int, system, native string, facets commerce.Facets, change ...func(*commerce.Observation)) *history {
	h.tick++
	o := commerce.Observation{
		System: system, Kind: h.row.Kind, Key: h.row.Key, Part: "part", Native: native, Slot: "slot", Facets: facets,
		Created: minutes(minute),
	}
	for _, c := range change {
		c(&o)
	}
	o.Stamp(commerce.VersionParts{Clock: minutes(minute), Sequence: uint64(h.tick)})
	h.row, _ = record.Merge(h.row, o, record.Source{Delivery: system + "-delivery", Received: minutes(minute)})
	return h
}

func (h *history) erp(minute int, free string) *history {
	return h.say(minute, "erp", "E", commerce.Facets{"free": number(free), "cost": number("4")})
}

func (h *history) shop(minute int, available string) *history {
	return h.say(minute, "shop", "S", commerce.Facets{"available": number(available)})
}

func number(text string) commerce.Value { return commerce.Number(commerce.MustDecimal(text)) }

func gone(o *commerce.Observation) { o.Gone, o.Facets = true, nil }

func TestJudge_Stock(t *testing.T) {
	for _, c := range []struct {
		name    string
		expect  string
		history *history
		at      int
		outcome judge.Outcome
		class   finding.Class
		since   int // minute, for pending and differ
		why     string
	}{
		{name: "the same value", expect: "from.free", history: stockHistory().erp(0, "12").shop(1, "12.00"), at: 99, outcome: judge.Agree},
		{
			name: "a change that is young", expect: "from.free",
			history: stockHistory().erp(0, "12").shop(1, "12").erp(30, "9"), at: 49, outcome: judge.Pending, class: finding.Late, since: 30,
		},
		{
			name: "a change that was never passed on", expect: "from.free",
			history: stockHistory().erp(0, "12").shop(1, "12").erp(30, "9"), at: 50, outcome: judge.Differ, class: finding.Late, since: 30,
		},
		{
			name: "the oldest of several unshown changes counts", expect: "from.free",
			history: stockHistory().erp(0, "12").shop(1, "12").erp(30, "9").erp(45, "8"), at: 50, outcome: judge.Differ, class: finding.Late, since: 30,
		},
		{
			name: "a side that trails but follows", expect: "from.free",
			history: stockHistory().erp(0, "12").shop(1, "12").erp(30, "9").erp(45, "8").shop(46, "9"), at: 50, outcome: judge.Pending, class: finding.Late, since: 45,
		},
		{
			name: "a value by hand", expect: "from.free",
			history: stockHistory().erp(0, "12").shop(1, "12").shop(30, "15"), at: 50, outcome: judge.Differ, class: finding.ValueDiffers, since: 30,
		},
		{
			name: "different from the first day", expect: "from.free",
			history: stockHistory().erp(0, "12").shop(10, "15"), at: 30, outcome: judge.Differ, class: finding.ValueDiffers, since: 10,
		},
		{
			name: "policy is no drift", expect: "max(0, floor(from.free) - 3)",
			history: stockHistory().erp(0, "2").shop(10, "0"), at: 99, outcome: judge.Agree,
		},
		{
			name: "a facet that is missing", expect: "from.on_hand",
			history: stockHistory().erp(0, "12").shop(1, "12"), at: 99, outcome: judge.CannotTell, why: "on_hand of erp is missing",
		},
		{
			name: "null is not zero", expect: "from.free",
			history: stockHistory().erp(0, "0").say(1, "shop", "S", commerce.Facets{"available": commerce.Null()}), at: 99, outcome: judge.Differ, class: finding.ValueDiffers, since: 1,
		},
		{
			name: "only one side is known", expect: "from.free",
			history: stockHistory().erp(0, "12"), at: 99, outcome: judge.NotJudged, why: "shop has not reported the record",
		},
		{
			name: "two natives where one is meant", expect: "from.free",
			history: stockHistory().erp(0, "12").shop(1, "12").say(2, "shop", "T", commerce.Facets{"available": number("3")}), at: 99,
			outcome: judge.CannotTell, class: finding.Duplicate, why: "shop has the record twice",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := judge.Judge(stock(t, c.expect), c.history.row, judge.Context{}, minutes(c.at))
			if v.Outcome != c.outcome || v.Class != c.class {
				t.Fatalf("%s %s (%s), want %s %s", v.Outcome, v.Class, v.Why, c.outcome, c.class)
			}
			if c.why != "" && v.Why != c.why {
				t.Errorf("why %q, want %q", v.Why, c.why)
			}
			if c.since > 0 && !v.Since.Equal(minutes(c.since)) {
				t.Errorf("since %s, want %s", v.Since.Format("15:04"), minutes(c.since).Format("15:04"))
			}
		})
	}
}

func TestJudge_NamesDeltaCauseAndImpact(t *testing.T) {
	h := stockHistory().erp(0, "12").shop(1, "12").erp(30, "9.5")
	v := judge.Judge(stock(t, "from.free"), h.row, judge.Context{Currency: "USD"}, minutes(60))
	d := v.Differences()
	if len(d) != 1 || d[0].Expected != "9.5" || d[0].Actual != "12" || d[0].Delta.String() != "2.5" {
		t.Fatalf("differences %+v", d)
	}
	if v.Impact == nil || v.Impact.String() != "10" || v.Currency != "USD" {
		t.Errorf("impact %v %s, want 10 USD", v.Impact, v.Currency)
	}
	if v.Cause.System != "erp" || v.Cause.Delivery != "erp-delivery" {
		t.Errorf("cause %+v, want the delivery of the ERP's change", v.Cause)
	}
}

func TestJudge_DoubtAboutOrderIsNoFinding(t *testing.T) {
	h := stockHistory().erp(0, "12").shop(1, "12")
	for _, available := range []string{"8", "9"} {
		o := commerce.Observation{
			System: "shop", Kind: h.row.Kind, Key: h.row.Key, Part: "part", Native: "S", Slot: "slot",
			Facets: commerce.Facets{"available": number(available)},
		}
		o.Stamp(commerce.VersionParts{Clock: minutes(30)})
		h.row, _ = record.Merge(h.row, o, record.Source{Received: minutes(30)})
	}
	if v := judge.Judge(stock(t, "from.free"), h.row, judge.Context{}, minutes(99)); v.Outcome != judge.CannotTell {
		t.Errorf("%s, want cannot tell", v.Outcome)
	}
	h.shop(31, "12")
	if v := judge.Judge(stock(t, "from.free"), h.row, judge.Context{}, minutes(99)); v.Outcome != judge.Agree {
		t.Errorf("after the next change %s, want agree", v.Outcome)
	}
}

func units(all ...int64) []commerce.Decimal {
	var each []commerce.Decimal
	for _, n := range all {
		each = append(each, commerce.Int(n))
	}
	return each
}

func TestJudge_OrdersInFlight(t *testing.T) {
	rule := stock(t, "from.free - in_flight")
	h := stockHistory().erp(0, "12").shop(1, "12").shop(30, "9")
	for _, c := range []struct {
		name        string
		flight      judge.InFlight
		unexplained int // minutes ago, 0 is none
		outcome     judge.Outcome
		explained   bool
	}{
		{name: "no order explains it", outcome: judge.Differ},
		{name: "orders explain it exactly", flight: judge.InFlight{Located: commerce.Int(3), Orders: 2}, outcome: judge.Pending, explained: true},
		{name: "orders do not explain it now", flight: judge.InFlight{Located: commerce.Int(2), Orders: 2}, outcome: judge.Pending},
		{name: "they have not for less than the settle time", flight: judge.InFlight{Located: commerce.Int(2), Orders: 2}, unexplained: 19, outcome: judge.Pending},
		{name: "they have not for the settle time", flight: judge.InFlight{Located: commerce.Int(2), Orders: 2}, unexplained: 20, outcome: judge.Differ},
		{name: "more orders than the difference do not either", flight: judge.InFlight{Located: commerce.Int(4), Orders: 2}, unexplained: 20, outcome: judge.Differ},
		{
			name:   "the newest of them do, where a job has undone the older ones",
			flight: judge.InFlight{Located: commerce.Int(7), Each: units(1, 2, 4), Orders: 3}, unexplained: 20, outcome: judge.Pending, explained: true,
		},
		{
			name:   "the older ones do not, where the newest is shown",
			flight: judge.InFlight{Located: commerce.Int(7), Each: units(4, 2, 1), Orders: 3}, unexplained: 20, outcome: judge.Differ,
		},
		{name: "orders of unknown location may explain it", flight: judge.InFlight{Floating: commerce.Int(5), Orders: 4}, unexplained: 20, outcome: judge.Pending, explained: true},
		{name: "orders of unknown location are too few", flight: judge.InFlight{Floating: commerce.Int(2), Orders: 2}, unexplained: 20, outcome: judge.Differ},
	} {
		t.Run(c.name, func(t *testing.T) {
			row := h.row
			if c.unexplained > 0 {
				row.Marks = map[string]record.Mark{rule.Name(): {Since: minutes(30), First: minutes(30), Unexplained: minutes(60 - c.unexplained)}}
			}
			v := judge.Judge(rule, row, judge.Context{InFlight: &c.flight}, minutes(60))
			if v.Outcome != c.outcome || v.Explained != c.explained {
				t.Errorf("%s, explained %t (%s); want %s, %t", v.Outcome, v.Explained, v.Why, c.outcome, c.explained)
			}
			if c.explained && !v.Unexplained.IsZero() {
				t.Error("what is explained is still counted as unexplained")
			}
		})
	}
}

// Goods arrive, and the ERP has by chance what the shop showed hours ago, before it
// sold some. Or an order has just arrived in the ERP, and its stock has not: orders
// in flight explained the difference until a moment ago. Neither is an old change.
func TestJudge_StockThatBothSidesChangeShowsOldValuesByChance(t *testing.T) {
	rule := stock(t, "from.free - in_flight")
	for _, c := range []struct {
		name      string
		history   *history
		explained int // the minute at which orders last explained it, 0 is never
		due       int
	}{
		{name: "goods arrive", history: stockHistory().erp(0, "34").shop(0, "34").shop(100, "30").erp(105, "30").shop(890, "29").erp(900, "34"), due: 920},
		{name: "a sale leaves what the ERP had before goods came", history: stockHistory().erp(0, "30").shop(0, "30").erp(60, "31").shop(65, "31").shop(900, "30"), due: 920},
		{name: "an order arrived before its stock", history: stockHistory().erp(0, "12").shop(0, "12").shop(100, "11"), explained: 120, due: 140},
	} {
		t.Run(c.name, func(t *testing.T) {
			row := c.history.row
			if c.explained > 0 {
				row.Marks = map[string]record.Mark{rule.Name(): {Since: minutes(c.explained), First: minutes(c.explained)}}
			}
			for minute, want := range map[int]judge.Outcome{c.due - 1: judge.Pending, c.due: judge.Differ} {
				if v := judge.Judge(rule, row, judge.Context{InFlight: &judge.InFlight{}}, minutes(minute)); v.Outcome != want {
					t.Errorf("at minute %d %s (%s), want %s", minute, v.Outcome, v.Why, want)
				}
			}
		})
	}
}

// The ERP and the warehouse agreed on 35 pieces a week ago and on 30 since. When one
// of them has 35 again, the other is late since then, and not for a week.
func TestJudge_AValueOfLongAgoIsNotTheOneThatIsWaitedFor(t *testing.T) {
	for name, history := range map[string]*history{
		"the believed side moves": stockHistory().erp(0, "35").shop(1, "35").erp(100, "30").shop(110, "30").erp(900, "35"),
		"the other side moves":    stockHistory().erp(0, "35").shop(1, "35").erp(100, "30").shop(110, "30").shop(900, "35"),
		"both move":               stockHistory().erp(0, "35").shop(1, "35").erp(100, "30").shop(110, "30").erp(900, "20").shop(905, "35"),
	} {
		t.Run(name, func(t *testing.T) {
			for minute, want := range map[int]judge.Outcome{919: judge.Pending, 920: judge.Differ} {
				if v := judge.Judge(stock(t, "from.free"), history.row, judge.Context{}, minutes(minute)); v.Outcome != want || !v.Since.Equal(minutes(900)) {
					t.Errorf("at minute %d %s since %s (%s), want %s since minute 900", minute, v.Outcome, v.Since, v.Why, want)
				}
			}
		})
	}
}

// The same where the row has forgotten that the sides agreed, and has only noted it.
func TestJudge_AValueOfLongAgoIsNotWaitedForWhereTheAgreementIsForgotten(t *testing.T) {
	rule := stock(t, "from.free")
	h := stockHistory().erp(0, "35").shop(1, "35").erp(100, "30").shop(110, "30").erp(900, "25")
	for i := range 2 * record.MaxPast {
		h.shop(901+i, fmt.Sprint(60+i))
	}
	h.shop(918, "35")
	h.row.Marks = map[string]record.Mark{rule.Name(): {Since: minutes(900), First: minutes(900)}}
	if v := judge.Judge(rule, h.row, judge.Context{}, minutes(919)); v.Outcome != judge.Pending {
		t.Errorf("%s since %s (%s), want pending", v.Outcome, v.Since, v.Why)
	}
}

func TestJudge_Presence(t *testing.T) {
	paid := commerce.Facets{"payment": commerce.Text("paid"), "cancelled": commerce.Bool(false)}
	unpaid := commerce.Facets{"payment": commerce.Text("pending"), "cancelled": commerce.Bool(false)}
	covered := map[string]time.Time{"shop": minutes(-600), "erp": minutes(-500)}
	succeeded := func(o *commerce.Observation) { gone(o); o.SucceededBy = "PSI-1" }
	for _, c := range []struct {
		name    string
		check   registry.Check
		history *history
		covered map[string]time.Time
		at      int
		outcome judge.Outcome
		class   finding.Class
		since   int
	}{
		{name: "it arrived", history: orderHistory().say(0, "shop", "1", paid).say(5, "erp", "SO-1", nil), at: 99, outcome: judge.Agree},
		{name: "it is young", history: orderHistory().say(0, "shop", "1", paid), at: 29, outcome: judge.Pending, class: finding.Missing},
		{name: "it never came", history: orderHistory().say(0, "shop", "1", paid), at: 30, outcome: judge.Differ, class: finding.Missing},
		{name: "unpaid orders are not expected", history: orderHistory().say(0, "shop", "1", unpaid), at: 99, outcome: judge.NotJudged},
		{
			name: "an order is expected from when it is paid", history: orderHistory().say(0, "shop", "1", unpaid).say(60, "shop", "1", paid),
			at: 80, outcome: judge.Pending, class: finding.Missing, since: 60,
		},
		{
			name: "older than what is known there", history: orderHistory().say(0, "shop", "1", paid),
			covered: map[string]time.Time{"erp": minutes(10)}, at: 99, outcome: judge.CannotTell,
		},
		{
			name: "nothing is known there", history: orderHistory().say(0, "shop", "1", paid),
			covered: map[string]time.Time{"shop": minutes(-10)}, at: 99, outcome: judge.CannotTell,
		},
		{
			name: "removed there", history: orderHistory().say(0, "shop", "1", paid).say(5, "erp", "SO-1", nil).say(40, "erp", "SO-1", nil, gone),
			at: 70, outcome: judge.Differ, class: finding.Gone, since: 40,
		},
		{
			name: "removed here, still there", history: orderHistory().say(0, "shop", "1", paid).say(5, "erp", "SO-1", nil).say(40, "shop", "1", nil, gone),
			at: 70, outcome: judge.Differ, class: finding.Gone, since: 40,
		},
		{
			name:    "an order that became an invoice",
			history: orderHistory().say(0, "shop", "1", paid).say(5, "erp", "SO-1", nil).say(40, "erp", "SO-1", nil, succeeded).say(40, "erp", "PSI-1", nil),
			at:      99, outcome: judge.Agree,
		},
		{
			name: "there twice", check: registry.One,
			history: orderHistory().say(0, "shop", "1", paid).say(5, "erp", "SO-1", nil).say(6, "erp", "SO-2", nil),
			at:      36, outcome: judge.Differ, class: finding.Duplicate, since: 6,
		},
		{
			name:    "there twice, and nobody asked",
			history: orderHistory().say(0, "shop", "1", paid).say(5, "erp", "SO-1", nil).say(6, "erp", "SO-2", nil),
			at:      36, outcome: judge.CannotTell, class: finding.Duplicate,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			check := c.check
			if check == "" {
				check = registry.Present
			}
			around := judge.Context{Covered: covered}
			if c.covered != nil {
				around.Covered = c.covered
			}
			v := judge.Judge(present(t, check), c.history.row, around, minutes(c.at))
			if v.Outcome != c.outcome || v.Class != c.class {
				t.Fatalf("%s %s (%s), want %s %s", v.Outcome, v.Class, v.Why, c.outcome, c.class)
			}
			if c.since > 0 && !v.Since.Equal(minutes(c.since)) {
				t.Errorf("since %s, want %s", v.Since.Format("15:04"), minutes(c.since).Format("15:04"))
			}
		})
	}
}
