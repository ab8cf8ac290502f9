package full_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/plumbline/plumbline/internal/day/daytest"
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
	daytest.Recorded(t, folder, recorded(t), *update)
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
