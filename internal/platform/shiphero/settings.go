package shiphero

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
)

// The names of the settings in the registry.
const (
	accountSetting  = "account"
	customerSetting = "customer_account"
	headerSetting   = "signature_header"
	encodingSetting = "signature_encoding"
)

const (
	defaultHeader = "x-shiphero-hmac-sha256"
	base64Coding  = "base64"
	hexCoding     = "hex"
)

var (
	number     = lazyregexp.New(`^[1-9]\d{0,18}$`)
	headerName = lazyregexp.New(`^[A-Za-z0-9-]+$`)
)

func settingList() []platform.Setting {
	return []platform.Setting{
		{Name: accountSetting, Required: true, Help: "the account's number, as account_id in its webhooks says"},
		{Name: customerSetting, Help: "true when the credential is a 3PL's and the account is one of its customers; false when not given"},
		{Name: headerSetting, Help: "the header with the signature; " + defaultHeader + " when not given"},
		{Name: encodingSetting, Help: "how the signature is written: base64, which is the default, or hex"},
	}
}

// endpoint is one configured account. It does not change after it was made.
type endpoint struct {
	platform.Config
	account string
	// customer is the account's global id where calls must name it, or blank.
	customer string
	header   string
	encoding string
	// compared are the warehouses that are not ignored, in order.
	compared []string
}

func newEndpoint(c platform.Config) (platform.Endpoint, error) {
	e := &endpoint{
		Config: c, account: c.Settings[accountSetting],
		header:   cmp.Or(c.Settings[headerSetting], defaultHeader),
		encoding: cmp.Or(c.Settings[encodingSetting], base64Coding),
	}
	customer := cmp.Or(c.Settings[customerSetting], "false")
	for _, check := range []struct {
		setting, want string
		right         bool
	}{
		{accountSetting, "the account's number, such as 7556", number.MatchString(e.account)},
		{customerSetting, "true or false", customer == "true" || customer == "false"},
		{headerSetting, "the name of a header", headerName.MatchString(e.header)},
		{encodingSetting, "base64 or hex", e.encoding == base64Coding || e.encoding == hexCoding},
	} {
		if !check.right {
			return nil, fmt.Errorf("shiphero: setting %s: want %s", check.setting, check.want)
		}
	}
	if customer == "true" {
		e.customer = globalID("Account", e.account)
	}
	for _, native := range slices.Sorted(maps.Keys(c.Locations)) {
		if c.Locations[native] != platform.Ignore {
			e.compared = append(e.compared, native)
		}
	}
	return e, nil
}

// globalID writes a number as the API does: T3JkZXI6Nw== is Order:7.
func globalID(entity, number string) string {
	return base64.StdEncoding.EncodeToString([]byte(entity + ":" + number))
}

// readGlobalID is the number in a global id of the entity.
func readGlobalID(entity, text string) (digits string, ok bool) {
	raw, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil {
		return "", false
	}
	digits, ok = strings.CutPrefix(string(raw), entity+":")
	return digits, ok && number.MatchString(digits)
}
