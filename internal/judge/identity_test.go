package judge_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// oneCustomer is the rule "nobody is twice in the shop or the CRM".
func oneCustomer() registry.Rule {
	return registry.Rule{
		Integration: "contacts", ID: "one-customer", Kind: commerce.Customer, From: "shop", To: "crm",
		Check: registry.Identity, Mode: registry.Alert, Settle: registry.Settle{For: time.Hour, By: -1},
	}
}

func rowOf(kind commerce.Kind, key ...string) *history {
	return &history{row: record.Row{Kind: kind, Key: key}}
}

// knownAs is an account on an anchor, with the hash of its address or without.
func (h *history) knownAs(minute int, system, native, hash string, change ...func(*commerce.Observation)) *history {
	f := commerce.Facets{}
	if hash != "" {
		f["hash"] = commerce.Text(hash)
	}
	return h.say(minute, system, native, f, change...)
}

func mergedInto(kept string) func(*commerce.Observation) {
	return func(o *commerce.Observation) { o.Gone, o.Facets, o.SucceededBy = true, nil, kept }
}

func TestIdentity_SaysWhoIsTwice(t *testing.T) {
	customer := func() *history { return rowOf(commerce.Customer, "5d4c") }
	external := func() *history { return rowOf(commerce.Anchor, commerce.ExternalAnchor, "9a8b") }
	phone := func() *history { return rowOf(commerce.Anchor, commerce.PhoneAnchor, "7e6f") }
	domain := func() *history { return rowOf(commerce.Anchor, commerce.DomainAnchor, "6a5b") }
	company := func(o *commerce.Observation) { o.Slot = commerce.CompanySlot }
	for _, c := range []struct {
		name    string
		history *history
		at      int
		outcome judge.Outcome
		class   finding.Class
		why     string
	}{
		{
			name: "once in each system", history: customer().say(0, "shop", "7123", nil).say(1, "crm", "10233", nil),
			at: 999, outcome: judge.Agree,
		},
		{
			name:    "twice in one system on one address",
			history: customer().say(0, "shop", "7123", nil).say(1, "crm", "10233", nil).say(5, "crm", "10871", nil),
			at:      66, outcome: judge.Differ, class: finding.Duplicate, why: "the same customer twice in crm: 10233 and 10871; shop has 7123",
		},
		{
			name:    "twice for a moment, while somebody merges them",
			history: customer().say(0, "crm", "10233", nil).say(5, "crm", "10871", nil),
			at:      64, outcome: judge.Pending, class: finding.Duplicate,
		},
		{
			name:    "merged",
			history: customer().say(0, "crm", "10233", nil).say(5, "crm", "10871", nil).say(70, "crm", "10871", nil, mergedInto("10233")),
			at:      999, outcome: judge.Agree,
		},
		{
			name: "accounts of two sorts, which a system has of one person",
			history: customer().say(0, "crm", "001", nil, func(o *commerce.Observation) { o.Slot = "account" }).
				say(1, "crm", "003", nil, func(o *commerce.Observation) { o.Slot = "contact" }),
			at: 999, outcome: judge.Agree,
		},
		{
			name:    "many times, of which some are named",
			history: customer().say(0, "crm", "1", nil).say(1, "crm", "2", nil).say(2, "crm", "3", nil).say(3, "crm", "4", nil).say(4, "crm", "5", nil),
			at:      999, outcome: judge.Differ, class: finding.Duplicate, why: "the same customer 5 times in crm: 1, 2, 3, 4 and 1 more",
		},
		{
			name:    "two accounts under one id of the shop",
			history: external().knownAs(0, "shop", "7123", "dana").knownAs(1, "crm", "10233", "dana").knownAs(2, "crm", "10871", "dana, newly"),
			at:      999, outcome: judge.Differ, class: finding.Duplicate, why: "the same customer twice in crm: 10233 and 10871; shop has 7123",
		},
		{
			name:    "two accounts under one id, and one address: told once",
			history: external().knownAs(0, "crm", "10233", "dana").knownAs(1, "crm", "10871", "dana"),
			at:      999, outcome: judge.NotJudged, why: "the accounts share their e-mail address or tax number as well, which is judged there",
		},
		{
			name:    "linked, with one address",
			history: external().knownAs(0, "shop", "7123", "dana").knownAs(1, "crm", "10233", "dana"),
			at:      999, outcome: judge.Agree,
		},
		{
			name:    "linked, with two addresses",
			history: external().knownAs(0, "shop", "7123", "dana").knownAs(1, "crm", "10233", "lee"),
			at:      999, outcome: judge.Differ, class: finding.Split,
			why: "7123 of shop and 10233 of crm name one another, but have different e-mail addresses",
		},
		{
			name:    "an address that has not come across yet",
			history: external().knownAs(0, "shop", "7123", "dana").knownAs(1, "crm", "10233", "dana").knownAs(100, "shop", "7123", "dana, newly"),
			at:      159, outcome: judge.Pending, class: finding.Split,
		},
		{
			name:    "linked to one that was merged into another",
			history: external().knownAs(0, "shop", "7123", "dana").knownAs(1, "crm", "10233", "dana").knownAs(5, "shop", "7123", "", mergedInto("7200")),
			at:      999, outcome: judge.Differ, class: finding.Split,
			why: "10233 of crm still names 7123 of shop, which was merged into 7200",
		},
		{
			name:    "linked to one that was deleted",
			history: external().knownAs(0, "shop", "7123", "dana").knownAs(1, "crm", "10233", "dana").knownAs(5, "shop", "7123", "", gone),
			at:      999, outcome: judge.NotJudged, why: "one of the accounts is gone",
		},
		{
			name: "an id that only one system knows", history: external().knownAs(0, "crm", "10233", "dana"),
			at: 999, outcome: judge.NotJudged, why: "only one of the systems has an account by this id",
		},
		{
			name:    "linked, and one has no address",
			history: external().knownAs(0, "shop", "7123", "").knownAs(1, "crm", "10233", "lee"),
			at:      999, outcome: judge.CannotTell, why: "an account has no e-mail address or tax number",
		},
		{
			name:    "an account without an address beside one that has one",
			history: phone().knownAs(0, "shop", "7123", "dana").knownAs(1, "shop", "7555", ""),
			at:      999, outcome: judge.Differ, class: finding.Duplicate, why: "the same customer twice in shop: 7123 and 7555",
		},
		{
			name:    "a household",
			history: phone().knownAs(0, "shop", "7123", "dana").knownAs(1, "shop", "7555", "lee"),
			at:      999, outcome: judge.CannotTell,
			why: "accounts with different e-mail addresses or tax numbers share a telephone number, as two persons of one household do",
		},
		{
			name:    "one telephone in two systems",
			history: phone().knownAs(0, "shop", "7123", "dana").knownAs(1, "crm", "10233", "lee"),
			at:      999, outcome: judge.Agree,
		},
		{
			name:    "a company twice on one tax number",
			history: customer().say(0, "crm", "c-1", nil, company).say(1, "crm", "c-2", nil, company).say(2, "shop", "L1", nil),
			at:      999, outcome: judge.Differ, class: finding.Duplicate, why: "the same company twice in crm: c-1 and c-2; shop has L1",
		},
		{
			name:    "a company without a tax number beside one that has one",
			history: domain().knownAs(0, "crm", "c-1", "DE1", company).knownAs(1, "crm", "c-2", "", company),
			at:      999, outcome: judge.Differ, class: finding.Duplicate, why: "the same company twice in crm: c-1 and c-2",
		},
		{
			name:    "a group of companies",
			history: domain().knownAs(0, "crm", "c-1", "DE1", company).knownAs(1, "crm", "c-2", "DE2", company),
			at:      999, outcome: judge.CannotTell, why: "companies with different tax numbers share a domain, as those of one group do",
		},
		{
			name:    "a company that is linked to another one",
			history: external().knownAs(0, "shop", "C7", "DE1", company).knownAs(1, "crm", "c-1", "DE2", company),
			at:      999, outcome: judge.Differ, class: finding.Split, why: "C7 of shop and c-1 of crm name one another, but have different tax numbers",
		},
		{
			name: "a system that the rule does not compare", history: customer().say(0, "wms", "1", nil).say(1, "wms", "2", nil),
			at: 999, outcome: judge.NotJudged, why: "neither system has reported the record",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := judge.Judge(oneCustomer(), c.history.row, judge.Context{}, minutes(c.at))
			if v.Outcome != c.outcome || v.Class != c.class || c.why != "" && v.Why != c.why {
				t.Errorf("%s %s (%s), want %s %s (%s)", v.Outcome, v.Class, v.Why, c.outcome, c.class, c.why)
			}
		})
	}
}

