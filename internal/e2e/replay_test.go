package e2e_test

import (
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/local/emulator"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/replay"
)

func TestReplay_BringsEverythingBackFromTheArchive(t *testing.T) {
	t.Parallel()
	deliveries := morning(t)
	began := deliveries[0].At
	start := func(prefix string, at time.Time) *world {
		return newWorld(t, local.Options{
			Memory: true, Emulators: emulator.ForTest(t), Plan: local.Plan{Prefix: prefix}, Clock: local.SteppedClock(at),
		})
	}
	lived := start("lived-", began)
	receiveAll(t, lived, lived.receiver(t), deliveries)
	lived.advance(t, 2*time.Minute)

	empty := start("empty-", began.Add(time.Hour))
	span := replay.Span{Since: began.Add(-time.Hour), Until: began.Add(time.Hour)}
	service := func(whole time.Time) *replay.Service {
		r := empty.receiver(t)
		return &replay.Service{Archive: lived.wire.Archive(), Read: r.Read, Seal: r.Seal, Generation: empty.wire.Registry.Generation, Whole: whole}
	}
	preview := func(s *replay.Service) replay.Report {
		report, err := replay.Preview(t.Context(), s.Items(t.Context(), span), empty.wire.Records(), empty.wire.Registry, empty.Clock().Now())
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	// Canaries are of the hour, and no system told of them.
	state := func(w *world) map[string]map[record.ViewID]said {
		rows := w.mustRows(t)
		maps.DeleteFunc(rows, func(_ string, row record.Row) bool { return row.Kind == commerce.Canary })
		return canonical(rows)
	}
	want := state(lived)
	for _, way := range []struct {
		name  string
		whole time.Time
	}{
		{"what was read then", span.Until},
		{"whole deliveries, on top", span.Since},
	} {
		s := service(way.whole)
		if r := preview(s); r.Deliveries < len(deliveries)*9/10 || way.whole.Equal(span.Until) && r.New == 0 {
			t.Errorf("%s: %d of %d deliveries are archived, %d records would be new", way.name, r.Deliveries, len(deliveries), r.New)
		}
		if _, err := s.Send(t.Context(), span, empty.wire.Queue(contract.Observations)); err != nil {
			t.Fatal(err)
		}
		empty.advance(t, 2*time.Minute)
		if diff := cmp.Diff(want, state(empty), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-as lived +replayed):\n%s", way.name, diff)
		}
		if r := preview(s); r.Rows+r.Newer > 0 {
			t.Errorf("%s: once more would change %d records: %+v", way.name, r.Rows, r.Changes)
		}
	}
}
