package weekend_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/day/weekend"
)

var update = flag.Bool("update", false, "write the recorded weekend anew")

// folder is where the recorded weekend lies.
const folder = "../../../events/day-weekend"

// recorded is everything that the generator writes, by path in the folder, not
// packed.
func recorded(t *testing.T) map[string][]byte {
	t.Helper()
	files, err := weekend.Generate(weekend.Seed).Files()
	if err != nil {
		t.Fatal(err)
	}
	files["kits.csv"] = weekend.KitTable()
	for system, secret := range weekend.Secrets() {
		files["secrets/"+system+".txt"] = []byte(secret + "\n")
	}
	files["secrets/mail.credential.txt"] = []byte("demo-private-key\n")
	return files
}

func TestRecordedWeekend_IsWhatTheGeneratorWrites(t *testing.T) {
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
