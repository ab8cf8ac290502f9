package platform_test

import (
	"net/url"
	"testing"

	"github.com/plumbline/plumbline/internal/platform"
)

// Only an address whose one token is the secret is genuine.
func FuzzVerifyToken(f *testing.F) {
	const secret = platform.Secret("published+token&for=tests")
	for _, seed := range []string{platform.TokenQuery(secret), platform.TokenQuery(secret) + "&token=", "token=" + string(secret), "Token=x", "%74oken=%", ";token=", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		if platform.VerifyToken(query, []platform.Secret{"", secret}) != nil {
			return
		}
		if values, err := url.ParseQuery(query); err != nil || len(values["token"]) != 1 || values.Get("token") != string(secret) {
			t.Errorf("%q is genuine", query)
		}
	})
}
