package hubspot_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/hubspot"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
	"github.com/plumbline/plumbline/internal/record"
)

func TestSettingsThatAreWrongAreNamed(t *testing.T) {
	for _, c := range []struct{ name, value string }{
		{"portal", "acme"},
		{"portal", "0"},
		{"url", "http://hooks.acme.example/hooks/hubspot"},
		{"url", publicURL + "?a=b"},
		{"url", "/hooks/hubspot"},
		{"url", "https://dana@hooks.acme.example/"},
		{"oldest_signature", "v4"},
		{"consent", "Opt out"},
		{"country", "a,b"},
		{"company_email", "a b"},
		{"order_fields", "order_number,"},
	} {
		cfg := config()
		cfg.Settings[c.name] = c.value
		if _, err := hubspot.Platform().New(cfg); err == nil || !strings.Contains(err.Error(), c.name) {
			t.Errorf("%s %q: got %v, want an error that names it", c.name, c.value, err)
		}
	}
}

func TestSeveralChangesAreOneFetchOfEachKind(t *testing.T) {
	e := newEndpoint(t)
	if got := asked(reading(t, e, delivered(t, "contacts-batch"))); got != "contacts/10233,10871,90071992547409931 companies/5501 deals/8801" {
		t.Errorf("got %s", got)
	}
	var many []string
	for id := range 201 {
		many = append(many, fmt.Sprintf(`{"portalId":7700123,"subscriptionType":"contact.creation","occurredAt":1772547267123,"objectId":%d}`, id+1))
	}
	r := reading(t, e, commerce.Delivery{Received: received, Body: []byte("[" + strings.Join(append(many, many...), ",") + "]")})
	if len(r.Fetch) != 3 || r.Fetch[2].Target != "contacts/201" || strings.Count(r.Fetch[0].Target, ",") != 99 {
		t.Errorf("got %s", asked(r))
	}
}

func TestObjectsThatNoSettingAsksForAreNotFetched(t *testing.T) {
	c := config()
	delete(c.Settings, "company_email")
	delete(c.Settings, "order_fields")
	e, err := hubspot.Platform().New(c)
	if err != nil {
		t.Fatal(err)
	}
	if got := asked(reading(t, e, delivered(t, "contacts-batch"))); got != "contacts/10233,10871,90071992547409931" {
		t.Errorf("got %s", got)
	}
	if r := reading(t, e, delivered(t, "deal-deletion")); r.Ignored == "" {
		t.Errorf("got %+v", r)
	}
	if _, err := e.Normalise(delivered(t, "deal")); err == nil {
		t.Error("an answer about a deal was read")
	}
	if _, err := e.(platform.API).Request(platform.Fetch{Topic: "deals", Target: "deals/8801"}, "token"); err == nil {
		t.Error("a deal was asked for")
	}
	if chores := e.(platform.Recurring).Chores(); len(chores) != 1 || chores[0].Name != "contacts" {
		t.Errorf("chores %+v", chores)
	}
}

// A change of what is not read is none. Who made the change does not matter.
func TestPropertyChangesAreThoseOfWhatIsRead(t *testing.T) {
	for property, want := range map[string]string{
		"email": "contacts/10233", "hs_email_optout": "contacts/10233", "hs_country_region_code": "contacts/10233",
		"firstname": "", "lastmodifieddate": "",
	} {
		for _, source := range []string{"INTEGRATION", "CRM_UI", "API"} {
			d := delivered(t, "integration-echo", `"hs_email_optout"`, `"`+property+`"`, `"INTEGRATION"`, `"`+source+`"`)
			if r := reading(t, newEndpoint(t), d); asked(r) != want || (r.Ignored == "") != (want != "") {
				t.Errorf("%s by %s: asked %q, ignored %q", property, source, asked(r), r.Ignored)
			}
		}
	}
	d := delivered(t, "integration-echo", `"hs_email_optout"`, `"newsletter"`)
	if got := asked(reading(t, newEndpoint(t, "consent", "newsletter"), d)); got != "contacts/10233" {
		t.Errorf("the configured property: asked %q", got)
	}
}

