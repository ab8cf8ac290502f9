package stripe

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
)

// The names of the settings in the registry.
const (
	livemodeSetting    = "livemode"
	accountSetting     = "account"
	orderFieldsSetting = "order_fields"
	minorUnitsSetting  = "minor_units"
	toleranceSetting   = "tolerance"
)

const (
	leastTolerance = time.Second
	mostTolerance  = 24 * time.Hour
)

var (
	accountID = lazyregexp.New(`^acct_[A-Za-z0-9]+$`)
	metaField = lazyregexp.New(`^[\w .-]{1,40}$`)
)

func settingList() []platform.Setting {
	return []platform.Setting{
		{Name: livemodeSetting, Help: "\"true\", which is the default, for live events; \"false\" for those of the test mode. The others are ignored"},
		{Name: accountSetting, Help: "the connected account whose events are read, such as acct_1Nv0; the account itself when not given"},
		{Name: orderFieldsSetting, Help: "metadata fields that may hold the web order's number, in order, with commas between; order_id,order_number when not given"},
		{Name: minorUnitsSetting, Help: "digits behind the point of currencies whose smallest unit is another than Plumbline takes it for, such as UGX:2,ISK:0"},
		{Name: toleranceSetting, Help: "how far the signed time may be from the received one, in either direction; 5m when not given"},
	}
}

// settings are the platform's own settings of a system, checked.
type settings struct {
	livemode    bool
	account     string
	orderFields []string
	minorUnits  map[string]int
	tolerance   time.Duration
}

func newEndpoint(c platform.Config) (platform.Endpoint, error) {
	own := func(name, otherwise string) string { return cmp.Or(c.Settings[name], otherwise) }
	mode := own(livemodeSetting, "true")
	s := settings{livemode: mode == "true", account: own(accountSetting, ""), orderFields: list(own(orderFieldsSetting, "order_id,order_number"))}
	var unitsOK bool
	s.minorUnits, unitsOK = minorUnits(own(minorUnitsSetting, ""))
	tolerance, err := time.ParseDuration(own(toleranceSetting, "5m"))
	s.tolerance = tolerance
	for _, check := range []struct {
		setting, want string
		right         bool
	}{
		{livemodeSetting, "true or false", mode == "true" || mode == "false"},
		{accountSetting, "a connected account's id, such as acct_1Nv0", s.account == "" || accountID.MatchString(s.account)},
		{orderFieldsSetting, "names of metadata fields with commas between", !slices.ContainsFunc(s.orderFields, func(f string) bool { return !metaField.MatchString(f) })},
		{minorUnitsSetting, "currencies with their digits, such as UGX:2,ISK:0", unitsOK},
		{toleranceSetting, "a duration from 1s to 24h, such as 5m", err == nil && tolerance >= leastTolerance && tolerance <= mostTolerance},
	} {
		if !check.right {
			return nil, fmt.Errorf("stripe: setting %s: want %s", check.setting, check.want)
		}
	}
	return &endpoint{Config: c, settings: s}, nil
}

func list(text string) []string {
	fields := strings.Split(text, ",")
	for i := range fields {
		fields[i] = strings.TrimSpace(fields[i])
	}
	return fields
}
