// Package script owns what the scripts of recorded days share: the clock that
// runs a day's plan, the one source of its chance, its money, and the outbox in
// which deliveries, API answers and the truth gather.
//
// It knows no company and no platform: those are each script's own.
package script

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/day"
)

// ClockLayout is how times of day are written.
const ClockLayout = "15:04"

// Script is a day in the making.
type Script struct {
	Agenda
	Chance *rand.Rand

	midnight time.Time
	sent     []Sent
	decided  []day.Decision
	answers  []day.Answer
	history  []day.Past
	outages  []day.Outage
	truth    day.Truth
}

// Sent is a delivery under way and what must become of it: one of the outcomes
// of the truth, and why.
type Sent struct {
	day.Delivery
	Is, Why string
}

// New begins a day at its midnight. One seed always gives the same chance.
func New(midnight time.Time, timezone string, seed uint64) *Script {
	return &Script{
		Chance: rand.New(rand.NewPCG(seed, 0)), midnight: midnight,
		truth: day.Truth{Day: midnight.Format(time.DateOnly), Timezone: timezone, Seed: seed},
	}
}

// Clock is a moment of the day.
func (s *Script) Clock(hour, minute, second int) time.Time {
	return s.midnight.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second)
}

// Deliver notes a delivery. A blank outcome is accepted.
func (s *Script) Deliver(d Sent) {
	if d.Is == "" {
		d.Is = day.Accepted
	}
	d.At = d.At.Truncate(time.Millisecond)
	s.sent = append(s.sent, d)
}

// Sent lists what was delivered so far, in the order of its noting.
func (s *Script) Sent() []Sent { return slices.Clone(s.sent) }

// Answer notes what a system's API answers from now on.
func (s *Script) Answer(a day.Answer) {
	a.From = s.Now.Truncate(time.Millisecond)
	s.answers = append(s.answers, a)
}

// Remember notes what was known before the day.
func (s *Script) Remember(p day.Past) { s.history = append(s.history, p) }

// Decide notes what a person decides.
func (s *Script) Decide(d day.Decision) { s.decided = append(s.decided, d) }

// Outage notes that a function of Plumbline's own stands still.
func (s *Script) Outage(o day.Outage) { s.outages = append(s.outages, o) }

// Told notes a message that is no alert.
func (s *Script) Told(a day.Alert) { s.truth.Told = append(s.truth.Told, a) }

// Until makes more than one day of the day.
func (s *Script) Until(end time.Time) { s.truth.Until = end.Format(time.DateOnly + " " + ClockLayout) }

// Planted notes an alert that the day must raise.
func (s *Script) Planted(a day.Alert) { s.truth.Alerts = append(s.truth.Alerts, a) }

// Healthy notes a trap that must stay silent.
func (s *Script) Healthy(t day.Silent) {
	if t.Keys == nil {
		t.Keys = []string{}
	}
	s.truth.Silent = append(s.truth.Silent, t)
}

// Jitter is a duration between the two.
func (s *Script) Jitter(least, most time.Duration) time.Duration {
	return least + time.Duration(s.Chance.Int64N(int64(most-least))).Truncate(time.Millisecond)
}

// UUID is a random identifier.
func (s *Script) UUID() string {
	var b [16]byte
	for i := range b {
		b[i] = byte(s.Chance.UintN(256))
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b[:])
	return fmt.Sprintf("%s-%s-%s-%s-%s", h[:8], h[8:12], h[12:16], h[16:20], h[20:])
}

// Pick chooses one of them.
func Pick[T any](s *Script, from []T) T { return from[s.Chance.IntN(len(from))] }

// Text writes a body as JSON without spaces, with <, > and & as they are. It
// panics on values that are no JSON, which the bodies of scripts are not.
func Text(body any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(body); err != nil {
		panic(err)
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

// Day puts everything into the order of its time.
func (s *Script) Day() day.Day {
	slices.SortStableFunc(s.sent, func(a, b Sent) int { return a.At.Compare(b.At) })
	slices.SortStableFunc(s.history, func(a, b day.Past) int { return a.At.Compare(b.At) })
	slices.SortStableFunc(s.answers, func(a, b day.Answer) int { return a.From.Compare(b.From) })
	slices.SortStableFunc(s.decided, func(a, b day.Decision) int { return a.At.Compare(b.At) })
	slices.SortStableFunc(s.outages, func(a, b day.Outage) int { return a.From.Compare(b.From) })
	d := day.Day{Truth: s.truth, Decisions: s.decided, Answers: s.answers, History: s.history, Outages: s.outages}
	for i, one := range s.sent {
		d.Deliveries = append(d.Deliveries, one.Delivery)
		if one.Is != day.Accepted {
			d.Truth.Outcomes = append(d.Truth.Outcomes, day.Outcome{Line: i + 1, Is: one.Is, Why: one.Why})
		}
	}
	d.Truth.Deliveries = len(d.Deliveries)
	d.Truth.Planted, d.Truth.Traps = len(d.Truth.Alerts), len(d.Truth.Silent)
	slices.SortStableFunc(d.Truth.Alerts, func(a, b day.Alert) int {
		return slices.Compare([]string{a.From, a.Name}, []string{b.From, b.Name})
	})
	return d
}
