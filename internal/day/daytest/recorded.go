package daytest

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/day"
)

// Recorded holds a folder to what a generator writes, files by their path in it.
// Lines of JSON are kept packed there, and a packed file stays as it is while its
// content is the same. With update the folder is written first.
func Recorded(t *testing.T, folder string, files map[string][]byte, update bool) {
	t.Helper()
	for name, want := range files {
		packed := strings.HasSuffix(name, ".jsonl")
		path := filepath.Join(folder, filepath.FromSlash(name))
		if packed {
			path += day.Packed
		}
		if update {
			write(t, path, want, packed)
		}
		got, err := os.ReadFile(filepath.Clean(path))
		if err == nil && packed {
			got, err = day.Unpack(got)
		}
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what the generator writes; run the test with -update and review the change", name)
		}
	}
}

func write(t *testing.T, path string, text []byte, packed bool) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if packed {
		var err error
		if text, err = day.Pack(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}
