package avalara_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/avalara"
	"github.com/plumbline/plumbline/internal/record"
)

func newEndpoint(t testing.TB, settings ...string) platform.Endpoint {
	t.Helper()
	c := config()
	for i := 0; i < len(settings); i += 2 {
		c.Settings[settings[i]] = settings[i+1]
	}
	e, err := avalara.Platform().New(c)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// read is what a sample says, with texts of its body replaced.
func read(t testing.TB, e platform.Endpoint, name string, replace ...string) (platform.Reading, error) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(samples, name+".body.json"))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(string(raw), replace[i]) {
			t.Fatalf("%s does not hold %s", name, replace[i])
		}
	}
	d := commerce.Delivery{System: "tax", Topic: "transactions", Received: received, Body: []byte(strings.NewReplacer(replace...).Replace(string(raw)))}
	return e.Normalise(d)
}

// side merges the samples' observations of the kind into one row. What waits for
// a link has found its order.
func side(t *testing.T, e platform.Endpoint, kind commerce.Kind, names ...string) record.Side {
	t.Helper()
	row := record.Row{Kind: kind, Key: commerce.Key{"shopify-us", "US1021"}}
	for _, name := range names {
		r, err := read(t, e, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range r.Observations {
			if o.Kind == kind {
				row, _ = record.Merge(row, o, record.Source{Delivery: name, Received: received})
			}
		}
	}
	return row.SideOf("tax")
}

func facets(s record.Side, names ...string) string {
	var all []string
	for _, name := range names {
		text := "missing"
		if v, ok := s.Facets[name]; ok {
			text = v.String()
		}
		all = append(all, text)
	}
	return strings.Join(all, " ")
}

func TestAnOrderIsTaxedByItsCommittedSaleLessItsReturns(t *testing.T) {
	for name, c := range map[string]struct {
		samples         []string
		want            string
		duplicate, gone bool
	}{
		"committed":                      {[]string{"sale"}, "true 9.82 9.82", false, false},
		"told twice":                     {[]string{"sale", "sale"}, "true 9.82 9.82", false, false},
		"kept, not committed":            {[]string{"sale-saved"}, "false missing missing", false, false},
		"returned in part":               {[]string{"sale", "return"}, "true 9.82 7.42", false, false},
		"a return that is not committed": {[]string{"sale", "return-saved"}, "true 9.82 9.82", false, false},
		"a return that was voided":       {[]string{"return-voided", "sale", "return"}, "true 9.82 9.82", false, false},
		"a return of the shop's sale":    {[]string{"sale-shop", "return-by-sale"}, "true 9.82 2.4", false, false},
		"committed by shop and ERP":      {[]string{"sale-shop", "sale-erp"}, "true 19.64 19.64", true, false},
		"voided":                         {[]string{"sale", "sale-voided"}, "missing missing missing", false, true},
		"one of two voided":              {[]string{"sale", "sale-erp", "sale-voided"}, "true 9.82 9.82", false, false},
		"adjusted":                       {[]string{"sale", "sale-adjusted", "sale-revised"}, "true 9.5 9.5", false, false},
		"adjusted, the old one last":     {[]string{"sale-revised", "sale-adjusted", "sale"}, "true 9.5 9.5", false, false},
	} {
		s := side(t, newEndpoint(t), commerce.Order, c.samples...)
		if got := facets(s, "committed", "tax", "tax_current"); got != c.want || s.Duplicate != c.duplicate || s.Gone() != c.gone {
			t.Errorf("%s: got %s, want %s; duplicate %t, gone %t", name, got, c.want, s.Duplicate, s.Gone())
		}
	}
}

func TestACommittedSaleBesideAKeptOneIsNoDuplicate(t *testing.T) {
	e := newEndpoint(t)
	row := record.Row{Kind: commerce.Order, Key: commerce.Key{"shopify-us", "US1021"}}
	for _, replace := range [][]string{{`"Committed"`, `"Committed"`}, {`"code":"US1021"`, `"code":"US1021-R9"`, `"Committed"`, `"Saved"`}} {
		r, err := read(t, e, "sale", replace...)
		if err != nil {
			t.Fatal(err)
		}
		row, _ = record.Merge(row, r.Observations[0], record.Source{Delivery: "d", Received: received})
	}
	if s := row.SideOf("tax"); s.Duplicate || facets(s, "committed", "tax") != "true 9.82" {
		t.Errorf("duplicate %t: %s", s.Duplicate, facets(s, "committed", "tax"))
	}
}

func TestInvoicesInPartsAddUpWhereTheRegistrySaysSo(t *testing.T) {
	s := side(t, newEndpoint(t, "invoices", "several"), commerce.Order, "sale-shop", "sale-erp")
	if s.Duplicate || facets(s, "tax") != "19.64" {
		t.Errorf("duplicate %t: %s", s.Duplicate, facets(s, "tax"))
	}
}

func TestReturnsAreRefunds(t *testing.T) {
	s := side(t, newEndpoint(t), commerce.Refund, "return", "return-by-sale", "return-saved")
	if got := facets(s, "amount", "tax", "booked_at", "currency"); got != "128.82 9.82 2026-03-03T05:00:00Z USD" {
		t.Errorf("got %s", got)
	}
	if s := side(t, newEndpoint(t), commerce.Refund, "return-saved"); !s.Live || facets(s, "tax") != "missing" {
		t.Error("what is not committed has no amount")
	}
}

func TestWhatAMarketplaceRemitsIsNoTaxOfTheOrder(t *testing.T) {
	for name, want := range map[string]string{"marketplace-line": "7.42 2.4", "marketplace-location": "0 9.82", "sale": "9.82 0"} {
		if got := facets(side(t, newEndpoint(t), commerce.Order, name), "tax", "tax_channel_liable"); got != want {
			t.Errorf("%s: got %s", name, got)
		}
	}
}

func TestOrderNumberIsInTheFirstFieldThatHoldsOne(t *testing.T) {
	for _, name := range []string{"sale", "sale-shop", "sale-erp"} {
		r, err := read(t, newEndpoint(t), name)
		if err != nil || r.Observations[0].Key[1] != "US1021" {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
	if r, _ := read(t, newEndpoint(t, "order_fields", "code"), "sale-erp"); r.Ignored == "" {
		t.Errorf("got %+v", r.Observations)
	}
}

func TestModifiedIsUTCWithAndWithoutAnOffset(t *testing.T) {
	for text, want := range map[string]string{
		"2026-03-03T14:10:07.4267394Z": "2026-03-03T14:10:07.4267394Z", "2026-03-03T14:10:07.4267394": "2026-03-03T14:10:07.4267394Z",
		"2026-03-03T09:10:07-05:00": "2026-03-03T14:10:07Z",
	} {
		r, err := read(t, newEndpoint(t), "sale", "2026-03-03T14:10:07.4267394Z", text)
		if err != nil || r.Observations[0].Version.Parts().Clock.Format(time.RFC3339Nano) != want {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, date := range []string{`"2026-03-03"`, `"2026-03-03T00:00:00"`, `"2026-03-03T00:00:00Z"`} {
		r, err := read(t, newEndpoint(t), "sale", `"2026-03-03"`, date)
		if err != nil || r.Observations[0].Created.UTC().Format(time.RFC3339) != "2026-03-03T05:00:00Z" {
			t.Errorf("%s: %v", date, err)
		}
	}
}

func TestFloatsAreReadDigitByDigit(t *testing.T) {
	if got := facets(side(t, newEndpoint(t), commerce.Order, "sale-exact"), "tax", "discount"); got != "0.30000000000000004 0.00001" {
		t.Errorf("got %s", got)
	}
}

func TestTheNextPageIsFollowedToTheSameCompanyAlone(t *testing.T) {
	const link = "https://rest.avatax.com:443/api/v2/companies/OTHER/transactions"
	for other, right := range map[string]bool{
		"https://rest.avatax.com/api/v2/companies/ACME/transactions": true, "https://rest.avatax.com:443/api/v2/companies/ACME/transactions": true,
		link: false, "https://rest.avatax.com:8443/api/v2/companies/ACME/transactions": false,
		"http://rest.avatax.com/api/v2/companies/ACME/transactions": false, "https://rest.avatax.com.elsewhere.example/api/v2/companies/ACME/transactions": false,
		"https://x@rest.avatax.com/api/v2/companies/ACME/transactions": false, "https://rest.avatax.com/api/v2/companies/ACME/../x/transactions": false,
		"companies/ACME/transactions": false,
	} {
		r, err := read(t, newEndpoint(t), "bad-next-page", link, other)
		var problem *platform.BodyError
		if right != (err == nil && len(r.Fetch) == 1) || err != nil && (!errors.As(err, &problem) || problem.Where != "@nextLink") {
			t.Errorf("%s: %+v, %v", other, r, err)
		}
	}
}

func TestTheCallCarriesAccountAndLicenceKey(t *testing.T) {
	e := newEndpoint(t, "environment", "sandbox")
	chore := e.(platform.Recurring).Chores()[0]
	f := chore.Fetch
	f.Target = strings.ReplaceAll(f.Target, "{since}", "2026-03-03T13:12:00Z")
	req, err := e.(platform.API).Request(f, "2001234567:1A2B3C\n")
	if err != nil {
		t.Fatal(err)
	}
	account, key, _ := req.BasicAuth()
	if req.Method != http.MethodGet || req.URL.Host != "sandbox-rest.avatax.com" || account != "2001234567" || key != "1A2B3C" {
		t.Errorf("%s %s", req.Method, req.URL)
	}
	if got := req.URL.Query().Get("$filter"); got != "modifiedDate ge '2026-03-03T13:12:00Z'" || strings.Contains(req.URL.RequestURI(), " ") || chore.Every < time.Minute {
		t.Errorf("got %s in %s", got, req.URL.RequestURI())
	}
	for credential, right := range map[platform.Secret]bool{"2001234567:1A2B3C": true, "": false, "hush": false, ":hush": false, "hush:": false, `{"hush":1}`: false, "a b:hush": false} {
		call, err := e.(platform.API).Token(credential)
		if call != nil || right != (err == nil) || err != nil && strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %v", string(credential), err)
		}
	}
	if _, _, err := e.(platform.API).ReadToken(nil); err == nil {
		t.Error("there is no token to read")
	}
	for _, target := range []string{"companies/OTHER/transactions?$top=1", "companies/ACME/transactions", "companies/ACME/transactions?a=b#c", "companies/ACME/transactions/x?$top=1", "companies/ACME/transactions?a=\nb"} {
		if _, err := e.(platform.API).Request(platform.Fetch{Topic: "transactions", Target: target}, "a:hush"); err == nil || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: got %v", target, err)
		}
	}
}

func TestSettingsSayWhatWouldBeRight(t *testing.T) {
	for name, value := range map[string]string{
		"company": "a/b", "environment": "test", "order_fields": "code,a b", "invoices": "two",
	} {
		c := config()
		c.Settings[name] = value
		if _, err := avalara.Platform().New(c); err == nil || !strings.Contains(err.Error(), "setting "+name+": want") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestAPageThatNamesItselfIsNotFollowed(t *testing.T) {
	e := newEndpoint(t)
	const path = "companies/ACME/transactions?$skip=50"
	d := commerce.Delivery{System: "tax", Topic: "transactions", Received: received, Header: map[string]string{platform.FetchedHeader: path, platform.StatusHeader: "200"}}
	d.Body = []byte(`{"value":[],"@nextLink":"https://rest.avatax.com/api/v2/` + path + `"}`)
	if _, err := e.Normalise(d); err == nil {
		t.Error("a list without an end")
	}
	d.Header[platform.FetchedHeader] = "companies/ACME/transactions?$skip=0"
	if r, err := e.Normalise(d); err != nil || len(r.Fetch) != 1 || r.Fetch[0].Target != path {
		t.Errorf("got %+v, %v", r, err)
	}
}
