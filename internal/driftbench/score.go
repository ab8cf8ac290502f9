package driftbench

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/driftbench/company"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/registry"
)

const (
	// grace is how long after a repair something may still be reported: the news
	// of the repair is on its way for so long.
	grace = 2 * time.Minute
	// lasting is by how much a fault has to outlive the settle time of its rule to
	// count. One that was over before was late and nothing more.
	lasting = 10 * time.Minute
	// faintest is how many faint episodes are a fault.
	faintest = 10
	// concluded is how long after its end a trend may be told: the audit concludes
	// once a day.
	concluded = 36 * time.Hour
)

// Score is how one way did in any number of runs.
type Score struct {
	Faults map[company.Fault]*FaultScore
	// Rules count what was reported under each rule.
	Rules map[string]*RuleScore
	// Alerts are all messages, False those of which nothing was true.
	Alerts, False int
	// Wrong are the reports that match nothing, Missed the causes that were not
	// found although they are meant to be.
	Wrong  []Mistake
	Missed []Miss
	// Many are the causes that were told in more than one message.
	Many []Many
}

// Many is a cause with what each of its messages told first.
type Many struct {
	Miss
	Told []Found
}

// Mistake is a report that is not true.
type Mistake struct {
	Found
	Seed uint64
}

// Miss is a cause that was not found.
type Miss struct {
	Cause *company.Cause
	Seed  uint64
}

// FaultScore is how one kind of fault was found.
type FaultScore struct {
	// Causes lasted long enough to be found, Brief did not.
	Causes, Found, Brief int
	// Records are those that were wrong for long enough.
	Records, RecordsFound int
	Alerts                int
	// Delays are how long after its beginning each cause was told.
	Delays []time.Duration
	rules  map[string]bool
}

// RuleScore counts what was reported under a rule, and what of it was true.
type RuleScore struct{ True, False int }

// NewScore is the score of no run.
func NewScore() *Score {
	return &Score{Faults: map[company.Fault]*FaultScore{}, Rules: map[string]*RuleScore{}}
}

// judged is one run with what is needed to match reports to causes.
type judged struct {
	*Run
	episodes map[commerce.RecordID][]*company.Episode
}

// Add scores one more run.
func (s *Score) Add(run *Run, way string) {
	j := judged{run, map[commerce.RecordID][]*company.Episode{}}
	for _, e := range run.Truth.Episodes {
		id := e.Key.ID(e.Kind)
		j.episodes[id] = append(j.episodes[id], e)
	}
	first := map[*company.Cause]time.Time{}
	records := map[*company.Episode]bool{}
	alerts := map[*company.Cause]map[string]Found{}
	sound := map[string]bool{}
	for _, f := range run.Found[way] {
		cause, episode, proof := j.match(f)
		rule := s.rule(f.Rule)
		if _, seen := sound[f.Alert]; !seen {
			sound[f.Alert] = false
		}
		if cause == nil {
			rule.False++
			s.Wrong = append(s.Wrong, Mistake{f, run.Seed})
			continue
		}
		rule.True++
		sound[f.Alert] = true
		if alerts[cause] == nil {
			alerts[cause] = map[string]Found{}
		}
		if _, told := alerts[cause][f.Alert]; !told {
			alerts[cause][f.Alert] = f
		}
		if episode != nil {
			records[episode] = true
		}
		if at, found := first[cause]; proof && (!found || f.At.Before(at)) {
			first[cause] = f.At
		}
	}
	for _, ok := range sound {
		s.Alerts++
		if !ok {
			s.False++
		}
	}
	for _, cause := range run.Truth.Causes {
		at, found := first[cause]
		s.cause(j, cause, at, found, len(alerts[cause]), records)
		if told := alerts[cause]; len(told) > 1 {
			s.Many = append(s.Many, Many{Miss{cause, run.Seed}, slices.SortedFunc(maps.Values(told), byTime)})
		}
	}
}

func byTime(a, b Found) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Alert, b.Alert)) }

func (s *Score) cause(j judged, cause *company.Cause, at time.Time, found bool, alerts int, records map[*company.Episode]bool) {
	f := s.fault(cause.Fault)
	must := false
	for _, e := range cause.Episodes {
		for _, rule := range e.Rules {
			f.rules[rule] = true
		}
		if !j.must(e) {
			continue
		}
		must = true
		f.Records++
		if records[e] {
			f.RecordsFound++
		}
	}
	if !must && !j.faint(cause) {
		f.Brief++
		return
	}
	f.Causes++
	f.Alerts += alerts
	if !found {
		if expectationOf(cause.Fault).detected {
			s.Missed = append(s.Missed, Miss{cause, j.Seed})
		}
		return
	}
	f.Found++
	f.Delays = append(f.Delays, at.Sub(start(cause)))
}

func (s *Score) fault(f company.Fault) *FaultScore {
	if s.Faults[f] == nil {
		s.Faults[f] = &FaultScore{rules: map[string]bool{}}
	}
	return s.Faults[f]
}

