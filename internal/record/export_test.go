package record_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
)

var noon = time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)

// said is what a source says of a stock level, minutes after noon.
func said(part, native string, minute int, available int64, more ...func(*commerce.Observation, *commerce.VersionParts)) commerce.Observation {
	o := commerce.Observation{
		System: "shop", Kind: commerce.Inventory, Key: commerce.Key{"MUG", "east"}, Part: part, Native: native,
		Facets: commerce.Facets{"available": commerce.Number(commerce.Int(available))},
	}
	version := commerce.VersionParts{Clock: noon.Add(time.Duration(minute) * time.Minute)}
	for _, m := range more {
		m(&o, &version)
	}
	o.Stamp(version)
	return o
}

func gone(o *commerce.Observation, _ *commerce.VersionParts) { o.Gone, o.Facets = true, nil }

func readBack(_ *commerce.Observation, v *commerce.VersionParts) { v.ReadBack = true }

// numbered dates nothing, as a source does that numbers its changes.
func numbered(_ *commerce.Observation, v *commerce.VersionParts) { v.Clock = commerce.SequenceClock(7) }

func onHand(o *commerce.Observation, _ *commerce.VersionParts) {
	o.Facets["on_hand"] = commerce.Number(commerce.Int(9))
}

// received merges observations a minute apart from noon on.
func received(all ...commerce.Observation) record.Row {
	row := record.Row{Kind: commerce.Inventory, Key: commerce.Key{"MUG", "east"}}
	for i, o := range all {
		row, _ = record.Merge(row, o, record.Source{Delivery: "d", Received: noon.Add(time.Duration(i) * time.Minute)})
	}
	return row
}

func TestAFileStandsBesideWhatWasTold(t *testing.T) {
	told := func(minute int, available int64, more ...func(*commerce.Observation, *commerce.VersionParts)) commerce.Observation {
		return said("level", "1/501", minute, available, more...)
	}
	file := func(minute int, available int64, more ...func(*commerce.Observation, *commerce.VersionParts)) commerce.Observation {
		return said("export/level", "MUG/East", minute, available, more...)
	}
	for _, c := range []struct {
		name string
		row  record.Row
		want string
	}{
		{"alone", received(file(0, 5)), "5"},
		{"newer than what was told", received(told(0, 3), file(1, 5)), "5"},
		{"older than what was told", received(file(0, 5), told(1, 3)), "3"},
		{"of the same moment", received(told(1, 3), file(1, 5)), "3"},
		{"of the same moment, read back", received(told(1, 3), file(1, 5, readBack)), "5"},
		{"newer than one of two that add up", received(told(0, 3), said("level", "2/502", 2, 4), file(1, 5)), "7"},
		{"two places of a newer file", received(told(0, 3), file(1, 5), said("export/level", "MUG/East2", 1, 6)), "11"},
		{"removed after the file", received(file(0, 5), told(1, 0, gone)), "-"},
		{"removed before the file", received(told(0, 0, gone), file(1, 5)), "5"},
		{"gone from the file as well", received(told(0, 3, gone), file(1, 5, gone)), "-"},
		{"numbered, received before", received(told(0, 3, numbered), file(1, 5)), "5"},
		{"numbered, received after", received(file(0, 5), told(0, 3, numbered)), "3"},
	} {
		side := c.row.SideOf("shop")
		got := "-"
		if side.Live {
			got = side.Facets["available"].String()
		}
		if got != c.want || !side.Known {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	side := received(told(2, 3, onHand), file(1, 5), said("item", "1", 0, 0)).SideOf("shop")
	if side.Facets["on_hand"].String() != "9" {
		t.Errorf("what the file does not tell is lost: %v", side.Facets)
	}
}

func TestWhatOnlyFilesToldOfIsGoneSinceTheFileThatLacksIt(t *testing.T) {
	row := received(said("export/level", "MUG/East", 0, 14), said("export/level", "MUG/East", 1, 0, gone))
	if side := row.SideOf("shop"); !side.Gone() || !side.Changed.Equal(noon.Add(time.Minute)) {
		t.Errorf("gone %t, since %s", side.Gone(), side.Changed)
	}
}

func TestAFileThatOnlyConfirmsIsNoChange(t *testing.T) {
	row := received(said("level", "1/501", 0, 3), said("export", "MUG", 1, 3))
	if side := row.SideOf("shop"); !side.Changed.Equal(noon) {
		t.Errorf("changed at %s", side.Changed)
	}
	row = received(said("level", "1/501", 0, 3), said("export", "MUG", 1, 4))
	if side := row.SideOf("shop"); !side.Changed.Equal(noon.Add(time.Minute)) {
		t.Errorf("corrected, and changed at %s", side.Changed)
	}
	if was := row.SideAt("shop", noon); was.Facets["available"].String() != "3" {
		t.Errorf("it was %v before", was.Facets)
	}
}

func TestLinesOfAnOrderCountOnce(t *testing.T) {
	order := func(part string, minute int, units int64) commerce.Observation {
		o := said(part, part, minute, 0)
		o.Lines = []commerce.Line{{SKU: "MUG", Units: commerce.Int(units)}}
		return o
	}
	for want, row := range map[string]record.Row{
		"2": received(order("order", 1, 2), order("export", 0, 3)),
		"3": received(order("order", 0, 2), order("export", 1, 3)),
	} {
		if lines := row.Lines("shop"); len(lines) != 1 || lines[0].Units.String() != want {
			t.Errorf("lines %v, want %s units", lines, want)
		}
	}
}

// TestSidesWithFilesDoNotDependOnTheOrder: what a side shows is a function of what
// was said, whoever came first.
func TestSidesWithFilesDoNotDependOnTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "n")
		var all []commerce.Observation
		for range n {
			part := rapid.SampledFrom([]string{"level", "item", "export/level"}).Draw(t, "part")
			native := rapid.SampledFrom([]string{"1", "2"}).Draw(t, "native")
			o := said(part, native, rapid.IntRange(0, 3).Draw(t, "minute"), int64(rapid.IntRange(0, 3).Draw(t, "value")))
			if rapid.Bool().Draw(t, "gone") {
				o = said(part, native, rapid.IntRange(0, 3).Draw(t, "minute"), 0, gone)
			}
			all = append(all, o)
		}
		one, other := received(all...).SideOf("shop"), received(rapid.Permutation(all).Draw(t, "order")...).SideOf("shop")
		if one.Live != other.Live || !one.Facets.Equal(other.Facets) || one.Duplicate != other.Duplicate {
			t.Fatalf("%+v and %+v", one, other)
		}
	})
}
