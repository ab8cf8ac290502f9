package judge_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/registry"
)

// routing is the rule "Canada is served from the west, the rest from either".
func routing(t *testing.T) registry.Rule {
	return registry.Rule{
		Integration: "parcels", ID: "routing", Kind: commerce.Shipment, From: "shop", To: "wms",
		Check: registry.RouteCheck, Mode: registry.Alert, Settle: registry.Settle{For: time.Hour, By: -1},
		Routes: []registry.Route{
			{When: compile(t, commerce.Shipment, `from.country == "CA"`, commerce.BoolType), ShipFrom: []string{"west"}},
			{ShipFrom: []string{"east", "south"}},
		},
	}
}

func TestRoute_IsTheFirstThatIsForTheShipment(t *testing.T) {
	shipment := func(country string) *history {
		h := rowOf(commerce.Shipment, "shop", "US1042", "1Z999")
		if country != "" {
			h.say(0, "shop", "1", words("country", country))
		}
		return h
	}
	for _, c := range []struct {
		name    string
		history *history
		at      int
		outcome judge.Outcome
		why     string
	}{
		{"as the route says", shipment("CA").say(5, "wms", "W", words("location", "west")), 999, judge.Agree, ""},
		{"either of two", shipment("US").say(5, "wms", "W", words("location", "south")), 999, judge.Agree, ""},
		{"from elsewhere", shipment("CA").say(5, "wms", "W", words("location", "east")), 65, judge.Differ, "wms ships it from east, its route is west"},
		{"from neither of two", shipment("US").say(5, "wms", "W", words("location", "west")), 65, judge.Differ, "wms ships it from west, its route is east or south"},
		{"for a moment", shipment("CA").say(5, "wms", "W", words("location", "east")), 64, judge.Pending, ""},
		{"put right", shipment("CA").say(5, "wms", "W", words("location", "east")).say(30, "wms", "W", words("location", "west")), 999, judge.Agree, ""},
		{"nobody says where it goes", shipment("").say(5, "wms", "W", words("location", "east")), 999, judge.CannotTell, "country of shop is missing"},
		{"nobody says from where", shipment("US").say(5, "wms", "W", words("status", "shipped")), 999, judge.CannotTell, "location of wms is missing"},
		{"not there yet", shipment("US"), 999, judge.NotJudged, "wms does not have the shipment"},
		{"twice", shipment("US").say(5, "wms", "W", words("location", "east")).say(6, "wms", "X", words("location", "east")), 999, judge.CannotTell, "wms has the record twice"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := judge.Judge(routing(t), c.history.row, judge.Context{}, minutes(c.at))
			if v.Outcome != c.outcome || c.why != "" && v.Why != c.why || c.outcome == judge.Differ && (v.Class != finding.Misrouted || !v.Since.Equal(minutes(5))) {
				t.Errorf("%s %s (%s) since %s, want %s (%s)", v.Outcome, v.Class, v.Why, v.Since.Format("15:04"), c.outcome, c.why)
			}
		})
	}
	none := routing(t)
	none.Routes = none.Routes[:1]
	if v := judge.Judge(none, shipment("US").say(5, "wms", "W", words("location", "east")).row, judge.Context{}, minutes(999)); v.Outcome != judge.NotJudged {
		t.Errorf("no route is for it: %s (%s)", v.Outcome, v.Why)
	}
	voided := routing(t)
	voided.When = compile(t, commerce.Shipment, "!to.voided", commerce.BoolType)
	void := shipment("CA").say(5, "wms", "W", commerce.Facets{"location": commerce.Text("east"), "voided": commerce.Bool(true)})
	if v := judge.Judge(voided, void.row, judge.Context{}, minutes(999)); v.Outcome != judge.NotJudged {
		t.Errorf("voided: %s (%s)", v.Outcome, v.Why)
	}
}

// TestRoute_ASKUMayHaveItsOwn: sofas leave from the west, whatever else is in the
// parcel.
func TestRoute_ASKUMayHaveItsOwn(t *testing.T) {
	rule := routing(t)
	rule.Routes = []registry.Route{
		{When: rule.Routes[0].When, ShipFrom: []string{"west"}},
		{SKUs: []string{"SOFA-*", "BED"}, ShipFrom: []string{"west"}},
		{SKUs: []string{"TEA*"}, ShipFrom: []string{"east"}},
		{ShipFrom: []string{"east", "south"}},
	}
	// The shop tells the country, the warehouse the location and what is in it.
	parcel := func(country, location, shopLines, wmsLines string) *history {
		return rowOf(commerce.Shipment, "shop", "US1042", "1Z999").
			say(0, "shop", "1", words("country", country), lined(shopLines)).
			say(5, "wms", "W", words("location", location), lined(wmsLines))
	}
	for _, c := range []struct {
		name    string
		history *history
		outcome judge.Outcome
		why     string
		allowed string
	}{
		{"from where it must", parcel("US", "west", "", "SOFA-3 1"), judge.Agree, "", ""},
		{"from elsewhere", parcel("US", "east", "", "SOFA-3 1"), judge.Differ, "wms ships SOFA-3 from east, the route of SOFA-3 is west", "west for SOFA-3"},
		{"one of several", parcel("US", "east", "", "MUG 2 SOFA-3 1"), judge.Differ, "wms ships SOFA-3 from east, the route of SOFA-3 is west", "west for SOFA-3"},
		{"what no route names", parcel("US", "west", "", "MUG 2"), judge.Differ, "wms ships it from west, its route is east or south", "east or south"},
		{"no place is right for both", parcel("US", "west", "", "SOFA-3 1 TEA-1 1"), judge.Differ, "wms ships TEA-1 from west, the route of TEA-1 is east", "east for TEA-1"},
		{"an earlier route is for all", parcel("CA", "west", "", "TEA-1 1"), judge.Agree, "", ""},
		{"only the shop tells what is in it", parcel("US", "east", "BED 1", ""), judge.Differ, "wms ships BED from east, the route of BED is west", "west for BED"},
		{"who ships it knows better", parcel("US", "east", "BED 1", "MUG 1"), judge.Agree, "", ""},
		{"nobody tells what is in it", parcel("US", "east", "", ""), judge.CannotTell, "nobody says which SKUs are in the shipment", ""},
		{"and an earlier route is for all", parcel("CA", "west", "", ""), judge.Agree, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := judge.Judge(rule, c.history.row, judge.Context{}, minutes(65))
			allowed := ""
			if d := v.Differences(); len(d) == 1 {
				allowed = d[0].Expected
			}
			if v.Outcome != c.outcome || v.Why != c.why || allowed != c.allowed {
				t.Errorf("%s (%s), allowed from %q; want %s (%s), from %q", v.Outcome, v.Why, allowed, c.outcome, c.why, c.allowed)
			}
		})
	}
}
