package e2e_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/plumbline/plumbline/internal/local/emulator"
)

// root is the repository, from where people run everything.
const root = "../.."

// scratch is a folder of this run of the tests; plumbline the built program.
var scratch, plumbline string

func TestMain(m *testing.M) { emulator.Main(suite{m}) }

// suite builds the program before the tests and removes it after them.
type suite struct{ m *testing.M }

func (s suite) Run() int {
	var err error
	if scratch, err = os.MkdirTemp("", "plumbline-e2e-"); err != nil {
		return failed(err)
	}
	defer os.RemoveAll(scratch) //nolint:errcheck // what stays lies in the system's folder for such things
	plumbline = filepath.Join(scratch, "plumbline")
	build := exec.CommandContext(context.Background(), "go", "build", "-o", plumbline, "./internal/cmd/plumbline")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return failed(fmt.Errorf("build the program: %w\n%s", err, out))
	}
	return s.m.Run()
}

func failed(err error) int {
	fmt.Fprintln(os.Stderr, err)
	return 1
}
