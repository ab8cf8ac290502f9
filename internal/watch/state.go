package watch

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	"github.com/klauspost/compress/zstd"

	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/store/memory"
)

var (
	// ErrInUse means that another watch uses the folder of the state.
	ErrInUse = errors.New("watch: another watch uses the state")
	// ErrNoState means that there is no watch's state.
	ErrNoState = errors.New("watch: no state of a watch")
)

const (
	stateFile = "watch.state"
	// stateLock is held while the state is read, changed and written, and watchLock
	// as long as a watch runs.
	stateLock = "state.lock"
	watchLock = "watch.lock"
	// stateCodec numbers the shape of the state's head. Raise it with every change
	// that an older reader would misread.
	stateCodec = 1
	// patience is how often a lock is asked for that somebody holds.
	patience = 50 * time.Millisecond
)

// State is all that a watch knows.
type State struct {
	Stores memory.Stores
	// Clock is the time of the newest file.
	Clock time.Time
	// Audited is the time of the last audit.
	Audited time.Time
	// Unjudged are what files were loaded of since the rows were judged.
	Unjudged []Place
	// Decided says that people decided something that is not shown yet.
	Decided bool
	// Files are those that were seen, by their paths in the folder.
	Files map[string]File
}

// head is the state's first line. The stores follow.
type head struct {
	Watch    int             `json:"watch"`
	Clock    time.Time       `json:"clock,omitzero"`
	Audited  time.Time       `json:"audited,omitzero"`
	Decided  bool            `json:"decided,omitempty"`
	Unjudged []Place         `json:"unjudged,omitempty"`
	Files    map[string]File `json:"files"`
}

// Exists reports whether a folder has a watch's state.
func Exists(folder string) bool {
	_, err := os.Stat(filepath.Join(folder, stateFile))
	return err == nil
}

// Read reads the state in a folder as it was written last, whoever writes it
// meanwhile. Where there is none, the error is ErrNoState.
func Read(folder string) (*State, error) {
	f, err := os.Open(filepath.Join(folder, stateFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w in %s", ErrNoState, folder)
	}
	if err != nil {
		return nil, fmt.Errorf("read state: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	s, err := decode(f)
	if err != nil {
		return nil, fmt.Errorf("read state %s: %w", f.Name(), err)
	}
	return s, nil
}

func decode(from io.Reader) (*State, error) {
	packed, err := zstd.NewReader(from)
	if err != nil {
		return nil, err
	}
	defer packed.Close()
	lines := bufio.NewReaderSize(packed, 1<<16)
	first, err := lines.ReadBytes('\n')
	if err != nil {
		return nil, fmt.Errorf("%w: %w", memory.ErrSnapshot, err)
	}
	var h head
	switch err := json.Unmarshal(first, &h); {
	case err != nil, h.Watch == 0:
		return nil, fmt.Errorf("%w: its first line is not that of a watch", memory.ErrSnapshot)
	case h.Watch > stateCodec:
		return nil, fmt.Errorf("%w: %d, this one reads %d", store.ErrNewer, h.Watch, stateCodec)
	}
	stores, err := memory.Load(lines)
	if err != nil {
		return nil, err
	}
	if h.Files == nil {
		h.Files = map[string]File{}
	}
	return &State{Stores: stores, Clock: h.Clock, Audited: h.Audited, Decided: h.Decided, Unjudged: h.Unjudged, Files: h.Files}, nil
}

func (s *State) encode(to io.Writer) error {
	packed, err := zstd.NewWriter(to, zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		return err
	}
	first, err := json.Marshal(head{stateCodec, s.Clock, s.Audited, s.Decided, s.Unjudged, s.Files})
	if err == nil {
		_, err = packed.Write(append(first, '\n'))
	}
	if err == nil {
		err = s.Stores.Save(packed)
	}
	return errors.Join(err, packed.Close())
}

// Held is a state that nobody else changes.
type Held struct {
	*State
	folder string
	lock   *flock.Flock
}

// Hold waits until nobody else changes the state, and reads it. Where there is
// none it is empty.
func Hold(ctx context.Context, folder string) (*Held, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("open state: %w", err)
	}
	lock := flock.New(filepath.Join(folder, stateLock))
	if _, err := lock.TryLockContext(ctx, patience); err != nil {
		return nil, fmt.Errorf("open state: %w", err)
	}
	s, err := Read(folder)
	if errors.Is(err, ErrNoState) {
		s, err = &State{Stores: memory.New(), Files: map[string]File{}}, nil
	}
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return &Held{s, folder, lock}, nil
}

// Close lets others change the state. What was not saved is forgotten.
func (h *Held) Close() error { return h.lock.Close() }

// Save writes the state. Whatever happens meanwhile, a reader finds the old state
// or the new one.
func (h *Held) Save() error {
	path := filepath.Join(h.folder, stateFile)
	if err := h.write(path + ".new"); err != nil {
		return fmt.Errorf("write state: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("write state: %w", err)
	}
	if folder, err := os.Open(h.folder); err == nil {
		_ = folder.Sync() // not every system can; the file itself is on the disk
		_ = folder.Close()
	}
	return nil
}

func (h *Held) write(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	err = h.encode(f)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// Lock keeps other watches away from the state until it is closed, or returns
// ErrInUse.
func Lock(folder string) (io.Closer, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("lock state: %w", err)
	}
	lock := flock.New(filepath.Join(folder, watchLock))
	free, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock state: %w", err)
	}
	if !free {
		return nil, fmt.Errorf("%w in %s", ErrInUse, folder)
	}
	return lock, nil
}
