package binaries_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/plumbline/plumbline/internal/local/emulator"
	"github.com/plumbline/plumbline/internal/runtimeapi"
)

// root is the repository.
const root = "../../.."

// built holds one folder for each function with its binary for this machine,
// and one for the floor.
var built string

// floor is a function that does nothing.
const floor = "empty"

func TestMain(m *testing.M) { emulator.Main(suite{m}) }

// suite builds the functions before the tests and removes them after.
type suite struct{ m *testing.M }

func (s suite) Run() int {
	var err error
	if built, err = os.MkdirTemp("", "plumbline-binaries-"); err != nil {
		return failed(err)
	}
	defer os.RemoveAll(built) //nolint:errcheck // what stays lies in the system's folder for such things
	if err := buildAll(context.Background()); err != nil {
		return failed(err)
	}
	return s.m.Run()
}

func failed(err error) int {
	fmt.Fprintln(os.Stderr, err)
	return 1
}

func buildAll(ctx context.Context) error {
	names, err := functions()
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := runtimeapi.Build(ctx, root, "./functions/"+name, filepath.Join(built, name), runtime.GOARCH); err != nil {
			return err
		}
	}
	return runtimeapi.Build(ctx, root, "./internal/runtimeapi/testdata/empty", filepath.Join(built, floor), runtime.GOARCH)
}

// functions lists the folders of functions.
func functions() ([]string, error) {
	mains, err := filepath.Glob(filepath.Join(root, "functions", "*", "main.go"))
	if err != nil || len(mains) == 0 {
		return nil, fmt.Errorf("find the functions: %d, %w", len(mains), err)
	}
	var names []string
	for _, path := range mains {
		names = append(names, filepath.Base(filepath.Dir(path)))
	}
	return names, nil
}
