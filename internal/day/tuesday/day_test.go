package tuesday

import (
	"bytes"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/day"
)

var update = flag.Bool("update", false, "write the recorded day anew")

// folder is where the recorded day lies, and seed is its seed.
const (
	folder = "../../../events/day"
	seed   = 20260303
)

// recorded is everything that the generator writes, by path in the folder.
func recorded(t *testing.T, d day.Day) map[string][]byte {
	t.Helper()
	files, err := d.Files()
	if err != nil {
		t.Fatal(err)
	}
	files["buffer.csv"] = BufferTable()
	for system, secret := range Secrets() {
		files["secrets/"+system+".txt"] = []byte(secret + "\n")
	}
	return files
}

func TestRecordedDay_IsWhatTheGeneratorWrites(t *testing.T) {
	for name, want := range recorded(t, Generate(seed)) {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if *update {
			write(t, path, want)
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(want) {
			t.Errorf("%s is not what the generator writes; run the test with -update and review the change", name)
		}
	}
}

func write(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestRecordedDay_StaysSmall(t *testing.T) {
	size := 0
	for _, text := range recorded(t, Generate(seed)) {
		size += len(text)
	}
	if size > 6<<20 {
		t.Errorf("the folder holds %d bytes, want at most 6 MiB", size)
	}
}

func TestRead_GivesBackWhatWasWritten(t *testing.T) {
	want := Generate(seed)
	got, err := day.Read(os.DirFS(folder))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.Truth, got.Truth); diff != "" {
		t.Error(diff)
	}
	for i := range want.Deliveries {
		w, g := want.Deliveries[i], got.Deliveries[i]
		if !w.At.Equal(g.At) || w.System != g.System || w.Body != g.Body || !maps.Equal(w.Headers, g.Headers) {
			t.Fatalf("delivery %d is another", i+1)
		}
	}
}

func TestGenerate_OneSeedIsOneDay(t *testing.T) {
	seven, again, eight := recorded(t, Generate(7)), recorded(t, Generate(7)), recorded(t, Generate(8))
	if !maps.EqualFunc(seven, again, bytes.Equal) {
		t.Error("two runs of one seed differ")
	}
	if bytes.Equal(seven[day.DeliveriesFile], eight[day.DeliveriesFile]) {
		t.Error("two seeds give one day")
	}
}

func TestGenerate_DayIsBusy(t *testing.T) {
	d := Generate(seed)
	bySystem := map[string]int{}
	for _, delivery := range d.Deliveries {
		bySystem[delivery.System]++
		if delivery.At.Format("2006-01-02") != d.Truth.Day {
			t.Fatalf("a delivery of %s is not of the day", delivery.At)
		}
	}
	if len(d.Deliveries) < 400 || bySystem[shopName] < 300 || bySystem[erpName] < 50 || bySystem[wmsName] < 50 {
		t.Errorf("deliveries by system: %v", bySystem)
	}
	if len(d.Truth.Alerts) != 13 || len(d.Truth.Silent) < 15 {
		t.Errorf("%d alerts and %d traps", len(d.Truth.Alerts), len(d.Truth.Silent))
	}
	for _, a := range d.Truth.Alerts {
		if len(a.Keys) == 0 || a.From >= a.Until {
			t.Errorf("%s: no records or no time: %+v", a.Name, a)
		}
	}
}
