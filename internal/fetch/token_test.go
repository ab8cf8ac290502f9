package fetch_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/secret"
)

// gate is an API behind tokens: the newest is taken, others are not.
type gate struct {
	mu      sync.Mutex
	seconds int
	// minted counts tokens, and taken is the number of the one that is taken; 0
	// is none.
	minted, taken int
	calls         atomic.Int64
	// closed lets no credential in.
	closed atomic.Bool
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if r.URL.Path == "/token" {
		credential, _ := io.ReadAll(r.Body)
		if g.closed.Load() || string(credential) != "the-stored-credential" {
			answers(400, `{"error":"invalid_client"}`)(w, r)
			return
		}
		g.minted++
		g.taken = g.minted
		answers(200, fmt.Sprintf(`{"token":"token-%d","seconds":%d}`, g.minted, g.seconds))(w, r)
		return
	}
	g.calls.Add(1)
	if r.Header.Get("Authorization") != fmt.Sprintf("Bearer token-%d", g.taken) {
		answers(401, "")(w, r)
		return
	}
	answers(200, `{"id":"`+strings.TrimPrefix(r.URL.Path, "/orders/")+`","units":3}`)(w, r)
}

// revoke lets the newest token be taken no more.
func (g *gate) revoke() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.taken = 0
}

func (g *gate) count() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.minted
}

func gated(t *testing.T, seconds int) (*world, *gate) {
	t.Helper()
	w, g := newWorld(), &gate{seconds: seconds}
	w.erp.renews = true
	w.serve(t, g.ServeHTTP)
	return w, g
}

func TestToken_ServesUntilShortlyBeforeItsEnd(t *testing.T) {
	w, g := gated(t, 3600)
	now := nine
	w.now = func() time.Time { return now }
	s := w.service()
	for _, c := range []struct {
		after  time.Duration
		minted int
	}{{0, 1}, {time.Minute, 1}, {58 * time.Minute, 1}, {59*time.Minute + time.Second, 2}, {60 * time.Minute, 2}} {
		now = nine.Add(c.after)
		if failed := w.fetch(t, s, "orders/250"); failed > 0 || g.count() != c.minted {
			t.Errorf("after %v: %d tokens, %d failed; want %d tokens", c.after, g.count(), failed, c.minted)
		}
	}
}

func TestToken_ThatIsNotTakenIsReplacedOnce(t *testing.T) {
	w, g := gated(t, 3600)
	s := w.service()
	w.fetch(t, s, "orders/1")
	g.revoke()
	if failed := w.fetch(t, s, "orders/2", "orders/3"); failed > 0 || g.count() != 2 || g.calls.Load() != 4 {
		t.Errorf("%d tokens, %d calls, %d failed; want one more token and one call in vain", g.count(), g.calls.Load(), failed)
	}
}

func TestToken_ThoseWhoWaitShareOne(t *testing.T) {
	w, g := gated(t, 3600)
	s := w.service()
	rush := func(from int) {
		var all sync.WaitGroup
		for i := range 16 {
			all.Go(func() {
				if failed := w.fetch(t, s, fmt.Sprintf("orders/%d", from+i)); failed > 0 {
					t.Error("failed")
				}
			})
		}
		all.Wait()
	}
	rush(0)
	if g.count() != 1 {
		t.Errorf("%d tokens for 16 calls at once, want 1", g.count())
	}
	g.revoke()
	rush(100)
	if g.count() != 2 {
		t.Errorf("%d tokens after one was revoked under 16 calls, want 2: a late refusal must not drop the new one", g.count())
	}
	if length(t, w.dead)+length(t, w.asked) > 0 {
		t.Error("something was not fetched")
	}
}

func TestToken_OfACredentialThatChangedIsNotUsed(t *testing.T) {
	w, g := gated(t, 3600)
	s := w.service()
	w.fetch(t, s, "orders/1")
	w.secrets[credential] = "another-credential"
	if failed := w.fetch(t, s, "orders/2"); failed != 1 || g.calls.Load() != 1 {
		t.Errorf("%d failed, %d calls; want the token of the former credential left alone", failed, g.calls.Load())
	}
}

func TestCredential_ThatIsRefusedIsToldToTheOwnerUntilItIsTaken(t *testing.T) {
	for _, c := range []struct {
		name   string
		renews bool
		refuse http.HandlerFunc
		reason string
	}{
		{"a key", false, answers(401, ""), "its API answers 401"},
		{"a key without the right", false, answers(403, ""), "its API answers 403"},
		{"a token that is never taken", true, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/token" {
				answers(200, `{"token":"a","seconds":60}`)(w, r)
				return
			}
			answers(401, "")(w, r)
		}, "its API answers 401"},
		{"a credential that gives no token", true, answers(400, `{"secret":"the-stored-credential"}`), "its API answers 400 to the credential"},
		{"a credential that leads elsewhere", true, answers(302, ""), "its API answers 302 to the credential, want 200 and a token"},
		{"an answer without a token", true, answers(200, `{"secret":"the-stored-credential"}`), "the answer to the credential: want a token"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			w.erp.renews = c.renews
			open := false
			w.serve(t, func(rw http.ResponseWriter, r *http.Request) {
				switch {
				case !open:
					c.refuse(rw, r)
				case r.URL.Path == "/token":
					answers(200, `{"token":"b","seconds":60}`)(rw, r)
				default:
					answers(200, good)(rw, r)
				}
			})
			s := w.service()
			if failed := w.fetch(t, s, "orders/250"); failed != 1 {
				t.Fatal("the message does not wait")
			}
			first := reports(t, w)
			if len(first) != 1 || first[0].Gone || first[0].Facets["reason"].String() != c.reason || first[0].Key[1] != "credential" {
				t.Fatalf("the owner is told %+v, want %q", first, c.reason)
			}
			open = true
			w.now = func() time.Time { return nine.Add(10 * time.Second) }
			// Another process takes it back as well as the one that told.
			other := w.service()
			if failed := w.fetch(t, other, "orders/250"); failed != 0 {
				t.Fatalf("failed with a good credential: %s", w.log)
			}
			if then := reports(t, w); len(then) != 1 || !then[0].Gone || then[0].Native != first[0].Native || then[0].Version.Compare(first[0].Version) <= 0 {
				t.Errorf("then %+v, want it taken back", then)
			}
			w.fetch(t, other, "orders/250")
			w.fetch(t, w.service(), "orders/250")
			if more := reports(t, w); len(more) > 0 {
				t.Errorf("told again: %+v", more)
			}
		})
	}
}

