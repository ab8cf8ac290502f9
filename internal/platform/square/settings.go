package square

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
)

// The names of the settings in the registry.
const (
	urlSetting         = "url"
	merchantSetting    = "merchant"
	sandboxSetting     = "sandbox"
	versionSetting     = "version"
	orderFieldsSetting = "order_fields"
	topicsSetting      = "topics"
)

// standardVersion is the version of the API whose shapes are read.
const standardVersion = "2025-01-23"

const yes, no = "true", "false"

var (
	merchantID = lazyregexp.New(`^[A-Za-z0-9_-]{1,64}$`)
	apiVersion = lazyregexp.New(`^20\d{2}-\d{2}-\d{2}$`)
	orderField = lazyregexp.New(`^(?:reference_id|ticket_name|id|metadata\.[\w-]{1,60})$`)
)

func settingList() []platform.Setting {
	return []platform.Setting{
		{Name: urlSetting, Required: true, Help: "the notification URL exactly as the subscription has it, such as https://hooks.acme.example/hooks/square"},
		{Name: merchantSetting, Required: true, Help: "the seller's merchant_id; events of other sellers are ignored"},
		{Name: sandboxSetting, Help: "\"true\" for a seller of Square's sandbox; \"false\" when not given"},
		{Name: versionSetting, Help: "the Square-Version that the API answers in, such as " + standardVersion + ", which is the default; that of the subscription must be the same"},
		{Name: orderFieldsSetting, Help: "the fields of an order that may hold its number, in order, with commas between: reference_id, ticket_name, id or metadata.NAME; reference_id,id when not given"},
		{Name: topicsSetting, Help: "the events that must be subscribed, with commas between; all that are read when not given"},
	}
}

// settings are the platform's own settings of a system, checked.
type settings struct {
	// url is signed before the body.
	url         string
	merchant    string
	host        string
	version     string
	orderFields []string
	topics      []string
	// compared are the native locations that are compared, sorted.
	compared []string
}

func newEndpoint(c platform.Config) (platform.Endpoint, error) {
	own := func(name, otherwise string) string { return cmp.Or(c.Settings[name], otherwise) }
	sandbox := own(sandboxSetting, no)
	s := settings{
		url: c.Settings[urlSetting], merchant: c.Settings[merchantSetting], host: liveHost, version: own(versionSetting, standardVersion),
		orderFields: list(own(orderFieldsSetting, "reference_id,id")), topics: topicNames(), compared: compared(c.Locations),
	}
	if sandbox == yes {
		s.host = sandboxHost
	}
	if text := c.Settings[topicsSetting]; text != "" {
		s.topics = list(text)
	}
	for _, check := range []struct {
		setting, want string
		right         bool
	}{
		{urlSetting, "the subscription's notification URL, such as https://hooks.acme.example/hooks/square", notificationURL(s.url)},
		{merchantSetting, "the seller's merchant_id", merchantID.MatchString(s.merchant)},
		{sandboxSetting, "true or false", sandbox == yes || sandbox == no},
		{versionSetting, "a date such as " + standardVersion, apiVersion.MatchString(s.version)},
		{orderFieldsSetting, "reference_id, ticket_name, id or metadata.NAME, with commas between", !slices.ContainsFunc(s.orderFields, func(f string) bool { return !orderField.MatchString(f) })},
		{topicsSetting, "events such as order.updated, with commas between", !slices.ContainsFunc(s.topics, func(t string) bool { return topics[t] == nil })},
	} {
		if !check.right {
			return nil, fmt.Errorf("square: setting %s: want %s", check.setting, check.want)
		}
	}
	if c.OrderNumber.Store == "" {
		c.OrderNumber.Store = c.System
	}
	return &endpoint{Config: c, settings: s}, nil
}

func notificationURL(text string) bool {
	at, err := url.Parse(text)
	return err == nil && at.Scheme == "https" && at.Host != "" && at.User == nil && at.Fragment == "" && strings.TrimSpace(text) == text
}

// compared lists the locations that have stock to compare.
func compared(locations platform.Locations) []string {
	var natives []string
	for native, location := range locations {
		if location != platform.Ignore {
			natives = append(natives, native)
		}
	}
	slices.Sort(natives)
	return natives
}

func list(text string) []string {
	fields := strings.Split(text, ",")
	for i := range fields {
		fields[i] = strings.TrimSpace(fields[i])
	}
	return fields
}
