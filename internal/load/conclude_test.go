package load_test

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/load"
)

var eight = map[string]string{load.AsOfMeta: "2026-03-03T08:00:00Z"}

// heard has the shop's webhooks tell stock of n SKUs at half past seven.
func (w *world) heard(t *testing.T, n int) {
	t.Helper()
	w.now = nine.Add(-90 * time.Minute)
	for i := range n {
		w.hook(t, i, 10+i)
	}
	w.now = nine
}

func TestWhatAWholeFileLacksIsGone(t *testing.T) {
	w := newWorld(t)
	w.heard(t, 4)
	w.hookAt(t, 3, 99, nine.Add(-30*time.Minute)) // told after the file
	w.put(t, "stock.csv", stockFile(10, -1, 12, -1), eight)
	w.run(t)
	if got := w.stock(t, 4); got != "10 - 12 99" {
		t.Errorf("stock %s", got)
	}
	if c := w.certificates(t)[0]; !c.Concludes || c.Gone != 1 || c.Keys != 2 {
		t.Errorf("certificate %+v", c)
	}
	w.hookAt(t, 1, 55, nine.Add(-2*time.Hour))
	if got := w.available(t, 1); got != "-" {
		t.Errorf("a late webhook brought back %s", got)
	}
	w.hookAt(t, 1, 55, nine.Add(time.Minute))
	if got := w.available(t, 1); got != "55" {
		t.Errorf("a new webhook brought back %s", got)
	}
}

func TestOnlyAWholeFileConcludesThatSomethingIsGone(t *testing.T) {
	whole := stockFile(10, -1, 12)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write([]byte(whole))
	_ = z.Close()
	with := func(name, value string) map[string]string {
		return map[string]string{load.AsOfMeta: eight[load.AsOfMeta], name: value}
	}
	for _, c := range []struct {
		name, content, why string
		meta               map[string]string
	}{
		{"truncated", packed.String()[:packed.Len()-12], "not whole", eight},
		{"fewer rows than declared", whole, "3 rows were declared and 2 are in the file", with(load.RowsMeta, "3")},
		{"a bad row", strings.Replace(whole, "12,12", "many,12", 1), "1 row cannot be read", eight},
		{"an unknown location", strings.Replace(whole, ",East,", ",North,", 1), "locations that the registry does not know", eight},
		{"no row", stockFile(), "the file has no row", eight},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.heard(t, 3)
			w.put(t, "stock.csv", c.content, c.meta)
			w.run(t)
			got := w.certificates(t)[0]
			if got.State != load.Done || got.Concludes || got.Gone > 0 || !strings.Contains(got.Why, c.why) {
				t.Errorf("certificate %+v", got)
			}
			if stock := w.available(t, 1); stock != "11" {
				t.Errorf("stock %s", stock)
			}
			marks, err := w.findings.GetMarks(t.Context(), []string{"snapshot|shop|inventory"})
			if err != nil || len(marks) > 0 {
				t.Errorf("covered by it: %v, %v", marks, err)
			}
		})
	}
}

func declared(at string) map[string]string {
	return map[string]string{load.AsOfMeta: "2026-03-03T" + at + ":00Z", load.CompleteMeta: "true"}
}

