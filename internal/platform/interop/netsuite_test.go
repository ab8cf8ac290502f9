package interop

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/netsuite"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
)

const (
	netsuiteSamples = "../../../events/netsuite"
	netsuiteSecret  = "cHVibGlzaGVkIHNlY3JldCBvZiB0aGUgc2FtcGxlcw=="
)

// scripted is what the script did.
type scripted struct {
	Posted []struct {
		Name, URL, Body string
		Headers         map[string]string
	} `json:"posted"`
	Logged []struct{ Name, Title, Details string } `json:"logged"`
}

// runNetsuite runs the script in the zone of NetSuite's servers.
func runNetsuite(t *testing.T) scripted {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "node", "netsuite.mjs", netsuiteSamples+"/plumbline.js", netsuiteSecret)
	cmd.Env = append(os.Environ(), "TZ=America/Los_Angeles")
	var problem strings.Builder
	cmd.Stderr = &problem
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, problem.String())
	}
	var done scripted
	if err := json.Unmarshal(out, &done); err != nil {
		t.Fatal(err)
	}
	return done
}

// What the script posts is genuine here, and is the sample of its name.
func TestTheNetSuiteScriptSendsWhatIsRead(t *testing.T) {
	endpoint, err := netsuite.Platform().New(platform.Config{System: "erp", HashKey: []byte("key")})
	if err != nil {
		t.Fatal(err)
	}
	secrets := []platform.Secret{"whsec_" + netsuiteSecret}
	done := runNetsuite(t)
	for _, p := range done.Posted {
		header := http.Header{}
		for name, value := range p.Headers {
			header.Set(name, value)
		}
		req := platform.Request{Method: http.MethodPost, Header: header, Body: []byte(p.Body), Received: time.Date(2026, 3, 3, 14, 14, 30, 0, time.UTC)}
		if err := endpoint.Verify(req, secrets); err != nil {
			t.Errorf("%s: %v", p.Name, err)
		}
		req.Body = []byte(changed(p.Body))
		if err := endpoint.Verify(req, secrets); !errors.Is(err, platform.ErrSignature) {
			t.Errorf("%s, changed: %v", p.Name, err)
		}
		sampled(t, p.Name, p.Body)
	}
	if len(done.Posted) != 20 {
		t.Errorf("%d events were posted, want all but the one of a record that is not read", len(done.Posted))
	}
	if len(done.Logged) != 1 || done.Logged[0].Name != "refused" || strings.Contains(done.Logged[0].Details, "acme") {
		t.Errorf("logged %+v, want what could not be sent and nothing of it", done.Logged)
	}
}

// sampled holds a body to the sample of its name.
func sampled(t *testing.T, name, body string) {
	t.Helper()
	path := filepath.Join(netsuiteSamples, name+".body.json")
	if platformtest.Updating() {
		if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), body); diff != "" {
		t.Errorf("%s is not what the script sends (-sample +sent):\n%s", path, diff)
	}
}
