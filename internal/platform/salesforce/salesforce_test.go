package salesforce_test

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
	"github.com/plumbline/plumbline/internal/platform/salesforce"
)

const samples = "../../../events/salesforce"

var received = time.Date(2026, 3, 3, 14, 14, 30, 0, time.UTC)

func config() platform.Config {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	return platform.Config{
		System: "crm",
		Settings: map[string]string{
			"organization": "00D7x00000AcmE1", "order": "number=OrderReferenceNumber|Web_Number__c",
			"opportunity": "number=Web_Number__c, created=CloseDate",
		},
		Timezone: zone, Currency: "USD",
		OrderNumber: platform.OrderNumber{Match: regexp.MustCompile(`^#?(US\d+)$`), Store: "shopify-us"},
		HashKey:     []byte("published hash key of the samples"),
	}
}

func suite() platformtest.Suite {
	return platformtest.Suite{
		Platform: salesforce.Platform(), Config: config(),
		Secret: "published-secret-of-the-samples", Other: "another-secret",
		Dir: samples, Received: received,
		Query:     "token=published-secret-of-the-samples",
		BigIDs:    map[string]string{"order-great-total": "9007199254740993.01", "contact-short-ids": "0037x00000DaNa1AAF"},
		Forgeries: forgeries,
	}
}

func TestConformance(t *testing.T) { platformtest.Run(t, suite()) }

func FuzzDelivery(f *testing.F) { platformtest.Fuzz(f, suite()) }

const organization = "<OrganizationId>00D7x00000AcmE1EAJ</OrganizationId>"

// forgeries are messages that must not pass.
func forgeries(c platformtest.Case) map[string]platform.Request {
	all := map[string]platform.Request{}
	for name, query := range map[string]string{
		"no query": "", "another token": "token=published-secret-of-the-sample",
		"two tokens": "token=published-secret-of-the-samples&token=published-secret-of-the-samples",
	} {
		req := c.Request
		req.Query = query
		all[name] = req
	}
	own := organization
	if c.Name == "contact-short-ids" {
		own = "<OrganizationId>00D7x00000AcmE1</OrganizationId>"
	}
	const prolog, session = `<?xml version="1.0" encoding="UTF-8"?>`, `<SessionId xsi:nil="true"/>`
	for name, change := range map[string][2]string{
		"another organisation":          {own, "<OrganizationId>00D7x00000AcmE2EAJ</OrganizationId>"},
		"an organisation in small":      {own, "<OrganizationId>00d7x00000acme1</OrganizationId>"},
		"a wrong suffix":                {own, "<OrganizationId>00D7x00000AcmE1EAK</OrganizationId>"},
		"no organisation":               {own, ""},
		"an empty organisation":         {own, "<OrganizationId/>"},
		"another organisation first":    {own, "<OrganizationId>00D7x00000AcmE2</OrganizationId>" + own},
		"an empty organisation first":   {own, "<OrganizationId/>" + own},
		"two organisations":             {own, own + "<OrganizationId>00D7x00000AcmE2</OrganizationId>"},
		"the organisation elsewhere":    {own, "<Other>" + own + "</Other>"},
		"another namespace":             {"http://soap.sforce.com/2005/09/outbound", "urn:other"},
		"a session":                     {session, "<SessionId>00D7x!AQ0</SessionId>"},
		"a session with a name space":   {session, `<o:SessionId xmlns:o="urn:o">00D7x!AQ0</o:SessionId>`},
		"a document type":               {prolog, prolog + `<!DOCTYPE a [<!ENTITY e "00D7x00000AcmE1">]>`},
		"an external entity":            {prolog, prolog + `<!DOCTYPE a SYSTEM "file:///etc/passwd">`},
		"an entity of nobody":           {own, "<OrganizationId>&e;</OrganizationId>"},
		"an instruction":                {prolog, prolog + `<?xml-stylesheet href="https://elsewhere.example/"?>`},
		"another encoding":              {`encoding="UTF-8"`, `encoding="UTF-16"`},
		"a second root":                 {"</soapenv:Envelope>", "</soapenv:Envelope><Envelope></Envelope>"},
		"no end":                        {"</soapenv:Envelope>", ""},
		"a nesting that is too deep":    {own, own + strings.Repeat("<a>", 20) + strings.Repeat("</a>", 20)},
		"a number of elements too high": {own, own + strings.Repeat("<a/>", 50_001)},
		"a length that is too great":    {own, own + strings.Repeat(" ", 4<<20)},
	} {
		req := c.Request
		req.Body = []byte(strings.Replace(string(req.Body), change[0], change[1], 1))
		all[name] = req
	}
	return all
}

