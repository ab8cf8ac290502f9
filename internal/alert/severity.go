package alert

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/registry"
)

// Raised says that an alert became graver than its rule is, and why.
type Raised struct {
	To string
	// Impact is the money at risk of the open findings in the currency that
	// counted, and Days for how many days, begun ones included, the oldest of them
	// was open. Alike says that all were open for as many.
	Impact   commerce.Decimal
	Currency string
	Days     int
	Alike    bool
	At       time.Time
	// Seq is the alert's with this.
	Seq int64
}

const oneDay = 24 * time.Hour

// DaysOpen counts the days for which a finding is open, begun ones included.
func DaysOpen(opened, now time.Time) int { return int(max(now.Sub(opened), 0)/oneDay) + 1 }

// Score is the money at risk times the days for which it is, and reports whether
// it is known.
func Score(impact *commerce.Decimal, opened, now time.Time) (commerce.Decimal, bool) {
	if impact == nil || opened.IsZero() {
		return commerce.Decimal{}, false
	}
	score, err := impact.Abs().Mul(commerce.Int(int64(DaysOpen(opened, now))))
	return score, err == nil
}

// Raise makes an alert as grave as its score is: the sum of the scores of its open
// findings that it describes. It never makes one less grave, and raises Seq with
// the severity. It sets Next to when the score alone will pass a limit, but not
// over an earlier time at which somebody else wants attention. The alert given is
// not modified.
func Raise(a Alert, over registry.SeverityOver, now time.Time) Alert {
	if len(over) == 0 || a.Into != "" || !a.Closed.IsZero() || a.Class == ClassFlapping {
		return a
	}
	stakes := a.stakes(now)
	for _, severity := range registry.Graver(a.Severity) {
		for _, currency := range slices.Sorted(maps.Keys(over[severity])) {
			if s, some := stakes[currency]; some && a.Severity != severity && s.score.Cmp(over[severity][currency]) >= 0 {
				a.Seq++
				a.Severity = severity
				a.Raised = Raised{
					To: severity, Impact: s.money, Currency: currency, Days: s.longest, Alike: s.shortest == s.longest, At: now.UTC(), Seq: a.Seq,
				}
				return a.graver(stakes, over, now)
			}
		}
	}
	return a.graver(stakes, over, now)
}

// graver sets Next to when the alert will pass the next limit if nothing of it
// changes.
func (a Alert) graver(stakes map[string]stake, over registry.SeverityOver, now time.Time) Alert {
	var next time.Time
	for _, severity := range registry.Graver(a.Severity) {
		for currency, limit := range over[severity] {
			if at := stakes[currency].passes(limit, now); !at.IsZero() {
				next = earliest(next, at)
			}
		}
	}
	if !next.IsZero() {
		if a.Next.After(now) {
			next = earliest(next, a.Next)
		}
		a.Next = next.UTC()
	}
	return a
}

// stake is what the open findings of one currency have at risk.
type stake struct {
	members           []Member
	money, score      commerce.Decimal
	shortest, longest int
}

// stakes are by currency. A sum that is not exact counts for nothing.
func (a Alert) stakes(now time.Time) map[string]stake {
	all := map[string]stake{}
	for _, m := range a.Members {
		score, known := Score(m.Impact, m.Opened, now)
		if !known || !m.open() || score.Sign() == 0 {
			continue
		}
		s := all[m.Currency]
		money, errM := s.money.Add(m.Impact.Abs())
		sum, errS := s.score.Add(score)
		if errM != nil || errS != nil {
			continue
		}
		days := DaysOpen(m.Opened, now)
		if s.longest = max(s.longest, days); len(s.members) == 0 || days < s.shortest {
			s.shortest = days
		}
		s.money, s.score, s.members = money, sum, append(s.members, m)
		all[m.Currency] = s
	}
	return all
}

// maxAhead bounds for how many days a score is worked out.
const maxAhead = 366

// passes is when the score comes to a limit that it is below: at the beginning of
// a day of one of the findings. It is zero when that is never, or far away.
func (s stake) passes(limit commerce.Decimal, now time.Time) time.Time {
	score, day := s.score, 0
	for ; ; day++ {
		next, err := score.Add(s.money)
		if err != nil || s.money.Sign() == 0 || day > maxAhead {
			return time.Time{}
		}
		if next.Cmp(limit) >= 0 {
			break
		}
		score = next
	}
	begins := func(m Member) time.Time {
		return m.Opened.Add(time.Duration(DaysOpen(m.Opened, now)+day) * oneDay)
	}
	members := slices.Clone(s.members)
	slices.SortFunc(members, func(a, b Member) int { return begins(a).Compare(begins(b)) })
	for _, m := range members {
		next, err := score.Add(m.Impact.Abs())
		if err != nil {
			return time.Time{}
		}
		if score = next; score.Cmp(limit) >= 0 {
			return begins(m)
		}
	}
	return time.Time{}
}

// raised says that the alert became graver after the given Seq, or is blank:
// "raised to critical: $1,240 at risk × 2 days".
func (s story) raised(since int64) string {
	r := s.Raised
	if r.To == "" || r.Seq <= since {
		return ""
	}
	text := fmt.Sprintf("raised to %s: %s at risk", r.To, about(r.Impact, r.Currency))
	days := counted(r.Days, "day", "days")
	if !r.Alike {
		return text + ", open for up to " + days
	}
	return text + " × " + days
}
