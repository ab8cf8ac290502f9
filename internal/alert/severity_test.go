package alert_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/registry"
)

var graver = registry.SeverityOver{
	"critical": {"USD": commerce.Int(1000)}, "major": {"USD": commerce.Int(100), "EUR": commerce.Int(50)},
}

// staked is a minor alert of 40 and 60 dollars, opened at 10:00 and 11:00.
func staked() alert.Alert {
	a := stock(finding.ValueDiffers)
	a.Severity = "minor"
	return a.
		with(member("MUG-BLU@east", "09:40", differs("available", "6", "9")), worth("40", "USD")).
		with(member("CAP-BLK@east", "10:40", differs("available", "6", "9")), worth("60", "USD")).Alert
}

func TestRaise_FollowsMoneyTimesDays(t *testing.T) {
	acknowledged, waived, ended, untold := staked(), staked(), staked(), staked()
	acknowledged.Members[1].State, waived.Members[1].State, ended.Members[1].State = finding.Acknowledged, finding.Waived, finding.Resolved
	untold.Members[1].Impact = nil
	franc := staked()
	franc.Members[0].Currency, franc.Members[1].Currency = "CHF", "CHF"
	critical := staked()
	critical.Severity = "critical"
	for name, c := range map[string]struct {
		a     alert.Alert
		after time.Duration
		want  string
	}{
		"100 on the first day":            {staked(), 0, "major"},
		"900 on the ninth":                {staked(), 8 * 24 * time.Hour, "major"},
		"940 an hour before the tenth":    {staked(), 9*24*time.Hour - time.Hour, "major"},
		"1000 on the tenth":               {staked(), 9 * 24 * time.Hour, "critical"},
		"what somebody looks after":       {acknowledged, 9 * 24 * time.Hour, "critical"},
		"what is accepted does not count": {waived, 9 * 24 * time.Hour, "major"},
		"nor what has ended":              {ended, 0, "minor"},
		"nor what is not known":           {untold, 0, "minor"},
		"no limit in the currency":        {franc, 90 * 24 * time.Hour, "minor"},
		"never less grave":                {critical, 0, "critical"},
	} {
		got := alert.Raise(c.a, graver, at("11:00").Add(c.after))
		if got.Severity != c.want {
			t.Errorf("%s: %s, want %s", name, got.Severity, c.want)
		}
		if raised := got.Seq > c.a.Seq; raised != (c.want != c.a.Severity) || raised != (got.Raised.Seq == got.Seq && got.Raised.To == c.want) {
			t.Errorf("%s: Seq %d after %d, %+v", name, got.Seq, c.a.Seq, got.Raised)
		}
		if again := alert.Raise(got, graver, at("11:00").Add(c.after)); again.Seq != got.Seq {
			t.Errorf("%s: raised twice", name)
		}
	}
}

// TestRaise_WakesWhenALimitIsPassed compares the time at which an alert wants
// attention with a search hour by hour.
func TestRaise_WakesWhenALimitIsPassed(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a := stock(finding.ValueDiffers)
		a.Severity = "major"
		now := at("12:00")
		for i := range rapid.IntRange(1, 5).Draw(rt, "findings") {
			m := member(string(rune('A'+i)), "09:00", differs("available", "6", "9"))
			m.Opened = now.Add(-time.Duration(rapid.IntRange(0, 50).Draw(rt, "hours")) * time.Hour)
			a = a.with(m, worth(commerce.Int(int64(rapid.IntRange(0, 60).Draw(rt, "money"))).String(), "USD"))
		}
		over := registry.SeverityOver{"critical": {"USD": commerce.Int(1000)}}
		got := alert.Raise(a.Alert, over, now)
		var want time.Time
		for hour := 0; hour <= 366*24 && want.IsZero(); hour++ {
			if later := now.Add(time.Duration(hour) * time.Hour); alert.Raise(a.Alert, over, later).Severity == "critical" {
				want = later
			}
		}
		if got.Severity == "critical" {
			if !want.Equal(now) || !got.Next.IsZero() {
				rt.Fatalf("raised now, next %s, want at %s", got.Next, want)
			}
		} else if !got.Next.Equal(want) {
			rt.Fatalf("wakes at %s, want %s", got.Next, want)
		}
	})
}

func TestRaise_ForgetsNobodyElsesTime(t *testing.T) {
	a, now := staked(), at("11:00")
	soon := now.Add(time.Minute)
	if a.Next = soon; !alert.Raise(a, graver, now).Next.Equal(soon) {
		t.Error("an earlier time is lost")
	}
	a.Next = now.AddDate(1, 0, 0)
	if next := alert.Raise(a, graver, now).Next; !next.Equal(at("11:00").AddDate(0, 0, 9)) {
		t.Errorf("wakes at %s", next)
	}
}

// raisedAfter is the alert when it has been open for so many days longer, and
// people saw it before.
func raisedAfter(days int) built {
	a := staked()
	a.Shown, a.Told, a.Published = a.Seq, a.Seq, a.Seq
	for i, m := range a.Members {
		a.Members[i].Since, a.Members[i].Opened = m.Since.AddDate(0, 0, -days), m.Opened.AddDate(0, 0, -days)
	}
	return built{alert.Raise(a, graver, at("11:30"))}
}
