package load_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/blob"
	"github.com/plumbline/plumbline/internal/load"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
)

var errKilled = errors.New("killed")

// reaper ends the process at one of its calls to the outside, before or after the
// call has its effect. From then on no call has any until it is revived.
type reaper struct {
	mu        sync.Mutex
	calls, at int
	after     bool
	dead      bool
}

func (r *reaper) call(effect func() error) error {
	r.mu.Lock() // the parts of a walk are read side by side
	defer r.mu.Unlock()
	if r.dead {
		return errKilled
	}
	r.calls++
	if r.calls != r.at {
		return effect()
	}
	if r.after {
		_ = effect()
	}
	r.dead = true
	return errKilled
}

func (r *reaper) revive() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.dead = false
}

type (
	mortalFiles struct {
		*reaper
		of load.Files
	}
	mortalBlobs struct {
		*reaper
		of load.Blobs
	}
	mortalDocuments struct {
		*reaper
		store.Documents
	}
	mortalRecords struct {
		*reaper
		of load.Records
	}
	mortalMarks struct {
		*reaper
		of load.Marks
	}
	mortalBulk struct {
		*reaper
		of load.Bulk
	}
	mortalReceipts struct {
		*reaper
		of load.Receipts
	}
	mortalLoads struct {
		*reaper
		of load.Loads
	}
)

func (m mortalFiles) Open(ctx context.Context, key string) (f blob.File, err error) {
	err = m.call(func() error { f, err = m.of.Open(ctx, key); return err })
	return f, err
}

func (m mortalBlobs) Put(ctx context.Context, key string, body []byte) error {
	return m.call(func() error { return m.of.Put(ctx, key, body) })
}

func (m mortalBlobs) Get(ctx context.Context, key string) (body []byte, err error) {
	err = m.call(func() error { body, err = m.of.Get(ctx, key); return err })
	return body, err
}

func (m mortalDocuments) GetDocument(ctx context.Context, name string) (d store.Document, err error) {
	err = m.call(func() error { d, err = m.Documents.GetDocument(ctx, name); return err })
	return d, err
}

func (m mortalDocuments) PutDocument(ctx context.Context, d store.Document) error {
	return m.call(func() error { return m.Documents.PutDocument(ctx, d) })
}

func (m mortalRecords) Page(ctx context.Context, segment, segments int, cursor string, limit int) (rows []record.Row, next string, err error) {
	err = m.call(func() error { rows, next, err = m.of.Page(ctx, segment, segments, cursor, limit); return err })
	return rows, next, err
}

func (m mortalMarks) EarliestMark(ctx context.Context, name string, t time.Time) error {
	return m.call(func() error { return m.of.EarliestMark(ctx, name, t) })
}

func (m mortalMarks) LatestMark(ctx context.Context, name string, t time.Time) error {
	return m.call(func() error { return m.of.LatestMark(ctx, name, t) })
}

func (m mortalMarks) GetMarks(ctx context.Context, names []string) (marks map[string]time.Time, err error) {
	err = m.call(func() error { marks, err = m.of.GetMarks(ctx, names); return err })
	return marks, err
}

func (m mortalBulk) Send(ctx context.Context, bodies ...string) error {
	return m.call(func() error { return m.of.Send(ctx, bodies...) })
}

func (m mortalBulk) Depth(ctx context.Context) (visible, inFlight, delayed int, err error) {
	err = m.call(func() error { visible, inFlight, delayed, err = m.of.Depth(ctx); return err })
	return visible, inFlight, delayed, err
}

func (m mortalReceipts) CountReceipts(ctx context.Context, of string, n int) (count int, err error) {
	err = m.call(func() error { count, err = m.of.CountReceipts(ctx, of, n); return err })
	return count, err
}

func (m mortalLoads) SendAfter(ctx context.Context, delay time.Duration, body string) error {
	return m.call(func() error { return m.of.SendAfter(ctx, delay, body) })
}

// mortal lets the reaper at all that load uses. A process that was killed is
// followed by another one with the next message.
func (w *world) mortal(r *reaper) {
	s := w.load
	s.Files, s.Blobs = mortalFiles{r, s.Files}, mortalBlobs{r, s.Blobs}
	s.Documents, s.Records = mortalDocuments{r, s.Documents}, mortalRecords{r, s.Records}
	s.Marks, s.Bulk, s.Loads = mortalMarks{r, s.Marks}, mortalBulk{r, s.Bulk}, mortalLoads{r, s.Loads}
	s.Receipts = mortalReceipts{r, s.Receipts}
	w.reaper = r
}

// crash plays a day and a load in which every kind of thing happens, with the
// process killed at a call, and says what came out.
func crash(t *testing.T, at int, after bool) (out string, calls int) {
	t.Helper()
	w := newWorld(t)
	w.heard(t, 8)
	r := &reaper{at: at, after: after}
	w.mortal(r)
	w.load.Chunk, w.hurried = 3, true
	content := strings.Replace(stockFile(10, 1, -1, 13, 14, 15, 16, 17, 18), "15,15\n", "15,much\n", 1)
	w.put(t, "stock.csv", content, eight)
	w.run(t)
	w.load.Chunk = 4
	w.put(t, "whole.csv", stockFile(10, 1, -1, 13, 14, 15, 2, 17, 18), map[string]string{load.AsOfMeta: "2026-03-03T08:20:00Z"})
	w.run(t)
	var b strings.Builder
	for i := range 10 {
		for _, v := range w.row(t, i).Views {
			fmt.Fprintln(&b, v.ViewID, v.Version, v.Gone, v.Facets)
		}
	}
	for _, c := range w.certificates(t) {
		fmt.Fprintln(&b, c.Object, c.State, c.Rows, c.Records, c.Keys, c.Rejected, c.Gone, c.Lost, c.Told, c.Samples, c.Concludes, c.Why, c.Checksum, c.KeysChecksum)
	}
	fmt.Fprintln(&b, w.noted(t, "rejected", "inventory"), w.noted(t, "lost", "inventory"))
	return b.String(), r.calls
}

func TestALoadThatIsKilledAnywhereComesToTheSame(t *testing.T) {
	want, calls := crash(t, 0, false)
	if !strings.Contains(want, "true") || calls < 50 {
		t.Fatalf("%d calls and nothing to be seen:\n%s", calls, want)
	}
	for at := 1; at <= calls; at++ {
		for _, after := range []bool{false, true} {
			if got, _ := crash(t, at, after); got != want {
				t.Fatalf("killed at call %d of %d, after it %t:\n%swant\n%s", at, calls, after, got, want)
			}
		}
	}
	t.Logf("%d points", 2*calls)
}