func TestEventsOfAnotherPortalChangeNothing(t *testing.T) {
	r := reading(t, newEndpoint(t), delivered(t, "privacy-deletion", `"portalId":7700123`, `"portalId":7700124`))
	if len(r.Erase)+len(r.Observations)+len(r.Fetch) > 0 {
		t.Errorf("got %+v", r)
	}
	if got := asked(reading(t, newEndpoint(t), delivered(t, "mixed-portals"))); got != "contacts/10233" {
		t.Errorf("a mixed array asks for %s", got)
	}
}

func TestEventsThatCannotBeReadSayWhere(t *testing.T) {
	for name, c := range map[string]struct{ where, old, new string }{
		"a portal in a text":   {"[0].portalId", `"portalId":7700123`, `"portalId":"7700123"`},
		"an id in a text":      {"[0].objectId", `"objectId":10233`, `"objectId":"10233"`},
		"an id with a point":   {"[0].objectId", `"objectId":10233`, `"objectId":10233.5`},
		"an id twice":          {"body", `"objectId":10233`, `"objectId":10233,"objectId":10234`},
		"no id":                {"[0].objectId", `"objectId":10233,`, ``},
		"no kind":              {"[0].subscriptionType", `"subscriptionType":"contact.creation",`, ``},
		"no time":              {"[0].occurredAt", `"occurredAt":1772547267123,`, ``},
		"a time two days away": {"[0].occurredAt", `1772547267123`, `1772720067123`},
	} {
		_, err := newEndpoint(t).Normalise(delivered(t, "contact-creation", c.old, c.new))
		var problem *platform.BodyError
		if !errors.As(err, &problem) || problem.Where != c.where {
			t.Errorf("%s: got %v, want an error at %s", name, err, c.where)
		}
	}
}

func TestPrivacyDeletionForgetsOneContact(t *testing.T) {
	r := reading(t, newEndpoint(t), delivered(t, "privacy-deletion"))
	if want := []commerce.Erasure{{System: "crm", Native: "10233"}}; !reflect.DeepEqual(r.Erase, want) {
		t.Errorf("got %+v", r.Erase)
	}
	for _, kind := range []string{"company", "deal"} {
		d := delivered(t, "privacy-deletion", "contact.privacyDeletion", kind+".privacyDeletion")
		if r := reading(t, newEndpoint(t), d); len(r.Erase) > 0 {
			t.Errorf("%s: %+v is to be erased", kind, r.Erase)
		}
	}
}

// The e-mail address and the name never leave the reader, whatever their spelling.
func TestContactsOfOneAddressAreOneCustomer(t *testing.T) {
	plain := of(reading(t, newEndpoint(t), delivered(t, "contact")), commerce.Customer)
	spelled := of(reading(t, newEndpoint(t), delivered(t, "contact-opted-out")), commerce.Customer)
	if plain.Key[0] == "" || plain.Key[0] != spelled.Key[0] || strings.Contains(plain.Key[0], "@") {
		t.Errorf("keys %v and %v", plain.Key, spelled.Key)
	}
	same := delivered(t, "company", `"5501"`, `"10233"`)
	same.Header[platform.FetchedHeader] = "companies/10233"
	company := of(reading(t, newEndpoint(t), same), commerce.Customer)
	if company.Key == nil || company.Native == plain.Native {
		t.Errorf("a company %v and a contact share the native id %s", company.Key, plain.Native)
	}
}