func TestIdentity_OfOtherRecords(t *testing.T) {
	for kind, key := range map[commerce.Kind]commerce.Key{
		commerce.Order:   {"shop", "US1042"},
		commerce.Product: {"MUG-BLU"},
	} {
		rule := oneCustomer()
		rule.Kind = kind
		twice := rowOf(kind, key...).say(0, "shop", "1", nil).say(1, "crm", "A", nil).say(2, "crm", "B", nil)
		v := judge.Judge(rule, twice.row, judge.Context{}, minutes(62))
		if v.Outcome != judge.Differ || v.Class != finding.Duplicate || !v.Since.Equal(minutes(2)) {
			t.Errorf("%s: %s %s since %s", kind, v.Outcome, v.Class, v.Since)
		}
	}
	rule := oneCustomer()
	rule.Kind, rule.When = commerce.Order, compile(t, commerce.Order, "!to.test", commerce.BoolType)
	test := func(value commerce.Facets) record.Row {
		return rowOf(commerce.Order, "shop", "US1042").say(0, "crm", "A", value).say(1, "crm", "B", value).row
	}
	if v := judge.Judge(rule, test(commerce.Facets{"test": commerce.Bool(true)}), judge.Context{}, minutes(999)); v.Outcome != judge.NotJudged {
		t.Errorf("a test order: %s", v.Outcome)
	}
	if v := judge.Judge(rule, test(nil), judge.Context{}, minutes(999)); v.Outcome != judge.CannotTell || v.Why != "test of crm is missing" {
		t.Errorf("nobody says whether it is a test: %s (%s)", v.Outcome, v.Why)
	}
}

