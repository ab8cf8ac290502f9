package fetch_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/blob/memblob"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/fetch"
	"github.com/plumbline/plumbline/internal/load"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/woocommerce"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/queue/memqueue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store/memory"
)

// woocommerceProducts is the list of products, whose pages have numbers.
func woocommerceProducts(s *shop, with url.Values, _ string) string {
	page, _ := strconv.Atoi(with.Get("page"))
	things, _ := part(s.since(with.Get("modified_after")), page, 50)
	return each(things, func(p thing) string {
		return fmt.Sprintf(`{"id":%d,"type":"simple","status":"publish","sku":"S%d","regular_price":"%d","manage_stock":false,"date_modified_gmt":"%s","variations":[]}`,
			p.id, p.id, p.amount, p.modified.UTC().Format("2006-01-02T15:04:05"))
	})
}

// ground is what follows from readings: rows, and load over them.
type ground struct {
	*world
	records memory.Records
	blobs   memblob.Store
	loads   *memqueue.Queue
	bulk    *memqueue.Queue
	load    *load.Service
}

type trippingBlobs struct {
	w  *world
	of *memblob.Store
}

func (b trippingBlobs) Put(ctx context.Context, key string, body []byte) error {
	if err := b.w.trip("keep"); err != nil {
		return err
	}
	return b.w.after("keep", b.of.Put(ctx, key, body))
}

func newGround(w *world) *ground {
	clock := func() time.Time { return w.now() }
	g := &ground{world: w, loads: memqueue.New(memqueue.Options{Now: clock}), bulk: memqueue.New(memqueue.Options{Now: clock})}
	g.blobs.Now = clock
	w.sweeps = &fetch.Sweeps{Blobs: trippingBlobs{w, &g.blobs}, Loads: tripping{w, "conclude", g.loads}}
	g.load = &load.Service{
		Files: &g.blobs, Blobs: &g.blobs, Documents: w.marks, Records: &g.records, Marks: w.marks, Bulk: g.bulk, Loads: g.loads,
		Now: clock, Log: slog.New(slog.DiscardHandler),
	}
	return g
}

