// Package npm installs locked sets of npm packages into the cache folder: what
// this machine runs beside the product, and what the product is held to. It owns
// the installation alone; what is started, and how, is its callers' affair.
package npm

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/gofrs/flock"

	"github.com/plumbline/plumbline/internal/config"
)

// Set is what is installed together.
type Set struct {
	// Name is the set's, for its folder: "emulators".
	Name string
	// Files are written beside the packages. Among them are package.json and
	// package-lock.json, which has the hashes of all packages.
	Files map[string][]byte
	// Notice is told when the installation begins, which takes a while.
	Notice string
}

// ErrMissing means that npm is not on this machine.
var ErrMissing = errors.New("npm: not on the PATH, install Node with npm")

const lockRetry = 100 * time.Millisecond

// Install makes sure that the set is in the cache folder and returns where. It is
// quick when it is; processes that install at the same time wait for one of them.
func (s Set) Install(ctx context.Context, progress io.Writer) (string, error) {
	cache, err := config.CacheDir(config.Environment)
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, s.Name+"-"+s.digest())
	if err := s.once(ctx, dir, progress); err != nil {
		return "", fmt.Errorf("install the %s in %s: %w", s.Name, dir, err)
	}
	return dir, nil
}

// digest names the folder of one set, so that another version of it never changes
// under what runs.
func (s Set) digest() string {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(s.Files)) {
		fmt.Fprintf(h, "%s %d\n", name, len(s.Files[name]))
		h.Write(s.Files[name])
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

func (s Set) once(ctx context.Context, dir string, progress io.Writer) error {
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
	for name, content := range s.Files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return err
		}
	}
	fmt.Fprintln(progress, s.Notice)
	if err := install(ctx, dir, progress); err != nil {
		return err
	}
	return os.WriteFile(marker, nil, 0o600)
}

func install(ctx context.Context, dir string, progress io.Writer) error {
	path, err := exec.LookPath("npm")
	if err != nil {
		return ErrMissing
	}
	// No package of a set needs a script, and none may run one.
	cmd := exec.CommandContext(ctx, path, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
	cmd.Dir = dir
	var out bytes.Buffer
	both := io.MultiWriter(&out, progress)
	cmd.Stdout, cmd.Stderr = both, both
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("npm ci: %w: %s", err, out.Bytes())
	}
	return nil
}
