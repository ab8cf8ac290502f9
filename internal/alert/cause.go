package alert

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

// Dimension is one way in which findings of a rule can be of one cause.
type Dimension string

// The dimensions, those that say most about a cause first.
const (
	// ByEvent: one change of the registry made them differ.
	ByEvent Dimension = "event"
	// ByMapping: ids of one sort that one system has and the registry has not.
	ByMapping Dimension = "mapping"
	// ByDelivery: one import, or one call of a job, brought the changes.
	ByDelivery Dimension = "delivery"
	// ByList: prices of one list.
	ByList Dimension = "list"
	// ByGroup: records of one part of the rule's segment, such as a vendor.
	ByGroup Dimension = "group"
	// ByLocation: stock at one location.
	ByLocation Dimension = "location"
	// ByMinute: a rule with a time of day made all of them due at once.
	ByMinute Dimension = "minute"
)

var dimensions = []Dimension{ByEvent, ByMapping, ByDelivery, ByList, ByGroup, ByLocation, ByMinute}

// minuteLayout is how the trait of a minute is written, in UTC.
const minuteLayout = "2006-01-02T15:04"

// Traits are the values that a finding has in the dimensions that it has.
type Traits map[Dimension]string

// TraitsOf are the traits of a finding. Due is when its rule's time of day made
// it due, zero for rules with a duration; event is the change of the registry
// that it follows from, or blank.
func TraitsOf(f finding.Finding, due time.Time, event string) Traits {
	t := Traits{}
	add := func(d Dimension, value string) {
		if value != "" {
			t[d] = kept(value, maxValue)
		}
	}
	add(ByEvent, event)
	add(ByDelivery, f.Cause.Delivery)
	add(ByGroup, f.Group)
	if !due.IsZero() {
		add(ByMinute, due.UTC().Format(minuteLayout))
	}
	switch {
	case len(f.Key) < 2:
	case f.Kind == commerce.Mapping:
		add(ByMapping, f.Key[0]+"/"+f.Key[1])
	case f.Kind == commerce.Price:
		add(ByList, f.Key[1])
	case f.Kind == commerce.Inventory:
		add(ByLocation, f.Key[1])
	}
	if len(t) == 0 {
		return nil
	}
	return t
}

// shared is what two sets of traits have in common.
func (t Traits) shared(o Traits) Traits {
	both := Traits{}
	for d, value := range t {
		if o[d] == value {
			both[d] = value
		}
	}
	if len(both) == 0 {
		return nil
	}
	return both
}

// inCommon says what all findings of the alert share, where the headline does
// not, or else what nearly all of them do: that is where to look for the cause.
func (s story) inCommon() string {
	for _, d := range dimensions {
		if d == ByLocation && s.event() == "" {
			continue // the headline says so
		}
		if text := s.sharing(d, s.Common[d]); text != "" {
			return "all " + text
		}
	}
	if len(s.Common) > 0 {
		return ""
	}
	return s.nearlyAll()
}

// sharing says in words what findings have in common.
func (s story) sharing(d Dimension, value string) string {
	value = clean(value)
	if value == "" {
		return ""
	}
	switch d {
	case ByDelivery:
		return "from one delivery of " + s.source("several systems")
	case ByList:
		return "in price list " + value
	case ByGroup:
		return "of " + value
	case ByLocation:
		return "at " + value
	case ByMinute:
		if due, err := time.Parse(minuteLayout, value); err == nil {
			return "due at " + clock(due, s.now)
		}
	case ByEvent, ByMapping: // the headline says so
	}
	return ""
}

// manyMembers is how many described findings it takes to tell nearly all of them
// from a few.
const manyMembers = 10

// nearlyAll says what at least nine of ten findings share, of the dimensions the
// one that says most about a cause. A few others do not hide it.
func (s story) nearlyAll() string {
	if s.count < manyMembers || s.count > len(s.told) {
		return ""
	}
	for _, d := range dimensions {
		counts := map[string]int{}
		for _, m := range s.told {
			counts[m.Traits[d]]++
		}
		delete(counts, "")
		for _, value := range slices.Sorted(maps.Keys(counts)) {
			if n := counts[value]; n*10 >= s.count*9 {
				if text := s.sharing(d, value); text != "" {
					return fmt.Sprintf("%d of %d %s", n, s.count, text)
				}
			}
		}
	}
	return ""
}

// placed reports whether the traits say where in the data the finding is. A
// delivery does not: most are about one record. Nor does a group, of which there
// may be as many as a company has vendors.
func (t Traits) placed() bool {
	for d := range t {
		if d != ByDelivery && d != ByGroup {
			return true
		}
	}
	return false
}

