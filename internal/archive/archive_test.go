package archive_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/archive"
	"github.com/plumbline/plumbline/internal/blob/memblob"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/queue"
)

var nine = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)

var errDown = errors.New("out of order")

// bucket is a store that refuses keys when told to, and counts.
type bucket struct {
	memblob.Store
	refuse func(key string) bool

	mu   sync.Mutex
	puts int
}

func (b *bucket) Put(ctx context.Context, key string, body []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.puts++
	if b.refuse != nil && b.refuse(key) {
		return errDown
	}
	return b.Store.Put(ctx, key, body)
}

func newService(b *bucket) *archive.Service {
	return &archive.Service{
		Blobs: b, Now: func() time.Time { return nine.Add(time.Minute) }, Log: slog.New(slog.DiscardHandler),
		Open: func(_ context.Context, body string) (queue.Envelope, error) { return queue.Decode(body) },
	}
}

// stock is a delivery that reports the stock of one SKU.
func stock(system, id string, received time.Time) queue.Envelope {
	o := commerce.Observation{
		System: system, Kind: commerce.Inventory, Key: commerce.Key{"MUG-BLU", "east"}, Part: "level", Native: id,
		Facets: commerce.Facets{"available": commerce.Number(commerce.Int(12))},
	}
	o.Stamp(commerce.VersionParts{Clock: received})
	return queue.Envelope{
		Delivery: commerce.Delivery{
			ID: id, System: system, Topic: "stock", Received: received, Query: "retry=1",
			Header: map[string]string{"topic": "stock"}, Body: []byte("Quillon Canaryworth has 12 mugs, says " + id),
		},
		Observations: []commerce.Observation{o}, Generation: "g1",
	}
}

func message(e queue.Envelope) archive.Message {
	body, err := queue.Encode(e)
	if err != nil {
		panic(err)
	}
	return archive.Message{ID: "m-" + e.Delivery.ID, Body: body}
}

func messages(all ...queue.Envelope) []archive.Message {
	var out []archive.Message
	for _, e := range all {
		out = append(out, message(e))
	}
	return out
}

func keys(t *testing.T, b *bucket, prefix string) []string {
	t.Helper()
	all, err := b.List(t.Context(), prefix)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// read lists the ids of what the archive holds.
func read(t testing.TB, b *bucket, keys string, since, until time.Time, system string) []string {
	t.Helper()
	var ids []string
	for e, err := range (archive.Reader{Blobs: b}).Read(t.Context(), keys, since, until, system) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, e.Delivery.ID)
	}
	return ids
}

func TestArchive_KeepsTheDeliveryWholeAndWhatItSaysApart(t *testing.T) {
	b := &bucket{}
	sent := stock("erp", "d-1", nine)
	if failed := newService(b).Archive(t.Context(), messages(sent)); failed != nil {
		t.Fatal(failed)
	}
	for prefix, want := range map[string]func(*queue.Envelope){
		contract.DeliveryKeys:    func(*queue.Envelope) {},
		contract.ObservationKeys: func(e *queue.Envelope) { e.Delivery.Body, e.Delivery.Header, e.Delivery.Query = nil, nil, "" },
	} {
		e := sent
		want(&e)
		e.Codec = 1
		for got, err := range (archive.Reader{Blobs: b}).Read(t.Context(), prefix, nine, nine.Add(time.Second), "") {
			if diff := cmp.Diff(e, got, cmp.Comparer(func(a, b commerce.Value) bool { return a == b })); err != nil || diff != "" {
				t.Errorf("%s: %v\n%s", prefix, err, diff)
			}
		}
		if all := keys(t, b, prefix); len(all) != 1 || !strings.HasPrefix(all[0], prefix+"2026/03/03/09/erp-") || !strings.HasSuffix(all[0], ".ndjson.gz") {
			t.Errorf("%s: keys %v", prefix, all)
		}
	}
}

func TestArchive_KeepsNothingAboutPersonsForLong(t *testing.T) {
	b := &bucket{}
	e := stock("shop", "d-1", nine)
	e.Observations = append(e.Observations,
		commerce.Observation{System: "shop", Kind: commerce.Customer, Key: commerce.Key{"hash-canary"}, Native: "native-canary", Facets: commerce.Facets{"country": commerce.Text("country-canary")}},
		commerce.Observation{System: "shop", Kind: commerce.Link, Key: commerce.Key{"shop", commerce.CustomerLink, "native-canary"}, Facets: commerce.Facets{"hash": commerce.Text("hash-canary")}},
		commerce.Observation{System: "shop", Kind: commerce.Order, Key: commerce.Key{"shop", "US1042"}, Facets: commerce.Facets{"company": commerce.Text("company-canary"), "total": commerce.Number(commerce.Int(9))}},
	)
	e.Delivery.Header["name"], e.Delivery.Query = "header-canary", "email=query-canary"
	person := stock("shop", "d-2", nine)
	person.Observations = e.Observations[1:3]
	if failed := newService(b).Archive(t.Context(), messages(e, person)); failed != nil {
		t.Fatal(failed)
	}
	all := keys(t, b, contract.ObservationKeys)
	if len(all) != 1 {
		t.Fatalf("objects %v", all)
	}
	text := unpack(t, b, all[0])
	if strings.Contains(strings.ToLower(text), "canary") || !strings.Contains(text, "US1042") || !strings.Contains(text, "MUG-BLU") {
		t.Errorf("kept for years: %s", text)
	}
	if ids := read(t, b, contract.ObservationKeys, nine, nine.Add(time.Hour), ""); !slices.Equal(ids, []string{"d-1"}) {
		t.Errorf("kept of %v: a delivery about a person alone is kept", ids)
	}
}

