package silence_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/silence"
)

func newYork(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// hears is the slots from one time to another in which the condition holds.
func hears(from, until time.Time, in *time.Location, when func(at time.Time) bool) []silence.Slot {
	var slots []silence.Slot
	for s := silence.SlotOf(from); s.Start().Before(until); s++ {
		if when(s.Start().In(in)) {
			slots = append(slots, s)
		}
	}
	return slots
}

func office(at time.Time) bool {
	return at.Weekday() != time.Saturday && at.Weekday() != time.Sunday && at.Hour() >= 8 && at.Hour() < 18
}

func TestAQuietSundayIsNoOutageAndADeadWeekdayMorningIs(t *testing.T) {
	zone := newYork(t)
	begin := time.Date(2026, 2, 2, 0, 0, 0, 0, zone)
	sunday := time.Date(2026, 3, 22, 12, 0, 0, 0, zone)
	monday := time.Date(2026, 3, 23, 8, 0, 0, 0, zone)
	rules := silence.Rules{Zone: zone, Floor: 30 * time.Minute}
	slots := hears(begin, sunday, zone, office)
	friday := slots[len(slots)-1].End()
	for _, c := range []struct {
		now  time.Time
		want silence.State
	}{
		{friday.Add(time.Minute), silence.Heard},
		{sunday, silence.Heard},
		{monday, silence.Heard},
		{monday.Add(50 * time.Minute), silence.Heard},
		{monday.Add(52 * time.Minute), silence.Silent},
		{monday.Add(30 * time.Hour), silence.Silent},
	} {
		v := silence.Of(slots, rules).Judge(c.now)
		if v.State != c.want || !v.Since.Equal(friday) {
			t.Errorf("%s: state %d since %s, want %d since %s", c.now, v.State, v.Since, c.want, friday)
		}
		if c.want == silence.Silent && (v.Chance > silence.Rare || !v.Next.IsZero()) {
			t.Errorf("%s: chance %g, next %s", c.now, v.Chance, v.Next)
		}
	}
	// Heard again, it is silent no longer.
	slots = append(slots, silence.SlotOf(monday.Add(55*time.Minute)))
	if v := silence.Of(slots, rules).Judge(monday.Add(56 * time.Minute)); v.State != silence.Heard {
		t.Errorf("heard a minute ago: state %d", v.State)
	}
}

func TestHoursAreThoseOfTheWallClockOverDaylightSaving(t *testing.T) {
	zone := newYork(t)
	// Clocks go forward on 8 March and back on 1 November 2026: work begins at
	// eight on the wall, an hour earlier or later in UTC.
	for _, c := range []struct{ begin, monday time.Time }{
		{time.Date(2026, 1, 26, 0, 0, 0, 0, zone), time.Date(2026, 3, 9, 8, 0, 0, 0, zone)},
		{time.Date(2026, 9, 21, 0, 0, 0, 0, zone), time.Date(2026, 11, 2, 8, 0, 0, 0, zone)},
	} {
		slots := hears(c.begin, c.monday, zone, office)
		rules := silence.Rules{Zone: zone}
		for _, minute := range []time.Duration{-90, -60, -30, 0, 30} {
			if v := silence.Of(slots, rules).Judge(c.monday.Add(minute * time.Minute)); v.State != silence.Heard {
				t.Errorf("%v before or after work begins on %s: silent", minute*time.Minute, c.monday)
			}
		}
		if v := silence.Of(slots, rules).Judge(c.monday.Add(55 * time.Minute)); v.State != silence.Silent {
			t.Errorf("55 minutes after work begins on %s: not silent", c.monday)
		}
	}
	// The hour that the clock repeats counts twice, one that it skips not at all.
	always := func(time.Time) bool { return true }
	rhythm := silence.Learn(hears(time.Date(2026, 10, 31, 0, 0, 0, 0, zone), time.Date(2026, 11, 3, 0, 0, 0, 0, zone), zone, always), zone)
	if heard, all := rhythm.Usual(silence.SlotOf(time.Date(2026, 11, 1, 1, 30, 0, 0, zone)), zone); heard != 12 || all != 12 {
		t.Errorf("heard in %d of %d slots of the hour that comes twice, want 12", heard, all)
	}
	rhythm = silence.Learn(hears(time.Date(2026, 3, 7, 0, 0, 0, 0, zone), time.Date(2026, 3, 10, 0, 0, 0, 0, zone), zone, always), zone)
	if at := silence.SlotOf(time.Date(2026, 3, 15, 2, 30, 0, 0, zone)); rhythm.Likely(at, zone) != 0 {
		t.Error("the hour that never was promises something")
	}
}

func TestWithoutEnoughHistoryTheFloorAloneDecides(t *testing.T) {
	begin := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	always := func(time.Time) bool { return true }
	short := hears(begin, begin.Add(silence.Enough), time.UTC, always)
	long := hears(begin, begin.Add(silence.Enough+silence.Length), time.UTC, always)
	hour := silence.Rules{Floor: time.Hour}
	for _, c := range []struct {
		name  string
		slots []silence.Slot
		rules silence.Rules
		after time.Duration
		want  silence.State
	}{
		{"nothing was ever heard", nil, hour, 99 * time.Hour, silence.Unknown},
		{"no history, no floor", short, silence.Rules{}, 99 * time.Hour, silence.Unknown},
		{"inside the floor", short, hour, 59 * time.Minute, silence.Heard},
		{"beyond the floor", short, hour, 63 * time.Minute, silence.Silent},
		{"history, no floor", long, silence.Rules{}, 65 * time.Minute, silence.Silent},
		{"history, inside the floor", long, hour, 45 * time.Minute, silence.Heard},
		{"history, beyond the floor", long, hour, 63 * time.Minute, silence.Silent},
		{"nobody listened until now", long, hour, 63 * time.Minute, silence.Heard},
	} {
		last := begin
		if n := len(c.slots); n > 0 {
			last = c.slots[n-1].End()
		}
		if c.name == "nobody listened until now" {
			c.rules.Watched = last.Add(10 * time.Minute)
		}
		if v := silence.Of(c.slots, c.rules).Judge(last.Add(c.after)); v.State != c.want {
			t.Errorf("%s: state %d, want %d", c.name, v.State, c.want)
		}
	}
}

// TestAnHourThatIsLittleKnownMayBeQuietForLonger lets a source be heard in every
// slot of its office hours, or in half of them, for two weeks and for eight.
func TestAnHourThatIsLittleKnownMayBeQuietForLonger(t *testing.T) {
	half := func(at time.Time) bool { return office(at) && (at.Minute()/10+at.YearDay())%2 == 0 }
	for name, when := range map[string]func(time.Time) bool{"every slot": office, "every other slot": half} {
		patience := func(weeks int) time.Duration {
			monday := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
			slots := hears(monday.AddDate(0, 0, -7*weeks), monday, time.UTC, when)
			now := monday
			for v := silence.Of(slots, silence.Rules{}).Judge(now); v.State != silence.Silent; v = silence.Of(slots, silence.Rules{}).Judge(now) {
				now = v.Next
			}
			return now.Sub(monday)
		}
		if short, long := patience(3), patience(8); short <= long {
			t.Errorf("%s: silent after %s when three weeks are known, after %s when eight are", name, short, long)
		}
	}
}

func TestAnOutageDoesNotMakeSilenceUsual(t *testing.T) {
	begin := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	slots := hears(begin, begin.AddDate(0, 0, 56), time.UTC, office)
	last := slots[len(slots)-1].End()
	for _, days := range []int{1, 7, 30, 60} {
		if v := silence.Of(slots, silence.Rules{}).Judge(last.AddDate(0, 0, days)); v.State != silence.Silent && days > 3 {
			t.Errorf("after %d days: state %d", days, v.State)
		}
	}
}

func TestAHabitOfLongSilencesIsNoOutage(t *testing.T) {
	begin := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	// Every second Wednesday is a day off, which no hour of the week tells apart.
	off := func(at time.Time) bool {
		_, week := at.ISOWeek()
		return at.Weekday() == time.Wednesday && week%2 == 0
	}
	always := hears(begin, begin.AddDate(0, 0, 58), time.UTC, office)
	sometimes := hears(begin, begin.AddDate(0, 0, 58), time.UTC, func(at time.Time) bool { return office(at) && !off(at) })
	wednesday := time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)
	noticed := func(slots []silence.Slot) time.Duration {
		for d := 8 * time.Hour; ; d += silence.Length {
			if silence.Of(slots, silence.Rules{}).Judge(wednesday.Add(d)).State == silence.Silent {
				return d - 8*time.Hour
			}
		}
	}
	if a, b := noticed(always), noticed(sometimes); a > time.Hour || b < 3*a {
		t.Errorf("noticed after %v where silence is unheard of and %v where it is a habit", a, b)
	}
}