func TestConsentIsWhatThePropertySays(t *testing.T) {
	for _, c := range []struct{ property, value, want string }{
		{"hs_email_optout", `null`, "subscribed"},
		{"hs_email_optout", `""`, "subscribed"},
		{"hs_email_optout", `"false"`, "subscribed"},
		{"hs_email_optout", `"true"`, "unsubscribed"},
		{"hs_email_optout_7", `"true"`, "unsubscribed"},
		{"newsletter", `"pending"`, "pending"},
		{"newsletter", `null`, "null"},
		{"newsletter", `""`, "null"},
		{"another", ``, "missing"},
	} {
		replaced := `"` + c.property + `":` + c.value
		if c.value == "" {
			replaced = `"unread":null`
		}
		d := delivered(t, "contact", `"hs_email_optout":null`, replaced)
		if got := platformtest.Facet(of(reading(t, newEndpoint(t, "consent", c.property), d), commerce.Customer), "consent"); got != c.want {
			t.Errorf("%s %s: got %s, want %s", c.property, c.value, got, c.want)
		}
	}
	_, err := newEndpoint(t).Normalise(delivered(t, "contact", `"hs_email_optout":null`, `"hs_email_optout":"maybe"`))
	if err == nil {
		t.Error("an opt-out that is neither true nor false was taken")
	}
}

func TestDealIsTheOrderThatAPropertyNames(t *testing.T) {
	for _, c := range []struct{ old, new, order, total, currency string }{
		{`"order_number":"US1042"`, `"order_number":"#US1042"`, "US1042", "186.4", "USD"},
		{`"order_number":"US1042"`, `"order_number":"PO 7","web_order":"US7"`, "US7", "186.4", "USD"},
		{`"order_number":"US1042"`, `"order_number":null`, "", "", ""},
		{`"amount":"186.40"`, `"amount":null`, "US1042", "null", "USD"},
		{`"amount":"186.40"`, `"unread":"186.40"`, "US1042", "missing", "USD"},
		{`"amount":"186.40"`, `"amount":"0"`, "US1042", "0", "USD"},
		{`"deal_currency_code":"USD"`, `"deal_currency_code":"CAD"`, "US1042", "186.4", "CAD"},
		{`"deal_currency_code":"USD"`, `"deal_currency_code":null`, "US1042", "186.4", "USD"},
	} {
		o := of(reading(t, newEndpoint(t), delivered(t, "deal", c.old, c.new)), commerce.Order)
		switch {
		case c.order == "" && o.Key != nil:
			t.Errorf("%s: observed %v", c.new, o.Key)
		case c.order != "" && (o.Key == nil || o.Key[1] != c.order || platformtest.Facet(o, "total") != c.total || platformtest.Facet(o, "currency") != c.currency):
			t.Errorf("%s: got %v with %v", c.new, o.Key, o.Facets)
		}
	}
	for _, wrong := range []string{`"amount":"1.234,50"`, `"amount":true`, `"amount":"186.40","deal_currency_code":"Dollar","x":"y"`} {
		if _, err := newEndpoint(t).Normalise(delivered(t, "deal", `"amount":"186.40"`, wrong, `"deal_currency_code":"USD",`, ``)); err == nil {
			t.Errorf("%s was taken", wrong)
		}
	}
}

func TestBatchThatLeavesOneOutAsksForItAlone(t *testing.T) {
	e := newEndpoint(t)
	if got := asked(reading(t, e, delivered(t, "contacts"))); got != "contacts/10871" {
		t.Errorf("asked for %s", got)
	}
	merged := delivered(t, "contacts", `"hs_merged_object_ids":null,"hs_object_id":"10233"`, `"hs_merged_object_ids":"10871","hs_object_id":"10233"`)
	if got := asked(reading(t, e, merged)); got != "contacts/10871" {
		t.Errorf("an object that was asked for says what was merged into it: asked for %s", got)
	}
	other := delivered(t, "contacts", `"10233"`, `"10999"`)
	if _, err := e.Normalise(other); err == nil {
		t.Error("an object that nobody asked for was taken")
	}
	absorbing := delivered(t, "contacts", `"10233"`, `"10999"`, `"hs_merged_object_ids":null`, `"hs_merged_object_ids":"10871;10233"`)
	if got := asked(reading(t, e, absorbing)); got != "" {
		t.Errorf("both were merged into an object that came: asked for %s", got)
	}
}

