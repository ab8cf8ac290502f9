package privacy_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/redrive"
)

// TestPersonalData_StaysWhereItIsMeantToAndNoLonger is the life of two hundred
// pieces of personal data: they arrive, are looked for everywhere, one person is
// forgotten and does not come back, and after a month nothing is left.
func TestPersonalData_StaysWhereItIsMeantToAndNoLonger(t *testing.T) {
	w, c := newWorld(t), &canaries{}
	email := w.plant(c)
	w.advance(15 * time.Minute)
	if n := len(c.all); n < 200 {
		t.Fatalf("%d canaries, want 200", n)
	}
	before := w.sinks()
	w.wantOnlyRaw("planted", before, c)
	w.wantFound("planted", before, c)
	known := subjectIDs(email, c.number)
	if kept := found(before, append(known, company)...)["bucket archive/observations/"]; len(kept) > 0 {
		t.Errorf("%q of a customer is archived for years", kept)
	}
	for _, anchor := range known[:3] {
		if where := found(before, anchor); len(where["table records"]) == 0 {
			t.Errorf("the subject is not known by %s", anchor)
		}
	}
	if where := found(before, known...); len(where["table records"]) == 0 || len(where["table findings"]) == 0 || len(where["slack"]) == 0 {
		t.Fatalf("the subject is known in %v: the test would see nothing", where)
	}

	w.send(delivery{system: "shop", topic: "customers/redact", id: "redact", body: encoded(object{
		"shop_id": 1, "shop_domain": "acme.myshopify.com", "orders_to_redact": []int{subjectOrder},
		"customer": object{"id": subject, "email": email, "phone": c.phone()},
	})})
	w.advance(20 * time.Minute)
	w.wantForgotten("erased", c, known)

	w.bringBack(c, email)
	w.advance(20 * time.Minute)
	w.wantForgotten("delivered again, replayed and redriven", c, known)

	w.month()
	if where := found(w.sinks(), c.all...); len(where) > 0 {
		for place, texts := range where {
			t.Errorf("after a month %d canaries are in %s, such as %q", len(texts), place, texts[0])
		}
	}
}

// subjectIDs is how the systems know the subject: hashes and native ids.
func subjectIDs(email, phone string) []string {
	c := platform.Config{HashKey: []byte("a key for these tests")}
	native := fmt.Sprint(subject)
	return []string{c.CustomerHash(email), c.PhoneHash(phone, ""), c.ExternalHash("shop", native), native, subjectContact}
}

// wantOnlyRaw wants canaries nowhere but where raw bodies may be, and those of
// refused requests nowhere at all.
func (w *world) wantOnlyRaw(stage string, sinks map[string][]string, c *canaries) {
	w.t.Helper()
	for place, texts := range found(sinks, c.all...) {
		if !raw(place) {
			w.t.Errorf("%s: %d canaries are in %s, such as %q", stage, len(texts), place, texts[0])
		}
	}
	for place, texts := range found(sinks, c.refused...) {
		w.t.Errorf("%s: %d canaries of refused requests are in %s, such as %q", stage, len(texts), place, texts[0])
	}
}

// wantFound wants every other canary to be in a raw place: the search works, and
// no delivery was lost.
func (w *world) wantFound(stage string, sinks map[string][]string, c *canaries) {
	w.t.Helper()
	places := found(sinks, c.all...)
	seen := map[string]bool{}
	for _, texts := range places {
		for _, text := range texts {
			seen[text] = true
		}
	}
	unkept := 0
	for _, text := range c.all {
		if !seen[text] && !slices.Contains(c.refused, text) {
			unkept++
		}
	}
	// Headers and query strings that no reading needs are not even kept raw.
	const dropped = 8
	if unkept > dropped {
		w.t.Errorf("%s: %d canaries are nowhere: the search is blind, or deliveries are lost", stage, unkept)
	}
	for _, place := range []string{
		"queue " + contract.Quarantine, "queue " + contract.DeadLetters(contract.Observations), "bucket claims/claims/", "bucket archive/deliveries/",
	} {
		if len(places[place]) == 0 {
			w.t.Errorf("%s: no canary is in %s", stage, place)
		}
	}
	for _, place := range []string{"table records", "table findings", "log", "slack", "topic alerts", "bucket archive/observations/", "front"} {
		if len(strings.Join(sinks[place], "")) == 0 {
			w.t.Errorf("%s: %s is empty, nothing was looked at", stage, place)
		}
	}
}

