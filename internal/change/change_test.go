package change_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/change"
)

var two = time.Date(2026, 11, 23, 14, 2, 0, 0, time.UTC)

func at(id string, ago time.Duration, system, integration string) change.Change {
	return change.Change{ID: id, At: two.Add(-ago), What: "deploy " + id, System: system, Integration: integration}
}

func TestNearest_IsTheLastBeforeOfWhatItConcerns(t *testing.T) {
	for _, tc := range []struct {
		name    string
		changes []change.Change
		want    string
	}{
		{"none", nil, ""},
		{"the later of two", []change.Change{at("a", time.Hour, "erp", ""), at("b", time.Minute, "erp", "")}, "b"},
		{"in any order", []change.Change{at("b", time.Minute, "erp", ""), at("a", time.Hour, "erp", "")}, "b"},
		{"at the same second", []change.Change{at("a", 0, "erp", "")}, "a"},
		{"not after", []change.Change{at("a", -time.Second, "erp", "")}, ""},
		{"a day ago", []change.Change{at("a", change.Window, "erp", "")}, "a"},
		{"longer ago", []change.Change{at("a", change.Window+time.Second, "erp", "")}, ""},
		{"of the other side", []change.Change{at("a", time.Hour, "shop", "")}, "a"},
		{"of the integration", []change.Change{at("a", time.Hour, "", "stock")}, "a"},
		{"of another system", []change.Change{at("a", time.Minute, "wms", "")}, ""},
		{"of another integration", []change.Change{at("a", time.Minute, "", "orders")}, ""},
		{"of everything", []change.Change{at("a", time.Minute, "", "")}, "a"},
		{"its own before a nearer one of everything", []change.Change{at("a", time.Hour, "erp", ""), at("b", time.Minute, "", "")}, "a"},
		{"its own in the other order", []change.Change{at("b", time.Minute, "", ""), at("a", time.Hour, "erp", "")}, "a"},
	} {
		got, found := change.Nearest(tc.changes, two, "stock", "erp", "shop")
		if got.ID != tc.want || found != (tc.want != "") {
			t.Errorf("%s: got %q, %t, want %q", tc.name, got.ID, found, tc.want)
		}
	}
}

func TestDay_KeepsEachIDOnceAndInOrder(t *testing.T) {
	d, _ := change.Day{}.With(at("b", time.Minute, "", ""))
	d, news := d.With(at("a", time.Hour, "", ""))
	if !news || len(d.Changes) != 2 || d.Changes[0].ID != "a" {
		t.Errorf("%t, %+v", news, d.Changes)
	}
	again := at("b", 0, "", "")
	if same, news := d.With(again); news || len(same.Changes) != 2 || !same.Changes[1].At.Equal(two.Add(-time.Minute)) {
		t.Errorf("the same id is another change: %+v", same.Changes)
	}
}

func TestDay_IsBoundedAndForgetsTheEarliest(t *testing.T) {
	d := change.Day{}
	for i := range 600 {
		c := at("", 0, "", "")
		c.ID, c.At = "run-"+time.Duration(i).String(), two.Add(time.Duration(i)*time.Second)
		d, _ = d.With(c)
	}
	if n := len(d.Changes); n != 500 || !d.Changes[n-1].At.Equal(two.Add(599*time.Second)) {
		t.Errorf("%d changes are kept, the last of %s", n, d.Changes[n-1].At)
	}
}

func TestDay_IsThatOfUTCAndIsKeptFor90Days(t *testing.T) {
	late := time.Date(2026, 11, 23, 23, 30, 0, 0, time.FixedZone("", -3600))
	if got := change.Document(late); got != "changes|2026-11-24" {
		t.Error(got)
	}
	if got := change.Expires(late); !got.Equal(time.Date(2027, 2, 23, 0, 0, 0, 0, time.UTC)) {
		t.Error(got)
	}
}