func unpack(t *testing.T, b *bucket, key string) string {
	t.Helper()
	body, err := b.Get(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestArchive_RemembersWhoIsForgotten(t *testing.T) {
	b := &bucket{}
	e := stock("shop", "d-1", nine)
	e.Observations, e.Erase = nil, []commerce.Erasure{{System: "shop", Native: "77", Hash: "c0ffee"}}
	if failed := newService(b).Archive(t.Context(), messages(e)); failed != nil {
		t.Fatal(failed)
	}
	for got, err := range (archive.Reader{Blobs: b}).Read(t.Context(), contract.ObservationKeys, nine, nine.Add(time.Hour), "shop") {
		if err != nil || !cmp.Equal(got.Erase, e.Erase) {
			t.Errorf("%+v, %v", got.Erase, err)
		}
		return
	}
	t.Error("a rebuild from the archive would bring the subject back")
}

func TestArchive_TheSameBatchAgainInAnyOrderReplacesItself(t *testing.T) {
	b := &bucket{}
	s := newService(b)
	all := messages(stock("erp", "d-1", nine), stock("erp", "d-2", nine.Add(time.Second)), stock("shop", "d-3", nine), stock("erp", "d-4", nine.Add(time.Hour)))
	s.Archive(t.Context(), all)
	before := keys(t, b, "")
	slices.Reverse(all)
	s.Archive(t.Context(), append(all, all[0]))
	if after := keys(t, b, ""); !slices.Equal(before, after) || len(before) != 6 {
		t.Errorf("objects\n%v, then\n%v", before, after)
	}
}

func TestArchive_AnOldDeliveryLeavesItsRawBodyBehind(t *testing.T) {
	for _, c := range []struct {
		age time.Duration
		raw bool
	}{{0, true}, {contract.MaxArchived - time.Minute, true}, {contract.MaxArchived, false}, {20 * 24 * time.Hour, false}} {
		b := &bucket{}
		newService(b).Archive(t.Context(), messages(stock("erp", "d-1", nine.Add(-c.age))))
		if raw := len(keys(t, b, contract.DeliveryKeys)) == 1; raw != c.raw {
			t.Errorf("%v old: raw body archived %t", c.age, raw)
		}
		if len(keys(t, b, contract.ObservationKeys)) != 1 {
			t.Errorf("%v old: its observations are lost", c.age)
		}
	}
}

func TestArchive_AReportWithoutABodyIsNoDelivery(t *testing.T) {
	b := &bucket{}
	e := stock("erp", "d-1", nine)
	e.Delivery.Body, e.Delivery.Header = nil, nil
	newService(b).Archive(t.Context(), messages(e))
	if got := keys(t, b, ""); len(got) != 1 || !strings.HasPrefix(got[0], contract.ObservationKeys) {
		t.Errorf("objects %v", got)
	}
}

// Each message is in one object of each kind; every subset of the objects is
// refused once.
func TestArchive_ReturnsExactlyTheMessagesThatAreNotStoredWhole(t *testing.T) {
	systems := []string{"erp", "shop", "wms"}
	for refused := range 1 << (2 * len(systems)) {
		b := &bucket{}
		var sent []queue.Envelope
		want := map[string]bool{}
		for i, system := range systems {
			for n := range 2 {
				e := stock(system, fmt.Sprintf("%s-%d", system, n), nine)
				sent = append(sent, e)
				if refused>>(2*i)&3 != 0 {
					want["m-"+e.Delivery.ID] = true
				}
			}
		}
		b.refuse = func(key string) bool {
			for i, system := range systems {
				if strings.Contains(key, "/"+system+"-") {
					bit := 2 * i
					if strings.HasPrefix(key, contract.ObservationKeys) {
						bit++
					}
					return refused>>bit&1 != 0
				}
			}
			return false
		}
		batch := append(messages(sent...), archive.Message{ID: "poison", Body: "{"})
		want["poison"] = true
		s := newService(b)
		got := map[string]bool{}
		for _, id := range s.Archive(t.Context(), batch) {
			got[id] = true
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("objects %06b refused (-want +got):\n%s", refused, diff)
		}
		b.refuse = nil
		s.Archive(t.Context(), slices.DeleteFunc(batch, func(m archive.Message) bool { return !got[m.ID] }))
		for _, prefix := range []string{contract.DeliveryKeys, contract.ObservationKeys} {
			if ids := read(t, b, prefix, nine, nine.Add(time.Hour), ""); len(ids) != len(sent) {
				t.Fatalf("objects %06b refused before: %s holds %v", refused, prefix, ids)
			}
		}
	}
}

func TestArchive_BeginsNothingWithoutTime(t *testing.T) {
	b := &bucket{}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if failed := newService(b).Archive(ctx, messages(stock("erp", "d-1", nine))); len(failed) != 1 || b.puts > 0 {
		t.Errorf("failed %v after %d writes; want the message back", failed, b.puts)
	}
}

func TestArchive_LargeBodiesAreWrittenInParts(t *testing.T) {
	b := &bucket{}
	s := newService(b)
	large := stock("erp", "", nine)
	large.Delivery.Body = make([]byte, 12<<20)
	random := uint64(1)
	for i := range large.Delivery.Body {
		random = random*6364136223846793005 + 1442695040888963407
		large.Delivery.Body[i] = byte(random >> 56)
	}
	var batch []archive.Message
	for i := range 3 {
		large.Delivery.ID = fmt.Sprint(i)
		batch = append(batch, message(large))
	}
	if failed := s.Archive(t.Context(), batch); failed != nil {
		t.Fatal(failed)
	}
	if n := len(keys(t, b, contract.DeliveryKeys)); n != 2 {
		t.Errorf("%d objects of bodies too large for one", n)
	}
	if ids := read(t, b, contract.DeliveryKeys, nine, nine.Add(time.Hour), ""); len(ids) != 3 {
		t.Errorf("%v", ids)
	}
}

func TestRead_GivesEverythingOnceInTheOrderOfItsReceipt(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := &bucket{}
		s := newService(b)
		s.Now = func() time.Time { return nine }
		n := rapid.IntRange(1, 12).Draw(rt, "deliveries")
		var all []queue.Envelope
		for i := range n {
			at := nine.Add(time.Duration(rapid.IntRange(0, 30).Draw(rt, "tenths")) * 6 * time.Minute)
			all = append(all, stock(rapid.SampledFrom([]string{"erp", "erp-eu", "a/b"}).Draw(rt, "system"), fmt.Sprintf("d-%02d", i), at))
		}
		for range rapid.IntRange(1, 4).Draw(rt, "batches") {
			s.Archive(t.Context(), messages(rapid.SliceOf(rapid.SampledFrom(all)).Draw(rt, "batch")...))
		}
		s.Archive(t.Context(), messages(rapid.Permutation(all).Draw(rt, "rest")...))
		since := nine.Add(time.Duration(rapid.IntRange(0, 30).Draw(rt, "since")) * 6 * time.Minute)
		until := nine.Add(time.Duration(rapid.IntRange(0, 31).Draw(rt, "until")) * 6 * time.Minute)
		system := rapid.SampledFrom([]string{"", "erp", "a/b"}).Draw(rt, "of")
		got := read(t, b, contract.DeliveryKeys, since, until, system)
		received := map[string]time.Time{}
		var want []string
		for _, e := range all {
			received[e.Delivery.ID] = e.Delivery.Received
			at := e.Delivery.Received
			if !at.Before(since) && at.Before(until) && (system == "" || system == e.Delivery.System) {
				want = append(want, e.Delivery.ID)
			}
		}
		if !slices.IsSortedFunc(got, func(a, b string) int { return received[a].Compare(received[b]) }) {
			rt.Fatalf("not in the order of receipt: %v", got)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			rt.Fatalf("read %v, want %v", got, want)
		}
	})
}

func TestRead_AnObjectThatIsCutOffIsAnError(t *testing.T) {
	b := &bucket{}
	newService(b).Archive(t.Context(), messages(stock("erp", "d-1", nine), stock("erp", "d-2", nine)))
	key := keys(t, b, contract.DeliveryKeys)[0]
	whole, err := b.Get(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string][]byte{"cut off": whole[:len(whole)-20], "no archive": []byte("x"), "a foreign line": packed("{}\n"), "half a line": packed("{}")} {
		if err := b.Put(t.Context(), key, body); err != nil {
			t.Fatal(err)
		}
		var last error
		for _, err := range (archive.Reader{Blobs: b}).Read(t.Context(), contract.DeliveryKeys, nine, nine.Add(time.Hour), "") {
			last = err
		}
		if last == nil || !strings.Contains(last.Error(), key) {
			t.Errorf("%s: %v", name, last)
		}
	}
}

func packed(text string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(text))
	_ = z.Close()
	return b.Bytes()
}