// merge puts what the queue has into rows.
func (g *ground) merge(t *testing.T, q *memqueue.Queue) {
	t.Helper()
	for _, e := range taken(t, q) {
		for _, o := range e.Observations {
			if o.Kind != commerce.Price || o.Key[0] == "" {
				continue
			}
			rows, err := g.records.Get(t.Context(), []commerce.RecordID{o.Key.ID(o.Kind)})
			if err != nil {
				t.Fatal(err)
			}
			row := rows[o.Key.ID(o.Kind)]
			row.Kind, row.Key = o.Kind, o.Key
			row, changed := record.Merge(row, o, record.Source{Delivery: e.Delivery.ID, Received: e.Delivery.Received})
			if !changed {
				continue
			}
			if err := g.records.Put(t.Context(), row); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// conclude lets follow what follows from the readings that came to their end.
func (g *ground) conclude(t *testing.T, pass func(time.Duration)) {
	t.Helper()
	for range 100 {
		g.merge(t, g.observations)
		g.merge(t, g.bulk)
		if length(t, g.loads) == 0 {
			return
		}
		for _, body := range drain(t, g.loads) {
			if failed := g.load.Load(t.Context(), []load.Message{{ID: "m", Body: body}}); len(failed) > 0 {
				t.Fatal("not concluded")
			}
		}
		pass(10 * time.Second)
	}
	t.Fatal("the readings come to no end")
}

// live are the ids of the records that the system is known to have.
func (g *ground) live(t *testing.T) map[int]bool {
	t.Helper()
	all := map[int]bool{}
	if err := g.records.Scan(t.Context(), commerce.Price, func(row record.Row) error {
		id, err := strconv.Atoi(strings.TrimPrefix(row.Key[0], "S"))
		all[id] = row.SideOf("erp").Live
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

// unbounded is a budget for which no test waits.
const unbounded = 100_000_000

// complete are the platforms again, with the lists that hold everything.
func complete() []int {
	var all []int
	for i, p := range pulled {
		if p.kind == commerce.Price || p.platform.Name == woocommerce.Platform().Name {
			all = append(all, i)
		}
	}
	return all
}

// TestSweep_ConcludesWhatIsGoneAndNothingElse removes, adds and changes records
// before any call of a full reading, so that pages move while they are read, and
// stops the process at any call to the outside. What the system has is never
// concluded to be gone, and what it has no more is, once it is read in quiet.
func TestSweep_ConcludesWhatIsGoneAndNothingElse(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		chance := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "chance"), 0))
		p := pulled[rapid.SampledFrom(complete()).Draw(r, "platform")]
		w, s := newWorld(), &shop{page: p.page}
		if p.platform.Name == woocommerce.Platform().Name {
			s.page = woocommerceProducts
		}
		endpoint, err := p.platform.New(platform.Config{System: "erp", Settings: p.settings, Currency: "USD", Timezone: time.UTC, HashKey: []byte("a key")})
		if err != nil {
			t.Fatal(err)
		}
		w.secrets[credential] = p.credential
		w.endpoint, w.transport = unhurried{endpoint, endpoint.(platform.Puller)}, s
		w.pull = &fetch.Pull{Every: 12 * time.Hour, Overlap: time.Minute, Budget: unbounded, Full: 24 * time.Hour, Kinds: []commerce.Kind{commerce.Price}}
		g, now := newGround(w), nine
		w.now = func() time.Time { return now }
		pass := func(d time.Duration) { now = now.Add(d) }
		s.clock = func() time.Time { return now.Truncate(time.Second) }
		next := 1
		add := func(at time.Time) {
			s.things = append(s.things, thing{id: next, amount: 1, modified: at})
			next++
		}
		for range 70 {
			add(nine.Add(-48 * time.Hour))
		}
		busy := false
		s.before = func() *http.Response {
			pass(time.Duration(chance.IntN(3000)) * time.Millisecond)
			if !busy {
				return nil
			}
			switch i := chance.IntN(len(s.things)); chance.IntN(4) {
			case 0:
				s.things = slices.Delete(s.things, i, i+1)
			case 1:
				add(s.clock())
			case 2:
				s.things[i].amount++
				s.things[i].modified = s.clock()
			}
			return nil
		}
		stops := rapid.SliceOfN(rapid.IntRange(1, 120), 0, 4).Draw(r, "stops")
		calls, stopped := 0, false
		w.trip = func(string) error {
			calls++
			if stopped = stopped || busy && slices.Contains(stops, calls); stopped {
				return errors.New("stopped")
			}
			return nil
		}
		there := func() map[int]bool {
			ids := map[int]bool{}
			for _, one := range s.things {
				ids[one.id] = true
			}
			return ids
		}
		for day := range 5 {
			busy, calls = day == 1 || day == 2, 0
			for tick := range 9 { // a run that was lost is started again within the day
				now, stopped = later(now, nine.Add(time.Duration(day)*24*time.Hour+time.Duration(tick)*20*time.Minute)), false
				_ = w.service().Chores(t.Context())
				w.run(t)
				g.conclude(t, pass)
				known := g.live(t)
				for id := range there() {
					if is, heard := known[id]; heard && !is {
						r.Fatalf("%s: day %d: record %d is there, and was concluded to be gone", p.platform.Name, day, id)
					}
				}
			}
		}
		if length(t, w.dead)+length(t, w.quarantine) > 0 {
			r.Fatalf("%d given up, %d in quarantine: %s", length(t, w.dead), length(t, w.quarantine), w.log)
		}
		have := there()
		for id, live := range g.live(t) {
			if live != have[id] {
				r.Fatalf("%s: record %d: known as live %t, want %t", p.platform.Name, id, live, have[id])
			}
		}
	})
}

func TestSweep_AReadingThatEndsEarlyConcludesNothing(t *testing.T) {
	w, l := withPull(t, fetch.Pull{Every: time.Hour, Budget: 6000, Full: 24 * time.Hour}, wholly("levels", commerce.Inventory))
	g := newGround(w)
	l.pages["levels?all=yes"] = `{"list":["orders/7"],"next":"levels?page=2"}`
	l.pages["levels?page=2"] = `nothing that can be read`
	l.pages["orders/7"] = `{"id":"7","units":1}`
	w.through(t, nine, nine.Add(10*time.Minute))
	if length(t, g.loads) != 0 || length(t, w.quarantine) == 0 {
		t.Errorf("%d conclude, %d cannot be read", length(t, g.loads), length(t, w.quarantine))
	}
	l.pages["levels?page=2"] = `{"list":[]}`
	w.through(t, nine.Add(time.Hour), nine.Add(2*time.Hour))
	all := drain(t, g.loads)
	if len(all) != 1 || !strings.Contains(all[0], `"records":1`) || strings.Contains(all[0], `"void"`) {
		t.Errorf("what is to be concluded: %v", all)
	}
}

func TestSweep_APageThatIsNotThereVoidsTheReading(t *testing.T) {
	w, l := withPull(t, fetch.Pull{Every: time.Hour, Budget: 6000, Full: 24 * time.Hour}, wholly("levels", commerce.Inventory))
	g := newGround(w)
	l.pages["levels?all=yes"] = `{"list":["orders/7"]}`
	w.serve(t, func(rw http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/orders/") {
			answers(404, `{}`)(rw, r)
			return
		}
		l.ServeHTTP(rw, r)
	})
	w.through(t, nine, nine.Add(10*time.Minute))
	if got := drain(t, g.loads); len(got) != 1 || !strings.Contains(got[0], `"void":"a page was not found"`) {
		t.Errorf("what is to be concluded: %v", got)
	}
}

// wholly is a list that holds everything.
func wholly(name string, kinds ...commerce.Kind) platform.Pull {
	p := list(name, kinds...)
	p.Parts, p.Complete = []string{"level"}, true
	return p
}

func TestSweep_KeysBeyondAMessageAreStoredByTheirContent(t *testing.T) {
	w, l := withPull(t, fetch.Pull{Every: time.Hour, Budget: unbounded, Full: 24 * time.Hour}, wholly("levels", commerce.Inventory))
	g := newGround(w)
	w.endpoint = &wide{w.endpoint.(*listing)}
	l.pages["levels?all=yes"] = `{"list":[]}`
	w.through(t, nine, nine.Add(10*time.Minute))
	bodies := drain(t, g.loads)
	if len(bodies) != 1 || !strings.Contains(bodies[0], fmt.Sprintf(`"records":%d`, wideRecords)) {
		t.Fatalf("what is to be concluded: %.300v", bodies)
	}
	if len(bodies[0]) > queue.MaxBytes/8 {
		t.Errorf("a message of %d bytes", len(bodies[0]))
	}
}

const wideRecords = 5000

// wide tells all its records on one page.
type wide struct{ *listing }

func (e *wide) Normalise(d commerce.Delivery) (platform.Reading, error) {
	var r platform.Reading
	for i := range wideRecords {
		native := fmt.Sprint(i)
		o := commerce.Observation{System: d.System, Kind: commerce.Inventory, Key: commerce.Key{native, "east"}, Part: "level", Native: native}
		o.Stamp(commerce.VersionParts{Clock: d.Received, ReadBack: true})
		r.Observations = append(r.Observations, o)
	}
	return r, nil
}
