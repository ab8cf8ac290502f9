package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestADaysOwnRegistryCountsUnlessAnotherIsNamed(t *testing.T) {
	usual, err := filepath.Abs(dayRegistry)
	if err != nil {
		t.Fatal(err)
	}
	with, without := t.TempDir(), t.TempDir()
	own := filepath.Join(with, dayRegistry)
	if err := os.WriteFile(own, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ day, given, want string }{
		"the day has one":        {with, usual, own},
		"the day has none":       {without, usual, usual},
		"another one is named":   {with, "/srv/other.yaml", "/srv/other.yaml"},
		"there is no day at all": {"", usual, usual},
	} {
		if got := (&runCmd{Day: c.day}).registry(c.given); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
