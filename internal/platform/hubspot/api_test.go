package hubspot_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/plumbline/plumbline/internal/platform"
)

func TestRequest_ReadsAndNeverAsksForNames(t *testing.T) {
	const (
		base     = "https://api.hubapi.com/crm/v3/objects/"
		contacts = "?properties=email%2Chs_email_optout%2Chs_country_region_code%2Chs_merged_object_ids"
		listed   = `"properties":["email","hs_email_optout","hs_country_region_code","hs_merged_object_ids"]`
	)
	api, ok := newEndpoint(t).(platform.API)
	if !ok {
		t.Fatal("no API")
	}
	for target, want := range map[string]struct{ method, address, body string }{
		"contacts/10233":               {http.MethodGet, base + "contacts/10233" + contacts, ""},
		"contacts/10233@1772547267123": {http.MethodGet, base + "contacts/10233" + contacts, ""},
		"companies/5501":               {http.MethodGet, base + "companies/5501?properties=billing_email%2Chs_merged_object_ids", ""},
		"deals/8801":                   {http.MethodGet, base + "deals/8801?properties=amount%2Cdeal_currency_code%2Corder_number%2Cweb_order%2Chs_merged_object_ids", ""},
		"contacts/1,22":                {http.MethodPost, base + "contacts/batch/read", `{` + listed + `,"inputs":[{"id":"1"},{"id":"22"}]}`},
		"contacts/since/2026-03-03T13:12:30Z/100": {
			http.MethodPost, base + "contacts/search",
			`{` + listed + `,"filterGroups":[{"filters":[{"propertyName":"lastmodifieddate","operator":"GTE","value":"1772543550000"}]}],` +
				`"sorts":[{"propertyName":"lastmodifieddate","direction":"ASCENDING"}],"limit":100,"after":"100"}`,
		},
		"deals/since/2026-03-03T13:12:30Z": {
			http.MethodPost, base + "deals/search",
			`{"properties":["amount","deal_currency_code","order_number","web_order","hs_merged_object_ids"],` +
				`"filterGroups":[{"filters":[{"propertyName":"hs_lastmodifieddate","operator":"GTE","value":"1772543550000"}]}],` +
				`"sorts":[{"propertyName":"hs_lastmodifieddate","direction":"ASCENDING"}],"limit":100}`,
		},
	} {
		req, err := api.Request(platform.Fetch{Topic: "any", Target: target}, "pat-published")
		if err != nil {
			t.Errorf("%s: %v", target, err)
			continue
		}
		var body []byte
		if req.Body != nil {
			body, _ = io.ReadAll(req.Body)
		}
		if req.Method != want.method || req.URL.String() != want.address || string(body) != want.body || req.Header.Get("Authorization") != "Bearer pat-published" {
			t.Errorf("%s: %s %s %s with %v", target, req.Method, req.URL, body, req.Header)
		}
	}
	for _, target := range []string{
		"contacts", "contacts/", "contacts/0", "contacts/1/../../deals/2", "contacts/1,", "tickets/1", "contacts/since/yesterday",
		"contacts/since/2026-13-03T13:12:30Z", "contacts/since/2026-03-03T13:12:30Z/100?x",
	} {
		if _, err := api.Request(platform.Fetch{Topic: "any", Target: target}, ""); err == nil {
			t.Errorf("%s was asked for", target)
		}
	}
}

func TestToken_IsTheCredential(t *testing.T) {
	api, _ := newEndpoint(t).(platform.API)
	if req, err := api.Token("pat-published"); req != nil || err != nil {
		t.Errorf("got %v, %v", req, err)
	}
}
