package e2e_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local"
)

// parameters answers as the parameter store does to a request for one of the
// given parameters.
func parameters(t *testing.T, all map[string]string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked struct{ Name string }
		_ = json.NewDecoder(r.Body).Decode(&asked) // an unreadable request asks for nothing
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		value, ok := all[asked.Name]
		if !ok {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"__type":"ParameterNotFound"}`)) // the client notices
			return
		}
		_ = json.NewEncoder(w).Encode(object{"Parameter": object{"Name": asked.Name, "Value": value}})
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func TestCommands_AskADeployedStack(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	p := serve(t, "--data", folder)
	running, err := local.Find(folder)
	if err != nil {
		t.Fatal(err)
	}
	deployed := maps.Clone(running.Resources.Environ())
	maps.Copy(deployed, map[string]string{
		contract.StageVariable: "blue", contract.RegistryVariable: "plumbline.yaml",
		contract.HashKeyVariable: "ssm:/plumbline/blue/hash-key", contract.FrontVariable: running.Front,
	})
	text, err := json.Marshal(deployed)
	if err != nil {
		t.Fatal(err)
	}
	env := append(running.Endpoints.Environ(), "AWS_ENDPOINT_URL_SSM="+parameters(t, map[string]string{
		contract.EnvironmentParameter("blue"): string(text), "/plumbline/blue/hash-key": "a key for these tests",
		contract.EnvironmentParameter("grey"): "no JSON",
	}))
	sample := filepath.Join(t.TempDir(), "stock.json")
	if err := os.WriteFile(sample, stockReport("SENT", "7", time.Now()), 0o600); err != nil {
		t.Fatal(err)
	}
	blue := []string{"--aws", "--stage", "blue"}
	out, errs, code := commandIn(t, env, append(blue, "send", "erp", sample)...)
	if code != 0 || out != "erp answered 200 OK\n" {
		t.Fatalf("send: exit code %d: %s%s", code, out, errs)
	}
	deadline := time.Now().Add(patience)
	for {
		out, errs, code = commandIn(t, env, append(blue, "record", "inventory", "SENT@east")...)
		if code == 0 && strings.Contains(out, "7") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("record: exit code %d: %s%s", code, out, errs)
		}
	}
	for _, args := range [][]string{{"findings"}, {"redrive", "quarantine", "--dry-run"}} {
		if out, errs, code := commandIn(t, env, append(blue, args...)...); code != 0 {
			t.Errorf("%v: exit code %d: %s%s", args, code, out, errs)
		}
	}
	for stage, want := range map[string]string{
		"green": "there is no parameter /plumbline/green/environment; want another --stage",
		"grey":  "read parameter /plumbline/grey/environment: want a JSON object of texts",
	} {
		if out, errs, code := commandIn(t, env, "--aws", "--stage", stage, "findings"); code != 2 || !strings.Contains(errs, want) {
			t.Errorf("stage %s: exit code %d: %s%s, want %s", stage, code, out, errs, want)
		}
	}
	stop(t, p)
}
