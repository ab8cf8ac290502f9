package play

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Progress is how far a day has been played. It lies in the data folder.
type Progress struct {
	// Day is the name of the day's folder, blank in folders of older versions.
	Day string `json:"day,omitempty"`
	// Next is the index of the first delivery that was not sent.
	Next int `json:"next"`
	// At is the day's time of the last one.
	At time.Time `json:"at"`
	// Done reports that the day is over.
	Done bool `json:"done"`

	file string
}

const progressFile = "day.json"

// ErrOtherDay means that a data folder holds another day.
var ErrOtherDay = errors.New("play: the data folder holds another recorded day, want a folder of its own")

// OpenProgress reads how far the day of a name came in a data folder. A folder
// without one is at the beginning.
func OpenProgress(folder, day string) (*Progress, error) {
	p := &Progress{Day: day, file: filepath.Join(folder, progressFile)}
	text, err := os.ReadFile(p.file)
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err == nil {
		err = json.Unmarshal(text, p)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", p.file, err)
	}
	if p.Day != day {
		return nil, fmt.Errorf("%w: %s", ErrOtherDay, p.Day)
	}
	return p, nil
}

// NewProgress is a progress that is kept nowhere.
func NewProgress() *Progress { return &Progress{} }

// Playing is the day that is not over yet, or blank. A nil progress is of no day.
func (p *Progress) Playing() string {
	if p == nil || p.Done {
		return ""
	}
	return p.Day
}

func (p *Progress) save(next int, at time.Time) error {
	p.Next, p.At = next, at
	return p.write()
}

func (p *Progress) finish(at time.Time) error {
	p.At, p.Done = at, true
	return p.write()
}

// write replaces the file in one step, so that a killed run leaves the old or
// the new one.
func (p *Progress) write() error {
	if p.file == "" {
		return nil
	}
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	next := p.file + ".next"
	if err := os.WriteFile(next, text, 0o600); err != nil {
		return fmt.Errorf("keep the day's progress: %w", err)
	}
	if err := os.Rename(next, p.file); err != nil {
		return fmt.Errorf("keep the day's progress: %w", err)
	}
	return nil
}