func (s *Score) rule(name string) *RuleScore {
	if s.Rules[name] == nil {
		s.Rules[name] = &RuleScore{}
	}
	return s.Rules[name]
}

// start is when something of a cause could first be seen.
func start(cause *company.Cause) time.Time {
	if len(cause.Episodes) == 0 {
		return cause.Start
	}
	return slices.MinFunc(cause.Episodes, func(a, b *company.Episode) int { return a.Start.Compare(b.Start) }).Start
}

// match finds the cause of a report, and the record's episode. Proof says that
// the report tells the cause itself, and not only what follows from it.
func (j judged) match(f Found) (cause *company.Cause, episode *company.Episode, proof bool) {
	for _, e := range slices.Backward(j.episodes[f.Record]) {
		if e.Covers(f.At, j.grace(f.At)) && (len(e.Rules) == 0 || slices.Contains(e.Rules, f.Rule)) {
			expected := expectationOf(e.Cause.Fault)
			if f.Unowned && !expected.unowned {
				return nil, nil, false // its owner is there
			}
			return e.Cause, e, f.Unowned == expected.unowned && (!expected.named || f.names(e.Cause.What))
		}
	}
	for _, cause := range j.Truth.Causes {
		if slices.Contains(expectationOf(cause.Fault).by, f.Class) && during(cause, f.At, concluded) && about(cause, f) {
			return cause, nil, true
		}
	}
	// What a silent system would have told is not known to anybody: what seems
	// wrong for it is its cause's.
	rule := j.Rules[f.Rule]
	for _, cause := range j.Truth.Causes {
		if cause.System != "" && (rule.From == cause.System || rule.To == cause.System) && during(cause, f.At, lasting) {
			return cause, nil, false
		}
	}
	return nil, nil, false
}

// names reports whether a report says that its records share what is called so.
// Nobody asks it of ways that tell no classes apart.
func (f Found) names(what string) bool {
	return f.Class == "" || strings.Contains(f.Common[alert.ByGroup], what)
}

// woken is how long after a break of Plumbline's own everything is told that was
// due in it.
const woken = 10 * time.Minute

// asleep is the break of Plumbline's own in which, or right after which, a time is.
func (j judged) asleep(at time.Time) (company.Break, bool) {
	for _, b := range j.Truth.Breaks {
		if !at.Before(b.From) && !at.After(b.Until.Add(woken)) {
			return b, true
		}
	}
	return company.Break{}, false
}

// grace is how long after its end something may be told at a time: what was about
// to be told when Plumbline stood still is told when it goes on.
func (j judged) grace(at time.Time) time.Duration {
	if b, ok := j.asleep(at); ok {
		return grace + at.Sub(b.From)
	}
	return grace
}

// during reports whether a cause goes on, or was over so short a time ago.
func during(cause *company.Cause, at time.Time, grace time.Duration) bool {
	return !at.Before(cause.Start) && (cause.End.IsZero() || !at.After(cause.End.Add(grace)))
}

// about reports whether a report about many records is about those of the cause.
func about(cause *company.Cause, f Found) bool {
	if cause.What != "" && slices.Contains(f.Key, cause.What) {
		return true
	}
	rule := strings.TrimSuffix(f.Rule, judge.TrendSuffix)
	return cause.What == "" && slices.ContainsFunc(cause.Episodes, func(e *company.Episode) bool { return slices.Contains(e.Rules, rule) })
}

// must reports whether an episode lasted so long that it has to be found.
func (j judged) must(e *company.Episode) bool {
	if e.Faint {
		return false
	}
	due := e.Start
	for i, name := range e.Rules {
		if rule, known := j.Rules[name]; known {
			if at := j.heard(rule, e.Start, rule.Settle.Due(e.Start)); i == 0 || at.Before(due) {
				due = at
			}
		}
	}
	if b, ok := j.asleep(due); ok && b.Until.After(due) {
		due = b.Until
	}
	end := e.End
	if end.IsZero() {
		end = j.End
	}
	return !end.Before(due.Add(lasting))
}

// heard is when something can be known at the soonest that began at a time and is due
// at another one: what a system does not show while it is silent, it may still show
// within a settle time after it is heard again.
func (j judged) heard(rule registry.Rule, began, due time.Time) time.Time {
	for _, cause := range j.Truth.Causes {
		if cause.System == "" || rule.From != cause.System && rule.To != cause.System || !cause.Start.Before(due) {
			continue
		}
		end := cause.End
		if end.IsZero() {
			end = j.End
		}
		if at := rule.Settle.Due(end); began.Before(end) && at.After(due) {
			due = at
		}
	}
	return due
}

// faint reports whether a cause without a clear episode is a fault all the same.
func (j judged) faint(cause *company.Cause) bool {
	n := 0
	for _, e := range cause.Episodes {
		if e.Faint {
			n++
		}
	}
	return cause.System != "" || n >= faintest
}
