package watch_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/store/memory"
	"github.com/plumbline/plumbline/internal/watch"
)

func TestFiveNights(t *testing.T) {
	w := newWorld(t)
	for n, want := range []struct{ opened, ended, left []string }{
		{[]string{}, []string{}, nil},
		{[]string{"CASE stock open", "MORE stock open"}, []string{}, nil},
		{[]string{"NEW listed open", "STUCK stock open"}, []string{}, nil},
		{[]string{}, []string{}, []string{shopFile(3)}},
		{[]string{"GONE listed open"}, []string{"NEW listed resolved", "STUCK stock resolved"}, []string{shopFile(3)}},
	} {
		w.night(n)
		r := w.run()
		var left []string
		for _, l := range r.Left {
			left = append(left, l.Path)
		}
		if diff := cmp.Diff([][]string{want.opened, want.ended, want.left}, [][]string{names(r.Opened), names(r.Ended), left}); diff != "" {
			t.Errorf("night %d (-want +got):\n%s", n+1, diff)
		}
	}
	for _, f := range w.findings() {
		if f.Since.Before(first) {
			t.Errorf("%s is open since %s", f.Key, f.Since)
		}
	}
	if said := w.said.String(); strings.Contains(said, "HOT") || strings.Contains(said, "LAG") || strings.Count(said, "STUCK") < 2 {
		t.Errorf("said\n%s", said)
	}
}

func TestTheFirstNightOpensNothing(t *testing.T) {
	w := newWorld(t)
	w.levels["NEW"], w.levels["CASE"] = [5][2]int{{8, -1}}, [5][2]int{{10, 400}}
	w.night(0)
	if r := w.run(); len(r.Opened) > 0 || r.Active > 0 || r.Waiting < 2 {
		t.Errorf("opened %v, %d wait: one night tells no lag from a fault", names(r.Opened), r.Waiting)
	}
}

func (w *world) one(sku string) finding.Finding {
	w.t.Helper()
	for _, f := range w.findings() {
		if f.Key[0] == sku {
			return f
		}
	}
	w.t.Fatalf("no finding of %s", sku)
	return finding.Finding{}
}