// The settle time of a duplicate runs from when it was first seen, however often
// its accounts are reported meanwhile.
func TestIdentity_ChangesOfADuplicateStopNoClock(t *testing.T) {
	rule, h := oneCustomer(), rowOf(commerce.Customer, "5d4c")
	facets := func(n string) commerce.Facets { return commerce.Facets{"orders": number(n)} }
	h.say(0, "crm", "10233", facets("1")).say(5, "crm", "10871", facets("1"))
	v := judge.Judge(rule, h.row, judge.Context{}, minutes(5))
	h.row.Marks = map[string]record.Mark{rule.Name(): {Since: v.Since, First: v.First}}
	h.say(60, "crm", "10871", facets("2"))
	if v := judge.Judge(rule, h.row, judge.Context{}, minutes(65)); v.Outcome != judge.Differ || !v.Since.Equal(minutes(5)) {
		t.Errorf("%s since %s", v.Outcome, v.Since)
	}
}

func TestRules_IdentityOfCustomersBringsTheirAnchorsAlong(t *testing.T) {
	r := &registry.Registry{
		Systems:      map[string]registry.System{"shop": {Name: "shop"}, "crm": {Name: "crm"}},
		Integrations: []registry.Integration{{Name: "contacts", From: "shop", To: "crm", Rules: []registry.Rule{oneCustomer()}}},
	}
	of := judge.Rules(r)[commerce.Anchor]
	if len(of) != 1 || of[0].Name() != "contacts/one-customer"+judge.AnchorSuffix || of[0].Kind != commerce.Anchor || of[0].Settle != oneCustomer().Settle {
		t.Errorf("%+v", of)
	}
	r.Integrations[0].Rules[0].Check = registry.Present
	if of := judge.Rules(r)[commerce.Anchor]; len(of) != 0 {
		t.Errorf("nobody asks for them: %+v", of)
	}
}
