package badinput

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/redrive"
)

func TestBadInputs(t *testing.T) {
	h, c := newHome(t), load(t)
	s := openFront(t)
	good := goodMessages(t, h)
	for g := range c.Groups {
		for k := range c.Groups[g].Cases {
			one := c.Groups[g].Cases[k]
			for i := range one.Inputs {
				t.Run(one.title(i), func(t *testing.T) {
					e := examination{home: h, front: s, good: good, input: &one.Inputs[i]}
					e.all(t)
				})
			}
		}
	}
	if *update {
		c.save(t)
	}
}

func TestEveryKindIsThereOnce(t *testing.T) {
	const kinds = 112
	var numbers, want []int
	for _, k := range load(t).kinds() {
		numbers = append(numbers, k.N)
		if len(k.Inputs) == 0 || k.Name == "" {
			t.Errorf("%d says nothing", k.N)
		}
	}
	for n := range kinds {
		want = append(want, n+1)
	}
	if diff := cmp.Diff(want, numbers); diff != "" {
		t.Error(diff)
	}
}

// examination is one input on all ways.
type examination struct {
	home
	front *frontServer
	good  []string
	input *input
}

func (e examination) all(t *testing.T) {
	if e.input.Only != "socket" {
		e.asEvent(t)
	}
	if e.input.Only != "event" {
		e.throughTheFront(t)
	}
	if e.input.Only != "" {
		return
	}
	e.inTheQueue(t)
	e.inABatch(t)
	e.again(t)
	e.broughtBack(t)
}

// world is one in which what goes before has happened, and the request.
func (e examination) world(t *testing.T) (*world, request) {
	t.Helper()
	w := newWorld(e.home)
	for _, before := range e.input.Before {
		r := before.request(t, e.home)
		if status, text, _ := w.invoke(t, r.event(t, true)); status != http.StatusOK {
			t.Fatalf("before it: %d %s", status, text)
		}
		w.settle(t)
	}
	empty(t, w.quarantine, w.fetches, w.merged)
	return w, e.input.request(t, e.home)
}

// asEvent: the answer, the effect, and what they cost.
func (e examination) asEvent(t *testing.T) {
	encodings := []bool{false}
	if e.input.Only != "event" {
		_, r := e.world(t)
		encodings = r.encodings()
	}
	for _, encoded := range encodings {
		w, r := e.world(t)
		payload := r.event(t, encoded)
		if e.input.Only == "event" {
			payload = bytes.Replace(payload, []byte(`"isBase64Encoded":false`), []byte(`"isBase64Encoded":true`), 1)
		}
		status, text, spent := w.invoke(t, payload)
		e.answered(t, "the function", status, text, e.input.Status)
		e.affordable(t, payload, len(r.body), spent)
		e.came(t, w, r, "the function")
	}
}

// affordable holds what was spent to the caps. A machine that was busy is given
// two more tries.
func (e examination) affordable(t *testing.T, payload []byte, size int, spent cost) {
	t.Helper()
	for range 2 {
		if spent.time <= e.input.maxTime() && spent.bytes <= e.input.maxBytes(size) {
			return
		}
		w, _ := e.world(t)
		_, _, again := w.invoke(t, payload)
		spent = cost{min(spent.time, again.time), min(spent.bytes, again.bytes)}
	}
	if spent.time > e.input.maxTime() || spent.bytes > e.input.maxBytes(size) {
		t.Errorf("took %v and %d KB, want at most %v and %d KB", spent.time, spent.bytes>>10, e.input.maxTime(), e.input.maxBytes(size)>>10)
	}
}

func (e examination) answered(t *testing.T, by string, got int, text string, want int) {
	t.Helper()
	if got != want {
		t.Errorf("%s answers %d, want %d: %s", by, got, want, text)
	}
	for _, private := range append(slices.Collect(maps.Values(secrets)), markers...) {
		if private != "" && strings.Contains(text, private) {
			t.Errorf("%s repeats %q", by, private)
		}
	}
}