func (w *world) waive(sku string, high int64) {
	w.t.Helper()
	low, most := commerce.Int(0), commerce.Int(high)
	_, err := watch.Decide(w.t.Context(), w.watch.State, w.watch.Registry, []string{w.one(sku).ID}, finding.Decision{
		ID: "d1", Action: finding.Waive, By: "lee", At: w.now, Until: w.now.AddDate(0, 1, 0), Reason: "stock of samples", Low: &low, High: &most,
	}, func() time.Time { return w.now })
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestAWaiverHoldsInItsBandFromNightToNight(t *testing.T) {
	w := newWorld(t)
	w.night(0)
	w.run()
	w.night(1)
	w.run()
	id := w.one("CASE").ID
	w.waive("CASE", 3)
	for n, want := range map[int]finding.State{2: finding.Waived, 3: finding.Waived} {
		w.night(n)
		w.run()
		if f := w.one("CASE"); f.State != want || f.ID != id {
			t.Errorf("night %d: %s", n+1, f.State)
		}
	}
	w.night(4)
	r := w.run()
	if f := w.one("CASE"); f.State != finding.Open || f.ID != id || !cmp.Equal(names(r.Opened), []string{"CASE stock open", "GONE listed open"}) {
		t.Errorf("outside its band it is %s; opened %v", f.State, names(r.Opened))
	}
}

// ids are findings by their ids.
func ids(all []finding.Finding) map[string]string {
	out := map[string]string{}
	for _, f := range all {
		out[f.ID] = f.Key[0] + " " + f.Rule + " " + string(f.State) + " " + f.Opened.String() + " " + f.Resolved.String()
	}
	return out
}

func TestFindingsAreTheSameWithRestartsAndWithout(t *testing.T) {
	nightly, atOnce := newWorld(t), newWorld(t)
	for n := range 5 {
		nightly.night(n)
		nightly.run()
		atOnce.night(n)
	}
	atOnce.run()
	if diff := cmp.Diff(ids(nightly.findings()), ids(atOnce.findings())); diff != "" || len(nightly.findings()) != 5 {
		t.Errorf("(-nightly +at once)\n%s", diff)
	}
}

func TestTheSameFileTwiceChangesNothing(t *testing.T) {
	w := newWorld(t)
	for n := range 3 {
		w.night(n)
		w.run()
	}
	before, path := w.state(), filepath.Join(w.watch.State, "watch.state")
	bytes, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if r := w.run(); len(r.Loaded)+len(r.Opened)+len(r.Ended)+r.Told > 0 {
		t.Errorf("%+v", r)
	}
	if again, err := os.ReadFile(path); err != nil || string(again) != string(bytes) {
		t.Errorf("the state was written: %v", err)
	}
	w.now = w.now.Add(2 * time.Hour)
	w.drop(erpFile(2), w.levels.file(2, 0))
	w.drop("erp/inventory/copy of "+erpFile(2), w.levels.file(2, 0))
	if r := w.run(); len(r.Loaded) != 1 || len(r.Opened)+len(r.Ended) > 0 {
		t.Errorf("%+v", r)
	}
	if diff := cmp.Diff(ids(w.findings()), idsOf(t, before)); diff != "" {
		t.Error(diff)
	}
}

func idsOf(t *testing.T, s *watch.State) map[string]string {
	t.Helper()
	all, err := s.Stores.Findings.AllFindings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return ids(all)
}

// TestAFileThatIsWrittenOverEveryNight is how many schedulers do it.
func TestAFileThatIsWrittenOverEveryNight(t *testing.T) {
	w := newWorld(t)
	for n := range 3 {
		w.now = first.AddDate(0, 0, n).Add(6 * time.Hour)
		w.drop("erp/inventory/stock.csv", w.levels.file(min(n, 1), 0))
		w.drop("shop/inventory/stock.csv", w.levels.file(min(n, 1), 1))
		if r := w.run(); len(r.Loaded) != 2 {
			t.Errorf("night %d: %d files loaded of %v", n+1, len(r.Loaded), r.Left)
		}
	}
	if got := names(w.findings()); !cmp.Equal(got, []string{"CASE stock open", "HOT stock open", "LAG stock open", "MORE stock open", "NEW listed open", "STUCK stock open"}) {
		t.Errorf("%v, want what two nights in a row say", got)
	}
}

func TestAFileThatIsStillWrittenIsLeftForLater(t *testing.T) {
	w := newWorld(t)
	w.drop(erpFile(0), w.levels.file(0, 0))
	written := w.now.Add(-time.Hour)
	w.now = written.Add(time.Second)
	if r := w.run(); r.Unsettled != 1 || len(r.Loaded) > 0 {
		t.Errorf("%+v", r)
	}
	w.now = written.Add(watch.Settled)
	if r := w.run(); r.Unsettled != 0 || len(r.Loaded) != 1 {
		t.Errorf("%+v", r)
	}
}

func TestAFileThatIsMuchShorterIsLoadedOnlyWhenSomebodySaysSo(t *testing.T) {
	w := newWorld(t)
	w.night(0)
	w.run()
	w.now = w.now.AddDate(0, 0, 1)
	lines := strings.SplitAfter(w.levels.file(1, 1), "\n")
	w.drop(shopFile(1), strings.Join(lines[:5], "")) // cut off between two rows
	r := w.run()
	if len(r.Left) != 1 || !strings.Contains(r.Left[0].Why, "has 4 rows and the one before had 37") {
		t.Fatalf("%+v", r)
	}
	w.watch.Accept = []string{shopFile(1)}
	if r := w.run(); len(r.Loaded) != 1 || r.Loaded[0].Gone < 30 {
		t.Errorf("%+v", r)
	}
}

func TestTwoWatchesDoNotRun(t *testing.T) {
	folder := t.TempDir()
	lock, err := watch.Lock(folder)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := watch.Lock(folder); !errors.Is(err, watch.ErrInUse) {
		t.Errorf("a second watch: %v", err)
	}
	if err := lock.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := watch.Lock(folder)
	if err != nil {
		t.Fatalf("after its end: %v", err)
	}
	_ = again.Close()
}

func TestAStateThatCannotBeReadIsLeftAlone(t *testing.T) {
	w := newWorld(t)
	w.night(0)
	w.run()
	path := filepath.Join(w.watch.State, "watch.state")
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		content []byte
		want    error
	}{
		"half of it": {good[:len(good)/2], nil}, "nothing": {nil, memory.ErrSnapshot},
		"a newer codec":  {pack(t, `{"watch":2}`+"\n"), store.ErrNewer},
		"something else": {pack(t, `{"a":1}`+"\n"), memory.ErrSnapshot},
	} {
		if err := os.WriteFile(path, c.content, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := w.watch.Run(t.Context())
		if err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if after, _ := os.ReadFile(path); string(after) != string(c.content) {
			t.Errorf("%s was written over", name)
		}
	}
}

func TestTheBoardIsWrittenAsFiles(t *testing.T) {
	w := newWorld(t)
	board := filepath.Join(t.TempDir(), "board")
	w.watch.Pages = watch.Folder(board)
	for n := range 2 {
		w.night(n)
		w.run()
	}
	page := filepath.Join(board, "finding-"+w.one("CASE").ID+".html")
	if _, err := os.Stat(page); err != nil {
		t.Error(err)
	}
	if err := os.RemoveAll(board); err != nil {
		t.Fatal(err)
	}
	w.night(2)
	w.run()
	if _, err := os.Stat(page); err != nil {
		t.Errorf("a board that somebody removed is written anew: %v", err)
	}
}

func TestFilesAreAssignedByTheirPathOrTheirHeaderAndNeverGuessed(t *testing.T) {
	erp, shop := fiveNights().file(0, 0), fiveNights().file(0, 1)
	for name, c := range map[string]struct{ content, system, left string }{
		"erp/inventory/a.csv":            {erp, "erp", ""},
		"erp/inventory/2026/03/a.csv":    {erp, "erp", ""},
		"erp-inventory-2026-03-03.csv":   {erp, "erp", ""},
		"erp_inventory.csv":              {erp, "erp", ""},
		"erp/stock.csv":                  {erp, "erp", ""},
		"erp-2026-03-03.csv":             {erp, "erp", ""},
		"stock.csv":                      {shop, "shop", ""},
		"erp-orders.csv":                 {erp, "", "cannot be read as order of erp"},
		"erp/inventory/b.csv":            {shop, "", "cannot be read as inventory of erp"},
		"crm/inventory/a.csv":            {"a,b\n1,2\n", "", "no layout that is known"},
		"erp/c.csv":                      {shop, "", "which erp has none of"},
		"notes.txt":                      {"buy milk\n", "", "no layout that is known"},
		"erp/inventory/.hidden.csv":      {erp, "", ""},
		"erp/inventory/a.csv.part":       {erp, "", ""},
		".plumbline/erp/inventory/a.csv": {erp, "", ""},
	} {
		w := newWorld(t)
		w.drop(name, c.content)
		r := w.run()
		switch {
		case c.system != "" && (len(r.Loaded) != 1 || r.Loaded[0].System != c.system || r.Loaded[0].Kind != commerce.Inventory):
			t.Errorf("%s: loaded %v, left %v", name, r.Loaded, r.Left)
		case c.system == "" && len(r.Loaded) > 0, c.system == "" && c.left == "" && len(r.Left) > 0:
			t.Errorf("%s: loaded %v, left %v", name, r.Loaded, r.Left)
		case c.left != "" && (len(r.Left) != 1 || !strings.Contains(r.Left[0].Why, c.left)):
			t.Errorf("%s: left %v, want %q", name, r.Left, c.left)
		}
	}
}

// A registry that compare --save wrote names the layout and no platform.
func TestAFileIsOfTheSystemWhoseRegistryNamesItsLayout(t *testing.T) {
	w := newWorld(t)
	shop := w.watch.Registry.Systems["shop"]
	shop.Platform = "standard"
	w.watch.Registry.Systems["shop"] = shop
	w.drop("stock.csv", fiveNights().file(0, 1))
	if r := w.run(); len(r.Loaded) != 1 || r.Loaded[0].System != "shop" {
		t.Errorf("loaded %v, left %v", r.Loaded, r.Left)
	}
	w = newWorld(t)
	delete(w.watch.Registry.Systems, "shop")
	w.drop("store/stock.csv", fiveNights().file(0, 1))
	if r := w.run(); len(r.Left) != 1 || !strings.Contains(r.Left[0].Why, "with <system> one of erp") {
		t.Errorf("left %v: want the systems named", r.Left)
	}
}

func TestItSaysWhichFilesDoNotCome(t *testing.T) {
	w := newWorld(t)
	w.night(0)
	w.run()
	for n := 1; n < 4; n++ {
		w.now = first.AddDate(0, 0, n).Add(6 * time.Hour)
		w.drop(erpFile(n), w.levels.file(n, 0))
	}
	r := w.run()
	if len(r.Stale) != 1 || r.Stale[0].System != "shop" || !cmp.Equal(names(r.Opened), []string{"CASE stock open"}) {
		t.Errorf("%v, opened %v", r.Stale, names(r.Opened))
	}
}