const (
	// few is how many findings make a pattern. Fewer are told with others, so
	// that one cause which touches two places is not two messages.
	few = 5
	// apart is how many large alerts of one rule stand beside each other. With
	// one more, the rule as a whole is the cause.
	apart = 2
	// maxApart bounds the alerts of one rule that findings may join.
	maxApart = 8
)

// Size counts the findings of the alert, ended or not.
func (a Alert) Size() int { return len(a.Members) + len(a.Beyond) }

// scattered reports whether the findings of the alert have nothing in common.
func (a Alert) scattered() bool { return a.Size() > 0 && len(a.Common) == 0 }

func (a Alert) small() bool { return a.Size() < few }

// Choose says which of the alerts of one rule and class a new finding joins, -1
// for one of its own: the one with which it has most in common; else one whose
// findings have nothing in common; else, where the finding is nowhere in
// particular, a small one.
func Choose(current []Alert, t Traits) int {
	best, most := -1, 0
	for i, a := range current {
		if n := len(a.Common.shared(t)); n > most {
			best, most = i, n
		}
	}
	if best >= 0 {
		return best
	}
	if i := slices.IndexFunc(current, Alert.scattered); i >= 0 {
		return i
	}
	switch {
	case len(current) >= maxApart:
		return 0
	case !t.placed():
		return slices.IndexFunc(current, Alert.small)
	default:
		return -1
	}
}

// Gather says which alerts of one rule and class are told as one, before any of
// them is told: by the id of the alert that goes, the id of the one it goes
// into. Small ones go together. Where more than two large ones would stand
// beside each other, all go into one. What people have seen stays.
func Gather(current []Alert) map[string]string {
	ordered := slices.Clone(current)
	slices.SortStableFunc(ordered, func(a, b Alert) int {
		switch {
		case a.fresh() == b.fresh():
			return a.Opened.Compare(b.Opened)
		case b.fresh():
			return -1
		default:
			return 1
		}
	})
	large := 0
	for _, a := range ordered {
		if !a.small() {
			large++
		}
	}
	wide := large > apart
	into := slices.IndexFunc(ordered, func(a Alert) bool { return wide || a.small() || a.scattered() })
	if into < 0 {
		return nil
	}
	goes, size := map[string]string{}, ordered[into].Size()
	for i, a := range ordered {
		if i == into || !a.fresh() || !a.small() && !wide || size+a.Size() > MaxFindings/2 {
			continue
		}
		goes[a.ID] = ordered[into].ID
		size += a.Size()
	}
	return goes
}

// fresh reports whether nobody can have seen the alert.
func (a Alert) fresh() bool {
	return a.Published == 0 && a.Shown == 0 && a.Lease.IsZero() && a.Timestamp == "" && a.Into == ""
}

// Leave makes an alert that nobody has seen give its findings to another one.
// It is told no more; who has news of its findings tells them there.
func Leave(a Alert, into string) Alert {
	a.Into = into
	a.Published, a.Shown = a.Seq, a.Seq
	return a
}

// Absorb takes over the findings of an alert that left for this one. What this
// one knows of them already is newer and stays. Doing it twice is doing it once.
func Absorb(a, left Alert) Alert {
	for _, m := range left.Members {
		a, _ = Join(a, m, m.Opened)
	}
	if len(left.Beyond) == 0 {
		return a
	}
	beyond, aside := maps.Clone(left.Beyond), maps.Clone(left.Aside)
	maps.DeleteFunc(beyond, func(id string, _ time.Time) bool { return a.index(id) >= 0 })
	maps.DeleteFunc(aside, func(id string, _ int64) bool { return a.index(id) >= 0 })
	maps.Copy(beyond, a.Beyond)
	if aside == nil {
		aside = map[string]int64{}
	}
	maps.Copy(aside, a.Aside)
	if len(beyond) == len(a.Beyond) {
		return a
	}
	a.Beyond, a.Aside, a.Common = beyond, aside, a.Common.shared(left.Common)
	if len(aside) == 0 {
		a.Aside = nil
	}
	a.Seq++
	return a.settled(Member{})
}

// Emptied is what remains of an alert that another one has absorbed.
func Emptied(a Alert) Alert {
	a.Members, a.Beyond, a.Aside, a.More = nil, nil, nil, 0
	return a
}

// with is what the findings have in common when one more joins them.
func (a Alert) with(m Member) Traits {
	if a.Size() == 0 {
		return m.Traits
	}
	return a.Common.shared(m.Traits)
}
