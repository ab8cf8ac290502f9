package stripe_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
)

// sum is HMAC-SHA256 of "time.body" in hexadecimal.
func sum(key string, at int64, text string) string { return sumOf(key, fmt.Sprintf("%d.%s", at, text)) }

func sumOf(key, message string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(message))
	return hex.EncodeToString(mac.Sum(nil))
}

func verify(t *testing.T, e platform.Endpoint, header, text string, received time.Time, secrets ...platform.Secret) bool {
	t.Helper()
	req := platform.Request{Method: http.MethodPost, Header: http.Header{signatureHeader: {header}}, Body: []byte(text), Received: received}
	err := e.Verify(req, secrets)
	if err != nil && !errors.Is(err, platform.ErrSignature) {
		t.Errorf("got %v, want ErrSignature", err)
	}
	return err == nil
}

func TestSignature_OfSeveralOneIsEnough(t *testing.T) {
	const at, text, key = 1772547270, `{"object":"event"}`, "whsec_c2VjcmV0"
	right, wrong := sum(key, at, text), sum("whsec_b3RoZXI=", at, text)
	stamp := fmt.Sprintf("t=%d", at)
	decoded, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(key, "whsec_"))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		header string
		want   bool
	}{
		"one":                              {stamp + ",v1=" + right, true},
		"the right one first":              {stamp + ",v1=" + right + ",v1=" + wrong, true},
		"the right one last":               {stamp + ",v1=" + wrong + ",v1=" + right, true},
		"beside v0":                        {stamp + ",v1=" + right + ",v0=" + wrong, true},
		"beside a scheme of the future":    {stamp + ",v2=anything,v1=" + right, true},
		"beside one that is no hex":        {stamp + ",v1=zz,v1=" + right, true},
		"beside one that is too short":     {stamp + ",v1=" + right[:60] + ",v1=" + right, true},
		"the time last":                    {"v1=" + right + "," + stamp, true},
		"with two digits too many":         {stamp + ",v1=" + right + "zz", false},
		"v0 alone":                         {stamp + ",v0=" + right, false},
		"none that is right":               {stamp + ",v1=" + wrong + ",v1=" + wrong, false},
		"made with the decoded secret":     {stamp + ",v1=" + sum(string(decoded), at, text), false},
		"made without the secret's prefix": {stamp + ",v1=" + sum("c2VjcmV0", at, text), false},
		"made with the empty secret":       {stamp + ",v1=" + sum("", at, text), false},
		"beside an item without a value":   {stamp + ",v1=" + right + ",v0", false},
		"beside an item with two values":   {stamp + ",v1=" + right + ",v0=a=b", false},
		"of another time":                  {"t=1772547269,v1=" + right, false},
		"of a time in another spelling":    {"t=+1772547270,v1=" + sumOf(key, "+1772547270."+text), false},
		"of no time":                       {"t=,v1=" + sumOf(key, "."+text), false},
		"of a time far beyond all others":  {"t=9223372036854775807,v1=" + sumOf(key, "9223372036854775807."+text), false},
		"of a time before all others":      {"t=-9223372036854775808,v1=" + sumOf(key, "-9223372036854775808."+text), false},
	} {
		if got := verify(t, newEndpoint(t), c.header, text, time.Unix(at, 0), "", key); got != c.want {
			t.Errorf("%s: taken %t, want %t", name, got, c.want)
		}
	}
}

func TestSignature_IsTakenNearItsTimeInBothDirections(t *testing.T) {
	const at, text, key = 1772547270, `{}`, "whsec_c2VjcmV0"
	header := fmt.Sprintf("t=%d,v1=%s", at, sum(key, at, text))
	for _, c := range []struct {
		tolerance string
		offset    time.Duration
		want      bool
	}{
		{"", 5 * time.Minute, true},
		{"", -5 * time.Minute, true},
		{"", 5*time.Minute + time.Second, false},
		{"", -5*time.Minute - time.Second, false},
		{"30s", 30 * time.Second, true},
		{"30s", 31 * time.Second, false},
		{"30s", -31 * time.Second, false},
		{"1h", -time.Hour, true},
		{"1h", 61 * time.Minute, false},
	} {
		if got := verify(t, newEndpoint(t, "tolerance", c.tolerance), header, text, time.Unix(at, 0).Add(c.offset), key); got != c.want {
			t.Errorf("tolerance %q, received %s after: taken %t, want %t", c.tolerance, c.offset, got, c.want)
		}
	}
}
