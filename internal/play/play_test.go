package play_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/play"
)

// stage is a stack that notes what reaches it, and when by its clock.
type stage struct {
	now   time.Time
	front string
	noted []string
}

func (s *stage) Front() string { return s.front }

func (s *stage) Advance(_ context.Context, t time.Time) error {
	s.now = t
	return nil
}

func (s *stage) note(what string) { s.noted = append(s.noted, s.now.Format("15:04 ")+what) }

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { s.note(r.URL.Path) }))
	t.Cleanup(server.Close)
	s.front = server.URL
	return s
}

func busyDay() day.Day {
	return day.Day{
		Deliveries: []day.Delivery{{At: at(0), System: "erp"}, {At: at(10)}, {At: at(30), System: "shop"}},
		Decisions:  []day.Decision{{At: at(5), Action: "acknowledge"}, {At: at(20), Action: "waive"}, {At: at(40), Action: "reopen"}},
		Truth:      day.Truth{Day: "2026-03-03", Until: "2026-03-03 09:50", Timezone: "UTC"},
	}
}

func TestPlay_DeliveriesChangesAndDecisionsComeInTheirOrder(t *testing.T) {
	for name, c := range map[string]struct {
		progress play.Progress
		want     []string
	}{
		"from the beginning":      {play.Progress{}, []string{"09:00 /hooks/erp", "09:05 acknowledge", "09:10 /changes", "09:20 waive", "09:30 /hooks/shop", "09:40 reopen", "09:50 end"}},
		"from where it was ended": {play.Progress{Next: 2, At: at(10)}, []string{"09:20 waive", "09:30 /hooks/shop", "09:40 reopen", "09:50 end"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			p := play.Player{Day: busyDay(), Stack: s, Progress: &c.progress, Decide: func(_ context.Context, d day.Decision) error {
				s.note(d.Action)
				return nil
			}}
			if err := p.Play(t.Context()); err != nil {
				t.Fatal(err)
			}
			s.note("end")
			if !slices.Equal(s.noted, c.want) {
				t.Errorf("%q, want %q", s.noted, c.want)
			}
		})
	}
}

// decided is one open finding, and what was decided about it.
type decided struct {
	taken finding.Decision
	ids   []string
}

func (*decided) ActiveFindings(context.Context) ([]finding.Finding, error) {
	return []finding.Finding{
		{ID: "one", Rule: "stock", Kind: commerce.Inventory, Key: commerce.Key{"MUG", "east"}},
		{ID: "two", Rule: "stock", Kind: commerce.Inventory, Key: commerce.Key{"MUG", "west"}},
	}, nil
}

func (d *decided) Decide(_ context.Context, ids []string, taken finding.Decision) ([]finding.Finding, error) {
	d.ids, d.taken = ids, taken
	return nil, nil
}

func TestDecide_IsAboutTheFindingsOfARuleAndARecord(t *testing.T) {
	waive := func(change func(*day.Decision)) day.Decision {
		d := day.Decision{
			At: at(0), By: "dana", Rule: "stock", Key: "MUG@east", Action: "waive", Until: at(0).AddDate(0, 0, 7), Low: "-5", High: "0", Reason: "display pieces",
		}
		change(&d)
		return d
	}
	d := &decided{}
	if err := play.Decide(t.Context(), waive(func(*day.Decision) {}), d, d); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(d.ids, []string{"one"}) || *d.taken.Low != commerce.Int(-5) || *d.taken.High != commerce.Int(0) || d.taken.By != "dana" {
		t.Errorf("decided %+v about %v", d.taken, d.ids)
	}
	for name, c := range map[string]struct {
		change func(*day.Decision)
		want   error
	}{
		"no such finding":  {func(d *day.Decision) { d.Key = "CAP@east" }, play.ErrNoFinding},
		"no such decision": {func(d *day.Decision) { d.Action = "forget" }, finding.ErrDecision},
		"no such band":     {func(d *day.Decision) { d.Low = "few" }, commerce.ErrDecimal},
	} {
		if err := play.Decide(t.Context(), waive(c.change), d, d); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// told notes what is told of the past, and when it is waited for.
type told struct{ noted []string }

func (n *told) Accept(_ context.Context, d commerce.Delivery) (string, int, error) {
	n.noted = append(n.noted, d.System+" "+d.Received.Format("15:04"))
	return "", 1, nil
}

func TestRemember_EachLineOfThePastIsSettledBeforeTheNext(t *testing.T) {
	past := []day.Past{{At: at(0), System: "erp"}, {At: at(10), System: "shop"}}
	n := &told{}
	settle := func(context.Context) error {
		n.noted = append(n.noted, "settled")
		return nil
	}
	if err := play.Remember(t.Context(), past, n, settle); err != nil {
		t.Fatal(err)
	}
	if want := []string{"erp 09:00", "settled", "shop 09:10", "settled"}; !slices.Equal(n.noted, want) {
		t.Errorf("%q, want %q", n.noted, want)
	}
}
