package platformtest

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/platform"
)

// token stands for what a platform's API is opened with.
const token = platform.Secret(`{"token":"a-token-of-these-tests"}`)

// hostile are targets that would lead somewhere else, if they were believed.
var hostile = []string{
	"https://elsewhere.example/", "//elsewhere.example/", "@elsewhere.example/", ".elsewhere.example/", ":8443/",
	"http://169.254.169.254/latest/meta-data/", "file:///etc/passwd", "../../admin", "orders/1\r\nHost: elsewhere.example",
	`\\elsewhere.example\`, "orders/1#fragment", "", "\x00",
}

// fetches: what a reading asks the API for, the API is asked for, and nothing
// else.
func (s Suite) fetches(t *testing.T, c Case) {
	reading, err := c.Endpoint.Normalise(c.Delivery)
	if err != nil || len(reading.Fetch) == 0 {
		return
	}
	api, ok := c.Endpoint.(platform.API)
	if !ok {
		t.Fatal("it asks for a fetch and is no API")
	}
	for _, f := range reading.Fetch {
		if f.Topic == "" || f.Target == "" {
			t.Errorf("fetch %+v: want a topic and a target", f)
		}
		req, err := api.Request(f, token)
		if err != nil {
			t.Errorf("fetch %+v: %v", f, err)
			continue
		}
		homely(t, api, req)
		for _, target := range hostile {
			f.Target = target
			if req, err := api.Request(f, token); err == nil {
				homely(t, api, req)
			} else if strings.Contains(err.Error(), string(token)) {
				t.Errorf("target %q: the error tells the token: %v", target, err)
			}
		}
	}
	if pace := api.Pace(); pace.Every <= 0 || pace.Burst < 1 {
		t.Errorf("pace %+v: want a limit", pace)
	}
}

// homely: the call stays on the platform's own hosts.
func homely(t *testing.T, api platform.API, req *http.Request) {
	t.Helper()
	u := req.URL
	if u.Scheme != "https" || u.User != nil || !slices.Contains(api.Hosts(), u.Host) || req.Host != "" && req.Host != u.Host ||
		strings.Contains(u.Path, "/../") || u.Fragment != "" {
		t.Errorf("the call leads to %s of %s, want https on one of %v", u.Path, u.Host, api.Hosts())
	}
}
