package interop

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"testing"

	"github.com/plumbline/plumbline/internal/local/emulator"
	"github.com/plumbline/plumbline/internal/npm"
)

// The vendors' libraries, in exact versions, and the script that asks them.
var (
	//go:embed package.json
	packageJSON []byte
	//go:embed package-lock.json
	packageLock []byte
	//go:embed vendors.mjs
	script string
)

// question and answer are those of vendors.mjs.
type question struct {
	Library string            `json:"library"`
	Act     string            `json:"act"`
	Secret  string            `json:"secret"`
	Body    string            `json:"body"`
	At      int64             `json:"at,omitempty"`
	URL     string            `json:"url"`
	Shop    string            `json:"shop,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
}

type answer struct {
	Headers map[string]string `json:"headers"`
	Genuine bool              `json:"genuine"`
}

// vendors are the libraries, in a process that answers until the test ends.
type vendors struct {
	in  *json.Encoder
	out *json.Decoder
	// trouble is what the process prints when it fails.
	trouble *bytes.Buffer
}

// start starts the libraries. What is missing on this machine fails the test.
func start(t *testing.T) vendors {
	t.Helper()
	dir, err := npm.Set{
		Name: "vendors", Notice: "Installing the vendors' libraries, once; about 200 MB.",
		Files: map[string][]byte{"package.json": packageJSON, "package-lock.json": packageLock},
	}.Install(t.Context(), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	// The libraries want the Node that the emulators run on.
	programs, err := emulator.Install(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(programs.Node, "--no-warnings", "--input-type=module", "--eval", script) //nolint:noctx // it ends when its input does
	cmd.Dir = dir
	v := vendors{trouble: new(bytes.Buffer)}
	cmd.Stderr = v.trouble
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(in.Close(), cmd.Wait()); err != nil {
			t.Errorf("the vendors' libraries: %v\n%s", err, v.trouble)
		}
	})
	v.in, v.out = json.NewEncoder(in), json.NewDecoder(out)
	return v
}

// ask puts questions to the libraries.
func (v vendors) ask(t *testing.T, questions []question) []answer {
	t.Helper()
	var answers []answer
	if err := errors.Join(v.in.Encode(questions), v.out.Decode(&answers)); err != nil || len(answers) != len(questions) {
		t.Fatalf("%d answers to %d questions: %v", len(answers), len(questions), err)
	}
	return answers
}
