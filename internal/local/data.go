package local

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"

	"github.com/plumbline/plumbline/internal/local/emulator"
)

// Running is where a running stack is reached. It lies in the stack's data
// folder for other processes, such as the command line.
type Running struct {
	emulator.Endpoints
	Resources
	// Front is the address of the HTTP front, "http://127.0.0.1:8080", or
	// blank until it is open.
	Front string `json:"front"`
}

var (
	// ErrInUse means that another running stack has the data folder.
	ErrInUse = errors.New("local: another running stack uses the folder")
	// ErrNotRunning means that no stack runs on the data folder.
	ErrNotRunning = errors.New("local: no stack runs on the folder")
)

const (
	lockFile      = "lock"
	endpointsFile = "endpoints.json"
)

// Find reads where the stack on a data folder is reached. It is not deceived by
// what a killed stack left.
func Find(data string) (Running, error) {
	missing := fmt.Errorf("%w %s: start one with plumbline run", ErrNotRunning, data)
	text, err := os.ReadFile(filepath.Join(data, endpointsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return Running{}, missing
	}
	if err != nil {
		return Running{}, fmt.Errorf("find the running stack: %w", err)
	}
	lock := flock.New(filepath.Join(data, lockFile))
	free, err := lock.TryRLock()
	if err != nil {
		return Running{}, fmt.Errorf("find the running stack: %w", err)
	}
	if free {
		return Running{}, errors.Join(missing, lock.Close())
	}
	var r Running
	if err := json.Unmarshal(text, &r); err != nil {
		return Running{}, fmt.Errorf("find the running stack: read %s: %w", endpointsFile, err)
	}
	return r, nil
}

// folder is a locked data folder. A nil folder is a stack in memory.
type folder struct {
	path string
	lock *flock.Flock
}

func openFolder(path string) (*folder, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open the data folder: %w", err)
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("open the data folder: %w", err)
	}
	lock := flock.New(filepath.Join(path, lockFile))
	ok, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("open the data folder: %w", err)
	}
	if !ok {
		return nil, fmt.Errorf("%w %s: stop it, or use another folder with --data", ErrInUse, path)
	}
	f := &folder{path: path, lock: lock}
	if err := f.forget(); err != nil { // a killed stack has left it, and this one listens nowhere yet
		return nil, errors.Join(fmt.Errorf("open the data folder: %w", err), lock.Close())
	}
	return f, nil
}

// announce leaves where the stack is reached. Readers see the old or the new
// file, never a part.
func (f *folder) announce(r Running) error {
	if f == nil {
		return nil
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("announce the stack: %w", err)
	}
	path := filepath.Join(f.path, endpointsFile)
	if err := os.WriteFile(path+".new", text, 0o600); err != nil {
		return fmt.Errorf("announce the stack: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("announce the stack: %w", err)
	}
	return nil
}

func (f *folder) close() error {
	if f == nil {
		return nil
	}
	return errors.Join(f.forget(), f.lock.Close())
}

// forget removes what was announced.
func (f *folder) forget() error {
	err := os.Remove(filepath.Join(f.path, endpointsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
