package drift_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/registry"
)

// pages is a bucket that can fail.
type pages struct {
	mu    sync.Mutex
	files map[string]string
	puts  []string
	// broken fails every call, and left fails those after so many puts where it is
	// not negative.
	broken bool
	left   int
	// refuse is a file that cannot be put.
	refuse string
	// during is called with each put.
	during func()
}

var errBucket = errors.New("the bucket is away")

func newPages() *pages { return &pages{files: map[string]string{}, left: -1} }

func (p *pages) Put(_ context.Context, name string, body []byte) error {
	if p.during != nil {
		p.during()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.broken || p.left == 0 || p.refuse == name {
		return errBucket
	}
	p.left--
	p.files[name] = string(body)
	p.puts = append(p.puts, name)
	return nil
}

func (p *pages) Get(_ context.Context, name string) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	body, there := p.files[name]
	if p.broken || !there {
		return nil, errBucket
	}
	return []byte(body), nil
}

func (p *pages) Delete(_ context.Context, name string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.broken {
		return errBucket
	}
	delete(p.files, name)
	return nil
}

// written are the pages that were put since it was asked last.
func (p *pages) written() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	names := p.puts
	p.puts = nil
	slices.Sort(names)
	return names
}

// boarded is a world with a board, and a difference that is open.
func boarded(t *testing.T) (*world, *pages) {
	t.Helper()
	w := newWorld(stockRegistry("from.free", 20*time.Minute))
	p := newPages()
	w.drift.Documents, w.drift.Sweeps = w.findings, w.findings
	w.drift.Board = &drift.Board{Pages: p, Zone: time.UTC}
	return w, p
}

// diverge makes the sides differ until a finding is open.
func diverge(t *testing.T, w *world) string {
	t.Helper()
	w.deliver(t, level("erp", "free", 5, 1), level("shop", "available", 5, 1))
	w.now = w.now.Add(time.Minute)
	w.deliver(t, level("erp", "free", 3, 2))
	w.now = w.now.Add(21 * time.Minute)
	w.runLooks(t)
	w.tick(t)
	found := w.opened(t, "stock")
	if len(found) != 1 {
		t.Fatalf("%d findings", len(found))
	}
	return "finding-" + found[0].ID + ".html"
}

func TestBoard_ShowsAFindingInTheSameMinute(t *testing.T) {
	w, p := boarded(t)
	page := diverge(t, w)
	for _, want := range []string{"CAP-BLK at east: shop shows 5, erp expects 3", "delivery-2", "over time"} {
		if !strings.Contains(p.files[page], want) {
			t.Errorf("the page lacks %q:\n%s", want, p.files[page])
		}
	}
	if !strings.Contains(p.files["index.html"], page) {
		t.Errorf("the first page does not lead to %s:\n%s", page, p.files["index.html"])
	}
}

func TestBoard_WritesWhatHasChangedAndNothingElse(t *testing.T) {
	w, p := boarded(t)
	w.tick(t)
	if all := p.written(); !slices.Contains(all, "index.html") || !slices.Contains(all, "uplot.js") {
		t.Fatalf("at first: %v", all)
	}
	w.now = w.now.Add(time.Minute)
	w.tick(t)
	if again := p.written(); again != nil {
		t.Errorf("nothing has changed, and %v were written", again)
	}
	page := diverge(t, w)
	record := slices.Collect(maps.Keys(p.files))
	record = slices.DeleteFunc(record, func(name string) bool { return !strings.HasPrefix(name, "record-") })
	want := append([]string{"findings.html", page, "index.html", "integration-stock.html", "state.json"}, record...)
	slices.Sort(want)
	if got := p.written(); !slices.Equal(got, want) {
		t.Errorf("a finding writes %v, want %v", got, want)
	}
}

func TestBoard_IsConfirmedOnceAnHour(t *testing.T) {
	w, p := boarded(t)
	w.tick(t)
	p.written()
	w.now = w.now.Add(time.Hour)
	w.tick(t)
	if got := p.written(); !slices.Equal(got, []string{"audits.html", "index.html", "state.json", "systems.html"}) {
		t.Errorf("wrote %v", got)
	}
}

