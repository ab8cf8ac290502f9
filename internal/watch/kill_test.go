package watch_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"github.com/plumbline/plumbline/internal/watch"
)

const childVariable = "WATCH_TEST_CHILD"

func TestMain(m *testing.M) {
	if folder := os.Getenv(childVariable); folder != "" {
		t := &child{}
		w := worldIn(t, folder)
		w.now = first.AddDate(0, 0, 4).Add(6 * time.Hour)
		w.run()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child is a process that is there to be killed.
type child struct{ testing.TB }

func (*child) Helper() {}

func (*child) Context() context.Context { return context.Background() }

func (*child) Fatal(args ...any) {
	_, _ = os.Stderr.WriteString("child failed\n")
	os.Exit(2)
}

func TestKilledAtAnyMomentItEndsAsIfItHadNotBeen(t *testing.T) {
	alone, killed := newWorld(t), newWorld(t)
	for _, w := range []*world{alone, killed} {
		for n := range 5 {
			w.night(n)
		}
	}
	alone.run()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	kills, chance := 0, rand.New(rand.NewPCG(1, 2))
	for limit := 20 * time.Millisecond; ; limit += 15 * time.Millisecond {
		var out bytes.Buffer
		c := exec.CommandContext(t.Context(), self)
		c.Env, c.Stderr = append(os.Environ(), childVariable+"="+killed.folder), &out
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(chance.Int64N(int64(limit))), func() { _ = c.Process.Kill() })
		err := c.Wait()
		timer.Stop()
		if err == nil {
			break
		}
		if c.ProcessState.ExitCode() >= 0 {
			t.Fatalf("it failed by itself: %v %s", err, &out)
		}
		kills++
		if watch.Exists(killed.watch.State) {
			killed.state() // it is whole
		}
	}
	if diff := cmp.Diff(ids(alone.findings()), ids(killed.findings())); diff != "" || kills == 0 {
		t.Errorf("after %d kills (-alone +killed):\n%s", kills, diff)
	}
	t.Logf("%d kills", kills)
}

func pack(t *testing.T, text string) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll([]byte(text), nil)
}