// came holds what is there after the request to what the input says.
func (e examination) came(t *testing.T, w *world, r request, by string) {
	t.Helper()
	w.settle(t)
	effect := w.effect(t)
	if effect != e.input.Effect {
		t.Errorf("%s: effect %q, want %q; log:\n%s", by, effect, e.input.Effect, w.log)
	}
	reason := ""
	if effect == quarantined {
		one := w.envelopes(t, w.quarantine)
		reason = one[0].Reason
		if len(one) != 1 || !bytes.Equal(one[0].Delivery.Body, r.body) {
			t.Errorf("%s: quarantine holds %d deliveries, want this one, byte for byte", by, len(one))
		}
		w.ownerIsTold(t, r.system, one[0].Delivery.Topic)
	}
	var fetches []string
	for _, body := range contents(t, w.fetches) {
		f, err := queue.DecodeFetch(body)
		if err != nil {
			t.Fatal(err)
		}
		fetches = append(fetches, f.Target)
	}
	shown := w.shown(t)
	if *update {
		e.input.Reason, e.input.Rows, e.input.Fetch = reason, shown, fetches
	}
	if reason != e.input.Reason {
		t.Errorf("%s: the reason is %q, want %q", by, reason, e.input.Reason)
	}
	if diff := cmp.Diff(e.input.Rows, shown, equalIfEmpty); diff != "" {
		t.Errorf("%s: rows (-want +got)\n%s", by, diff)
	}
	if diff := cmp.Diff(e.input.Fetch, fetches); diff != "" {
		t.Errorf("%s: fetches (-want +got)\n%s", by, diff)
	}
	e.private(t, w, r)
}

var equalIfEmpty = cmp.FilterValues(func(a, b map[string]string) bool { return len(a)+len(b) == 0 }, cmp.Ignore())

// effect names what the deliveries since the last look came to.
func (w *world) effect(t *testing.T) string {
	t.Helper()
	archived := w.envelopes(t, w.merged)
	switch {
	case len(contents(t, w.quarantine)) > 0:
		return quarantined
	case len(contents(t, w.dead)) > 0:
		return "dead letter"
	case len(contents(t, w.fetches)) > 0:
		return fetched
	case len(archived) == 0:
		return nothing
	case slices.ContainsFunc(archived, func(e queue.Envelope) bool { return len(e.Observations)+len(e.Erase) > 0 }):
		return merged
	default:
		return ignored
	}
}

