package alert

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

// ClassStorm is the class of alerts that tell of others which wait.
const ClassStorm finding.Class = "storm"

// Channel is what one channel got of new alerts in the minute of the last ones.
type Channel struct {
	Minute time.Time
	Sent   int
	// Storm is the alert that tells of those that wait, or blank.
	Storm string
}

// Ration says which of the channel's new alerts are told now, at most limit in a
// minute and the gravest first, and which wait. Where some wait, one of those
// told is the storm that the channel has from then on, named by the channel.
// Owed says that a storm which the channel has already is not told yet.
func (c Channel) Ration(name string, fresh []Alert, owed bool, limit int, now time.Time) (after Channel, tell, wait []Alert) {
	if minute := now.UTC().Truncate(time.Minute); !c.Minute.Equal(minute) {
		c.Minute, c.Sent = minute, 0
		if owed {
			c.Sent = 1
		}
	}
	room := max(limit-c.Sent, 0)
	if len(fresh) > room && c.Storm == "" && room > 0 {
		c.Storm = NewID("", "", ClassStorm, name+c.Minute.Format(time.RFC3339))
		c.Sent++
		room--
	}
	fresh = slices.Clone(fresh)
	slices.SortStableFunc(fresh, gravest)
	n := min(room, len(fresh))
	c.Sent += n
	return c, fresh[:n], fresh[n:]
}

var severities = []string{"critical", "major", "minor", "info"}

// gravest orders by severity, then by money, then by age.
func gravest(a, b Alert) int {
	return cmp.Or(
		cmp.Compare(slices.Index(severities, a.Severity), slices.Index(severities, b.Severity)),
		atRisk(b).Cmp(atRisk(a)), a.Opened.Compare(b.Opened), cmp.Compare(a.ID, b.ID))
}

// atRisk is the largest amount of one currency that an alert is about.
func atRisk(a Alert) commerce.Decimal {
	var most commerce.Decimal
	for _, d := range sum(a.Members, impactOf) {
		if d.Cmp(most) > 0 {
			most = d
		}
	}
	return most
}

// Waits is what a storm tells of the alerts that wait.
type Waits struct {
	Alerts, Findings, Integrations int
	// Most is how many alerts waited at most, and Limit how many are told in a
	// minute.
	Most, Limit int
	// Biggest are the gravest of them, in words.
	Biggest []string
}

// Storm makes an alert tell of those that wait, or that none does any more, and
// reports whether that is news. The alert given is not modified.
func Storm(a Alert, wait []Alert, limit int, now time.Time) (Alert, bool) {
	w := Waits{Alerts: len(wait), Most: max(a.Waits.Most, len(wait)), Limit: limit}
	integrations := map[string]bool{}
	for _, of := range wait {
		w.Findings += of.Open()
		integrations[of.Integration] = true
	}
	w.Integrations = len(integrations)
	for _, of := range wait[:min(len(wait), maxTop)] {
		s := newStory(of, now)
		w.Biggest = append(w.Biggest, clip(s.sign()+" "+s.summary(), maxLine))
	}
	if slices.Equal(w.Biggest, a.Waits.Biggest) && w.Alerts == a.Waits.Alerts && w.Findings == a.Waits.Findings && a.Seq > 0 {
		return a, false
	}
	a.Seq++
	a.Waits, a.Closed = w, time.Time{}
	if len(wait) == 0 {
		a.Closed, a.Over = now.UTC(), a.Seq
	}
	if len(wait) > 0 {
		a.Severity = wait[0].Severity
	}
	return a, true
}

// summary is the headline without how long it lasts.
func (s story) summary() string {
	if len(s.told) == 0 {
		return s.headline()
	}
	return s.fact()
}

func (s story) storm() Message {
	m := Message{
		Alert: s.ID, Severity: s.sign(), Owner: owner(s.Owner), Closed: s.closed,
		Headline: fmt.Sprintf("%s (%s, %s) wait; this channel gets %d a minute, the gravest first",
			counted(s.Waits.Alerts, "more alert", "more alerts"), counted(s.Waits.Findings, "finding", "findings"),
			counted(s.Waits.Integrations, "integration", "integrations"), s.Waits.Limit),
	}
	for _, text := range s.Waits.Biggest {
		m.Evidence = append(m.Evidence, clean(text))
	}
	if more := s.Waits.Alerts - len(s.Waits.Biggest); more > 0 {
		m.Evidence = append(m.Evidence, fmt.Sprintf("and %s more", number(commerce.Int(int64(more)))))
	}
	if s.closed {
		m.Headline = fmt.Sprintf("All alerts that waited are told since %s; at most %s waited", clock(s.Closed, s.now),
			number(commerce.Int(int64(s.Waits.Most))))
	}
	return m
}

// counted writes a number and what it counts.
func counted(n int, one, many string) string {
	return number(commerce.Int(int64(n))) + " " + plural(n, one, many)
}
