package alert_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

var update = flag.Bool("update", false, "write the golden files")

type sample struct {
	now string
	built
}

func samples() map[string]sample {
	closed := resolve(fourSKUs(), "10:31")
	grown := fourSKUs()
	grown.Shown = 2
	acknowledged := grown.Members[0]
	acknowledged.State = finding.Acknowledged
	grown.Alert, _ = alert.Update(grown.Alert, acknowledged)
	ended := grown.Members[1]
	ended.State, ended.Resolved = finding.Resolved, at("09:50")
	grown.Alert, _ = alert.Update(grown.Alert, ended)

	twoPlaces := stock(finding.ValueDiffers).
		with(member("MUG-BLU@east", "09:14", differs("available", "1014", "1009")), nil).
		with(member("MUG-BLU@west", "11:02", differs("available", "3", "4")), nil)
	oneSKU := stock(finding.ValueDiffers).
		with(member("MUG-BLU@east", "09:14", differs("available", "6", "9")), worth("40.5", "EUR"))

	kits := func(impact string) func(*alert.Member) {
		return func(m *alert.Member) {
			worth(impact, "USD")(m)
			m.Why = "contains KIT-07, which erp does not know"
			m.Source = "shopify-us"
		}
	}
	missing := orders(finding.Missing).
		with(member("shopify-us/US1042", "10:02"), kits("384.10")).
		with(member("shopify-us/US1043", "10:09"), kits("384.15")).
		with(member("shopify-us/US1047", "10:30"), kits("384.15"))
	missing.Severity = "critical"
	since := alert.RegistryEvent(at("14:02"), "rule stock")
	event := func(m *alert.Member) { m.Traits = alert.Traits{alert.ByEvent: since, alert.ByLocation: "east"} }
	registry := stock(finding.ValueDiffers).
		with(member("MUG-BLU@east", "09:14", differs("available", "1014", "1009")), event).
		with(member("MUG-RED@east", "11:02", differs("available", "3", "4")), event)
	registryOnce := stock(finding.ValueDiffers).with(member("MUG-BLU@east", "09:14", differs("available", "1014", "1009")), event)

	oneMissing := orders(finding.Missing).with(member("shopify-us/US1042", "10:02"), worth("384.10", "USD"))

	edited := orders(finding.ValueDiffers).with(
		member("shopify-us/US1033", "11:20", differs("tax_current", "13.2", "14.6"), differs("total_current", "168.4", "186.4"), differs("units_current", "2", "3")),
		func(m *alert.Member) {
			m.Currency, m.Impact = "USD", number("18")
			m.Source, m.Delivery = "shopify-us", "dlv-1120"
			m.Why = "the gap is exactly line SOCK-M × 1, which erp does not have"
		})
	exchangeRate := built{edited.Alert}
	exchangeRate.Kind, exchangeRate.Rule, exchangeRate.Members, exchangeRate.Seq = commerce.Refund, "refund-booked", nil, 0
	exchangeRate = exchangeRate.with(member("shopify-us/US0988", "13:50", differs("amount", "8.10", "10.95")), func(m *alert.Member) {
		worth("2.85", "CAD")(m)
		m.Why = "the ratio is 1.3512, the USD/CAD rate of 2026-03-03"
	})

	oneWay := orders(finding.ValueDiffers).
		with(member("shopify-us/US1033", "11:20", differs("total_current", "168.4", "186.4")), worth("18", "USD")).
		with(member("shopify-us/US1035", "11:40", differs("total_current", "100", "172")), worth("72", "USD"))
	unshipped := orders(finding.ValueDiffers)
	for i, gap := range []struct{ shown, expected, why, by string }{
		{"100", "112", "the gap is exactly the shipping, 12.00 USD", "shipping"},
		{"80.5", "85.5", "the gap is exactly the shipping, 5.00 USD", "shipping"},
		{"40", "43.2", "the gap is exactly the tip, 3.20 USD", "tips"},
	} {
		d := differs("total_current", gap.shown, gap.expected)
		d.By = gap.by
		unshipped = unshipped.with(member(fmt.Sprintf("shopify-us/US10%02d", 50+i), "11:20", d), func(m *alert.Member) {
			m.Currency, m.Why = "USD", gap.why
		})
	}
	untold := orders(finding.Late)
	untold.From, untold.To = "wms", "shopify-us"
	for i := range 12 {
		untold = untold.with(member(fmt.Sprintf("shopify-us/US10%02d", 10+i), "12:30",
			finding.Difference{Facet: "fulfilment", Expected: "fulfilled", Actual: "unfulfilled"}), nil)
	}
	lineCancelled := orders(finding.ValueDiffers)
	lineCancelled.From, lineCancelled.To = "wms", "shopify-us"
	lineCancelled = lineCancelled.with(member("shopify-us/US1040", "11:45", differs("units_open", "3", "2")), nil)

	prices := stock(finding.Late)
	prices.Kind, prices.Severity = commerce.Price, "minor"
	for i := range 214 {
		prices = prices.with(member(fmt.Sprintf("ACME-%03d@base", i), "02:00", differs("regular", "12", "14.5")), worth("9.02", "USD"))
	}
	onePrice := stock(finding.ValueDiffers)
	onePrice.Kind = commerce.Price
	onePrice = onePrice.with(member("MUG-BLU@base", "02:00", differs("sale", "12", "14.5")), func(m *alert.Member) { m.Currency = "GBP" })
	withTax := stock(finding.Late)
	withTax.Kind, withTax.Severity = commerce.Price, "minor"
	for i, p := range []struct{ net, gross, tax string }{{"100", "119", "19.00"}, {"20", "23.8", "3.80"}} {
		d := differs("regular", p.gross, p.net)
		d.By = "tax of 19 %"
		withTax = withTax.with(member(fmt.Sprintf("MUG-%d@base", i), "06:00", d), func(m *alert.Member) {
			m.Currency, m.Why = "EUR", "shopify-us is with tax, erp without: exactly the tax of 19 %, "+p.tax+" EUR"
		})
	}
	noSale := stock(finding.ValueDiffers)
	noSale.Kind = commerce.Price
	noSale = noSale.with(member("MUG-BLU@b2b", "02:00", finding.Difference{Facet: "sale", Expected: "14.5", Actual: "null"}), func(m *alert.Member) { m.Currency = "JPY" })

	gone := orders(finding.Gone).with(member("shopify-us/US1050", "14:20"), func(m *alert.Member) { m.Source = "erp" })
	goneSomewhere := stock(finding.Gone).with(member("MUG-BLU@east", "14:20"), nil).with(member("MUG-RED@east", "14:21"), nil)
	duplicate := orders(finding.Duplicate).
		with(member("shopify-us/US1021", "08:30"), func(m *alert.Member) { m.Source, m.Why = "erp", "SO-1021 and SO-1099 are both live" }).
		with(member("shopify-us/US1022", "08:31"), func(m *alert.Member) { m.Source, m.Why = "erp", "SO-1022 and SO-1100 are both live" })
	trails := stock(finding.NeverSettles).with(member("CAP-BLK@east", "09:00", differs("available", "80", "40")), worth("600", "USD"))
	leak := leaking("TEE-RED-M@west", "11", "152.9", "11 units in 9 days, always one way, never above 2 at once")
	leaks := leaking("TEE-RED-M@west", "11", "152.9", "11 units in 9 days, always one way, never above 2 at once",
		"SOCK-M@west", "8", "40", "8 units in 14 days, always one way, never above 1 at once")
	place := stock(finding.SlowDivergence)
	place.Kind, place.Rule, place.Severity, place.FirstCheck = commerce.Trend, "wms-count-trend", "minor", ""
	place = place.with(member("count/wms-count/east", "11:00", differs("on_hand", "57", "0")), func(m *alert.Member) {
		m.Why = "on hand is 1 too high on 57 of 60 changes, 3 the other way: a leak that many records share, or a policy"
	})
	cent, cents := oneSided("shopify-us/USD"), oneSided("shopify-us/USD", "shopify-ca/CAD")
	location := mapping(finding.UnknownMapping).with(member("shopify-us/location/70002", "17:00"), func(m *alert.Member) { m.Records = 80 })
	locations := mapping(finding.UnknownMapping).
		with(member("shopify-us/location/70002", "17:00"), nil).with(member("shopify-us/location/70003", "17:01"), nil)
	unreadable := mapping(finding.Unreadable).with(member("shopify-us/topic/orders/create", "15:00"), func(m *alert.Member) { m.Why = "3 deliveries: line_items[0].quantity must be a whole number" })
	refused := mapping(finding.Refused).
		with(member("erp/credential/orders/fetched", "15:00"), func(m *alert.Member) { m.Why = "its API answers 401" })
	unsubscribed := mapping(finding.Unsubscribed).
		with(member("erp/subscription/items", "15:00"), func(m *alert.Member) {
			m.Why = "items in erp has no webhook that delivers to this system"
		})
	lost := mapping(finding.LostWebhook).with(member("shopify-us/lost/inventory", "15:00"), func(m *alert.Member) {
		m.Source, m.Why = "shopify-us", "12 of 240 changes of stock levels since 02 Mar 06:00 UTC were told by no webhook (5.0 %), such as MUG-BLU@east, MUG-RED@west"
	})
	reshaped := mapping(finding.Reshaped).with(member("shopify-us/shape/orders/updated", "15:00"), func(m *alert.Member) {
		m.Source, m.Why = "shopify-us", "shopify-us sends orders/updated otherwise: total_price is a number, it was text"
	})
	outdated := mapping(finding.Outdated)
	for _, topic := range []string{"orders/updated", "products/update"} {
		outdated = outdated.with(member("shopify-us/version/"+topic, "15:00"), func(m *alert.Member) {
			m.Source, m.Why = "shopify-us", topic+" of shopify-us: version 2025-04 ends on 1 April 2026; from then on webhooks come in a later one"
		})
	}
	usual := func(hours, slots string) func(*alert.Member) {
		return func(m *alert.Member) {
			m.Source, m.Why = "wms", "on Tuesdays from "+hours+" something comes in "+slots+" ten-minute slots"
		}
	}
	silent := mapping(finding.Silent).with(member("wms/silence/inventory", "15:10"), usual("15:00 to 16:00", "46 of 48"))
	silent.Severity = "critical"
	silentMore := built{silent.Alert}.with(member("wms/silence/shipment", "15:40"), usual("16:00 to 17:00", "31 of 48"))
	own := mapping(finding.Own).with(member("plumbline/canary/difference", "10:02"), func(m *alert.Member) {
		m.Source, m.Why = "plumbline", "its own test difference was not found within 5 minutes: merging or judging is stuck"
	})
	own.Severity = "critical"
	ownMore := built{own.Alert}.with(member("plumbline/schedule/audit", "10:05"), func(m *alert.Member) {
		m.Source, m.Why = "plumbline", "the daily audit did not begin"
	})

	oneTotal, totals, countedTotal, lawTotal := totalSamples()
	hostile := stock(finding.ValueDiffers).
		with(member("<!channel>|<@U123>&\x1b[31mRED\x07@east", "09:14", differs("available", "1", "2")), func(m *alert.Member) {
			m.Why = "<https://evil.example|click> @here\n*bold*"
			m.Links = map[string]string{"erp": "javascript:alert(1)", "wms": "https://a.example/x|y>z", "shopify-us": "https://user:pass@a.example/"}
		}).
		with(member("abc\u202edef\u200b\u2066ghi\ufe0f\u3164@\u202eeast", "09:14", differs("available", "1", "2")), func(m *alert.Member) { m.Source, m.Delivery = "erp", "d\r\nSet-Cookie: x\u2028" }).
		with(member("\xff\xfe"+strings.Repeat("&", 900)+"@west", "09:14", finding.Difference{Facet: "available", Expected: "missing", Actual: strings.Repeat("<", 700)}), nil)
	huge := stock(finding.ValueDiffers)
	for i := range 300 {
		huge = huge.with(member(fmt.Sprintf("%s-%03d@east", strings.Repeat("<&>", 50), i), "09:14", differs("available", "1", "2")), func(m *alert.Member) {
			m.Why = strings.Repeat("<&>", 200) + fmt.Sprint(i)
			m.Links = map[string]string{"erp": "https://erp.acme.example/" + strings.Repeat("a", 250)}
		})
	}
	return map[string]sample{
		"stock_late_one_location": {"09:52", fourSKUs()}, "stock_closed": {"10:31", closed}, "stock_grown": {"09:58", grown},
		"stock_two_locations": {"11:24", twoPlaces}, "stock_one": {"11:24", oneSKU},
		"order_missing": {"10:49", missing}, "order_missing_one": {"10:49", oneMissing}, "order_missing_closed": {"11:10", resolve(missing, "10:58")},
		"order_money": {"12:01", edited}, "order_money_many": {"12:01", oneWay}, "order_money_closed": {"14:00", resolve(edited, "13:58")},
		"order_money_explained": {"12:01", unshipped},
		"order_late":            {"14:40", untold}, "order_units": {"12:15", lineCancelled}, "refund_money": {"14:20", exchangeRate},
		"price_late_many": {"06:00", prices}, "price_one": {"06:00", onePrice}, "price_no_sale": {"06:00", noSale},
		"price_with_tax": {"09:10", withTax},
		"order_gone":     {"14:50", gone}, "stock_gone_somewhere": {"14:50", goneSomewhere}, "order_duplicate": {"09:00", duplicate},
		"stock_leaks": {"16:40", leak}, "stock_leaks_many": {"16:40", leaks}, "stock_leaks_no_more": {"17:00", resolve(leak, "16:55")},
		"stock_leaks_at_a_place": {"16:40", place}, "cent_one_sided": {"16:40", cent}, "cents_one_sided": {"16:40", cents}, "cent_corrected": {"17:00", resolve(cent, "16:55")},
		"stock_never_settles": {"13:00", trails}, "mapping_location": {"17:00", location}, "mapping_locations": {"17:05", locations},
		"mapping_closed": {"18:00", resolve(location, "17:40")}, "unreadable": {"15:12", unreadable},
		"lost_webhook": {"15:12", lost}, "unsubscribed": {"15:12", unsubscribed}, "unsubscribed_closed": {"15:40", resolve(unsubscribed, "15:38")},
		"outdated": {"15:12", outdated}, "outdated_closed": {"15:40", resolve(outdated, "15:38")},
		"reshaped": {"15:12", reshaped}, "reshaped_closed": {"15:40", resolve(reshaped, "15:38")},
		"refused": {"15:12", refused}, "refused_closed": {"15:40", resolve(refused, "15:39")},
		"silent": {"16:02", silent}, "silent_more": {"16:45", silentMore}, "silent_closed": {"17:00", resolve(silent, "16:55")},
		"own": {"10:08", own}, "own_more": {"10:20", ownMore}, "own_closed": {"10:31", resolve(own, "10:30")},
		"stock_acknowledged": {"09:58", acknowledgedStock()}, "stock_assigned": {"09:58", assignedStock()},
		"stock_waived": {"09:58", waivedStock()}, "stock_waived_in_part": {"10:40", waivedInPart()}, "stock_back": {"11:58", backAgain()},
		"total_one": {"09:10", oneTotal}, "total_many": {"09:10", totals}, "total_records": {"09:10", countedTotal},
		"total_law":        {"09:10", lawTotal},
		"total_closed":     {"15:10", resolve(oneTotal, "15:00")},
		"registry_changed": {"14:10", registry}, "registry_changed_one": {"14:10", registryOnce},
		"registry_changed_closed": {"15:10", resolve(registry, "15:00")},
		"hostile":                 {"09:52", hostile}, "huge": {"09:52", huge},
		"cause_delivery": {"13:52", oneImport()}, "cause_list": {"13:52", onePriceList()},
		"cause_vendor": {"13:52", oneVendor()},
		"cause_change": {"09:52", afterADeployment()},
		"cause_also":   {"10:12", editedOrder()}, "cause_also_closed": {"11:12", resolve(editedOrder(), "11:00")},
		"cause_also_left": {"10:32", oneEnds(editedOrder(), "10:30")},
		"cause_location":  {"13:52", manyAtEast()}, "cause_minute": {"13:52", dueAtOnce()},
		"called_deputy": {"09:50", called("09:50")}, "called_team": {"10:51", called("09:50", "10:50")}, "called_and_taken": {"09:55", taken(called("09:50"), "09:55")},
		"flapping_one": {"11:10", flapping(4)}, "flapping_many": {"11:10", flapping(4, 3, 6)}, "flapping_rests": {"13:20", rested(flapping(4))},
		"digest": {"08:30", digest(belowLimit(), watched())}, "digest_below_limit": {"08:30", digest(belowLimit())}, "digest_watch": {"08:30", digest(watched())},
		"digest_many": {"08:30", digest(everywhere())}, "storm": {"10:05", storm(14)}, "storm_over": {"10:08", storm(14, 8, 2, 0)},
		"raised": {"11:30", raisedAfter(0)}, "raised_late": {"11:30", raisedAfter(9)},
		"report": {"08:30", reported(oneWeek())}, "report_first_week": {"08:30", reported(oneWeek()[:1])}, "report_many": {"08:30", reported(manyIntegrations())},
	}
}

func TestAlertsReadAsPeopleWantThem(t *testing.T) {
	all := samples()
	maps.Copy(all, authorities())
	for name, s := range all {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("testdata", "golden", name+".txt")
			got := render(t, s)
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("message changed (-golden +now):\n%s", diff)
			}
		})
	}
}

// render shows one alert in every form that leaves the house.
func render(t *testing.T, s sample) []byte {
	t.Helper()
	now := at(s.now)
	m, p := alert.Compose(s.Alert, now), alert.Payload(s.Alert, now)
	var b, body bytes.Buffer
	if err := json.Indent(&body, p.Body, "", "  "); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&b, "%s\n--- notification\n%s\n", alert.PlainText(m), alert.SlackText(m))
	for _, section := range alert.SlackSections(m) {
		fmt.Fprintf(&b, "--- section\n%s\n", section)
	}
	if r, ok := alert.Thread(s.Alert, s.Shown, now); ok {
		fmt.Fprintf(&b, "--- reply: %s\n%s\n", r.Text, strings.Join(r.Sections, "\n--- reply goes on\n"))
	}
	fmt.Fprintf(&b, "--- subject\n%s\n--- published\n%s\n", p.Subject, body.Bytes())
	return b.Bytes()
}
