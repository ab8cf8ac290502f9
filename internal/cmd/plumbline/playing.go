package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/play"
)

// playingFile names the recorded day while it is played on a local stack, whose
// clock is the day's then. What a killed run left, the next one replaces.
const playingFile = "playing"

// keepPlaying notes which day is played; blank is none.
func keepPlaying(data, day string) error {
	path := filepath.Join(data, playingFile)
	if day == "" {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("note that no day is played: %w", err)
		}
		return nil
	}
	if err := os.WriteFile(path, []byte(day+"\n"), 0o600); err != nil {
		return fmt.Errorf("note which day is played: %w", err)
	}
	return nil
}

// played is the time of the day that is played on the local stack that runs.
func played(c *cli) (at time.Time, playing bool) {
	day, err := os.ReadFile(filepath.Join(c.Data, playingFile))
	if c.AWS || err != nil {
		return at, false
	}
	p, err := play.OpenProgress(c.Data, strings.TrimSpace(string(day)))
	if err != nil {
		return at, false
	}
	return p.At, true
}
