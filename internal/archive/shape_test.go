package archive_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/archive"
	"github.com/plumbline/plumbline/internal/change"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/store/memory"
)

// observed is the queue of observations.
type observed struct {
	down bool
	all  []commerce.Observation
}

func (o *observed) Send(_ context.Context, bodies ...string) error {
	if o.down {
		return errDown
	}
	for _, body := range bodies {
		e, err := queue.Decode(body)
		if err != nil {
			return err
		}
		o.all = append(o.all, e.Observations...)
	}
	return nil
}

func (o *observed) told() string {
	var all []string
	for _, one := range o.all {
		all = append(all, fmt.Sprintf("%s gone %t %s", one.Key.Text(one.Kind), one.Gone, one.Facets["reason"]))
	}
	return strings.Join(all, "\n")
}

// changed is the queue that takes recorded changes.
type changed struct {
	down bool
	all  []change.Change
}

func (c *changed) Send(_ context.Context, bodies ...string) error {
	if c.down {
		return errDown
	}
	for _, body := range bodies {
		one, err := queue.DecodeChange(body)
		if err != nil {
			return err
		}
		c.all = append(c.all, one)
	}
	return nil
}

// shapes is an archive that looks at shapes, and what it works with.
type shapes struct {
	*archive.Service
	documents *memory.Findings
	observed  *observed
	changed   *changed
	sent      int
}

func newShapes() *shapes {
	w := &shapes{documents: &memory.Findings{}, observed: &observed{}, changed: &changed{}}
	w.Service = newService(&bucket{})
	w.start()
	return w
}

// start is a process of its own, which remembers nothing.
func (w *shapes) start() {
	w.Shapes = &archive.Shapes{
		Documents: w.documents, Observations: w.observed, Changes: w.changed, Generation: "g1",
		Platform: func(system string) platform.Platform {
			return platform.Platform{Name: map[string]string{"wms": "standard"}[system]}
		},
	}
}

// deliver archives so many deliveries with the body.
func (w *shapes) deliver(t *testing.T, system, topic, body string, n int) {
	t.Helper()
	for range n {
		w.sent++
		e := stock(system, fmt.Sprint("d-", w.sent), nine.Add(time.Duration(w.sent)*time.Second))
		e.Delivery.Topic, e.Delivery.Body = topic, []byte(body)
		if failed := w.Archive(t.Context(), messages(e)); len(failed) > 0 {
			t.Fatalf("not archived: %v", failed)
		}
	}
}

const (
	reported = `{"records":[{"kind":"inventory","id":"1","sku":"MUG","location":"E","updated_at":"2026-03-03T09:00:00Z","facets":{"on_hand":3}}]}`
	renamed  = `{"items":[{"kind":"inventory","id":"1","sku":"MUG","location":"E","updated_at":"2026-03-03T09:00:00Z","facets":{"on_hand":3}}]}`
)

func TestShapes_AFieldThatIsReadAndVanishesIsTold(t *testing.T) {
	w := newShapes()
	w.deliver(t, "wms", "records.reported", reported, 40)
	if got := w.observed.told(); got != "" {
		t.Fatalf("told of what is as it always was: %s", got)
	}
	w.start()
	w.deliver(t, "wms", "records.reported", renamed, 12)
	const want = "wms/shape/records.reported gone false records is not sent any more, it was a list"
	if got := w.observed.told(); got != want {
		t.Fatalf("told %q, want %q", got, want)
	}
	w.deliver(t, "wms", "records.reported", reported, 5)
	if got := w.observed.told(); got != want+"\nwms/shape/records.reported gone true null" {
		t.Errorf("told %q, want that it is over", got)
	}
}

func TestShapes_WhatNobodyReadsIsNotLookedAt(t *testing.T) {
	w := newShapes()
	for _, c := range []struct{ system, topic, body string }{
		{"wms", "an unknown topic", reported}, {"crm", "records.reported", reported}, {"wms", "records.reported", "<no json>"},
	} {
		w.deliver(t, c.system, c.topic, c.body, 45)
	}
	if got := w.observed.told(); got != "" {
		t.Errorf("told %q", got)
	}
}

func TestShapes_WhatCouldNotBeToldIsToldLater(t *testing.T) {
	w := newShapes()
	w.deliver(t, "wms", "records.reported", reported, 30)
	w.observed.down = true
	w.deliver(t, "wms", "records.reported", renamed, 12)
	w.observed.down = false
	w.deliver(t, "wms", "records.reported", renamed, 12)
	if got := w.observed.told(); strings.Count(got, "gone false") != 1 {
		t.Errorf("told %q, want once", got)
	}
}

// taken is a store that somebody else writes to in between.
type taken struct{ *memory.Findings }

func (d taken) PutDocument(ctx context.Context, doc store.Document) error {
	if err := d.Findings.PutDocument(ctx, doc); err != nil {
		return err
	}
	return store.ErrLost
}

func TestShapes_WhoLosesTheRaceGoesOnWithWhatIsStored(t *testing.T) {
	w := newShapes()
	w.Shapes.Documents = taken{w.documents}
	w.deliver(t, "wms", "records.reported", reported, 40)
	w.deliver(t, "wms", "records.reported", renamed, 12)
	if got := w.observed.told(); strings.Count(got, "gone false") != 1 {
		t.Errorf("told %q, want once", got)
	}
}

// inVersions archives a delivery of a shop in each version, and each as a process
// of its own.
func (w *shapes) inVersions(t *testing.T, versions ...string) {
	t.Helper()
	for _, version := range versions {
		w.start()
		w.Shapes.Platform = func(string) platform.Platform {
			return platform.Platform{Name: "shopify", Versions: &platform.Versions{Headers: []string{"x-shopify-api-version"}, Layout: "2006-01", Months: 12}}
		}
		w.sent++
		e := stock("shop", fmt.Sprint("d-", w.sent), nine.Add(time.Duration(w.sent)*time.Second))
		e.Delivery.Topic, e.Delivery.Body = "inventory_levels/update", []byte(`{"available":1}`)
		e.Delivery.Header = map[string]string{"x-shopify-api-version": version}
		if failed := w.Archive(t.Context(), messages(e)); len(failed) > 0 {
			t.Fatalf("not archived: %v", failed)
		}
	}
}

func TestShapes_AVersionThatEndsIsToldOnce(t *testing.T) {
	w := newShapes()
	w.inVersions(t, "2025-04", "2025-04", "2025-01", "2025-10")
	const want = "shop/version/inventory_levels/update gone false version 2025-04 ends on 1 April 2026; from then on webhooks come in a later one\n" +
		"shop/version/inventory_levels/update gone true null"
	if got := w.observed.told(); got != want {
		t.Errorf("told\n%s\nwant\n%s", got, want)
	}
}

func TestShapes_AnotherVersionIsARecordedChange(t *testing.T) {
	w := newShapes()
	w.inVersions(t, "2025-07", "2025-07")
	if len(w.changed.all) > 0 {
		t.Errorf("the first version is a change: %+v", w.changed.all)
	}
	w.changed.down = true
	w.inVersions(t, "2025-10")
	w.changed.down = false
	w.inVersions(t, "2025-10", "2025-07", "2025-10") // one is late
	want := []change.Change{{
		ID: "api-version shop 2025-10", At: nine.Add(4*time.Second - time.Minute), System: "shop",
		What: "webhooks in version 2025-10 of its API, before in 2025-07", By: "plumbline",
	}}
	if diff := cmp.Diff(want, w.changed.all); diff != "" {
		t.Errorf("recorded (-want +got):\n%s", diff)
	}
}