// Whatever was heard: a longer silence is never less of one, and nothing becomes
// silent before it was said that it may.
func TestASilenceOnlyGrows(t *testing.T) {
	begin := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(rt *rapid.T) {
		share := rapid.IntRange(1, 100).Draw(rt, "share")
		seed := rapid.Uint64().Draw(rt, "seed")
		slots := hears(begin, begin.AddDate(0, 0, rapid.IntRange(1, 30).Draw(rt, "days")), time.UTC, func(at time.Time) bool {
			seed = seed*6364136223846793005 + 1442695040888963407
			return int(seed>>33)%100 < share
		})
		rules := silence.Rules{Floor: time.Duration(rapid.IntRange(0, 300).Draw(rt, "floor")) * time.Minute}
		now := begin.AddDate(0, 0, 31)
		if n := len(slots); n > 0 {
			now = slots[n-1].End()
		}
		before := silence.Of(slots, rules).Judge(now)
		for range 200 {
			now = now.Add(7 * time.Minute)
			v := silence.Of(slots, rules).Judge(now)
			if v.Chance > before.Chance || before.State == silence.Silent && v.State != silence.Silent {
				rt.Fatalf("at %s: chance %g after %g, state %d after %d", now, v.Chance, before.Chance, v.State, before.State)
			}
			if v.State == silence.Silent && before.State == silence.Heard && now.Before(before.Next) {
				rt.Fatalf("silent at %s, not before %s was promised", now, before.Next)
			}
			before = v
		}
	})
}