func newEndpoint(t testing.TB) platform.Endpoint {
	t.Helper()
	e, err := salesforce.Platform().New(config())
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(samples, name+".body.xml"))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func read(t *testing.T, name string, replace ...string) (platform.Reading, error) {
	t.Helper()
	text := string(sample(t, name))
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(text, replace[i]) {
			t.Fatalf("%s does not hold %s", name, replace[i])
		}
		text = strings.ReplaceAll(text, replace[i], replace[i+1])
	}
	return newEndpoint(t).Normalise(commerce.Delivery{System: "crm", Received: received, Body: []byte(text)})
}

func observed(t *testing.T, kind commerce.Kind, name string, replace ...string) commerce.Observation {
	t.Helper()
	r, err := read(t, name, replace...)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(r.Observations, func(o commerce.Observation) bool { return o.Kind == kind })
	if at < 0 {
		t.Fatalf("%s: no %s: %s", name, kind, r.Ignored)
	}
	return r.Observations[at]
}

func TestAMessageIsAcknowledgedAndOthersAreNot(t *testing.T) {
	e, ok := newEndpoint(t).(platform.Answerer)
	if !ok {
		t.Fatal("it does not answer in SOAP")
	}
	for want, got := range map[string]platform.Answer{
		"<Ack>true</Ack>": e.Accepted(platform.Request{}), "<Ack>false</Ack>": e.Refused(),
	} {
		if !strings.Contains(got.Body, `<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound">`+want) || got.Type != "text/xml; charset=utf-8" {
			t.Errorf("got %+v, want %s", got, want)
		}
	}
	if e.Accepted(platform.Request{}).Code() != 200 || e.Refused().Code() != 401 {
		t.Error("want 200 and 401")
	}
}

func TestTheTokenIsNotKept(t *testing.T) {
	if kept := platform.KeptQuery(newEndpoint(t), "a=b&token=published-secret-of-the-samples"); kept != "" {
		t.Errorf("kept %q", kept)
	}
}

func TestIDsOf15And18CharactersAreOne(t *testing.T) {
	long, short := observed(t, commerce.Customer, "contact"), observed(t, commerce.Customer, "contact-short-ids")
	if long.Native != short.Native || long.Version != short.Version {
		t.Errorf("%s and %s are two", long.Native, short.Native)
	}
	other := observed(t, commerce.Customer, "contact-short-ids", "0037x00000DaNa1", "0037x00000Dana1")
	if strings.EqualFold(other.Native, short.Native) {
		t.Errorf("%s and %s differ by capitals alone", other.Native, short.Native)
	}
}

func TestAnOrganisationIsConfiguredWithEitherID(t *testing.T) {
	for id, want := range map[string]bool{
		"00D7x00000AcmE1": true, "00D7x00000AcmE1EAJ": true, "": false, "00D7x00000AcmE": false, "00D7x00000AcmE1EA": false,
		"00D7x00000AcmE1eaj": false, "00D7x00000AcmE1EAI": false, "00D7x00000Ac-E1": false,
	} {
		c := config()
		c.Settings["organization"] = id
		e, err := salesforce.Platform().New(c)
		if (err == nil) != want {
			t.Errorf("%q: %v", id, err)
		}
		if err == nil {
			req := platform.Request{Query: suite().Query, Body: sample(t, "order")}
			if err := e.Verify(req, []platform.Secret{suite().Secret}); err != nil {
				t.Errorf("%q: %v", id, err)
			}
		}
	}
}

// 001A0000006Vm9r is the id whose 18 characters Salesforce's own help shows.
func TestTheSuffixIsSalesforces(t *testing.T) {
	o := observed(t, commerce.Customer, "contact-short-ids", "0037x00000DaNa1", "001A0000006Vm9r")
	if o.Native != "001A0000006Vm9rIAC" {
		t.Errorf("got %s", o.Native)
	}
}

func TestANullIsNoZeroAndAMissingFieldIsNoNull(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"order", "x", "x", "186.4"},
		{"order", "<sf:TotalAmount>186.40</sf:TotalAmount>", "", "missing"},
		{"order", "<sf:TotalAmount>186.40</sf:TotalAmount>", `<sf:TotalAmount xsi:nil="true"/>`, "null"},
		{"order", ">186.40<", "><", "null"},
		{"order", ">186.40<", ">0.00<", "0"},
		{"opportunity", "x", "x", "186.4"},
	} {
		if got := platformtest.Facet(observed(t, commerce.Order, c.name, c.old, c.new), "total"); got != c.want {
			t.Errorf("%s with %q: got %s, want %s", c.name, c.new, got, c.want)
		}
	}
}

