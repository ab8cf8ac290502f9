package day

import (
	"strings"
	"testing"
)

var smallTruth = Truth{
	Alerts: []Alert{
		{Name: "job stops", Integration: "stock", Rule: "stock", Class: "late", Keys: []string{"A@east", "B@east"}, From: "09:34", Until: "09:45", Resolves: "10:31"},
		{Name: "by hand", Integration: "stock", Rule: "stock", Class: "value_differs", Keys: []string{"C@east"}, From: "13:40", Until: "13:50"},
		{Name: "rubbish", Class: "unreadable", From: "21:10", Until: "21:20"},
	},
	Silent: []Silent{{Name: "flash sale", Keys: []string{"HOT@east"}}},
}

func asPlanned() []Observed {
	return []Observed{
		{Integration: "fulfilment", Rule: "mapping", Class: "unreadable", Keys: []string{"any"}, Opened: "21:10"},
		{Integration: "stock", Rule: "stock", Class: "late", Keys: []string{"B@east", "A@east"}, Opened: "09:35", Resolved: "10:32"},
		{Integration: "stock", Rule: "stock", Class: "value_differs", Keys: []string{"C@east"}, Opened: "13:40"},
	}
}

func TestCheck_AsPlannedIsNoDeviation(t *testing.T) {
	if got := Check(smallTruth, asPlanned()); got != nil {
		t.Errorf("got %q", got)
	}
}

func TestCheck_NamesEveryDeviation(t *testing.T) {
	for name, c := range map[string]struct {
		change func([]Observed) []Observed
		want   string
	}{
		"missing":       {func(o []Observed) []Observed { return o[:2] }, "by hand: no alert of stock/stock (value_differs) on C@east"},
		"another class": {func(o []Observed) []Observed { o[2].Class = "late"; return o }, "by hand: no alert"},
		"twice":         {func(o []Observed) []Observed { return append(o, o[1]) }, "not called for: stock/stock (late) on B@east, A@east, opened 09:35"},
		"false, of a trap": {func(o []Observed) []Observed {
			return append(o, Observed{Rule: "stock", Class: "late", Keys: []string{"HOT@east"}})
		}, "(healthy: flash sale)"},
		"lacks a record":     {func(o []Observed) []Observed { o[1].Keys = o[1].Keys[:1]; return o }, "job stops: the alert lacks A@east"},
		"holds another":      {func(o []Observed) []Observed { o[1].Keys = append(o[1].Keys, "D@east"); return o }, "job stops: the alert must not hold D@east"},
		"too early":          {func(o []Observed) []Observed { o[1].Opened = "09:33"; return o }, "job stops: opened 09:33, want 09:34 to 09:45"},
		"too late":           {func(o []Observed) []Observed { o[1].Opened = "09:46"; return o }, "job stops: opened 09:46"},
		"not resolved":       {func(o []Observed) []Observed { o[1].Resolved = ""; return o }, "job stops: still open, want resolved 10:31"},
		"resolved too early": {func(o []Observed) []Observed { o[1].Resolved = "10:30"; return o }, "job stops: resolved 10:30, want 10:31"},
		"resolved too late":  {func(o []Observed) []Observed { o[1].Resolved = "10:35"; return o }, "job stops: resolved 10:35, want 10:31"},
		"resolved for once":  {func(o []Observed) []Observed { o[2].Resolved = "14:00"; return o }, "by hand: resolved 14:00, want open"},
	} {
		t.Run(name, func(t *testing.T) {
			got := Check(smallTruth, c.change(asPlanned()))
			if len(got) == 0 || !strings.Contains(strings.Join(got, "\n"), c.want) {
				t.Errorf("got %q, want %q among them", got, c.want)
			}
		})
	}
}

func TestCheck_TwoFaultsOfOneRecordAreTwoAlerts(t *testing.T) {
	truth := Truth{Alerts: []Alert{
		{Name: "first", Rule: "stock", Class: "late", Keys: []string{"A@east"}, From: "08:00", Until: "09:00"},
		{Name: "second", Rule: "stock", Class: "late", Keys: []string{"A@east"}, From: "12:00", Until: "13:00"},
	}}
	one := Observed{Rule: "stock", Class: "late", Keys: []string{"A@east"}, Opened: "08:30"}
	two := one
	two.Opened = "12:30"
	if got := Check(truth, []Observed{one, two}); got != nil {
		t.Errorf("both raised: got %q", got)
	}
	if got := Check(truth, []Observed{one}); len(got) != 1 || !strings.HasPrefix(got[0], "second: no alert") {
		t.Errorf("one raised: got %q", got)
	}
}
