package board

import (
	"cmp"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/fold"
)

// reason is why so many records of a rule were not compared, and what to do about
// it; a negative number is not known.
type reason struct {
	Integration, Rule string
	Count
	Do string
}

// unknown are the reasons why nothing can be told of records, the most frequent
// first.
func unknown(all []Integration) []reason {
	var reasons []reason
	for _, i := range all {
		for _, r := range i.Rules {
			for _, c := range r.Reasons {
				reasons = append(reasons, reason{i.Name, r.ID, c, advice(c.What)})
			}
		}
	}
	slices.SortStableFunc(reasons, func(a, b reason) int { return cmp.Compare(b.N, a.N) })
	return reasons
}

// notJudged are the rules that are off, and what the others do not apply to.
func notJudged(all []Integration) []reason {
	var reasons []reason
	for _, i := range all {
		for _, r := range i.Rules {
			if r.Mode == "off" {
				reasons = append(reasons, reason{i.Name, r.ID, Count{"the rule is off", -1}, "Set its mode to watch, and look at what plumbline backtest says of it."})
				continue
			}
			told := 0
			for _, c := range r.Outside {
				told += c.N
				reasons = append(reasons, reason{i.Name, r.ID, c, scope(c.What)})
			}
			if rest := r.NotJudged - told; rest > 0 {
				reasons = append(reasons, reason{i.Name, r.ID, Count{"the rule does not apply to them", rest}, scope("")})
			}
		}
	}
	return reasons
}

// step says what to do where a reason has these words in it.
type step struct{ words, do string }

// otherwise is what to do where nothing better is known.
const otherwise = "plumbline explain KIND KEY tells it of one of them."

// toTell is what makes records known of which nothing can be told, the more special
// words first.
var toTell = []step{
	{"created before everything", "Load a complete export file of the system; from then on its records can be missing."},
	{"has not reported any", "Register the system's webhooks for this kind, or load an export file."},
	{"does not say when", "Nothing; a record without a time of its own cannot be called missing."},
	{"has no rate of", "Add the rate of that day to the file that rates in the registry names."},
	{"no rate applies", "Compare amounts of one currency: a record without a time of its own has no rate."},
	{"amounts of both", "Compare amounts of one currency in the rule's formula."},
	{"more than one", "Say in the rule which of them counts, or name the place in locations of the system."},
	{"twice", "Look which of the two is meant, and remove the other in its system."},
	{"same time", "Nothing; the next change of the record settles it."},
	{"cannot be read", readAgain},
	{"could not be read", readAgain},
	{"not remembered", "Nothing; the next change of the record is judged again."},
	{"views, at most", "Look whether one key stands for many records: the key of the kind may be too coarse."},
	{"not map", "Map the id in locations or tables of the registry."},
	{"telephone", "Nothing, unless they are one person; then merge them in their system."},
	{"no e-mail", "Nothing; accounts without an address are not compared by it."},
	{"itself is behind", "Nothing; it is judged when the backlog is done. plumbline doctor says why there is one."},
	{"heard no system", "plumbline doctor says whether the front answers."},
	{"sends no news", "Look at the system's subscription: its silence is a finding of its own."},
	{"was silent", "Nothing; it is judged when what was missed has had time to come."},
	{"is null", missingValue},
	{"is missing", missingValue},
	{"has no facet", missingValue},
}

const (
	readAgain    = "plumbline redrive quarantine --dry-run says why; what can be read by now comes back without --dry-run."
	missingValue = "Have the system send it, or let the rule do without it where it is not there: when, or if(…) in the formula."
)

// advice is what makes records known of which a reason tells nothing.
func advice(why string) string {
	if why == fold.Others {
		return otherwise
	}
	return stepOf(toTell, why)
}

// inScope is what brings records under a rule.
var inScope = []step{
	{"neither system", "Nothing; the record is of other systems."},
	{"has not reported the record", "Nothing for this rule; a rule with presence tells what is missing."},
	{"no longer has", "Nothing for this rule; a rule with presence tells what is gone."},
	{"does not have", "Nothing; it is judged when it is there."},
	{"condition", "Nothing, if the rule's condition is as it is meant."},
	{"ignored", "Nothing, if the registry's ignore is as it is meant."},
	{"applies from", "Nothing; the rule begins on that day."},
	{"applied until", "Lengthen valid of the rule, or remove the rule."},
	{"no route", "Add a route to the rule, if there should be one."},
}

// scope is what brings records under a rule that does not apply for a reason.
func scope(why string) string { return stepOf(inScope, why) }

func stepOf(steps []step, why string) string {
	for _, s := range steps {
		if strings.Contains(why, s.words) {
			return s.do
		}
	}
	return otherwise
}
