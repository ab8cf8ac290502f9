package full_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/day/full"
)

var update = flag.Bool("update", false, "write the recorded day anew")

// folder is where the recorded day lies.
const folder = "../../../events/day-full"

// recorded is everything that the generator writes, by path in the folder, not
// packed.
func recorded(t *testing.T) map[string][]byte {
	t.Helper()
	files, err := full.Generate(full.Seed).Files()
	if err != nil {
		t.Fatal(err)
	}
	files["buffer.csv"] = full.BufferTable()
	for system, secret := range full.Secrets() {
		files["secrets/"+system+".txt"] = []byte(secret + "\n")
	}
	for system, credential := range full.Credentials() {
		files["secrets/"+system+".credential.txt"] = []byte(credential + "\n")
	}
	return files
}

func TestRecordedDay_IsWhatTheGeneratorWrites(t *testing.T) {
	for name, want := range recorded(t) {
		packed := strings.HasSuffix(name, ".jsonl")
		path := filepath.Join(folder, filepath.FromSlash(name))
		if packed {
			path += day.Packed
		}
		if *update {
			write(t, path, want, packed)
		}
		got, err := os.ReadFile(path)
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

// write keeps a packed file as it is while its content is the same.
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

func TestRecordedDay_StaysSmall(t *testing.T) {
	size := int64(0)
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		size += info.Size()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if size > 3<<20 {
		t.Errorf("the folder holds %d bytes, want at most 3 MiB", size)
	}
}
