package stripe_test

import (
	"encoding/base64"
	"encoding/hex"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
	"github.com/plumbline/plumbline/internal/platform/stripe"
)

const (
	samples         = "../../../events/stripe"
	signatureHeader = "Stripe-Signature"
)

var received = time.Date(2026, 3, 3, 14, 14, 30, 0, time.UTC)

func config() platform.Config {
	return platform.Config{
		System: "payments", Settings: map[string]string{}, Timezone: time.UTC, Currency: "USD",
		OrderNumber: platform.OrderNumber{Match: regexp.MustCompile(`^#?(US\d+)$`), Store: "shopify-us"},
		HashKey:     []byte("published hash key of the samples"),
	}
}

// The secrets are base64 behind whsec_, so that whoever decodes them is found.
func suite() platformtest.Suite {
	return platformtest.Suite{
		Platform: stripe.Platform(), Config: config(),
		Secret: "whsec_cHVibGlzaGVkIHNlY3JldCBvZiB0aGUgc2FtcGxlcw==", Other: "whsec_YW5vdGhlciBzZWNyZXQgb2YgdGhlIHNhbXBsZXM=",
		Dir: samples, Received: received,
		SignatureHeader: signatureHeader, Spoil: spoil,
	}
}

func TestConformance(t *testing.T) { platformtest.Run(t, suite()) }

func FuzzDelivery(f *testing.F) { platformtest.Fuzz(f, suite()) }

func FuzzSignature(f *testing.F) { platformtest.FuzzSignature(f, suite()) }

// spoil makes wrong signatures of "t=…,v1=…".
func spoil(header string) map[string]string {
	stamp, digits, _ := strings.Cut(header, ",v1=")
	raw, err := hex.DecodeString(digits)
	if err != nil {
		return map[string]string{"that is no hexadecimal": header}
	}
	flipped := append([]byte{raw[0] ^ 1}, raw[1:]...)
	return map[string]string{
		"empty":                  "",
		"without a time":         "v1=" + digits,
		"without signatures":     stamp,
		"with an empty time":     "t=,v1=" + digits,
		"with two times":         stamp + ",t=1,v1=" + digits,
		"of another time":        "t=1772547271,v1=" + digits,
		"time with a sign":       "t=+" + stamp[2:] + ",v1=" + digits,
		"time with a zero":       "t=0" + stamp[2:] + ",v1=" + digits,
		"time with a fraction":   stamp + ".0,v1=" + digits,
		"of other bytes":         stamp + ",v1=" + hex.EncodeToString(flipped),
		"of 16 bytes":            stamp + ",v1=" + digits[:32],
		"of 64 bytes":            stamp + ",v1=" + digits + digits,
		"in base64":              stamp + ",v1=" + strings.TrimRight(base64.StdEncoding.EncodeToString(raw), "="),
		"cut off":                header[:len(header)-1],
		"of scheme v0":           stamp + ",v0=" + digits,
		"of scheme V1":           stamp + ",V1=" + digits,
		"with an item alone":     header + ",v1",
		"with an empty item":     header + ",",
		"with a value too many":  header + "=",
		"with a name of nothing": header + ",=x",
		"behind a space":         stamp + ", v1=" + digits,
		"joined with a comma":    header + "," + header,
		"joined with a space":    header + ", " + header,
		"with a newline inside":  stamp + ",v1=" + digits[:32] + "\n" + digits[32:],
		"too long":               header + strings.Repeat(",v0="+digits, 64),
	}
}
