package replay_test

import (
	"context"
	"iter"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/plumbline/plumbline/internal/archive"
	"github.com/plumbline/plumbline/internal/blob/memblob"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/all"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/receive"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/replay"
	"github.com/plumbline/plumbline/internal/rerun"
	"github.com/plumbline/plumbline/internal/secret"
	"github.com/plumbline/plumbline/internal/store/memory"
	"github.com/plumbline/plumbline/internal/wire"
)

// root is the folder of the demo registry and of the recorded day.
const root = "../.."

// lived is the recorded day as it was lived: what merge and drift made of it, and
// what was archived.
type lived struct {
	registry   *registry.Registry
	start, end time.Time
	records    *memory.Records
	findings   *memory.Findings
	bucket     *memblob.Store
}

// liveADay lives through the recorded day. The tests that do share nothing.
func liveADay(t *testing.T) lived {
	t.Helper()
	path := filepath.Join(root, "plumbline.yaml")
	r, problems := registry.Load(path, all.Platforms(), nine)
	if r == nil {
		t.Fatal(problems)
	}
	recorded, err := day.Read(os.DirFS(filepath.Join(root, "events", "day")))
	if err != nil {
		t.Fatal(err)
	}
	envelopes := received(t, r, path, recorded)
	l := lived{
		registry: r, start: recorded.Deliveries[0].At, end: recorded.Deliveries[len(recorded.Deliveries)-1].At.Add(2 * time.Hour),
		bucket: &memblob.Store{},
	}
	l.records, l.findings = l.again(t, each(envelopes))
	l.archive(t, envelopes)
	return l
}

// received reads the deliveries as the front door does.
func received(t *testing.T, r *registry.Registry, path string, recorded day.Day) []queue.Envelope {
	t.Helper()
	systems, err := wire.Systems(r, []byte("a key for this test"))
	if err != nil {
		t.Fatal(err)
	}
	q := &gathered{}
	s := &receive.Service{
		Systems: systems, Secrets: beside(filepath.Dir(path)),
		Observations: q, Quarantine: nowhere{}, Fetches: nowhere{}, Generation: r.Generation, MaxBody: contract.MaxBody,
		Seal: q.seal, Log: slog.New(slog.DiscardHandler),
	}
	for _, d := range recorded.Deliveries {
		header := http.Header{}
		for name, value := range d.Headers {
			header.Set(name, value)
		}
		s.Receive(t.Context(), d.System, platform.Request{Method: http.MethodPost, Header: header, Body: []byte(d.Body), Received: d.At})
	}
	if len(q.sent) < len(recorded.Deliveries)*9/10 {
		t.Fatalf("%d of %d deliveries were taken", len(q.sent), len(recorded.Deliveries))
	}
	return q.sent
}

// beside resolves references to files that lie in the folder.
type beside string

func (folder beside) Resolve(_ context.Context, ref secret.Reference) (string, error) {
	text, err := os.ReadFile(filepath.Join(string(folder), ref.Name))
	return strings.TrimSpace(string(text)), err
}

// gathered is a queue that keeps envelopes; a body is the number of one.
type gathered struct{ sealed, sent []queue.Envelope }

func (g *gathered) seal(_ context.Context, e queue.Envelope) (string, error) {
	g.sealed = append(g.sealed, e)
	return strconv.Itoa(len(g.sealed) - 1), nil
}

func (g *gathered) Send(_ context.Context, bodies ...string) error {
	for _, body := range bodies {
		i, err := strconv.Atoi(body)
		if err != nil {
			return err
		}
		g.sent = append(g.sent, g.sealed[i])
	}
	return nil
}

func each(envelopes []queue.Envelope) iter.Seq2[queue.Envelope, error] {
	return func(yield func(queue.Envelope, error) bool) {
		for _, e := range envelopes {
			if !yield(e, nil) {
				return
			}
		}
	}
}

// again lets merge and drift live through deliveries.
func (l lived) again(t *testing.T, deliveries iter.Seq2[queue.Envelope, error]) (*memory.Records, *memory.Findings) {
	t.Helper()
	records, findings := &memory.Records{}, &memory.Findings{}
	stage := rerun.New(rerun.NewAgenda(l.start.Truncate(time.Minute)), l.registry, rerun.Stores{Records: records, Findings: findings, Arrivals: &memory.Arrivals{}})
	if err := stage.Play(deliveries, l.end); err != nil {
		t.Fatal(err)
	}
	return records, findings
}

