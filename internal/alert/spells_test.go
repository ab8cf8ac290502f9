package alert_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/finding"
)

func spell(id, opened, resolved string) finding.Finding {
	return finding.Finding{ID: id, State: finding.Resolved, Opened: at(opened), Resolved: at(resolved)}
}

func TestSpells_CountWhatComesAgainWithinADay(t *testing.T) {
	var s alert.Spells
	for i, f := range []finding.Finding{spell("f1", "09:10", "09:20"), spell("f2", "09:30", "09:40"), spell("f3", "10:00", "10:10")} {
		number, since := s.Of(f)
		if number != i+1 || !since.Equal(at("09:10")) || alert.Flapping(number) != (i == 2) {
			t.Errorf("%s is spell %d since %s", f.ID, number, since)
		}
		var news bool
		if s, news = s.After(f); !news {
			t.Errorf("the end of %s is no news", f.ID)
		}
		if again, news := s.After(f); news || again != s {
			t.Errorf("the end of %s counts twice", f.ID)
		}
		if number, _ := s.Of(f); number != i+1 {
			t.Errorf("after its end %s is spell %d", f.ID, number)
		}
	}
	for _, c := range []struct {
		after  time.Duration
		number int
	}{{24 * time.Hour, 4}, {24*time.Hour + time.Second, 1}} {
		f := finding.Finding{ID: "f4", Opened: at("10:10").Add(c.after)}
		if number, since := s.Of(f); number != c.number || (number == 1) != since.Equal(f.Opened) {
			t.Errorf("%s later it is spell %d since %s", c.after, number, since)
		}
	}
	if !s.Expires().After(at("10:10").Add(24 * time.Hour)) {
		t.Errorf("forgotten at %s, while it still counts", s.Expires())
	}
}
