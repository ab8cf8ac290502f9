package load_test

import (
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/day/daytest"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/load"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/play"
	"github.com/plumbline/plumbline/internal/queue/memqueue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store/memory"
)

const root = "../.."

// dropped is the day without one in so many of its accepted deliveries.
func dropped(d day.Day, oneIn int, seed uint64) day.Day {
	chance, outcomes := rand.New(rand.NewPCG(seed, 0)), d.Outcomes()
	var kept []day.Delivery
	d.Truth.Outcomes = slices.Clone(d.Truth.Outcomes)[:0]
	for i, one := range d.Deliveries {
		if outcomes[i] == day.Accepted && chance.IntN(oneIn) == 0 && len(kept) > 0 {
			continue
		}
		kept = append(kept, one)
		if outcomes[i] != day.Accepted {
			d.Truth.Outcomes = append(d.Truth.Outcomes, day.Outcome{Line: len(kept), Is: outcomes[i]})
		}
	}
	d.Deliveries = kept
	return d
}

// rows are those of the kinds that systems report.
func rowsOf(t *testing.T, records *memory.Records) map[commerce.RecordID]record.Row {
	t.Helper()
	all := map[commerce.RecordID]record.Row{}
	for _, kind := range commerce.Kinds() {
		if err := records.Scan(t.Context(), kind, func(r record.Row) error { all[r.ID()] = r; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// snapshot is what an export of a system would say of all its records of a kind.
type snapshot struct {
	rows []load.Row
	n    int
}

func (s *snapshot) Next() (load.Row, error) {
	if s.n == len(s.rows) {
		return load.Row{}, io.EOF
	}
	s.n++
	return s.rows[s.n-1], nil
}

func (s *snapshot) Read() int                { return s.n }
func (s *snapshot) Unmapped() map[string]int { return nil }
func (s *snapshot) As() string               { return "a snapshot" }
func (s *snapshot) Close() error             { return nil }

func snapshotOf(truth map[commerce.RecordID]record.Row, of load.Place, asOf time.Time) *snapshot {
	s := &snapshot{}
	for _, row := range truth {
		told := row.Sources(of.System)
		side, at := told.Told, told.ToldAt
		if row.Kind != of.Kind || !side.Live {
			continue
		}
		o := commerce.Observation{
			System: of.System, Kind: row.Kind, Key: row.Key, Part: "export", Native: row.Key.Text(row.Kind), Facets: side.Facets, Created: side.Created,
		}
		o.Stamp(commerce.VersionParts{Clock: at, ReadBack: asOf.Sub(at) >= 5*time.Second})
		s.rows = append(s.rows, load.Row{Line: len(s.rows) + 2, Observation: o})
	}
	return s
}

func shows(row record.Row, system string) string {
	side := row.SideOf(system)
	if !side.Live {
		return "nothing"
	}
	return fmt.Sprint(side.Facets)
}

// TestADayWithLostWebhooksEndsWithTheTruth plays the recorded day once whole and
// once without one in twenty of its webhooks, and then loads a snapshot of each
// system's records into the second.
func TestADayWithLostWebhooksEndsWithTheTruth(t *testing.T) {
	r, d := daytest.Load(t, filepath.Join(root, "plumbline.yaml")), daytest.Read(t, filepath.Join(root, "events", "day"))
	whole, poor := daytest.New(t, r, root, d), daytest.New(t, r, root, dropped(d, 20, 1))
	whole.Play(t)
	poor.Play(t)
	truth, before := rowsOf(t, whole.Records), rowsOf(t, poor.Records)
	end, err := play.End(d.Truth)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{now: end.Add(time.Hour), registry: r, records: poor.Records, findings: poor.Findings}
	w.over(t, truth, end)
	// Nothing of a truncated snapshot follows, which here are all but their last rows.
	w.load.Complete = func(string, commerce.Kind) bool { return true }
	places := snapshots(truth)
	heard := w.heardSince(t, places)
	for _, p := range places {
		w.place(t, p, map[string]string{load.AsOfMeta: end.Format(time.RFC3339), load.RowsMeta: "1000000"})
	}
	w.run(t)
	for id, row := range rowsOf(t, poor.Records) {
		for _, v := range row.Views {
			if v.Gone && !before[id].SideOf(v.System).Gone() && v.Delivery != "" && strings.HasPrefix(v.Delivery, "load-") {
				t.Errorf("%s: a truncated snapshot concluded that %s removed it", id, v.System)
			}
		}
	}
	w.now = w.now.Add(time.Hour)
	for _, p := range places {
		w.place(t, p, map[string]string{load.AsOfMeta: end.Add(time.Second).Format(time.RFC3339)})
		w.run(t)
	}
	after := rowsOf(t, poor.Records)
	lost, told := 0, 0
	for _, p := range places {
		l, err := load.ReadLedger(t.Context(), w.findings, p.System, p.Kind)
		if err != nil {
			t.Fatal(err)
		}
		c := l.Loads[0]
		want := w.wrong(truth, before, p, heard[merge.CoveredMark(p.System, p.Kind)])
		if c.State != load.Done || !c.Concludes || c.Lost != want {
			t.Errorf("%s %s: %d lost webhooks reported, want %d: %+v", p.System, p.Kind, c.Lost, want, c)
		}
		lost, told = lost+c.Lost, told+c.Told
	}
	for id, row := range after {
		for system := range r.Systems {
			if got, want := shows(row, system), shows(truth[id], system); got != want {
				t.Errorf("%s shows %s for %s, want %s", system, got, id, want)
			}
		}
	}
	if len(after) < len(truth) || lost < 10 {
		t.Errorf("%d rows of %d, %d lost webhooks: the day was too gentle", len(after), len(truth), lost)
	}
	t.Logf("%d records, %d places, %d of %d changes lost", len(truth), len(places), lost, lost+told)
}

// over puts load over the stores of a stage.
func (w *world) over(t *testing.T, truth map[commerce.RecordID]record.Row, asOf time.Time) {
	t.Helper()
	fresh := newWorld(t)
	clock := func() time.Time { return w.now }
	w.bulk, w.loads = memqueue.New(memqueue.Options{Now: clock}), memqueue.New(memqueue.Options{Now: clock})
	receipts := &memory.Receipts{}
	w.files, w.load = fresh.files, fresh.load
	s := w.load
	s.Documents, s.Records, s.Marks, s.Bulk, s.Receipts, s.Loads, s.Now = w.findings, w.records, w.findings, w.bulk, receipts, w.loads, clock
	s.Zone = func(string) (*time.Location, bool) { return time.UTC, true }
	s.Reader = func(of load.Place, _ time.Time, _ io.Reader) (load.Rows, error) {
		return snapshotOf(truth, of, asOf), nil
	}
	w.merge = &merge.Service{
		Records: w.records, Marks: w.findings, Receipts: receipts, Looks: memqueue.New(memqueue.Options{Now: clock}), Archive: memqueue.New(memqueue.Options{Now: clock}),
		Open: fresh.merge.Open, Registry: w.registry, Rules: judge.Rules(w.registry), Now: clock, Log: slog.New(slog.DiscardHandler),
	}
}

// snapshots are the systems and kinds that have records.
func snapshots(truth map[commerce.RecordID]record.Row) []load.Place {
	var all []load.Place
	for _, row := range truth {
		for _, v := range row.Views {
			p := load.Place{System: v.System, Kind: row.Kind, Name: "snapshot"}
			if !slices.Contains(all, p) {
				all = append(all, p)
			}
		}
	}
	slices.SortFunc(all, func(a, b load.Place) int { return strings.Compare(a.Key(), b.Key()) })
	return all
}

// heardSince are the marks of when systems were first heard.
func (w *world) heardSince(t *testing.T, places []load.Place) map[string]time.Time {
	t.Helper()
	var names []string
	for _, p := range places {
		names = append(names, merge.CoveredMark(p.System, p.Kind))
	}
	marks, err := w.findings.GetMarks(t.Context(), names)
	if err != nil {
		t.Fatal(err)
	}
	return marks
}

func (w *world) place(t *testing.T, p load.Place, meta map[string]string) {
	t.Helper()
	key := contract.ExportKeys + p.System + "/" + string(p.Kind) + "/" + p.Name
	if err := w.files.Write(t.Context(), key, strings.NewReader(""), meta); err != nil {
		t.Fatal(err)
	}
	if err := w.loads.Send(t.Context(), event(key)); err != nil {
		t.Fatal(err)
	}
}

// wrong counts the records of a system of which something was missed since it was
// heard first. What it would have told before nobody can know of.
func (w *world) wrong(truth, poor map[commerce.RecordID]record.Row, p load.Place, heard time.Time) int {
	n := 0
	for id, row := range truth {
		at := row.Sources(p.System).ToldAt
		if row.Kind == p.Kind && shows(row, p.System) != shows(poor[id], p.System) && !at.Before(heard) {
			n++
		}
	}
	return n
}
