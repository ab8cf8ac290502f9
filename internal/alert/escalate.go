package alert

import (
	"fmt"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/registry"
)

// Whom an alert calls.
const (
	Deputy = "deputy"
	Team   = "team"
)

// Call is one time that the alert called somebody because nobody answered.
type Call struct {
	// Whom is Deputy or Team.
	Whom string
	At   time.Time
	// Seq is the alert's with this call.
	Seq int64
}

// Ladder is who is called about an alert that nobody answers, and when.
type Ladder struct {
	// After is how long the owner has before the deputy is called, Then how long
	// the deputy has before the team is. 0 calls nobody.
	After, Then time.Duration
	// Deputy and Team are the hours in which each is called only for what is
	// critical.
	Deputy, Team registry.Hours
	// NoOwner and NoDeputy say that the last day of theirs has passed: the next
	// one stands in.
	NoOwner, NoDeputy bool
}

// LadderOf is an integration's ladder for alerts of a severity.
func LadderOf(i registry.Integration, severity string, now time.Time) Ladder {
	e := i.Escalate[severity]
	return Ladder{
		After: e.After, Then: e.Then, Deputy: i.Deputy.Quiet, Team: i.Owner.Quiet,
		NoOwner: i.Owner.Ended(now), NoDeputy: i.Deputy.Ended(now),
	}
}

// Plan does what has become due for the alert by itself: it calls the next
// person, and lets records that flapped come to rest. It sets Next to when that
// is so again, but not over an earlier time at which somebody else wants
// attention. It reports whether anything changed. The alert given is not
// modified.
func Plan(a Alert, l Ladder, now time.Time) (Alert, bool) {
	before := a
	a, next := a.rest(now)
	for {
		c, ok := a.call(l)
		if !ok {
			break
		}
		if c.At.After(now) {
			next = earliest(next, c.At)
			break
		}
		a.Seq++
		c.At, c.Seq = now.UTC(), a.Seq
		a.Calls = append(slices.Clone(a.Calls), c)
	}
	if a.Next.After(now) {
		next = earliest(next, a.Next)
	}
	a.Next = next.UTC()
	return a, a.Seq != before.Seq || !a.Next.Equal(before.Next)
}

// call is who is called next and when, if anybody is. Who has not seen the
// alert cannot have failed to answer.
func (a Alert) call(l Ladder) (Call, bool) {
	if l.After == 0 || a.Sent.IsZero() || !a.unanswered() {
		return Call{}, false
	}
	var c Call
	switch {
	case len(a.Calls) == 0:
		c = Call{Whom: Deputy, At: a.asked().Add(l.After)}
		if l.NoOwner {
			c.At = a.asked()
		}
		if l.NoDeputy {
			c.Whom = Team
		}
	case len(a.Calls) == 1 && a.Calls[0].Whom == Deputy && l.Then > 0:
		c = Call{Whom: Team, At: a.Calls[0].At.Add(l.Then)}
	default:
		return Call{}, false
	}
	quiet := l.Deputy
	if c.Whom == Team {
		quiet = l.Team
	}
	if a.Severity != "critical" {
		c.At = quiet.Free(c.At)
	}
	return c, true
}

// asked is since when the owner can answer.
func (a Alert) asked() time.Time { return later(a.Sent, a.Again.At) }

// unanswered reports whether something of the alert is open that nobody has
// taken on.
func (a Alert) unanswered() bool {
	if a.Taken.By != "" || a.Into != "" || !a.Closed.IsZero() {
		return false
	}
	return a.More > 0 || slices.ContainsFunc(a.Members, func(m Member) bool { return m.State == finding.Open })
}

// called tells who was called, and since when nobody answers.
func (s story) called() string {
	if len(s.Calls) == 0 || !s.unanswered() {
		return ""
	}
	whom := s.Calls[0].Whom
	for _, c := range s.Calls[1:] {
		whom += " and " + c.Whom
	}
	return fmt.Sprintf("%s, no answer since %s", whom, clock(s.asked(), s.now))
}

// calls tells in the thread whom the alert called, and mentions the deputy.
func (s story) calls(since int64) []string {
	var lines []string
	for _, c := range s.Calls {
		if c.Seq <= since {
			continue
		}
		whom := "the " + c.Whom
		if user := mention(s.Owner.Deputy); c.Whom == Deputy && user != "" {
			whom = user
		}
		lines = append(lines, fmt.Sprintf("Called %s at %s: no answer since %s", whom, clock(c.At, s.now), clock(s.asked(), s.now)))
	}
	return lines
}

// earliest is the earlier of two times; zero is none.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// CalledAfter reports whether the alert called somebody after the given Seq.
func (a Alert) CalledAfter(seq int64) bool {
	return slices.ContainsFunc(a.Calls, func(c Call) bool { return c.Seq > seq })
}
