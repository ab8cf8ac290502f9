package watch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/plumbline/plumbline/internal/blob"
)

// Folder keeps the files of a board in a folder.
type Folder string

// known is the file by which a board knows what it shows.
const known = "state.json"

// Put writes a file. Readers see the old or the new one.
func (f Folder) Put(_ context.Context, name string, body []byte) error {
	path := f.path(name)
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := os.WriteFile(path+".new", body, 0o644); err != nil { //nolint:gosec // a page is for everybody who may look into the folder
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// Get reads a file. A board whose folder was emptied shows nothing that it knows
// of, and is written anew.
func (f Folder) Get(_ context.Context, name string) ([]byte, error) {
	body, err := os.ReadFile(f.path(name))
	switch {
	case errors.Is(err, fs.ErrNotExist) && name == known:
		return []byte("{}"), nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("read %s: %w", name, blob.ErrNotFound)
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return body, nil
}

// Delete removes a file.
func (f Folder) Delete(_ context.Context, name string) error {
	err := os.Remove(f.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (f Folder) path(name string) string { return filepath.Join(string(f), filepath.FromSlash(name)) }
