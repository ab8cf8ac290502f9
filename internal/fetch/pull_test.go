package fetch_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/fetch"
	"github.com/plumbline/plumbline/internal/platform"
)

// listing is the world's ERP with lists that are pulled.
type listing struct {
	*erp
	pulls []platform.Pull
}

func (l *listing) Pulls() []platform.Pull { return l.pulls }

func list(name string, kinds ...commerce.Kind) platform.Pull {
	return platform.Pull{
		Name: name, Kinds: kinds,
		Changed: platform.Fetch{Topic: "orders/listed", Target: name + "?since={since}"},
		All:     platform.Fetch{Topic: "orders/listed", Target: name + "?all=yes"},
	}
}

// ledger notes what is asked for, and answers lists of one page without anything
// on it.
type ledger struct {
	mu    sync.Mutex
	asked []string
	pages map[string]string
	date  time.Time
}

func (l *ledger) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	target, _ := url.QueryUnescape(strings.TrimPrefix(r.URL.RequestURI(), "/"))
	l.asked = append(l.asked, target)
	if !l.date.IsZero() {
		w.Header().Set("Date", l.date.Format(http.TimeFormat))
	}
	body, ok := l.pages[target]
	if !ok {
		body = `{"list":[]}`
	}
	answers(200, body)(w, r)
}

func withPull(t *testing.T, pull fetch.Pull, pulls ...platform.Pull) (*world, *ledger) {
	t.Helper()
	w, l := newWorld(), &ledger{pages: map[string]string{}}
	w.pull, w.endpoint = &pull, &listing{w.erp, pulls}
	w.serve(t, l.ServeHTTP)
	return w, l
}

// through lets the schedule come every five minutes until the time.
func (w *world) through(t *testing.T, from, until time.Time) {
	t.Helper()
	for at := from; at.Before(until); at = at.Add(5 * time.Minute) {
		w.at(at)
		w.chores(t)
		w.run(t)
	}
}

// count counts what was asked for, without its time.
func (l *ledger) count() map[string]int {
	all := map[string]int{}
	for _, target := range l.asked {
		what, _, _ := strings.Cut(target, "=")
		all[what]++
	}
	return all
}

func TestPull_WhatChangedIsReadWithAnOverlapAndEverythingFromTimeToTime(t *testing.T) {
	w, l := withPull(t, fetch.Pull{Every: time.Hour, Overlap: 10 * time.Minute, Budget: 6000, Full: 24 * time.Hour}, list("orders", commerce.Order))
	w.through(t, nine, nine.Add(2*time.Hour))
	want := []string{"orders?since=2026-03-02T09:00:00Z", "orders?all=yes", "orders?since=2026-03-03T08:50:00Z"}
	if diff := cmp.Diff(want, l.asked); diff != "" {
		t.Error(diff)
	}
	w.through(t, nine.Add(2*time.Hour), nine.Add(49*time.Hour))
	if diff := cmp.Diff(map[string]int{"orders?since": 49, "orders?all": 3}, l.count()); diff != "" {
		t.Error(diff)
	}
}

func TestPull_OnlyKindsThatTheRegistryNamesAndAListThatHasNoTimesIsReadWhole(t *testing.T) {
	stock := platform.Pull{Name: "stock", Kinds: []commerce.Kind{commerce.Inventory}, All: platform.Fetch{Topic: "orders/listed", Target: "stock?all=yes"}}
	w, l := withPull(t, fetch.Pull{Every: time.Hour, Budget: 6000, Full: 24 * time.Hour, Kinds: []commerce.Kind{commerce.Inventory}}, list("orders", commerce.Order), stock)
	w.erp.chores = []platform.Chore{
		{Name: "stock", Every: time.Minute, Fetch: platform.Fetch{Topic: "orders/listed", Target: "chore?all=yes"}},
		{Name: "orders", Every: 10 * time.Hour, Fetch: platform.Fetch{Topic: "orders/listed", Target: "orders?since={since}"}},
	}
	w.through(t, nine, nine.Add(3*time.Hour))
	if diff := cmp.Diff(map[string]int{"stock?all": 3, "orders?since": 1}, l.count()); diff != "" {
		t.Errorf("a pull takes the place of the chore of its name, and of no other: %s", diff)
	}
}

func TestPull_SweepsComeOneAfterTheOtherAndWhatMissedMostComesFirst(t *testing.T) {
	w, l := withPull(t, fetch.Pull{Every: time.Hour, Budget: 6000, Full: 7 * 24 * time.Hour},
		list("a-products", commerce.Product), list("orders", commerce.Order), list("stock", commerce.Inventory))
	for i := range 6 {
		w.at(nine.Add(time.Duration(i) * 5 * time.Minute))
		w.chores(t)
		w.run(t)
	}
	sweeps := slices.DeleteFunc(slices.Clone(l.asked), func(target string) bool { return !strings.HasSuffix(target, "?all=yes") })
	if want := []string{"stock?all=yes", "orders?all=yes", "a-products?all=yes"}; !slices.Equal(sweeps, want) {
		t.Errorf("swept %v, want %v", sweeps, want)
	}
}