// Whatever the order in which they arrive, a restored contact is alive, and a
// deleted one is gone.
func TestDeletionAndRestorationAreOrderedByTheirTimes(t *testing.T) {
	e := newEndpoint(t)
	link := commerce.CustomerLink
	first := of(reading(t, e, delivered(t, "contact", "2026-03-03T14:14:27.123Z", "2026-01-12T08:00:00.000Z")), commerce.Customer)
	deleted := of(reading(t, e, delivered(t, "contact-deletion", "1772547267123", "1772547200000")), commerce.Customer)
	if deleted.Via == nil || deleted.Via.Type != link || !deleted.Gone {
		t.Fatalf("a deletion says %+v", deleted)
	}
	restored := of(reading(t, e, delivered(t, "contact-restored")), commerce.Customer)
	rapid.Check(t, func(t *rapid.T) {
		alive := rapid.Bool().Draw(t, "restored")
		all := []commerce.Observation{first, deleted, first}
		if alive {
			all = append(all, restored)
		}
		var row record.Row
		for _, o := range rapid.Permutation(all).Draw(t, "order") {
			row, _ = record.Merge(row, o, record.Source{Received: received})
		}
		if len(row.Views) != 1 || row.Views[0].Gone == alive {
			t.Fatalf("restored %t: %+v", alive, row.Views)
		}
	})
}

func TestContactThatWasMergedAwayIsSucceeded(t *testing.T) {
	e := newEndpoint(t)
	for _, sample := range []string{"contact-merge", "contact-merged-away"} {
		o := of(reading(t, e, delivered(t, sample)), commerce.Customer)
		if !o.Gone || o.Native != "10871" || o.SucceededBy != "10233" {
			t.Errorf("%s: got %+v", sample, o)
		}
	}
	if got := asked(reading(t, e, delivered(t, "contact-merge-new"))); got != "contacts/10990" {
		t.Errorf("a merge into a new object asks for %s", got)
	}
}

func TestWorkflowIsReadWhole(t *testing.T) {
	e := newEndpoint(t)
	whole := reading(t, e, delivered(t, "workflow"))
	if fetched := reading(t, e, delivered(t, "contact", `"hs_email_optout":null`, `"hs_email_optout":"false"`)); !facets(whole).Equal(facets(fetched)) {
		t.Errorf("sent %v, fetched %v", facets(whole), facets(fetched))
	}
	for _, name := range []string{`"email"`, `"hs_email_optout"`, `"hs_country_region_code"`, `"lastmodifieddate"`} {
		r := reading(t, e, delivered(t, "workflow", name+`:{`, `"unread":{`))
		if asked(r) != "contacts/10233" || len(r.Observations) > 0 {
			t.Errorf("without %s: %+v", name, r)
		}
	}
}

// Both ways to say what kind of object it is are enough.
func TestWorkflowSaysWhatItSends(t *testing.T) {
	for _, kind := range []string{`"objectType":"CONTACT"`, `"objectTypeId":"0-1"`} {
		r := reading(t, newEndpoint(t), delivered(t, "workflow", `"objectType":"CONTACT","objectTypeId":"0-1"`, kind))
		if len(r.Observations) == 0 {
			t.Errorf("%s: got %+v", kind, r)
		}
	}
}

func facets(r platform.Reading) commerce.Facets { return of(r, commerce.Customer).Facets }

func TestSearchGoesOn(t *testing.T) {
	e := newEndpoint(t)
	for sample, want := range map[string]string{
		"contacts-since":      "contacts/since/2026-03-03T13:12:30Z/100",
		"contacts-since-many": "contacts/since/2026-03-03T13:40:00Z",
		"contacts-since-last": "",
	} {
		if got := asked(reading(t, e, delivered(t, sample))); got != want {
			t.Errorf("%s: asks for %q, want %q", sample, got, want)
		}
	}
	for name, d := range map[string]commerce.Delivery{
		"a page that does not advance":        delivered(t, "contacts-since", `"after":"100"`, `"after":"0"`),
		"a page that is no number":            delivered(t, "contacts-since", `"after":"100"`, `"after":"next"`),
		"ten thousand changes in one second":  delivered(t, "contacts-since-many", `13:40:00.500Z`, `13:12:30.500Z`),
		"an answer to a batch without a list": delivered(t, "contacts", `"results":`, `"result":`),
	} {
		if _, err := e.Normalise(d); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}
