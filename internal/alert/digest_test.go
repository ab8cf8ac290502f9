package alert_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

// quiet is a finding that no alert told.
func quiet(rule, key, location, opened, impact string) finding.Finding {
	return finding.Finding{
		ID: rule + key + location + opened, Integration: "stock-to-storefront", Rule: rule, Class: finding.Late,
		Kind: commerce.Inventory, Key: commerce.Key{key, location}, State: finding.Open, From: "erp", To: "shopify-us",
		Since: at(opened).Add(-20 * time.Minute), Opened: at(opened), Impact: number(impact), Currency: "USD",
		Differences: []finding.Difference{differs("available", "14", "13")}, Cause: finding.Cause{System: "erp", Delivery: "dlv-" + key + opened},
	}
}

func belowLimit() []finding.Finding {
	other := quiet("wms-count", "TEE-RED-M", "west", "03:00", "9.5")
	other.Integration, other.From, other.To, other.Class = "warehouse-count", "wms", "erp", finding.ValueDiffers
	return []finding.Finding{
		quiet("stock", "MUG-BLU", "east", "02:10", "12"), quiet("stock", "CAP-BLK", "east", "02:11", "4"),
		quiet("stock", "SOCK-M", "east", "01:40", "3.5"), quiet("stock", "TEE-RED-S", "east", "00:05", "1"), other,
	}
}

func watched() []finding.Finding {
	var all []finding.Finding
	for i := range 14 {
		location := "west"
		if i > 11 {
			location = "east"
		}
		f := quiet("stock-strict", fmt.Sprintf("SKU-%02d", i), location, "02:10", "40")
		f.Silent = true
		if i%5 == 0 {
			f.State, f.Resolved = finding.Resolved, at("02:50")
		}
		all = append(all, f)
	}
	gone := quiet("stock-free", "MUG-BLU", "east", "02:10", "40")
	gone.Silent, gone.State, gone.Resolved = true, finding.Resolved, at("03:10")
	return append(all, gone)
}

// everywhere is more than a digest tells.
func everywhere() []finding.Finding {
	var all []finding.Finding
	for i := range 9 {
		for j := range 8 {
			f := quiet(fmt.Sprintf("rule-%d", j), "MUG-BLU", "east", "02:10", fmt.Sprint(1+j))
			f.Integration = fmt.Sprintf("integration-%d", i)
			all = append(all, f)
		}
	}
	return all
}

var pricing = alert.Owner{Team: "inventory-ops", Slack: "#stock"}

func digest(findings ...[]finding.Finding) built {
	a, _ := alert.NewDigest(pricing, slices.Concat(findings...), at("00:30"), at("08:30"))
	return built{a}
}

func TestDigest_NothingToSayIsNoDigest(t *testing.T) {
	untold := quiet("stock", "MUG-BLU", "east", "02:10", "12")
	for name, change := range map[string]func(*finding.Finding){
		"an alert has told it":            func(f *finding.Finding) { f.Alert = "a1" },
		"below the limit, and over":       func(f *finding.Finding) { f.State, f.Resolved = finding.Resolved, at("03:00") },
		"acknowledged":                    func(f *finding.Finding) { f.State = finding.Acknowledged },
		"waived":                          func(f *finding.Finding) { f.State = finding.Waived },
		"over before anybody heard of it": func(f *finding.Finding) { f.Silent, f.Opened, f.State = true, time.Time{}, finding.Resolved },
	} {
		f := untold
		change(&f)
		if a, some := alert.NewDigest(pricing, []finding.Finding{f}, at("00:30"), at("08:30")); some {
			t.Errorf("%s: %+v", name, a.Digest.Reports)
		}
	}
	if _, some := alert.NewDigest(pricing, nil, at("00:30"), at("08:30")); some {
		t.Error("there is a digest of nothing")
	}
	if _, some := alert.NewDigest(pricing, []finding.Finding{untold}, at("00:30"), at("08:30")); !some {
		t.Error("what waits for the digest is not in it")
	}
}