func (l lived) archive(t *testing.T, envelopes []queue.Envelope) {
	t.Helper()
	s := &archive.Service{
		Blobs: l.bucket, Now: func() time.Time { return l.end }, Log: slog.New(slog.DiscardHandler),
		Open: func(_ context.Context, body string) (queue.Envelope, error) { return queue.Decode(body) },
	}
	for batch := range slices.Chunk(envelopes, 100) {
		var messages []archive.Message
		for _, e := range batch {
			body, err := queue.Encode(e)
			if err != nil {
				t.Fatal(err)
			}
			messages = append(messages, archive.Message{ID: e.Delivery.ID, Body: body})
		}
		if failed := s.Archive(t.Context(), messages); len(failed) > 0 {
			t.Fatalf("%d deliveries were not archived", len(failed))
		}
	}
}

// items are the archive as a rebuild takes it.
func (l lived) items(t *testing.T) []replay.Item {
	t.Helper()
	s := &replay.Service{Archive: archive.Reader{Blobs: l.bucket}, Whole: l.end}
	var items []replay.Item
	for item, err := range s.Items(t.Context(), replay.Span{Since: l.start, Until: l.end}) {
		if err != nil {
			t.Fatal(err)
		}
		items = append(items, item)
	}
	return items
}

// canonical is the state that follows from what systems said: of each view its
// version, its facets, and whether it is gone.
func canonical(t *testing.T, records *memory.Records) map[commerce.RecordID][]record.View {
	t.Helper()
	state := map[commerce.RecordID][]record.View{}
	err := records.Scan(t.Context(), "", func(row record.Row) error {
		if row.Kind != commerce.Link && !slices.Contains(commerce.Kinds(), row.Kind) {
			return nil
		}
		for _, v := range row.Views {
			state[row.ID()] = append(state[row.ID()], record.View{ViewID: v.ViewID, Version: v.Version, Facets: v.Facets, Gone: v.Gone})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return state
}

func TestRebuild_FromTheArchiveInAnyOrderGivesTheSameState(t *testing.T) {
	t.Parallel()
	l := liveADay(t)
	want := canonical(t, l.records)
	if len(want) < 500 {
		t.Fatalf("%d records, want a day's", len(want))
	}
	items := l.items(t)
	rand.New(rand.NewPCG(7, 1)).Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
	records := &memory.Records{}
	m := &merge.Service{
		Records: records, Marks: &memory.Findings{}, Looks: nowhere{}, Archive: nowhere{},
		Open: func(_ context.Context, body string) (queue.Envelope, error) {
			i, err := strconv.Atoi(body)
			return items[i].Envelope, err
		},
		Registry: l.registry, Rules: judge.Rules(l.registry), Now: func() time.Time { return l.end }, Log: slog.New(slog.DiscardHandler),
	}
	for i := range items {
		if failed := m.Merge(t.Context(), []merge.Message{{ID: "m", Body: strconv.Itoa(i), Receives: 1}}); len(failed) > 0 {
			t.Fatal("an archived delivery was not merged")
		}
	}
	if diff := cmp.Diff(want, canonical(t, records), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("records (-as lived +rebuilt):\n%s", diff)
	}
}

func TestRebuild_InTheOrderOfReceiptGivesTheSameFindings(t *testing.T) {
	t.Parallel()
	l := liveADay(t)
	records, findings := l.again(t, func(yield func(queue.Envelope, error) bool) {
		for _, item := range l.items(t) {
			if !yield(item.Envelope, nil) {
				return
			}
		}
	})
	if diff := cmp.Diff(canonical(t, l.records), canonical(t, records), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("records (-as lived +rebuilt):\n%s", diff)
	}
	want, got := allFindings(t, l.findings), allFindings(t, findings)
	if len(want) < 10 {
		t.Fatalf("%d findings, want a day's", len(want))
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.EquateComparable(commerce.Decimal{})); diff != "" {
		t.Errorf("findings (-as lived +rebuilt):\n%s", diff)
	}
}

func allFindings(t *testing.T, findings *memory.Findings) []finding.Finding {
	t.Helper()
	all, err := findings.AllFindings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		all[i].Rev = 0
	}
	return all
}
