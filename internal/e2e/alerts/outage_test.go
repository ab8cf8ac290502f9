package alerts_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/blob/memblob"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/store/memory"
)

// bucket is the board's, over a network.
type bucket struct {
	*world
	blobs *memblob.Store
}

func (b bucket) Put(ctx context.Context, name string, body []byte) error {
	return b.call("s3 put", func() error { return b.blobs.Put(ctx, name, body) })
}

func (b bucket) Get(ctx context.Context, name string) (body []byte, err error) {
	err = b.call("s3 get", func() (err error) { body, err = b.blobs.Get(ctx, name); return err })
	return body, err
}

func (b bucket) Delete(ctx context.Context, name string) error {
	return b.call("s3 delete", func() error { return b.blobs.Delete(ctx, name) })
}

// services are what can be away, by the calls that they answer.
var services = map[string]func(call string) bool{
	"SNS":   func(call string) bool { return call == "publish" || call == "mail" },
	"Slack": func(call string) bool { return strings.Contains(call, ".") },
	"S3":    func(call string) bool { return strings.HasPrefix(call, "s3 ") },
}

// combinations are all of the services, none included.
func combinations() [][]string {
	all := [][]string{nil}
	for _, name := range []string{"SNS", "Slack", "S3"} {
		for _, some := range slices.Clone(all) {
			all = append(all, append(slices.Clone(some), name))
		}
	}
	return all
}

// outage is an hour in which the services are away. Before it one finding is open;
// in it that one changes and ends, others open, change, and end, and two stay.
func outage(w *world, away []string) {
	w.changeIn("a1", "f1", "MUG-BLU", differs(12))
	w.pass(10)
	w.fault = func(_ int, call string) (before, after error) {
		for _, name := range away {
			if services[name](call) {
				return errFault, nil
			}
		}
		return nil, nil
	}
	w.pass(15)
	w.changeIn("a1", "f2", "CAP-BLK", differs(14))
	w.changeIn("a2", "f3", "TEE-RED", differs(10))
	w.pass(30)
	w.changeIn("a3", "f4", "SOCK-M", differs(11))
	w.changeIn("a1", "f1", "MUG-BLU", finding.Evidence{Standing: finding.Agrees})
	w.pass(50)
	w.changeIn("a3", "f4", "SOCK-M", finding.Evidence{Standing: finding.Agrees})
	w.changeIn("a2", "f3", "TEE-RED", differs(17))
	w.pass(70)
	w.fault = nil
	w.pass(130)
}

func TestAnHourWithoutServicesIsMadeUpFor(t *testing.T) {
	for _, away := range combinations() {
		t.Run(strings.Join(append([]string{"without"}, away...), " "), func(t *testing.T) {
			w := newWorld(t)
			blobs := &memblob.Store{}
			w.drift.Documents, w.drift.Board = w.Findings, &drift.Board{Pages: bucket{w, blobs}, Zone: time.UTC}
			outage(w, away)
			announcedOnce(t, w)
			isCurrent(t, w, blobs)
		})
	}
}

// announcedOnce: there is one message for each alert, and it tells what is open.
func announcedOnce(t *testing.T, w *world) {
	t.Helper()
	seen := strings.Join(w.seen(), "\n")
	for _, id := range []string{"a1", "a2", "a3"} {
		a, err := w.GetAlert(t.Context(), id)
		w.must(err)
		if a.Shown != a.Seq || a.Published != a.Seq {
			t.Errorf("%s: change %d, published %d, seen %d", id, a.Seq, a.Published, a.Shown)
		}
	}
	var open []string
	for _, m := range w.slack.Messages("inventory-ops") {
		if !strings.Contains(m.Text, "✅") {
			open = append(open, m.Text)
		}
	}
	for _, sku := range []string{"CAP-BLK", "TEE-RED"} {
		if n := len(slices.DeleteFunc(slices.Clone(open), func(text string) bool { return !strings.Contains(text, sku) })); n != 1 {
			t.Errorf("%s is open in %d messages:\n%s", sku, n, seen)
		}
	}
	if len(open) != 2 || len(w.slack.Messages("inventory-ops")) > 3 {
		t.Errorf("people see\n%s", seen)
	}
}

var asOf = regexp.MustCompile(`(?s)<footer>.*</footer>|<div><dt>As of</dt>.*?</div>|as of <time.*?</time>`)

// isCurrent: the pages are those of a board that is written for the first time now.
func isCurrent(t *testing.T, w *world, blobs *memblob.Store) {
	t.Helper()
	fresh := *w.drift
	anew := &memblob.Store{}
	fresh.Documents, fresh.Board = &memory.Findings{}, &drift.Board{Pages: anew, Zone: time.UTC}
	w.must(fresh.Tick(t.Context()))
	pages := func(s *memblob.Store) map[string]string {
		names, err := s.List(t.Context(), "")
		w.must(err)
		all := map[string]string{}
		for _, name := range names {
			body, err := s.Get(t.Context(), name)
			w.must(err)
			if name != "state.json" {
				all[name] = asOf.ReplaceAllString(string(body), "")
			}
		}
		return all
	}
	got, want := pages(blobs), pages(anew)
	for name := range got {
		// A board that is written now does not know what has ended; with the next
		// audit it does.
		if _, there := want[name]; !there && strings.Contains(got[name], ">resolved<") {
			delete(got, name)
		}
	}
	for _, name := range []string{"findings.html", "integration-stock-to-storefront.html"} {
		delete(got, name)
		delete(want, name)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the board is not current: %s", diff)
	}
	for _, id := range []string{"f1", "f4"} {
		if page, err := blobs.Get(t.Context(), fmt.Sprintf("finding-%s.html", id)); err == nil && !strings.Contains(string(page), ">resolved<") {
			t.Errorf("%s has ended, and its page does not say so", id)
		}
	}
}
