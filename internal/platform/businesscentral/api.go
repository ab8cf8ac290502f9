package businesscentral

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

const (
	apiHost   = "api.businesscentral.dynamics.com"
	loginHost = "login.microsoftonline.com"
	// standardAPI is the route of the pages that every company has.
	standardAPI = "v2.0"
	// pageSize keeps a page well below what one delivery may hold.
	pageSize = 100
)

// fetchable is every target that may be asked for: entities and lists of a
// company, subscriptions, and nothing that leads elsewhere.
var fetchable = lazyregexp.New(`^` + routePattern + `/(?:companies\(` + guidPattern + `\)/\w+(?:\(` + guidPattern + `\))?|subscriptions(?:\('[\w-]+'\))?)` +
	`(?:\?[\w$=&(),;:/'%.+ -]*)?$`)

// Request makes the call for a target below the environment's API: a PATCH for
// the renewal of a subscription, a GET for all else.
func (e *endpoint) Request(f platform.Fetch, token platform.Secret) (*http.Request, error) {
	if !fetchable.MatchString(f.Target) {
		return nil, fmt.Errorf("businesscentral: fetch %s: the target is none of the API's", f.Topic)
	}
	method, content := http.MethodGet, ""
	if f.Topic == renewal {
		method, content = http.MethodPatch, "{}"
	}
	address := "https://" + apiHost + "/v2.0/" + e.tenant + "/" + e.environment + "/api/" + strings.ReplaceAll(f.Target, " ", "%20")
	req, err := http.NewRequest(method, address, strings.NewReader(content)) //nolint:noctx // the caller, who knows the time-out, adds its context
	if err != nil {
		return nil, fmt.Errorf("businesscentral: fetch %s: the target makes no address", f.Topic)
	}
	req.Header.Set("Authorization", "Bearer "+string(token))
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Prefer", "odata.maxpagesize="+strconv.Itoa(pageSize))
	if f.Topic == renewal {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("If-Match", "*")
	}
	return req, nil
}

// Hosts lists the API's host and the one that gives tokens.
func (e *endpoint) Hosts() []string { return []string{apiHost, loginHost} }

// Pace stays below the service's limit of 600 calls a minute for one user.
func (e *endpoint) Pace() platform.Pace {
	return platform.Pace{Every: 150 * time.Millisecond, Burst: 5}
}

// Token asks for a token with client id and secret, which the credential holds as
// {"client_id":…,"client_secret":…}.
func (e *endpoint) Token(credential platform.Secret) (*http.Request, error) {
	var client struct {
		ID     string `json:"client_id"`
		Secret string `json:"client_secret"`
	}
	if err := json.Unmarshal([]byte(credential), &client); err != nil || client.ID == "" || client.Secret == "" {
		return nil, errors.New(`businesscentral: want a credential {"client_id":…,"client_secret":…}`)
	}
	form := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {client.ID}, "client_secret": {client.Secret},
		"scope": {"https://" + apiHost + "/.default"},
	}.Encode()
	address := "https://" + loginHost + "/" + e.tenant + "/oauth2/v2.0/token"
	req, err := http.NewRequest(http.MethodPost, address, strings.NewReader(form)) //nolint:noctx // as in Request
	if err != nil {
		return nil, errors.New("businesscentral: the tenant makes no address")
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return req, nil
}

// ReadToken reads the token and how long it may be used.
func (e *endpoint) ReadToken(answer []byte) (platform.Secret, time.Duration, error) {
	var granted struct {
		Token   body.Field `json:"access_token"`
		Seconds body.Field `json:"expires_in"`
	}
	if err := body.Decode(answer, &granted); err != nil {
		return "", 0, fmt.Errorf("businesscentral: read token: %w", err)
	}
	token, ok := granted.Token.Text()
	seconds, err := strconv.ParseUint(strings.Trim(string(granted.Seconds), `"`), 10, 31)
	if !ok || token == "" || err != nil {
		return "", 0, errors.New("businesscentral: read token: want access_token and expires_in")
	}
	return platform.Secret(token), time.Duration(seconds) * time.Second, nil
}

