package binaries_test

import (
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
	"github.com/plumbline/plumbline/internal/local/emulator"
	"github.com/plumbline/plumbline/internal/wire"
)

// world is a local stack that functions find by their environment alone.
type world struct {
	*local.Stack
	// env is the environment of every function.
	env map[string]string
	// wire looks at what the functions leave.
	wire *wire.Wire
}

// newWorld is a stack of its own names on the shared emulators. It is not open.
func newWorld(t *testing.T, prefix, registry string) *world {
	t.Helper()
	stack, err := local.Start(t.Context(), local.Options{
		Memory: true, Emulators: emulator.ForTest(t), Plan: local.Plan{Prefix: prefix},
		// As the contract's, but that nobody wants to wait for a minute.
		Schedules: []contract.Schedule{{Name: "drift-every-second", Function: contract.Drift, Every: time.Second}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stack.Close(); err != nil {
			t.Errorf("close the stack: %v", err)
		}
	})
	w := &world{Stack: stack, env: deployed()}
	maps.Copy(w.env, stack.Resources.Environ())
	for _, one := range stack.Emulators.Environ() {
		name, value, _ := strings.Cut(one, "=")
		w.env[name] = value
	}
	ssm := httptest.NewServer(http.HandlerFunc(instant))
	t.Cleanup(ssm.Close)
	w.env["AWS_ENDPOINT_URL_SSM"] = ssm.URL
	path := filepath.Join(t.TempDir(), "plumbline.yaml")
	if err := os.WriteFile(path, []byte(registry), 0o600); err != nil {
		t.Fatal(err)
	}
	w.wire, err = wire.New(wire.Options{AWS: stack.AWSConfig(), Getenv: func(name string) string {
		if name == contract.RegistryVariable {
			return path
		}
		return w.env[name]
	}})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// wantNoSecrets wants none of the parameters' values in what was written.
func wantNoSecrets(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		for name, value := range parameters {
			if strings.Contains(text, value) || strings.Contains(text, strings.TrimPrefix(value, "whsec_")) {
				t.Errorf("the value of %s is written: %s", name, text)
			}
		}
	}
}
