package respond

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

// The fields of the dialog. Each is a block with one element of the same name.
const (
	FieldLow    = "low"
	FieldHigh   = "high"
	FieldUntil  = "until"
	FieldReason = "reason"
)

// suggested is how long a waiver lasts if nobody says otherwise.
const suggested = 7

// Dialog asks within which limits an alert's differences are accepted.
type Dialog struct {
	// Metadata comes back with what is submitted.
	Metadata string
	// Headline says what is waived.
	Headline string
	// Numbers is set where the differences are numbers of Facet, now from Low to
	// High.
	Numbers          bool
	Facet, Low, High string
	// Until is the suggested last day, as 2026-03-10.
	Until string
	// MaxReason is the longest reason, in characters.
	MaxReason int
}

// metadata is what a dialog remembers.
type metadata struct {
	Alert string `json:"alert"`
}

func (s *Service) dialog(a alert.Alert) Dialog {
	now := s.Now().In(s.Zone)
	remembered, _ := json.Marshal(metadata{a.ID}) // a text always encodes
	d := Dialog{
		Metadata: string(remembered), Headline: alert.SlackText(alert.Compose(a, now)),
		Until: now.AddDate(0, 0, suggested).Format(time.DateOnly), MaxReason: maxReason,
	}
	if facet, low, high := a.Band(); low != nil {
		d.Numbers, d.Facet, d.Low, d.High = true, facet, low.String(), high.String()
	}
	return d
}

// maxReason characters are never more than finding.MaxReason bytes.
const maxReason = finding.MaxReason / utf8.UTFMax

// submission reads what was submitted. What is wrong is told by field.
func (s *Service) submission(p payload) (alertID string, d finding.Decision, wrong map[string]string) {
	var remembered metadata
	if json.Unmarshal([]byte(p.View.Metadata), &remembered) != nil || remembered.Alert == "" {
		return "", d, map[string]string{FieldReason: "This dialog is not one of Plumbline's. Press the button again."}
	}
	field := func(name string) string { return strings.TrimSpace(p.View.State.Values[name][name].Value) }
	now := s.Now().Round(0)
	d = finding.Decision{
		ID: decisionID(remembered.Alert, p.User.ID, p.View.ID), Action: finding.Waive, By: p.User.ID, At: now, Reason: field(FieldReason),
	}
	wrong = map[string]string{}
	const number = "A number such as 3 or -2.5, or nothing for no limit."
	var ok bool
	if d.Low, ok = limit(field(FieldLow)); !ok {
		wrong[FieldLow] = number
	}
	if d.High, ok = limit(field(FieldHigh)); !ok {
		wrong[FieldHigh] = number
	}
	if d.Low != nil && d.High != nil && d.Low.Cmp(*d.High) > 0 {
		wrong[FieldHigh] = "The highest difference is below the lowest."
	}
	if d.Until, ok = endOf(p.View.State.Values[FieldUntil][FieldUntil].Date, now.In(s.Zone)); !ok {
		wrong[FieldUntil] = "A day from today on, at most a year away."
	}
	if d.Reason == "" || len(d.Reason) > finding.MaxReason {
		wrong[FieldReason] = fmt.Sprintf("A reason of at most %d characters, for those who ask later.", maxReason)
	}
	return remembered.Alert, d, wrong
}

// limit reads a number as people write it; blank is no limit.
func limit(text string) (*commerce.Decimal, bool) {
	text = strings.TrimPrefix(strings.ReplaceAll(text, "−", "-"), "+")
	if text == "" {
		return nil, true
	}
	d, err := commerce.ParseDecimal(text)
	if err != nil {
		return nil, false
	}
	return &d, true
}

// endOf is when the day that was picked is over. A waiver lasts until then.
func endOf(day string, now time.Time) (time.Time, bool) {
	picked, err := time.ParseInLocation(time.DateOnly, day, now.Location())
	until := picked.AddDate(0, 0, 1)
	return until, err == nil && until.After(now) && until.Sub(now) <= finding.MaxWaiver
}
