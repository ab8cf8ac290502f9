package e2e_test

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/local/emulator"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/receive"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/redrive"
)

// broken is an endpoint whose normaliser has mistakes: it refuses one topic and
// breaks on another.
type broken struct {
	platform.Endpoint
	refuses, breaksOn string
}

func (b broken) Normalise(d commerce.Delivery) (platform.Reading, error) {
	switch d.Topic {
	case b.refuses:
		return platform.Reading{}, &platform.BodyError{Where: "variants", Want: "something else than there is"}
	case b.breaksOn:
		panic("index out of range")
	default:
		return b.Endpoint.Normalise(d)
	}
}

const (
	refused  = "products/update"
	breaking = "inventory_levels/update"
)

// morning is the first hour of the recorded day, in which the catalogue is seen.
func morning(t *testing.T) []day.Delivery {
	t.Helper()
	recorded, err := readDay()
	if err != nil {
		t.Fatal(err)
	}
	end := recorded.Deliveries[0].At.Add(20 * time.Minute)
	n := slices.IndexFunc(recorded.Deliveries, func(d day.Delivery) bool { return d.At.After(end) })
	return recorded.Deliveries[:n]
}

// receiveAll gives each delivery to the service at its time, and counts those of
// the two topics.
func receiveAll(t *testing.T, w *world, service *receive.Service, deliveries []day.Delivery) (affected int) {
	t.Helper()
	for _, d := range deliveries {
		w.advance(t, d.At.Sub(w.Clock().Now()))
		header := http.Header{}
		for name, value := range d.Headers {
			header.Set(name, value)
		}
		status := service.Receive(t.Context(), d.System, platform.Request{
			Method: http.MethodPost, Header: header, Body: []byte(d.Body), Received: w.Clock().Now(),
		}).Code()
		if status != http.StatusOK {
			t.Fatalf("a delivery of %s was answered with %d", d.System, status)
		}
		if topic := header.Get("X-Shopify-Topic"); topic == refused || topic == breaking {
			affected++
		}
	}
	w.advance(t, 2*time.Minute)
	return affected
}

// bringBack brings everything in quarantine back, as the command does.
func bringBack(t *testing.T, w *world, service *receive.Service) (back int) {
	t.Helper()
	r := &redrive.Service{Deliveries: service, Open: w.wire.Open, Now: w.Clock().Now, Tell: func(redrive.Fate) {}}
	back, _, err := r.Drain(t.Context(), w.wire.Queue(contract.Quarantine), w.wire.Queue(contract.Observations), 1000)
	if err != nil {
		t.Fatal(err)
	}
	w.advance(t, 2*time.Minute)
	return back
}

func TestARepairedNormaliser_BringsEverythingBack(t *testing.T) {
	t.Parallel()
	deliveries := morning(t)
	start := func(prefix string) *world {
		return newWorld(t, local.Options{
			Memory: true, Emulators: emulator.ForTest(t), Plan: local.Plan{Prefix: prefix}, Clock: local.SteppedClock(deliveries[0].At),
		})
	}
	healthy := start("healthy-")
	receiveAll(t, healthy, healthy.receiver(t), deliveries)

	w := start("repaired-")
	service := w.receiver(t)
	shop := service.Systems["shopify-us"]
	service.Systems["shopify-us"] = receive.System{Endpoint: broken{shop.Endpoint, refused, breaking}, Secrets: shop.Secrets}
	affected := receiveAll(t, w, service, deliveries)
	if affected == 0 {
		t.Fatal("nothing was affected")
	}
	wantUnreadable(t, w, finding.Open)

	if back := bringBack(t, w, service); back != 0 {
		t.Errorf("%d deliveries came back through a normaliser that is still broken", back)
	}
	if back := bringBack(t, w, w.receiver(t)); back != affected {
		t.Errorf("%d deliveries came back, want %d", back, affected)
	}
	if left, err := contents(t.Context(), w.wire, contract.Quarantine); err != nil || len(left) > 0 {
		t.Errorf("%d deliveries are still in quarantine, %v", len(left), err)
	}
	wantUnreadable(t, w, finding.Resolved)
	for key, alerts := range map[string][]alert.Alert{"healthy": allAlerts(t, healthy), "repaired": allAlerts(t, w)} {
		for _, a := range alerts {
			if a.Class != finding.Unreadable {
				t.Errorf("%s: an alert of %s / %s on %s", key, a.Integration, a.Rule, a.Members[0].Key)
			}
		}
	}
	if diff := cmp.Diff(canonical(healthy.mustRows(t)), canonical(w.mustRows(t)), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("records (-never broken +repaired):\n%s", diff)
	}
}

// wantUnreadable wants one finding for each of the two topics in the state, and
// its owner told of its beginning once.
func wantUnreadable(t *testing.T, w *world, state finding.State) {
	t.Helper()
	findings, err := w.wire.Findings().AllFindings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range findings {
		if f.Class == finding.Unreadable {
			got = append(got, f.Key.Text(f.Kind)+" "+string(f.State)+" "+f.Owner)
		}
	}
	slices.Sort(got)
	want := []string{
		"shopify-us/topic/" + breaking + " " + string(state) + " inventory-ops",
		"shopify-us/topic/" + refused + " " + string(state) + " inventory-ops",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("unreadable findings (-want +got):\n%s", diff)
	}
	alerts := allAlerts(t, w)
	told := openings(w.console.String(), alerts)
	for _, a := range alerts {
		if n := told[a.ID]; n != 1 || (state == finding.Resolved) != !a.Closed.IsZero() {
			t.Errorf("the beginning of %s / %s was told %d times; closed: %t", a.Integration, a.Rule, n, !a.Closed.IsZero())
		}
	}
}

func allAlerts(t *testing.T, w *world) []alert.Alert {
	t.Helper()
	alerts, err := w.wire.Findings().AllAlerts(context.WithoutCancel(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	return alerts
}

// said is the canonical state of one view: what its system says.
type said struct {
	Version string
	Gone    bool
	Facets  map[string]string
	Lines   []commerce.Line
}

// canonical is what all systems say, by record and view. Plumbline's own
// findings about mappings are no record of a system.
func canonical(rows map[string]record.Row) map[string]map[record.ViewID]said {
	all := map[string]map[record.ViewID]said{}
	for name, row := range rows {
		if row.Kind == commerce.Mapping {
			continue
		}
		all[name] = map[record.ViewID]said{}
		for _, v := range row.Views {
			facets := map[string]string{}
			for facet, value := range v.Facets {
				facets[facet] = value.Type().String() + " " + value.String()
			}
			all[name][v.ViewID] = said{v.Version.String(), v.Gone, facets, v.Lines}
		}
	}
	return all
}
