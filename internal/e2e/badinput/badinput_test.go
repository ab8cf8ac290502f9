package badinput

import (
	"bytes"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/queue"
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
