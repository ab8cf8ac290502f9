package e2e_test

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/local/emulator"
)

// stockReport is a body of the standard format: one stock level at EAST.
func stockReport(sku, free string, at time.Time) []byte {
	return fmt.Appendf(nil, `{"type": "records.reported", "timestamp": %q, "records": [`+
		`{"kind": "inventory", "key": {"sku": %q, "location": "EAST"}, "facets": {"free": %q, "tracked": true}}]}`,
		at.Format(time.RFC3339Nano), sku, free)
}

// stepped is a world of its own names on the shared emulators, at noon of the
// recorded day.
func stepped(t *testing.T, prefix string) *world {
	t.Helper()
	return newWorld(t, local.Options{
		Memory: true, Emulators: emulator.ForTest(t), Plan: local.Plan{Prefix: prefix},
		Clock: local.SteppedClock(time.Date(2026, 3, 3, 17, 0, 0, 0, time.UTC)),
	})
}

func TestTheFront_AnswersWhatTheSenderMustGet(t *testing.T) {
	t.Parallel()
	w := stepped(t, "front-")
	full := stockReport("FULL", "1", w.Clock().Now())
	full = append(full, bytes.Repeat([]byte(" "), contract.MaxBody-len(full))...)
	for i, c := range []struct {
		name   string
		method string
		system string
		tamper func(header http.Header, body []byte) []byte
		body   []byte // nil is a stock report of an own SKU
		want   int
		stored bool
	}{
		{name: "genuine", want: 200, stored: true},
		{name: "genuine and as long as allowed", body: full, want: 200},
		{name: "genuine and unusable", body: []byte(`{"type": "records.reported"}`), want: 200},
		{name: "wrong signature", want: 401, tamper: func(h http.Header, body []byte) []byte {
			h.Set("webhook-signature", "v1,"+strings.Repeat("A", 43)+"=")
			return body
		}},
		{name: "no signature", want: 401, tamper: func(h http.Header, body []byte) []byte {
			h.Del("webhook-signature")
			return body
		}},
		{name: "another body under a right signature", want: 401, tamper: func(_ http.Header, body []byte) []byte {
			return bytes.Replace(body, []byte(`"5"`), []byte(`"6"`), 1)
		}},
		{name: "another system's signature", system: "wms", want: 401},
		{name: "unknown system", system: "crm", want: 404},
		{name: "one byte too long", body: append(full[:len(full):len(full)], ' '), want: 413},
		{name: "read instead of posted", method: http.MethodGet, want: 405},
		{name: "compressed", want: 415, tamper: func(h http.Header, body []byte) []byte {
			h.Set("Content-Encoding", "gzip")
			return body
		}},
	} {
		sku := fmt.Sprintf("SKU-%d", i)
		body, system, method := c.body, c.system, c.method
		if body == nil {
			body = stockReport(sku, "5", w.Clock().Now())
		}
		if system == "" {
			system = "erp"
		}
		if method == "" {
			method = http.MethodPost
		}
		header := w.sign(t, "erp", "", sku, body)
		if c.tamper != nil {
			body = c.tamper(header, body)
		}
		if got := w.call(t, method, system, header, body); got != c.want {
			t.Errorf("%s: answered %d, want %d", c.name, got, c.want)
		}
		w.quiesce(t)
		if _, stored := w.mustRows(t)["inventory "+sku+"@east"]; stored != c.stored {
			t.Errorf("%s: has an effect: %t", c.name, stored)
		}
	}
	kept, err := contents(t.Context(), w.wire, contract.Quarantine)
	if err != nil || len(kept) != 1 || string(kept[0].Delivery.Body) != `{"type": "records.reported"}` {
		t.Errorf("quarantine holds %d deliveries, want the unusable one: %v", len(kept), err)
	}
}

// The queues fail under the front while deliveries come in. Each is answered
// honestly, and a sender that sends again what was not taken loses and doubles
// nothing.
func TestAnOutageOfTheQueues_LosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	// Emulators of its own, on disk: an outage must not lose what was taken. What
	// could not be acknowledged in it comes back after the visibility.
	w := newWorld(t, local.Options{
		Data: t.TempDir(), Schedules: []contract.Schedule{}, Plan: local.Plan{Visibility: 3 * time.Second, Window: time.Second},
	})
	const before, during = 20, 10
	var refused []int
	send := func(i int) int {
		sku := fmt.Sprintf("SKU-%02d", i)
		body := stockReport(sku, "5", w.Clock().Now())
		return w.call(t, http.MethodPost, "erp", w.sign(t, "erp", "", sku, body), body)
	}
	for i := range before {
		if got := send(i); got != http.StatusOK {
			t.Fatalf("delivery %d answered %d before the outage", i, got)
		}
	}
	w.Emulators.StopQueues()
	for i := before; i < before+during; i++ {
		if got := send(i); got != http.StatusServiceUnavailable {
			t.Errorf("delivery %d answered %d during the outage, want 503", i, got)
		}
		refused = append(refused, i)
	}
	if err := w.Emulators.StartQueues(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, i := range refused {
		if got := send(i); got != http.StatusOK {
			t.Errorf("delivery %d answered %d after the outage", i, got)
		}
	}
	w.quiesce(t)
	kept, err := archived(t.Context(), w.wire, w.Clock().Now())
	if err != nil {
		t.Fatal(err)
	}
	taken := names(kept)
	rows := w.mustRows(t)
	for i := range before + during {
		id := fmt.Sprintf("SKU-%02d", i)
		if !slices.ContainsFunc(taken, func(name string) bool { return strings.HasPrefix(name, "erp "+id+" ") }) {
			t.Errorf("delivery %s is not in the archive", id)
		}
		row := rows["inventory "+id+"@east"]
		if len(row.Views) != 1 || row.Rev != 1 || len(row.Views[0].Was) != 0 {
			t.Errorf("delivery %s: %d views after %d writes, want one after one", id, len(row.Views), row.Rev)
		}
	}
}
