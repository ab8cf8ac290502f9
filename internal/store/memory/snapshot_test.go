package memory_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/store/memory"
	"github.com/plumbline/plumbline/internal/store/storetest"
)

func reload(t interface{ Fatal(args ...any) }, s memory.Stores) memory.Stores {
	var b bytes.Buffer
	if err := s.Save(&b); err != nil {
		t.Fatal(err)
	}
	back, err := memory.Load(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	return back
}

// restarted is a store of rows that is saved and loaded after each write.
type restarted struct {
	t  *testing.T
	mu sync.Mutex
	s  memory.Stores
}

func (r *restarted) now() *memory.Records {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.s.Records
}

func (r *restarted) Get(ctx context.Context, ids []commerce.RecordID) (map[commerce.RecordID]record.Row, error) {
	return r.now().Get(ctx, ids)
}

func (r *restarted) Glance(ctx context.Context, ids []commerce.RecordID) (map[commerce.RecordID]record.Row, error) {
	return r.now().Glance(ctx, ids)
}

func (r *restarted) Put(ctx context.Context, row record.Row) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	err := r.s.Records.Put(ctx, row)
	r.s = reload(r.t, r.s)
	return err
}

func (r *restarted) Due(ctx context.Context, shard int, until time.Time, limit int) ([]commerce.RecordID, error) {
	return r.now().Due(ctx, shard, until, limit)
}

func (r *restarted) Scan(ctx context.Context, kind commerce.Kind, each func(record.Row) error) error {
	return r.now().Scan(ctx, kind, each)
}

func (r *restarted) Page(ctx context.Context, segment, segments int, cursor string, limit int) ([]record.Row, string, error) {
	return r.now().Page(ctx, segment, segments, cursor, limit)
}

func TestSnapshot_RowsKeepTheirPromisesOverRestarts(t *testing.T) {
	storetest.Records(t, func(t *testing.T) store.Records { return &restarted{t: t, s: memory.New()} })
}

func TestSnapshot_ARowComesBackAsItWasKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		row := storetest.Rows().Draw(t, "row")
		row.Rev = 0
		s := memory.New()
		if err := s.Records.Put(context.Background(), row); err != nil {
			t.Fatal(err)
		}
		want, err := s.Records.Get(context.Background(), []commerce.RecordID{row.ID()})
		if err != nil {
			t.Fatal(err)
		}
		got, err := reload(t, s).Records.Get(context.Background(), []commerce.RecordID{row.ID()})
		if err != nil {
			t.Fatal(err)
		}
		if diff := storetest.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

var noon = time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)

// full are stores with one of everything.
func full(t *testing.T) memory.Stores {
	t.Helper()
	s, ctx := memory.New(), t.Context()
	for _, err := range []error{
		s.Records.Put(ctx, record.Row{Kind: commerce.Inventory, Key: commerce.Key{"MUG", "east"}, Due: noon}),
		s.Findings.PutFinding(ctx, storetest.Finding("f1")),
		s.Findings.PutAlert(ctx, storetest.Alert("a1")),
		s.Findings.PutGroup(ctx, store.Group{Name: "g1", Expires: noon}),
		s.Findings.PutSweep(ctx, store.Sweep{Name: "audit", Run: "1", Noted: noon}),
		s.Findings.PutDocument(ctx, store.Document{Name: "d1", Body: []byte(`{"a":1}`)}),
		s.Findings.EarliestMark(ctx, "covered", noon),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func TestSnapshot_EverythingComesBack(t *testing.T) {
	before := full(t)
	after, ctx := reload(t, before), t.Context()
	type all struct {
		Findings, Alerts, Group, Sweep, Document, Marks any
		Due                                             int
	}
	read := func(s memory.Stores) all {
		var a all
		var errs [6]error
		a.Findings, errs[0] = s.Findings.AllFindings(ctx)
		a.Alerts, errs[1] = s.Findings.AllAlerts(ctx)
		a.Group, errs[2] = s.Findings.GetGroup(ctx, "g1")
		a.Sweep, errs[3] = s.Findings.GetSweep(ctx, "audit")
		a.Document, errs[4] = s.Findings.GetDocument(ctx, "d1")
		a.Marks, errs[5] = s.Findings.GetMarks(ctx, []string{"covered"})
		if err := errors.Join(errs[:]...); err != nil {
			t.Fatal(err)
		}
		for shard := range store.Shards {
			due, err := s.Records.Due(ctx, shard, noon, 9)
			if err != nil {
				t.Fatal(err)
			}
			a.Due += len(due)
		}
		return a
	}
	want, got := read(before), read(after)
	if diff := storetest.Diff(want, got); diff != "" || got.Due != 1 {
		t.Errorf("due %d, %s", got.Due, diff)
	}
	f, err := after.Findings.GetFinding(ctx, "f1")
	if err != nil || f.Rev != 1 {
		t.Errorf("revision %d, %v: a writer that read before would lose or win wrongly", f.Rev, err)
	}
}

func TestSnapshot_TheSameContentIsTheSameBytes(t *testing.T) {
	var one, two bytes.Buffer
	s := full(t)
	if err := errors.Join(s.Save(&one), reload(t, s).Save(&two)); err != nil || !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Errorf("%v\n%s\n%s", err, one.String(), two.String())
	}
}

func TestSnapshot_NoPartOfOneIsTakenForTheWhole(t *testing.T) {
	var b bytes.Buffer
	if err := full(t).Save(&b); err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(strings.TrimSuffix(b.String(), "\n"), "\n")
	bad := map[string]string{
		"nothing": "", "another file": "a,b\n", "another JSON file": "{}\n",
		"twice its head": lines[0] + b.String(), "a line is missing": lines[0] + strings.Join(lines[2:], ""),
	}
	for i := range lines {
		bad["cut off"+strings.Repeat(" ", i)] = strings.Join(lines[:i], "")
	}
	for name, text := range bad {
		if _, err := memory.Load(strings.NewReader(text)); !errors.Is(err, memory.ErrSnapshot) {
			t.Errorf("%s: %v", name, err)
		}
	}
	newer := strings.Replace(b.String(), `{"codec":1}`, `{"codec":2}`, 1)
	if _, err := memory.Load(strings.NewReader(newer)); !errors.Is(err, store.ErrNewer) {
		t.Errorf("a newer codec: %v", err)
	}
}