// reports takes what owners are told off the queue.
func reports(t *testing.T, w *world) []commerce.Observation {
	t.Helper()
	var all []commerce.Observation
	for _, e := range taken(t, w.observations) {
		for _, o := range e.Observations {
			if o.Kind == commerce.Mapping {
				all = append(all, o)
			}
		}
	}
	return all
}

func TestCredential_ARefusalOfAMomentIsTakenBackByWhoTold(t *testing.T) {
	w := newWorld()
	status := 200
	w.serve(t, func(rw http.ResponseWriter, r *http.Request) { answers(status, good)(rw, r) })
	s := w.service()
	told := ""
	for _, status = range []int{200, 401, 200} {
		w.fetch(t, s, "orders/250")
		for _, o := range reports(t, w) {
			told += fmt.Sprint(o.Gone, " ")
		}
	}
	if told != "false true " {
		t.Errorf("gone: %s", told)
	}
}

func TestCredential_RefusalsThatAnotherProcessToldAreFoundWithinAMinute(t *testing.T) {
	w := newWorld()
	status := 200
	w.serve(t, func(rw http.ResponseWriter, r *http.Request) { answers(status, good)(rw, r) })
	a, b := w.service(), w.service()
	w.fetch(t, a, "orders/250")
	status = 401
	w.fetch(t, b, "orders/250")
	status = 200
	drain(t, w.observations)
	later := nine.Add(time.Minute)
	a.Now = func() time.Time { return later }
	w.fetch(t, a, "orders/250")
	if got := reports(t, w); len(got) != 1 || !got[0].Gone {
		t.Errorf("told %+v", got)
	}
}

func TestCredential_ThatCannotBeReadLeavesTheMessage(t *testing.T) {
	w := newWorld()
	w.serve(t, answers(200, good))
	delete(w.secrets, credential)
	if failed := w.fetch(t, w.service(), "orders/250"); failed != 1 || len(reports(t, w)) > 0 {
		t.Errorf("%d failed", failed)
	}
}

func TestCredential_WithoutOneNothingIsAskedAndTheOwnerHears(t *testing.T) {
	w, o := withChore(t)
	s := w.service()
	system := s.Systems["erp"]
	system.Credential = secret.Reference{}
	s.Systems["erp"] = system
	if err := s.Chores(t.Context()); err != nil || length(t, w.asked) > 0 {
		t.Errorf("%v, %d chores started", err, length(t, w.asked))
	}
	if failed := w.fetch(t, s, "orders/250"); failed != 1 || o.calls > 0 {
		t.Errorf("%d failed, %d calls", failed, o.calls)
	}
	if got := reports(t, w); len(got) != 1 || got[0].Facets["reason"].String() != "the registry names no credential" {
		t.Errorf("told %+v", got)
	}
}

func TestFetch_NoTextHoldsACredentialOrContent(t *testing.T) {
	w, g := gated(t, 3600)
	s := w.service()
	ask := func(targets ...string) { w.fetch(t, s, targets...) }
	ask("orders/250", "panic", "https://acme.example/", "orders/7/8")
	g.revoke()
	ask("orders/250")
	g.closed.Store(true)
	g.revoke()
	ask("orders/250")
	for _, h := range []http.HandlerFunc{
		answers(500, "dana@acme.example"), answers(302, "dana@acme.example", "Location", "https://acme.example/?dana@acme.example"),
		answers(401, "dana@acme.example"), answers(200, "dana@acme.example"), cutOff,
		answers(200, "dana@acme.example", "Content-Type", "dana@acme.example"),
		answers(429, "", "Retry-After", "dana@acme.example"),
	} {
		w.serve(t, h)
		w.paces, s = nil, nil
		w.paces = newWorld().paces
		s = w.service()
		ask("orders/250", "customers?email=dana@acme.example")
	}
	w.transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		text, _ := io.ReadAll(r.Body)
		return nil, fmt.Errorf("quotes %s and %s", r.Header, text)
	})
	ask("orders/250")
	texts := w.log.String()
	for _, q := range [][]string{drain(t, w.asked), drain(t, w.dead)} {
		for _, body := range q {
			f, err := queue.DecodeFetch(body)
			if err != nil {
				t.Fatal(err)
			}
			f.Target = ""
			texts += fmt.Sprintf("%+v", f)
		}
	}
	for _, e := range append(taken(t, w.observations), taken(t, w.quarantine)...) {
		texts += e.Reason
		for _, o := range e.Observations {
			texts += fmt.Sprint(o.Facets)
		}
	}
	for _, private := range []string{"the-stored-credential", "token-", "Bearer", "dana@acme.example"} {
		if strings.Contains(texts, private) {
			t.Errorf("some text holds %q:\n%s", private, texts)
		}
	}
	if !strings.Contains(texts, `"topic":"orders/fetched"`) {
		t.Errorf("the log tells nothing:\n%s", texts)
	}
}