// wantForgotten wants nothing of the subject but the markers that keep the
// subject away, and the other customer untouched.
func (w *world) wantForgotten(stage string, c *canaries, known []string) {
	w.t.Helper()
	sinks := w.sinks()
	w.wantOnlyRaw(stage, sinks, c)
	sinks["table records"] = slices.DeleteFunc(sinks["table records"], isMarker)
	// Requests stay in the archive, as markers do, and what was posted below a
	// message stays as it was posted.
	allowed := []string{"bucket archive/observations/", "slack thread"}
	for place, texts := range found(sinks, append(known, company)...) {
		if !raw(place) && !slices.Contains(allowed, place) {
			w.t.Errorf("%s: of the subject %q is in %s", stage, texts, place)
		}
	}
	if where := found(sinks, company); len(where["bucket archive/observations/"]) > 0 {
		w.t.Errorf("%s: the company is archived for years", stage)
	}
	slack := strings.Join(sinks["slack"], " ")
	if !strings.Contains(slack, "erased record") || !strings.Contains(slack, "C-OTHER") {
		w.t.Errorf("%s: Slack does not say what was erased, or forgets another customer: %s", stage, slack)
	}
}

// isMarker reports whether an item is a row that was erased and says nothing.
func isMarker(item string) bool {
	return strings.Contains(item, `"suppressed"`) && !strings.Contains(item, `"v|`) && !strings.Contains(item, `"r|`)
}

// bringBack delivers everything again that ever said something of the subject.
func (w *world) bringBack(c *canaries, email string) {
	w.t.Helper()
	now := w.Clock().Now()
	w.send(delivery{system: "shop", topic: "customers/update", id: "late", body: encoded(c.customer(subject, email, now))})
	w.send(delivery{system: "erp", id: "late-contact", body: reported(now,
		object{"kind": "customer", "id": subjectContact, "key": object{"email": email}, "facets": object{"country": "CA", "orders": 2}},
		object{"kind": "customer", "id": "C-AGAIN", "key": object{"email": email}, "facets": object{"country": "CA", "orders": 2}},
		object{"kind": "order", "id": "SO-1", "key": object{"store": "SHOP", "number": subjectNumber}, "facets": object{"total": "17.00", "company": company, "currency": "USD"}},
	)})
	w.replay(contract.DeliveryKeys, 6)
	w.replay(contract.ObservationKeys, 4)
	back := &redrive.Service{Deliveries: w.receiver(), Open: w.wire.Open, Now: w.Clock().Now, Tell: func(redrive.Fate) {}}
	for _, q := range []string{contract.Quarantine, contract.DeadLetters(contract.Observations)} {
		n, _, err := back.Drain(w.t.Context(), w.wire.Queue(q), w.wire.Queue(contract.Observations), 1000)
		if err != nil || n == 0 {
			w.t.Fatalf("%d messages came back from %s, %v", n, q, err)
		}
	}
}

// replay queues what is archived once more.
func (w *world) replay(keys string, atLeast int) {
	w.t.Helper()
	n := 0
	for e, err := range w.wire.Archive().Read(w.t.Context(), keys, morning, morning.Add(24*time.Hour), "") {
		if err != nil {
			w.t.Fatal(err)
		}
		body, err := queue.Claims{Blobs: w.claims()}.Seal(w.t.Context(), e)
		if err == nil {
			err = w.wire.Queue(contract.Observations).Send(w.t.Context(), body)
		}
		if err != nil {
			w.t.Fatal(err)
		}
		n++
	}
	if n < atLeast {
		w.t.Fatalf("%d deliveries under %s, want at least %d", n, keys, atLeast)
	}
}

// month lets the time pass in which everything that is raw expires: objects by
// the contract's rules, messages by their queue's retention.
func (w *world) month() {
	w.t.Helper()
	w.Clock().Set(w.Clock().Now().Add(contract.ErasureDuty))
	w.advance(time.Minute)
	if err := w.Expire(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	for _, q := range contract.Queues() {
		if q.Retention >= contract.ErasureDuty {
			w.t.Errorf("%s keeps messages for %v", q.Name, q.Retention)
		}
		w.purge(q.Name)
	}
}
