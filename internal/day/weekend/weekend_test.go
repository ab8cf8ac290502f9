package weekend_test

import (
	"flag"
	"testing"

	"github.com/plumbline/plumbline/internal/day/daytest"
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
	daytest.Recorded(t, folder, recorded(t), *update)
}