func TestDigest_IsOneForADayAndAnOwner(t *testing.T) {
	ids := map[string]string{}
	for name, o := range map[string]alert.Owner{"a": pricing, "b": {Team: "pricing", Slack: "#stock"}, "c": {Team: "inventory-ops"}} {
		for _, day := range []string{"08:30", "23:30"} {
			a, _ := alert.NewDigest(o, belowLimit(), at("00:30"), at(day))
			again, _ := alert.NewDigest(o, watched(), at("04:30"), at(day))
			if a.ID != again.ID {
				t.Errorf("%s has two digests at %s", name, day)
			}
			if other, taken := ids[a.ID]; taken {
				t.Errorf("%s shares a digest with %s", name, other)
			}
			ids[a.ID] = name
		}
	}
}

func TestDigest_IsToldOnceAndNeverClimbs(t *testing.T) {
	a := digest(belowLimit()).Alert
	if at, wanted := a.Wakes(); !wanted || !at.IsZero() || a.Takes(a.Opened) || len(a.Offers()) > 0 {
		t.Errorf("a new digest wakes at %s (%t), takes findings %t, offers %v", at, wanted, a.Takes(a.Opened), a.Offers())
	}
	a.Sent, a.Published = at("08:30"), a.Seq
	if a, changed := alert.Plan(a, alert.Ladder{After: time.Minute, Then: time.Minute}, at("12:00")); changed {
		t.Errorf("a digest calls %+v", a.Calls)
	}
	if reply, some := alert.Thread(a, 0, at("12:00")); some {
		t.Errorf("a digest has a thread: %s", reply.Text)
	}
}

func TestUrgent_SmallAmountsWaitAndNothingElse(t *testing.T) {
	over := map[string]commerce.Decimal{"USD": commerce.Int(25)}
	stock := quiet("stock", "MUG-BLU", "east", "02:10", "24.99")
	for _, c := range []struct {
		name   string
		change func(*finding.Finding)
		want   bool
	}{
		{"below", nil, false},
		{"as much as the limit", func(f *finding.Finding) { f.Impact = number("25") }, true},
		{"as much in the other direction", func(f *finding.Finding) { f.Impact = number("-25") }, true},
		{"nobody knows how much", func(f *finding.Finding) { f.Impact = nil }, true},
		{"in a currency without a limit", func(f *finding.Finding) { f.Currency = "CAD" }, true},
		{"a value that was never expected", func(f *finding.Finding) { f.Class = finding.ValueDiffers }, false},
		{"never settles", func(f *finding.Finding) { f.Class = finding.NeverSettles }, false},
		{"missing", func(f *finding.Finding) { f.Class = finding.Missing }, true},
		{"gone", func(f *finding.Finding) { f.Class = finding.Gone }, true},
		{"there twice", func(f *finding.Finding) { f.Class = finding.Duplicate }, true},
		{"not mapped", func(f *finding.Finding) { f.Class = finding.UnknownMapping }, true},
		{"not readable", func(f *finding.Finding) { f.Class = finding.Unreadable }, true},
		{"not asked", func(f *finding.Finding) { f.Class = finding.Refused }, true},
		{"sold and not there", func(f *finding.Finding) { f.Differences = []finding.Difference{differs("available", "1", "0")} }, true},
		{"sold and less than nothing there", func(f *finding.Finding) { f.Differences = []finding.Difference{differs("available", "1", "-2")} }, true},
		{"there and not sold", func(f *finding.Finding) { f.Differences = []finding.Difference{differs("available", "0", "1")} }, false},
		{"a cost where there should be none", func(f *finding.Finding) { f.Differences = []finding.Difference{differs("cost", "1", "0")} }, false},
		{"money where there should be none", func(f *finding.Finding) {
			f.Kind, f.Differences = commerce.Order, []finding.Difference{differs("tips", "1", "0")}
		}, false},
	} {
		f := stock
		if c.change != nil {
			c.change(&f)
		}
		if got := alert.Urgent(f, over); got != c.want {
			t.Errorf("%s: urgent is %t", c.name, got)
		}
	}
	if !alert.Urgent(stock, nil) {
		t.Error("without a limit everything is urgent")
	}
}
