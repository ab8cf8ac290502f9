package load_test

import (
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/load"
	"github.com/plumbline/plumbline/internal/queue"
)

// pass lets the functions work for a while.
func (w *world) pass(t *testing.T, d time.Duration) {
	t.Helper()
	for end := w.now.Add(d); w.now.Before(end); w.now = w.now.Add(10 * time.Second) {
		for range 100 {
			if !w.step(t) {
				break
			}
		}
	}
}

// redrive brings the dead letters back.
func (w *world) redrive(t *testing.T) (brought int) {
	t.Helper()
	brought, err := queue.Drain(t.Context(), w.dead, 100, func(m queue.Message) (bool, error) {
		return true, w.bulk.Send(t.Context(), m.Body)
	})
	if err != nil {
		t.Fatal(err)
	}
	return brought
}

// reported is what the report beside the file says.
func (w *world) reported(t *testing.T, name string) string {
	t.Helper()
	body, err := w.files.Get(t.Context(), "exports/shop/inventory/"+name+".report.json")
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// given is a whole file of 120 rows, three messages, whose second message kills
// merge every time. The file lacks one record and tells another change that no
// webhook told.
func given(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.heard(t, 121)
	w.hurried, w.load.Chunk = true, 60 // messages of 50, 10, 50 and 10 rows
	w.dies = func(body string) bool { return strings.Contains(body, sku(70)) }
	file := make([]int, 120)
	for i := range file {
		file[i] = 10 + i
	}
	file[70] = 3
	w.put(t, "stock.csv", stockFile(file...), eight)
	w.pass(t, time.Hour)
	return w
}

func TestALoadWhoseRowsAreDeadLettersConcludesNothing(t *testing.T) {
	w := given(t)
	c := w.certificates(t)[0]
	if c.State != load.Read || c.Unmerged != 1 || c.Concludes || c.Gone > 0 || !c.Concluded.IsZero() {
		t.Errorf("certificate %+v", c)
	}
	if !strings.Contains(w.reported(t, "stock.csv"), `"unmerged_messages": 1`) {
		t.Error("the report does not say what is missing")
	}
	if stock := w.available(t, 120); stock != "130" {
		t.Errorf("stock %s of what the file lacks", stock)
	}
	if why := w.noted(t, "lost", "inventory"); why != "" {
		t.Errorf("noted %q", why)
	}
	marks, err := w.findings.GetMarks(t.Context(), []string{"snapshot|shop|inventory", "file|shop|inventory"})
	if err != nil || len(marks) > 0 {
		t.Errorf("covered by it: %v, %v", marks, err)
	}
}

func TestARedriveCompletesALoad(t *testing.T) {
	w := given(t)
	w.dies = nil
	if n := w.redrive(t); n != 1 {
		t.Fatalf("%d dead letters", n)
	}
	w.run(t)
	c := w.certificates(t)[0]
	if c.State != load.Done || c.Unmerged != 0 || !c.Concludes || c.Gone != 1 || c.Lost != 2 {
		t.Errorf("certificate %+v", c)
	}
	if strings.Contains(w.reported(t, "stock.csv"), "unmerged_messages") {
		t.Error("the report says that rows are missing")
	}
	if missed, gone := w.available(t, 70), w.available(t, 120); missed != "3" || gone != "-" {
		t.Errorf("stock %s and %s", missed, gone)
	}
	if why := w.noted(t, "lost", "inventory"); !strings.Contains(why, "2 of 121") {
		t.Errorf("noted %q", why)
	}
}

func TestALoadWhoseRowsNeverComeBackEndsAndConcludesNothing(t *testing.T) {
	w := given(t)
	w.now = w.now.Add(contract.DeadLettersKept)
	w.run(t)
	c := w.certificates(t)[0]
	if c.State != load.Done || c.Concludes || c.Compared || c.Gone > 0 || c.Unmerged != 1 || !strings.Contains(c.Why, "1 messages of rows were never merged") {
		t.Errorf("certificate %+v", c)
	}
}
