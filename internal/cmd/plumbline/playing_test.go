package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestPlayed_IsTheTimeOfTheDayUntilItIsOver(t *testing.T) {
	c := &cli{Data: t.TempDir()}
	if _, playing := played(c); playing {
		t.Error("nobody plays")
	}
	at := time.Date(2026, 3, 3, 14, 0, 0, 0, time.UTC)
	progress := `{"day":"tuesday","next":7,"at":"` + at.Format(time.RFC3339) + `","done":false}`
	if err := os.WriteFile(filepath.Join(c.Data, "day.json"), []byte(progress), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := keepPlaying(c.Data, "tuesday"); err != nil {
		t.Fatal(err)
	}
	if got, playing := played(c); !playing || !got.Equal(at) {
		t.Errorf("got %s, %t", got, playing)
	}
	if _, playing := played(&cli{Data: c.Data, AWS: true}); playing {
		t.Error("a deployed stack plays no day")
	}
	for range 2 { // a second time is none
		if err := keepPlaying(c.Data, ""); err != nil {
			t.Fatal(err)
		}
	}
	if _, playing := played(c); playing {
		t.Error("the day is over")
	}
}