// single is the target of one entity, several that of a filtered list.
func (e *endpoint) single(a address) string {
	return a.route + "/companies(" + a.company + ")/" + a.set + "(" + a.id + ")" + joined("", e.shape(a))
}

func (e *endpoint) several(a address) string {
	return a.route + "/companies(" + a.company + ")/" + a.set + joined(a.query, e.shape(a))
}

func joined(queries ...string) string {
	given := slices.DeleteFunc(queries, func(q string) bool { return q == "" })
	if len(given) == 0 {
		return ""
	}
	return "?" + strings.Join(given, "&")
}

// shape asks for lines, and of the standard pages for nothing but what is read:
// names and addresses stay where they are. A page of the customer's own may lack
// a field, and asking for it by name would be an error.
func (e *endpoint) shape(a address) string {
	header, lines := selected(a.set)
	expand := ""
	if lines != "" {
		expand = "$expand=" + lineSet(a.set)
	}
	if a.route != standardAPI {
		return expand
	}
	for _, field := range e.orderFields {
		if a.set != items && a.set != customers && standardField(field) && !slices.Contains(header, field) {
			header = append(header, field)
		}
	}
	if lines != "" {
		expand += "($select=" + lines + ")&"
	}
	return expand + "$select=" + strings.Join(header, ",")
}

// lineSet is the name of a document's lines: salesOrderLines of salesOrders.
func lineSet(set string) string { return strings.TrimSuffix(set, "s") + "Lines" }

// standardField reports whether every sales document of the standard pages has
// the field.
func standardField(name string) bool {
	return name == "externalDocumentNumber" || name == "customerPurchaseOrderReference"
}

// selected are the fields that are read of an entity and of its lines.
func selected(set string) (header []string, lines string) {
	switch set {
	case items:
		return []string{"id", "number", "type", "blocked", "gtin", "unitPrice", "priceIncludesTax", "baseUnitOfMeasureCode", "taxGroupCode", "lastModifiedDateTime"}, ""
	case customers:
		return []string{"id", "number", "type", "email", "phoneNumber", "website", "country", "taxRegistrationNumber", "taxLiable", "lastModifiedDateTime"}, ""
	case orders:
		return []string{"id", "number", "currencyCode", "totalTaxAmount", "totalAmountIncludingTax", "fullyShipped", "lastModifiedDateTime"},
			"lineType,lineObjectNumber,quantity,invoicedQuantity,shippedQuantity,netTaxAmount,netAmountIncludingTax"
	case shipments:
		return []string{"id", "number", "orderNumber", "lastModifiedDateTime"}, "lineType,lineObjectNumber,quantity"
	case invoices:
		return []string{"id", "number", "orderId", "orderNumber", "currencyCode", "totalTaxAmount", "totalAmountIncludingTax", "status", "lastModifiedDateTime"},
			"lineType,lineObjectNumber,quantity"
	default:
		return []string{"id", "number", "invoiceId", "postingDate", "currencyCode", "totalTaxAmount", "totalAmountIncludingTax", "status", "lastModifiedDateTime"},
			"lineType,lineObjectNumber,quantity"
	}
}

// nextPage is the target of a list's next page. The API says it as an address,
// which is followed only below the API.
func nextPage(link string) (target string, ok bool) {
	at, err := url.Parse(link)
	if err != nil || at.Scheme != "https" || at.Host != apiHost || at.User != nil || at.Fragment != "" {
		return "", false
	}
	_, path, found := strings.Cut(at.Path, "/api/")
	target = path + joined(at.RawQuery)
	return target, found && fetchable.MatchString(target)
}

// fetchedOrder finds the order that an answer was asked for.
var fetchedOrder = lazyregexp.New(`orderId(?: |%20|\+)eq(?: |%20|\+)(` + guidPattern + `)`)

func (e *endpoint) successors(a address) string {
	a.set, a.query = invoices, "$filter=orderId eq "+a.id
	return e.several(a)
}

func bare(raw []byte) []byte { return bytes.TrimPrefix(raw, []byte(byteOrderMark)) }
