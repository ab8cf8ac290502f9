package shape

import (
	"cmp"
	"fmt"
	"time"
)

// nearEnd is how long before the end of its version a platform's owner hears of
// it.
const nearEnd = 60 * 24 * time.Hour

// Version is the version of its API that a platform wrote a delivery in, and
// when the platform stops to support it. It is false for platforms that do not
// say, or whose versions do not end.
//
// Shopify names a version by the month in which it appears, supports it for at
// least twelve months, and writes webhooks in the oldest supported version
// afterwards (https://shopify.dev/docs/api/usage/versioning).
func Version(platform string, header map[string]string) (version string, ends time.Time, ok bool) {
	if platform != "shopify" {
		return "", time.Time{}, false
	}
	version = cmp.Or(header["x-shopify-api-version"], header["shopify-api-version"])
	began, err := time.Parse("2006-01", version)
	if err != nil {
		return "", time.Time{}, false // "unstable", or none
	}
	return version, began.AddDate(1, 0, 0), true
}

// Aged says what there is to say of the version of a delivery that came at the
// given time, after others of the version before, or nothing. It is blank as
// long as the version has time left.
func Aged(before, version string, ends, at time.Time) string {
	const day = "2 January 2006"
	left := ends.Sub(at)
	switch {
	case left > nearEnd:
		return ""
	case before != "" && before < version:
		// Nobody moves to a version that is about to end.
		return fmt.Sprintf("version %s has ended, and webhooks come in %s now, which ends on %s", before, version, ends.Format(day))
	case left > 0:
		return fmt.Sprintf("version %s ends on %s; from then on webhooks come in a later one", version, ends.Format(day))
	default:
		return fmt.Sprintf("version %s ended on %s", version, ends.Format(day))
	}
}