func TestOnlyTheNewestDeclaredFileConcludes(t *testing.T) {
	w := newWorld(t)
	w.load.Complete = func(string, commerce.Kind) bool { return false }
	w.heard(t, 3)
	for _, c := range []struct {
		name, content string
		meta          map[string]string
		stock, why    string
	}{
		{"undeclared.csv", stockFile(10, -1, 12), eight, "10 11 12", "not declared to be complete"},
		{"declared.csv", stockFile(10, 11, -1), declared("08:02"), "10 11 -", ""},
		{"older.csv", stockFile(10, -1, -1), declared("07:59"), "10 11 -", "newer file"},
	} {
		w.now = w.now.Add(time.Hour)
		w.put(t, c.name, c.content, c.meta)
		w.run(t)
		if got := w.stock(t, 3); got != c.stock {
			t.Errorf("%s: stock %s, want %s", c.name, got, c.stock)
		}
		if got := w.certificates(t)[0]; got.Concludes != (c.why == "") || !strings.Contains(got.Why, c.why) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestFilesThatOverlapConcludeNothing(t *testing.T) {
	w := newWorld(t)
	w.heard(t, 3)
	w.load.Chunk, w.hurried = 1, true
	w.put(t, "one.csv", stockFile(10, -1, 12), declared("08:00"))
	w.put(t, "two.csv", stockFile(10, 11, -1), declared("08:01"))
	w.run(t)
	if got := w.stock(t, 3); got != "10 11 12" {
		t.Errorf("stock %s", got)
	}
	for _, c := range w.certificates(t) {
		if c.Concludes || c.State != load.Done {
			t.Errorf("%+v", c)
		}
	}
}

func TestWhatCameAboutWhileAFileWasWrittenIsNotGone(t *testing.T) {
	w := newWorld(t)
	w.hookAt(t, 0, 5, nine.Add(-time.Hour))
	w.hookAt(t, 1, 6, nine.Add(-5*time.Minute))
	w.put(t, "stock.csv", stockFile(-1, -1, 3), nil) // as of when it was stored
	w.run(t)
	if got := w.stock(t, 3); got != "- 6 3" {
		t.Errorf("stock %s", got)
	}
}

func TestLostWebhooksAreCountedOnceAndTold(t *testing.T) {
	w := newWorld(t)
	w.heard(t, 20)
	file := make([]int, 20)
	for i := range file {
		file[i] = 10 + i
	}
	file[4], file[5], file[6] = 3, -1, 1 // two changes and a removal that nobody told
	w.put(t, "stock.csv", stockFile(file...), eight)
	w.run(t)
	if c := w.certificates(t)[0]; c.Lost != 3 || c.Told != 17 || len(c.Samples) != 3 || c.Gone != 1 {
		t.Errorf("certificate %+v", c)
	}
	why := w.noted(t, "lost", "inventory")
	if !strings.Contains(why, "3 of 20 changes of stock levels since") || !strings.Contains(why, "(15.0 %)") || !strings.Contains(why, "@east") {
		t.Errorf("noted %q", why)
	}
	w.now = w.now.Add(24 * time.Hour)
	for i := range file {
		if i != 5 {
			file[i] = 40 + i
			w.hookAt(t, i, file[i], w.now.Add(-2*time.Hour))
		}
	}
	w.put(t, "next.csv", stockFile(file...), map[string]string{load.AsOfMeta: w.now.Add(-time.Hour).Format(time.RFC3339)})
	w.run(t)
	if c := w.certificates(t)[0]; c.Lost != 0 || c.Told != 19 {
		t.Errorf("certificate %+v", c)
	}
	if why := w.noted(t, "lost", "inventory"); why != "" {
		t.Errorf("still noted %q", why)
	}
}

func TestAWebhookThatMayStillComeIsNotLost(t *testing.T) {
	w := newWorld(t)
	w.heard(t, 2)
	asOf := nine.Add(-time.Minute)
	w.put(t, "stock.csv", stockFile(10, 3), map[string]string{load.AsOfMeta: asOf.Format(time.RFC3339)})
	for range 20 {
		w.step(t)
	}
	if c := w.certificates(t)[0]; c.State != load.Read {
		t.Errorf("state %s before the webhook had its time", c.State)
	}
	w.hookAt(t, 1, 3, asOf)
	w.run(t)
	if c := w.certificates(t)[0]; c.Lost != 0 || c.Concluded.Before(asOf.Add(load.Grace)) {
		t.Errorf("certificate %+v", c)
	}
}

func TestASystemWithoutWebhooksLosesNone(t *testing.T) {
	w := newWorld(t)
	w.put(t, "stock.csv", stockFile(10, 3), eight)
	w.run(t)
	w.now = w.now.Add(24 * time.Hour)
	w.put(t, "next.csv", stockFile(11, 4), map[string]string{load.AsOfMeta: w.now.Format(time.RFC3339)})
	w.run(t)
	if c := w.certificates(t)[0]; c.Lost != 0 || c.Told != 0 || w.noted(t, "lost", "inventory") != "" {
		t.Errorf("certificate %+v", c)
	}
	if got := w.stock(t, 2); got != "11 4" {
		t.Errorf("stock %s", got)
	}
}

func TestAWholeFileCoversItsSystem(t *testing.T) {
	w := newWorld(t)
	w.heard(t, 2)
	w.put(t, "stock.csv", stockFile(10, 11), eight)
	w.run(t)
	marks, err := w.findings.GetMarks(t.Context(), []string{"covered|shop|inventory", "snapshot|shop|inventory"})
	if err != nil || !marks["covered|shop|inventory"].Equal(time.Unix(0, 0)) || !marks["snapshot|shop|inventory"].Equal(nine.Add(-time.Hour)) {
		t.Errorf("marks %v, %v", marks, err)
	}
}
