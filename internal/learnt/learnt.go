// Package learnt holds settle times that are learnt: how the audit works them
// out of what it has added up, how they are published, and what merge and drift
// judge by. What is added up it leaves to fold, and how a settle time is applied
// to registry and judge.
package learnt

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/fold"
	"github.com/plumbline/plumbline/internal/registry"
)

// Learnt is what is judged by.
type Learnt struct {
	// N numbers what was published, Run is the audit that it was learnt by, and At
	// when that began.
	N   int
	Run string
	At  time.Time
	// Rules are the settle times by rule and segment, those of all records of a
	// rule under the blank one.
	Rules map[string]map[string]Time `json:",omitempty"`
}

// Time is one settle time that was learnt.
type Time struct {
	Settle time.Duration
	// Of is how many waits it was learnt of, and P90 and P99 are what so many in
	// a hundred of them did not exceed.
	Of       int
	P90, P99 time.Duration
}

// Rule is the rule as a record is to be judged by it: with what was learnt of
// the record's segment, else of the whole rule, else as it is.
func (l Learnt) Rule(rule registry.Rule, key commerce.Key) registry.Rule {
	if rule.Settle.Learned() {
		rule.Settle, _ = l.settle(rule, fold.Segment(rule.Kind, key))
	}
	return rule
}

// settle is the settle time of a segment, and whether it was learnt.
func (l Learnt) settle(rule registry.Rule, segment string) (s registry.Settle, known bool) {
	of := l.Rules[rule.Name()]
	t, known := of[segment]
	if !known {
		t, known = of[""]
	}
	if !known {
		return rule.Settle, false
	}
	return rule.Settle.Learnt(t.Settle), true
}