func TestPull_NoHourHasMoreCallsThanTheBudgetAndASweepWaitsForWhatIsLeft(t *testing.T) {
	const budget = 60
	w, l := withPull(t, fetch.Pull{Every: 15 * time.Minute, Budget: budget, Full: 24 * time.Hour}, list("orders", commerce.Order))
	l.pages["orders?all=yes"] = `{"list":[],"next":"orders?page=1"}`
	for i := range 100 {
		l.pages["orders?page="+number(i+1)] = `{"list":[],"next":"orders?page=` + number(i+2) + `"}`
	}
	l.pages["orders?page=101"] = `{"list":["orders/7"]}`
	l.pages["orders/7"] = `{"id":"7","units":1}`
	var calls []int
	for minute := range 6 * 60 {
		w.at(nine.Add(time.Duration(minute) * time.Minute))
		before := len(l.asked)
		if minute%5 == 0 {
			w.chores(t)
		}
		w.run(t)
		calls = append(calls, len(l.asked)-before)
	}
	for from := range len(calls) - 60 {
		sum := 0
		for _, n := range calls[from : from+60] {
			sum += n
		}
		if sum > budget {
			t.Fatalf("%d calls in the hour from minute %d, want at most %d", sum, from, budget)
		}
	}
	if since := l.count()["orders?since"]; since != 6*4 {
		t.Errorf("what changed was read %d times, want every quarter of an hour", since)
	}
	if got := w.orders(t); !slices.Equal(got, []string{"7"}) || length(t, w.dead) > 0 {
		t.Errorf("the sweep ended with %v, %d given up", got, length(t, w.dead))
	}
}

func number(i int) string { return commerce.Int(int64(i)).String() }

func TestPull_WhatADeliveryNamesIsAskedForBeforeARun(t *testing.T) {
	w, l := withPull(t, fetch.Pull{Every: time.Hour, Budget: 6000}, list("orders", commerce.Order))
	w.erp.pace = platform.Pace{Every: 10 * time.Second, Burst: 4}
	w.at(nine)
	for _, id := range []string{"1", "2"} {
		l.pages["orders/"+id] = `{"id":"` + id + `","units":3}`
		if failed := w.fetch(t, w.service(), "orders/"+id); failed > 0 {
			t.Fatal("failed")
		}
	}
	w.chores(t)
	w.run(t)
	l.pages["orders/3"] = `{"id":"3","units":3}`
	if failed := w.fetch(t, w.service(), "orders/3"); failed > 0 {
		t.Fatal("failed")
	}
	if want := []string{"orders/1", "orders/2", "orders/3"}; !slices.Equal(l.asked, want) {
		t.Errorf("asked for %v, want %v and the list later", l.asked, want)
	}
	for range 8 {
		w.at(w.now().Add(10 * time.Second))
		w.run(t)
	}
	if !strings.HasPrefix(l.asked[len(l.asked)-1], "orders?since") {
		t.Errorf("the list was never asked for: %v", l.asked)
	}
}

func TestPull_CountsAsOfTheAPIsClockWhenThatIsBehind(t *testing.T) {
	for behind, since := range map[time.Duration]string{
		4 * time.Minute:  "2026-03-03T08:51:00Z",
		-4 * time.Minute: "2026-03-03T08:55:00Z",
		time.Hour:        "2026-03-03T08:55:00Z",
	} {
		w, l := withPull(t, fetch.Pull{Every: time.Hour, Overlap: 5 * time.Minute, Budget: 6000}, list("orders", commerce.Order))
		w.at(nine)
		l.date = nine.Add(-behind)
		w.chores(t)
		w.run(t)
		w.at(nine.Add(time.Hour))
		w.chores(t)
		w.run(t)
		if last := l.asked[len(l.asked)-1]; last != "orders?since="+since {
			t.Errorf("a clock that is %v behind: asked for %s, want since %s", behind, last, since)
		}
	}
}

func TestPull_WithoutACredentialReadsNothing(t *testing.T) {
	w, l := withPull(t, fetch.Pull{Every: time.Hour, Budget: 6000}, list("orders", commerce.Order))
	s := w.service()
	system := s.Systems["erp"]
	system.Credential.Name, system.Credential.Store = "", ""
	s.Systems = maps.Clone(s.Systems)
	s.Systems["erp"] = system
	if err := s.Chores(t.Context()); err != nil || length(t, w.asked)+len(l.asked) > 0 {
		t.Errorf("%v, %d started", err, length(t, w.asked))
	}
}

// patient says in the body of a good answer that it is called too often.
type patient struct{ *listing }

func (patient) Throttled(body []byte) time.Duration {
	if strings.Contains(string(body), "busy") {
		return 90 * time.Second
	}
	return 0
}

func TestPull_AGoodAnswerThatAsksForPatienceIsNoAnswer(t *testing.T) {
	w, l := withPull(t, fetch.Pull{Every: time.Hour, Budget: 6000}, list("orders", commerce.Order))
	w.endpoint = patient{w.endpoint.(*listing)}
	const target = "orders?since=2026-03-02T09:00:00Z"
	l.pages[target] = `{"busy":true}`
	w.at(nine)
	w.chores(t)
	w.run(t)
	delete(l.pages, target)
	w.at(nine.Add(80 * time.Second))
	if w.run(t); len(l.asked) != 1 || length(t, w.quarantine) > 0 {
		t.Errorf("asked %v, %d in quarantine, want it left alone", l.asked, length(t, w.quarantine))
	}
	w.at(nine.Add(91 * time.Second))
	if w.run(t); !slices.Equal(l.asked, []string{target, target}) || !w.done(t).Equal(nine) {
		t.Errorf("asked %v, counted as of %v", l.asked, w.done(t))
	}
}