func TestWhoHearsNobodyIsDeaf(t *testing.T) {
	begin := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	end := time.Date(2026, 3, 3, 10, 0, 0, 0, time.UTC) // a Tuesday
	busy := func(until time.Time) silence.History {
		return silence.Of(hears(begin, until, time.UTC, office), silence.Rules{})
	}
	daily := func(until time.Time) silence.History {
		return silence.Of(hears(begin, until, time.UTC, func(at time.Time) bool { return at.Hour() == 2 && at.Minute() == 0 }), silence.Rules{})
	}
	erp := silence.Source{System: "erp", Kind: commerce.Inventory}
	erpOrders := silence.Source{System: "erp", Kind: commerce.Order}
	wms := silence.Source{System: "wms", Kind: commerce.Inventory}
	crm := silence.Source{System: "crm", Kind: commerce.Customer}
	for _, c := range []struct {
		name string
		all  map[silence.Source]silence.History
		deaf bool
	}{
		{"two busy systems at once", map[silence.Source]silence.History{erp: busy(end), wms: busy(end)}, true},
		{"and a system that has little to say", map[silence.Source]silence.History{erp: busy(end), wms: busy(end), crm: daily(end)}, true},
		{"one of two", map[silence.Source]silence.History{erp: busy(end), wms: busy(end.Add(time.Hour))}, false},
		{"two kinds of one system", map[silence.Source]silence.History{erp: busy(end), erpOrders: busy(end), wms: busy(end.Add(time.Hour))}, false},
		{"the only system", map[silence.Source]silence.History{erp: busy(end), erpOrders: busy(end)}, false},
		{"the only one that has much to say", map[silence.Source]silence.History{erp: busy(end), crm: daily(end)}, false},
		{"one that was dead before", map[silence.Source]silence.History{erp: busy(end), wms: busy(end.AddDate(0, 0, -1))}, false},
		{"nobody is silent", map[silence.Source]silence.History{erp: busy(end.Add(time.Hour)), wms: busy(end.Add(time.Hour))}, false},
	} {
		got := silence.Deaf(c.all, end.Add(time.Hour))
		if want := (time.Time{}); c.deaf && !got.Equal(end) || !c.deaf && !got.Equal(want) {
			t.Errorf("%s: deaf since %s, want deaf: %t", c.name, got, c.deaf)
		}
	}
}
