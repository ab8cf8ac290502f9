package receive_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/receive"
	"github.com/plumbline/plumbline/internal/record"
)

func TestQuarantine_KeepsTheWholeDeliveryAndWhy(t *testing.T) {
	for _, c := range []struct{ body, reason string }{
		{"wrong", "records[3].facets.free: want a number"},
		{"wrong in two places", "records[1].id: want a number; records[2].id: want a number"},
		{"foreign error", "the body is not of the platform's format"},
		{"panic", "body: want a body that the normaliser can read"},
	} {
		t.Run(c.body, func(t *testing.T) {
			w := newWorld()
			w.receive(t, request(c.body))
			got := w.quarantine.take(t)
			if len(got) != 1 || got[0].Reason != c.reason || len(got[0].Observations) != 0 {
				t.Fatalf("quarantine holds %+v, want one delivery and the reason %q", got, c.reason)
			}
			want := commerce.Delivery{
				ID: "d-1", System: "shop", Topic: "stock/update", Received: nine.Add(time.Millisecond),
				Header: map[string]string{"topic": "stock/update", "id": "d-1"}, Query: "retry=1", Body: []byte(c.body),
			}
			if diff := cmp.Diff(want, got[0].Delivery); diff != "" {
				t.Errorf("a repaired normaliser would read something else:\n%s", diff)
			}
		})
	}
}

func TestQuarantine_TellsTheOwnerOncePerTopic(t *testing.T) {
	w := newWorld()
	send := func(topic, body string) {
		r := request(body)
		r.Header.Set("Topic", topic)
		w.receive(t, r)
	}
	send("stock/update", "wrong")
	send("stock/update", "panic")
	send("orders/create", "wrong")
	send("", "wrong")
	about := map[commerce.RecordID]int{}
	for _, e := range w.observations.take(t) {
		if len(e.Observations) != 1 || len(e.Delivery.Body)+len(e.Delivery.Header)+len(e.Delivery.Query) > 0 {
			t.Fatalf("a report of %d observations that carries the delivery again: %+v", len(e.Observations), e.Delivery)
		}
		o := e.Observations[0]
		about[o.Key.ID(o.Kind)]++
	}
	want := map[commerce.RecordID]int{
		commerce.Key{"shop", "topic", "stock/update"}.ID(commerce.Mapping):  2,
		commerce.Key{"shop", "topic", "orders/create"}.ID(commerce.Mapping): 1,
		commerce.Key{"shop", "topic", "delivery"}.ID(commerce.Mapping):      1,
	}
	if diff := cmp.Diff(want, about); diff != "" {
		t.Errorf("reports by record:\n%s", diff)
	}
}

func TestQuarantine_AReasonIsShortAndValidText(t *testing.T) {
	for offset := range 4 {
		where := strings.Repeat("x", offset) + strings.Repeat("größe.", 400)
		w := newWorld()
		s := w.service.Systems["shop"]
		s.Endpoint = broken{w.shop, where}
		w.service.Systems["shop"] = s
		w.receive(t, request("stock"))
		for _, reason := range []string{
			w.quarantine.take(t)[0].Reason, w.observations.take(t)[0].Observations[0].Facets["reason"].String(),
		} {
			if len(reason) > 600 || strings.ContainsRune(reason, utf8.RuneError) || !strings.HasPrefix(where, reason) {
				t.Errorf("the reason has %d bytes and ends in %q", len(reason), reason[len(reason)-8:])
			}
		}
	}
}

// broken cannot read any body, for one long reason.
type broken struct {
	*shop
	where string
}

func (b broken) Normalise(commerce.Delivery) (platform.Reading, error) {
	return platform.Reading{}, &platform.BodyError{Where: b.where, Want: "less"}
}

func TestReadable_TakesTheReportBackAsOfItsTime(t *testing.T) {
	d := commerce.Delivery{ID: "d-1", System: "shop", Topic: "stock/update", Received: nine}
	later := nine.Add(2 * time.Hour)
	for _, c := range []struct {
		name string
		at   time.Time
		gone bool
	}{
		{"after the last that could not be read", nine.Add(time.Hour), true},
		{"and another could not be read since", nine.Add(3 * time.Hour), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			if err := w.service.Readable(t.Context(), d, nine.Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
			back := w.observations.take(t)[0].Observations[0]
			reports := []commerce.Observation{receive.Unreadable(d, nine, "why"), back}
			if !c.gone {
				reports = append(reports, receive.Unreadable(d, later, "why"))
			}
			for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 0, 2}, {1, 2, 0}} {
				row := record.Row{Kind: commerce.Mapping, Key: back.Key}
				for _, i := range order {
					if i < len(reports) {
						row, _ = record.Merge(row, reports[i], record.Source{Delivery: fmt.Sprint(i), Received: nine})
					}
				}
				if len(row.Views) != 1 || row.Views[0].Gone != c.gone {
					t.Errorf("order %v: %+v, want one view, gone %t", order, row.Views, c.gone)
				}
			}
		})
	}
}