func TestBoard_AFindingThatHasEndedStaysThirtyDays(t *testing.T) {
	w, p := boarded(t)
	page := diverge(t, w)
	w.deliver(t, level("shop", "available", 3, 3))
	w.now = w.now.Add(time.Minute)
	w.tick(t)
	w.now = w.now.Add(time.Minute)
	w.tick(t)
	if !strings.Contains(p.files[page], "resolved") {
		t.Fatalf("the page does not say that it ended:\n%s", p.files[page])
	}
	w.now = w.now.Add(29 * 24 * time.Hour)
	w.tick(t)
	if _, there := p.files[page]; !there {
		t.Error("gone after 29 days")
	}
	w.now = w.now.Add(2 * 24 * time.Hour)
	w.tick(t)
	if _, there := p.files[page]; there {
		t.Error("there after 31 days")
	}
}

func TestBoard_AnErasedFindingLosesItsPage(t *testing.T) {
	w, p := boarded(t)
	page := diverge(t, w)
	if err := w.findings.DeleteFinding(t.Context(), strings.TrimSuffix(strings.TrimPrefix(page, "finding-"), ".html")); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(time.Minute)
	w.tick(t)
	if _, there := p.files[page]; there {
		t.Error("the page is still there")
	}
}

func TestBoard_AStopAtAnyWriteIsMadeUpForByTheNextRun(t *testing.T) {
	whole, want := boarded(t)
	whole.tick(t)
	diverge(t, whole)
	for stop := 0; ; stop++ {
		w, p := boarded(t)
		w.tick(t)
		w.deliver(t, level("erp", "free", 5, 1), level("shop", "available", 5, 1))
		w.now = w.now.Add(time.Minute)
		w.deliver(t, level("erp", "free", 3, 2))
		w.now = w.now.Add(21 * time.Minute)
		w.runLooks(t)
		p.left = stop
		err := w.drift.Tick(t.Context())
		p.left = -1
		w.tick(t)
		if diff := cmp.Diff(want.files, p.files); diff != "" {
			t.Errorf("stopped after %d: %s", stop, diff)
		}
		if err == nil {
			return // nothing was left to be stopped
		}
	}
}

func TestBoard_AValueThatComesBackAfterAStopIsShown(t *testing.T) {
	w, p := boarded(t)
	w.tick(t)
	before := p.files["systems.html"]
	w.drift.Registry.Systems["shop"] = registry.System{Name: "shop", Platform: "other"}
	w.drift.Registry.Generation = "next"
	w.now = w.now.Add(time.Minute)
	p.refuse = "state.json"
	if err := w.drift.Tick(t.Context()); !errors.Is(err, errBucket) || p.files["systems.html"] == before {
		t.Fatalf("the page is as it was, %v", err)
	}
	p.refuse = ""
	w.drift.Registry.Systems["shop"] = registry.System{Name: "shop"}
	w.drift.Registry.Generation = "test"
	w.tick(t)
	if strings.Contains(p.files["systems.html"], "other") {
		t.Error("the page stays what the stopped run wrote")
	}
}

func TestBoard_OneRunWritesAtATime(t *testing.T) {
	w, p := boarded(t)
	var once sync.Once
	other := *w.drift
	others := newPages()
	other.Board = &drift.Board{Pages: others, Zone: time.UTC}
	p.during = func() {
		once.Do(func() {
			if err := other.Tick(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	w.tick(t)
	if got := others.written(); got != nil {
		t.Errorf("another run wrote %v", got)
	}
}

func TestBoard_TellsNobodyLessWhileTheBucketIsAway(t *testing.T) {
	w, p := boarded(t)
	p.broken = true
	w.deliver(t, level("erp", "free", 5, 1), level("shop", "available", 5, 1))
	w.now = w.now.Add(time.Minute)
	w.deliver(t, level("erp", "free", 3, 2))
	w.now = w.now.Add(21 * time.Minute)
	w.runLooks(t)
	if err := w.drift.Tick(t.Context()); !errors.Is(err, errBucket) {
		t.Errorf("the tick says %v", err)
	}
	if w.published != 1 {
		t.Errorf("%d alerts were published, want 1", w.published)
	}
}
