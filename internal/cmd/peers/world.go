package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/local/emulator"
	"github.com/plumbline/plumbline/internal/runtimeapi"
)

// world is what the functions find around them: the emulators, a parameter store,
// and their folders.
type world struct {
	dir       string
	emulators *emulator.Emulators
	resources local.Resources
	queues    *sqs.Client
	// env is every function's environment.
	env        map[string]string
	bodies     [][]byte
	parameters *httptest.Server
	peers      others
	// ingest says what is to be made of a body.
	ingest *ingest
}

// newWorld starts the emulators and builds the functions.
func newWorld(ctx context.Context, withPeers bool, progress io.Writer) (w *world, err error) {
	w = &world{}
	defer func() {
		if err != nil {
			w.close()
		}
	}()
	if w.bodies, err = bodies(); err != nil {
		return w, err
	}
	if w.ingest, err = newIngest(false); err != nil {
		return w, err
	}
	if w.dir, err = os.MkdirTemp("", "plumbline-peers-"); err != nil {
		return w, err
	}
	if w.emulators, err = emulator.Start(ctx, emulator.Options{Log: progress}); err != nil {
		return w, err
	}
	if w.resources, err = local.Provision(ctx, w.emulators.AWSConfig(), local.Plan{Prefix: "peers-"}); err != nil {
		return w, err
	}
	w.queues = sqs.NewFromConfig(w.emulators.AWSConfig())
	w.parameters = httptest.NewServer(http.HandlerFunc(parameter))
	w.env = w.environ()
	for name, pkg := range map[string]string{
		contract.Receive: "./functions/receive", contract.Merge: "./functions/merge", floorName: "./internal/runtimeapi/testdata/empty",
	} {
		if err := w.build(ctx, name, pkg); err != nil {
			return w, err
		}
	}
	if withPeers {
		w.peers, err = w.findPeers(ctx, progress)
	}
	return w, err
}

func (w *world) close() {
	if w.parameters != nil {
		w.parameters.Close()
	}
	if w.emulators != nil {
		w.emulators.Stop()
	}
	_ = os.RemoveAll(w.dir) // what is left is in the temporary folder
}

// environ is the environment of a deployment here.
func (w *world) environ() map[string]string {
	env := map[string]string{
		contract.StageVariable: "test", contract.RegistryVariable: "plumbline.yaml", contract.HashKeyVariable: "ssm:/plumbline/hash-key",
		"AWS_SESSION_TOKEN": "local", "AWS_ENDPOINT_URL_SSM": w.parameters.URL,
	}
	maps.Copy(env, w.resources.Environ())
	for _, one := range w.emulators.Environ() {
		name, value, _ := strings.Cut(one, "=")
		env[name] = value
	}
	return env
}

// parameter answers as the parameter store does.
func parameter(w http.ResponseWriter, r *http.Request) {
	var in struct{ Name string }
	_ = json.NewDecoder(r.Body).Decode(&in) // a request without a name gets any secret
	value := shopSecret
	if in.Name != "/plumbline/"+shopSystem {
		value = "whsec_cGx1bWJsaW5lIHRlc3Qga2V5IG9mIGFjbWU="
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	_ = json.NewEncoder(w).Encode(map[string]any{"Parameter": map[string]string{"Name": in.Name, "Value": value, "Type": "SecureString"}})
}

// folder is where a function's bundle lies.
func (w *world) folder(name string) string {
	return filepath.Join(w.dir, strings.ReplaceAll(name, " ", "-"))
}

// build builds a Go function, with the demo's registry and its table beside it.
func (w *world) build(ctx context.Context, name, pkg string) error {
	dir := w.folder(name)
	if err := os.MkdirAll(filepath.Join(dir, "events", "day"), 0o750); err != nil {
		return err
	}
	if err := runtimeapi.Build(ctx, ".", pkg, dir, runtime.GOARCH); err != nil {
		return err
	}
	registry, err := os.ReadFile("plumbline.yaml")
	if err != nil {
		return err
	}
	registry = regexp.MustCompile(`file:events/day/secrets/([a-z-]+)\.txt`).ReplaceAll(registry, []byte("ssm:/plumbline/$1"))
	if err := os.WriteFile(filepath.Join(dir, "plumbline.yaml"), registry, 0o600); err != nil {
		return err
	}
	table, err := os.ReadFile("events/day/buffer.csv")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "events", "day", "buffer.csv"), table, 0o600)
}

// function is a built function in its environment and what is added to it.
func (w *world) function(name string, more map[string]string) runtimeapi.Function {
	env := maps.Clone(w.env)
	maps.Copy(env, more)
	return runtimeapi.Function{Name: name, Dir: w.folder(name), Env: env}
}

// about says when, with what and where was measured.
func (w *world) about(s size) Figures {
	return Figures{
		Date: time.Now().UTC().Format(time.DateOnly), Go: strings.TrimPrefix(runtime.Version(), "go"), Node: w.peers.nodeVersion,
		Python: w.peers.pythonVersion, Cores: runtime.NumCPU(), Machine: runtime.GOOS + "/" + runtime.GOARCH, Rounds: s.rounds,
	}
}

// saidBy is what a program prints on one line.
func saidBy(ctx context.Context, path string, args ...string) (string, error) {
	text, err := exec.CommandContext(ctx, path, args...).Output()
	if err != nil {
		return "", fmt.Errorf("ask %s: %w", path, err)
	}
	return strings.TrimSpace(string(text)), nil
}
