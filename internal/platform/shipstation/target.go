package shipstation

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/lazyregexp"
)

// The topics of answers, which are the paths that are asked.
const (
	ordersTopic      = "orders"
	shipmentsTopic   = "shipments"
	fulfilmentsTopic = "fulfillments"
)

var topics = []string{ordersTopic, shipmentsTopic, fulfilmentsTopic}

// maxPages bounds a list.
const maxPages = 10_000

var (
	apiHost   = lazyregexp.New(`^ssapi(?:\d|[1-9]\d)?\.shipstation\.com$`)
	parameter = lazyregexp.New(`^[A-Za-z]{1,40}$`)
	argument  = lazyregexp.New(`^[A-Za-z0-9 :._+-]{0,80}$`)
)

// target is a page of a list on one of the API's hosts.
type target struct {
	host, topic string
	query       url.Values
}

// readTarget reads an address without its scheme, and no other than the API's.
func readTarget(text string) (target, bool) {
	const most = 1024
	u, err := url.Parse("https://" + text)
	if err != nil || len(text) > most || u.User != nil || u.Fragment != "" || !apiHost.MatchString(u.Host) {
		return target{}, false
	}
	t := target{host: u.Host, topic: strings.TrimPrefix(u.EscapedPath(), "/")}
	t.query, err = url.ParseQuery(u.RawQuery)
	if err != nil || !slices.Contains(topics, t.topic) {
		return target{}, false
	}
	for name, values := range t.query {
		if !parameter.MatchString(name) || len(values) != 1 || !argument.MatchString(values[0]) {
			return target{}, false
		}
	}
	page, ok := t.page()
	return t, ok && page > 0 && page <= maxPages
}

func (t target) text() string { return t.host + "/" + t.topic + "?" + t.query.Encode() }

// page is the number of the page.
func (t target) page() (int, bool) {
	text := t.query.Get("page")
	if text == "" {
		return 1, !t.query.Has("page")
	}
	page, err := strconv.Atoi(text)
	return page, err == nil
}

// turned is the page with the number.
func (t target) turned(page int) target {
	query := url.Values{}
	for name, values := range t.query {
		query[name] = values
	}
	query.Set("page", strconv.Itoa(page))
	t.query = query
	return t
}

// address is where the page is. Instants become what clocks of the zone show.
func (t target) address(zone *time.Location) string {
	query := url.Values{}
	for name := range t.query {
		value := t.query.Get(name)
		if at, err := time.Parse(time.RFC3339, value); err == nil {
			value = wall(at, zone)
		}
		query.Set(name, value)
	}
	if t.topic == shipmentsTopic {
		query.Set("includeShipmentItems", "True")
	}
	return "https://" + t.host + "/" + t.topic + "?" + query.Encode()
}

// wall writes an instant as clocks of the zone show it. Before clocks are set back
// they show what they show again an hour later: whoever reads that may mean the
// later one, so that the hour before is written.
func wall(at time.Time, zone *time.Location) string {
	const layout = time.DateTime
	text := at.In(zone).Format(layout)
	if at.Add(time.Hour).In(zone).Format(layout) == text {
		return at.Add(-time.Hour).In(zone).Format(layout)
	}
	return text
}