// ownerIsTold: deliveries of the topic are a finding, and its alert is published.
func (w *world) ownerIsTold(t *testing.T, system, topic string) {
	t.Helper()
	if topic == "" {
		topic = "delivery"
	}
	w.now = w.now.Add(time.Hour)
	looks, err := w.looks.Receive(t.Context(), 10, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range looks {
		if failed := w.drift.Look(t.Context(), []drift.Message{{ID: m.ID, Body: m.Body}}); len(failed) > 0 {
			t.Errorf("%d looks failed", len(failed))
		}
	}
	if err := w.drift.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(-time.Hour)
	found, err := w.findings.ActiveFindings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := commerce.Key{system, judge.Unreadable, topic}
	if !slices.ContainsFunc(found, func(f finding.Finding) bool { return f.Class == finding.Unreadable && slices.Equal(f.Key, want) }) {
		t.Errorf("nobody is told of %v: %d findings", want, len(found))
	}
	if len(w.published.messages) == 0 {
		t.Error("no alert is published")
	}
}

// private: nothing about persons and no secret is in what is logged or stored in
// the open, and of what was refused nothing at all.
func (e examination) private(t *testing.T, w *world, r request) {
	t.Helper()
	hidden := append(slices.Collect(maps.Values(secrets)), markers...)
	hidden = append(hidden, r.header[signatureHeaders[r.system]]...)
	stored, log := w.dump(t), w.log.String()
	for _, text := range hidden {
		if text != "" && (strings.Contains(stored, text) || strings.Contains(log, text)) {
			t.Errorf("%q is stored or logged", text)
		}
	}
	if e.input.Status != http.StatusOK {
		for _, text := range append(slices.Concat(slices.Collect(maps.Values(r.header))...), r.id, string(r.body)) {
			if len(text) > 3 && len(e.input.Before) == 0 && strings.Contains(log+stored, text) {
				t.Errorf("%q was refused, and is logged or stored", text)
			}
		}
	}
}

// throughTheFront: what the front refuses the function never sees.
func (e examination) throughTheFront(t *testing.T) {
	w, r := e.world(t)
	e.front.world = w
	status, text := front(t, e.front.address(e.input.Wire), r.wire(e.input.Wire), e.input.Wire == slow)
	want := e.input.Status
	if e.input.Front != 0 {
		want = e.input.Front
	}
	e.answered(t, "the front", status, text, want)
	if e.input.Front == 0 || e.input.Front == e.input.Status {
		e.came(t, w, r, "the front")
		return
	}
	if effect := w.effect(t); effect != nothing {
		t.Errorf("the front refuses it and the effect is %q", effect)
	}
	e.private(t, w, r)
}

// inTheQueue: the body itself as a message is tried as often as every one, and is
// a dead letter as it came.
func (e examination) inTheQueue(t *testing.T) {
	w, r := e.world(t)
	if len(r.body) == 0 || len(r.body) > queue.MaxBytes {
		return // no queue takes it
	}
	before := w.dump(t)
	if err := w.observations.Send(t.Context(), string(r.body)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{1, 1, 1, 1, 1}, w.settle(t)); diff != "" {
		t.Errorf("in the queue: failures of each try (-want +got)\n%s", diff)
	}
	dead := contents(t, w.dead)
	if len(dead) != 1 || dead[0] != string(r.body) {
		t.Errorf("in the queue: %d dead letters, want it as it came", len(dead))
	}
	if w.dump(t) != before {
		t.Error("in the queue: it has an effect")
	}
	back, seen := w.redrive(t, w.dead)
	if back != 0 || seen != 1 || len(contents(t, w.dead)) != 1 {
		t.Errorf("%d of %d dead letters come back, want it to stay", back, seen)
	}
	e.private(t, w, r)
}

// inABatch: at any place among nine good messages, neither the body itself nor
// what receive made of it harms another.
func (e examination) inABatch(t *testing.T) {
	once, r := e.world(t)
	once.invoke(t, r.event(t, true))
	messages := contents(t, once.observations)
	once.settle(t)
	want := once.shown(t)
	poison := string(r.body)
	for _, at := range []int{0, 4, 9} {
		for _, body := range append([]string{poison}, messages...) {
			if len(body) == 0 || len(body) > queue.MaxBytes {
				continue
			}
			w, _ := e.world(t)
			w.merge.Open = once.merge.Open // where what it refers to is stored
			if err := w.observations.Send(t.Context(), slices.Insert(slices.Clone(e.good), at, body)...); err != nil {
				t.Fatal(err)
			}
			batch, err := w.observations.Receive(t.Context(), 10, 0)
			if err != nil || len(batch) != 10 {
				t.Fatalf("%d messages, %v", len(batch), err)
			}
			failed := w.mergeBatch(t, batch)
			shown := w.shown(t)
			for n := range e.good {
				if row := fmt.Sprintf("inventory GOOD-%d@east", n); shown[row] != "erp free=5" {
					t.Errorf("at %d of a batch: %s shows %q", at+1, row, shown[row])
				}
				delete(shown, fmt.Sprintf("inventory GOOD-%d@east", n))
			}
			if body == poison {
				if failed != 1 {
					t.Errorf("at %d of a batch: %d messages failed, want the body alone", at+1, failed)
				}
				continue
			}
			if failed != 0 {
				t.Errorf("at %d of a batch: %d messages failed, want none", at+1, failed)
			}
			if diff := cmp.Diff(want, shown); diff != "" {
				t.Errorf("at %d of a batch: rows (-alone +among others)\n%s", at+1, diff)
			}
		}
	}
}

// again: five deliveries and five receipts of a message come to what one does.
func (e examination) again(t *testing.T) {
	once, r := e.world(t)
	status, _, _ := once.invoke(t, r.event(t, true))
	messages := contents(t, once.observations)
	once.settle(t)
	w, _ := e.world(t)
	for range 5 {
		if got, text, _ := w.invoke(t, r.event(t, true)); got != status {
			t.Errorf("delivered again: %d, then %d: %s", status, got, text)
		}
		w.settle(t)
	}
	for range 5 {
		for _, body := range messages {
			if err := w.observations.Send(t.Context(), body); err != nil {
				t.Fatal(err)
			}
		}
		w.settle(t)
	}
	if diff := cmp.Diff(strings.Split(once.dump(t), "\n"), strings.Split(w.dump(t), "\n")); diff != "" {
		t.Errorf("delivered again: what is stored (-once +often)\n%s", diff)
	}
	if dead := contents(t, w.dead); len(dead) > 0 {
		t.Errorf("delivered again: %d dead letters", len(dead))
	}
}

// broughtBack: what still cannot be read stays in quarantine, and what can be read
// comes back from the dead letters to the rows that it had.
func (e examination) broughtBack(t *testing.T) {
	w, r := e.world(t)
	w.invoke(t, r.event(t, true))
	messages := contents(t, w.observations)
	if e.input.Effect == quarantined {
		w.settle(t)
		before := w.dump(t)
		back, seen := w.redrive(t, w.quarantine)
		if back != 0 || seen != 1 || len(contents(t, w.quarantine)) != 1 || w.dump(t) != before {
			t.Errorf("%d of %d come back from quarantine, want it to stay and nothing to change", back, seen)
		}
	}
	if len(messages) == 0 {
		return
	}
	empty(t, w.observations)
	if err := w.dead.Send(t.Context(), messages...); err != nil {
		t.Fatal(err)
	}
	if back, seen := w.redrive(t, w.dead); back != len(messages) || seen != back {
		t.Errorf("%d of %d come back from the dead letters, want %d", back, seen, len(messages))
	}
	w.settle(t)
	if diff := cmp.Diff(e.input.Rows, w.shown(t), equalIfEmpty); diff != "" {
		t.Errorf("brought back: rows (-want +got)\n%s", diff)
	}
	e.private(t, w, r)
}

func (w *world) redrive(t *testing.T, from queue.Queue) (back, seen int) {
	t.Helper()
	s := redrive.Service{
		Deliveries: w.receive, Open: w.merge.Open, Now: func() time.Time { return w.now },
		Tell: func(f redrive.Fate) {
			if f.Problem != nil {
				_, _ = fmt.Fprintln(w.log, f.Problem) // what people are told must be as discreet as the log
			}
		},
	}
	back, seen, err := s.Drain(t.Context(), from, w.observations, 100)
	if err != nil {
		t.Fatal(err)
	}
	return back, seen
}

// goodMessages are nine stock reports as receive queues them.
func goodMessages(t *testing.T, h home) []string {
	t.Helper()
	w := newWorld(h)
	for n := range 9 {
		sku := [][2]string{{"MUG-BLU", fmt.Sprintf("GOOD-%d", n)}, {`"12"`, `"5"`}, {"S-1", fmt.Sprintf("G-%d", n)}}
		r := input{System: "erp", ID: fmt.Sprintf("good-%d", n), Replace: sku}.request(t, h)
		if status, _, _ := w.invoke(t, r.event(t, false)); status != http.StatusOK {
			t.Fatalf("good message %d: %d", n, status)
		}
	}
	return contents(t, w.observations)
}

const slow = "slow"

// frontServer is the front on loopback, over one world after the other, and
// another with less patience.
type frontServer struct {
	world          *world
	patient, hasty string
}

func (s *frontServer) address(framing string) string {
	if framing == slow {
		return s.hasty
	}
	return s.patient
}

// Invoke lets the present world answer.
func (s *frontServer) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	return s.world.handler.Invoke(ctx, payload)
}

func openFront(t *testing.T) *frontServer {
	t.Helper()
	s := &frontServer{}
	open := func(patience time.Duration) string {
		server := local.Front(map[string]lambda.Handler{contract.Receive: s}, func() time.Time { return s.world.now }, slog.New(slog.DiscardHandler))
		if server.ReadHeaderTimeout <= 0 || server.ReadTimeout <= 0 || server.ReadTimeout > contract.FrontTimeout {
			t.Errorf("the front waits %v for headers and %v for a request", server.ReadHeaderTimeout, server.ReadTimeout)
		}
		if patience > 0 {
			server.ReadTimeout = patience
		}
		server.ErrorLog = nil
		l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go server.Serve(l) //nolint:errcheck // it ends with the test
		t.Cleanup(func() { _ = server.Close() })
		return l.Addr().String()
	}
	s.patient, s.hasty = open(0), open(200*time.Millisecond)
	return s
}