func TestOnlyTheSchemasNullIsNull(t *testing.T) {
	const total = "<sf:TotalAmount>186.40</sf:TotalAmount>"
	for _, attribute := range []string{`nil="true"`, `sf:nil="true"`, `xsi:type="true"`, `xsi:nil="false"`} {
		written := strings.Replace(total, ">", " "+attribute+">", 1)
		if got := platformtest.Facet(observed(t, commerce.Order, "order", total, written), "total"); got != "186.4" {
			t.Errorf("%s: got %s", attribute, got)
		}
	}
}

// Whoever reads the other one would believe something else.
func TestWhatStandsTwiceMustBeTheSame(t *testing.T) {
	const total, id = "<sf:TotalAmount>186.40</sf:TotalAmount>", "<Notification>"
	for _, c := range []struct {
		old, new string
		want     bool
	}{
		{total, total + total, true},
		{total, total + "<sf:TotalAmount>186.41</sf:TotalAmount>", false},
		{total, total + `<sf:TotalAmount xsi:nil="true"/>`, false},
		{id, id + "<Id>04l7x0000000009AAA</Id>", false},
		{id, id + "<Id/>", false},
	} {
		if _, err := read(t, "order", c.old, c.new); (err == nil) != c.want {
			t.Errorf("%s: got %v", c.new, err)
		}
	}
}

func TestTheMappingIsTheRegistrys(t *testing.T) {
	o := observed(t, commerce.Order, "opportunity")
	if got := platformtest.Facet(o, "created"); got != "2026-03-02T05:00:00Z" {
		t.Errorf("a date begins at %s, want the midnight of the system's zone", got)
	}
	if got := platformtest.Facet(observed(t, commerce.Order, "order-cancelled"), "cancelled"); got != "true" {
		t.Errorf("cancelled %s", got)
	}
	for old, want := range map[string]string{"<sf:OrderReferenceNumber xsi:nil=\"true\"/>": "US1042", `x`: "US1042"} {
		if o := observed(t, commerce.Order, "order", old, strings.Replace(old, ` xsi:nil="true"/`, ">PO-9</sf:OrderReferenceNumber", 1)); o.Key[1] != want {
			t.Errorf("order %v", o.Key)
		}
	}
}

func TestAnAddressThatIsGoneEndsTheCustomer(t *testing.T) {
	o := observed(t, commerce.Customer, "contact-without-address")
	if !o.Gone || o.Via == nil || o.Native != observed(t, commerce.Customer, "contact").Native {
		t.Errorf("got %+v", o)
	}
	if a, b := observed(t, commerce.Customer, "contact"), observed(t, commerce.Customer, "contact-opted-out"); a.Key[0] != b.Key[0] || platformtest.Facet(b, "consent") != "unsubscribed" || platformtest.Facet(b, "country") != "null" {
		t.Errorf("consent %s, country %s of %v and %v", platformtest.Facet(b, "consent"), platformtest.Facet(b, "country"), a.Key, b.Key)
	}
}

func TestEveryNotificationIsReadOnce(t *testing.T) {
	r, err := read(t, "several")
	if err != nil || len(r.Observations) != 4 {
		t.Errorf("%d observations, %v; want those of one contact and one order", len(r.Observations), err)
	}
	if r, err := read(t, "hundred"); err != nil || len(r.Observations) != 200 {
		t.Errorf("%d observations, %v", len(r.Observations), err)
	}
	text := string(sample(t, "hundred"))
	at := strings.Index(text, "   <Notification>")
	if _, err := read(t, "hundred", text[at:], text[at:strings.Index(text, "  </notifications>")]+text[at:]); err == nil {
		t.Error("200 notifications are read")
	}
}

func TestProblemsSayWhereInTheMessage(t *testing.T) {
	for name, where := range map[string]string{
		"bad-amount": "Notification[0].sObject.TotalAmount", "bad-id": "Notification[0].sObject.Id",
		"bad-no-clock": "Notification[0].sObject.SystemModstamp", "bad-time": "Notification[0].sObject.SystemModstamp", "bad-none": "Notification",
	} {
		_, err := read(t, name)
		var problem *platform.BodyError
		if !errors.As(err, &problem) || problem.Where != where {
			t.Errorf("%s: got %v, want an error at %s", name, err, where)
		}
	}
}

func TestSettingsSayWhatWouldBeRight(t *testing.T) {
	for name, value := range map[string]string{
		"order": "colour=Name", "contact": "email", "account": "email=Per son", "opportunity": "number=Web|", "organization": "acme",
	} {
		c := config()
		c.Settings[name] = value
		if _, err := salesforce.Platform().New(c); err == nil || !strings.Contains(err.Error(), "setting "+name+": want") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
