package alert

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/finding"
)

// MaxPublished bounds the findings of a published message.
const MaxPublished = 20

// maxSubject is what SNS allows for the subject of an e-mail.
const maxSubject = 99

// Published is an alert as subscribers of the topic get it. It is a hint: what
// it says may be old when it arrives.
type Published struct {
	// Subject is printable ASCII, as SNS demands.
	Subject string
	// Body is the JSON document.
	Body []byte
	// Text is the message for people, for e-mail subscribers.
	Text string
	// Attributes are integration, owner, severity and class, for filter
	// policies. One that is not known is absent, because SNS takes no empty
	// ones.
	Attributes map[string]string
}

type published struct {
	Alert       string             `json:"alert" jsonschema:"The alert's id. The same alert is published again whenever it changes."`
	Integration string             `json:"integration" jsonschema:"The registry's name of the integration; blank where an alert is about several."`
	Owner       string             `json:"owner" jsonschema:"The owner's team."`
	Severity    string             `json:"severity" jsonschema:"critical, major or minor."`
	Class       finding.Class      `json:"class" jsonschema:"What sort of finding it is about, such as value_differs or missing."`
	Count       int                `json:"count" jsonschema:"How many findings are open. 0 means that the alert is over."`
	Since       *time.Time         `json:"since" jsonschema:"When the oldest of them began, or null."`
	Impact      *string            `json:"impact" jsonschema:"The money at risk with its currency, such as 304 USD; several currencies are separated by commas. Null where it is not known."`
	Text        string             `json:"text" jsonschema:"The alert as people read it."`
	FirstCheck  string             `json:"first_check" jsonschema:"Where to look first."`
	Findings    []publishedFinding `json:"findings" jsonschema:"The worst findings, at most 20."`
	Runbook     string             `json:"runbook" jsonschema:"The integration's runbook: an address, or builtin."`
	Links       []Link             `json:"links" jsonschema:"Where systems show the records."`
}

type publishedFinding struct {
	ID       string        `json:"id" jsonschema:"The finding's id, which plumbline explain takes."`
	Rule     string        `json:"rule" jsonschema:"The rule's id within the integration."`
	Kind     string        `json:"kind" jsonschema:"The kind of the record."`
	Key      string        `json:"key" jsonschema:"The record's key, such as MUG-BLU@east."`
	State    finding.State `json:"state" jsonschema:"open, acknowledged, waived or resolved."`
	Since    time.Time     `json:"since" jsonschema:"When the oldest change was received that the other side does not show."`
	Facet    string        `json:"facet,omitempty" jsonschema:"The facet that differs."`
	Expected string        `json:"expected,omitempty" jsonschema:"What the rule expects, in canonical form."`
	Actual   string        `json:"actual,omitempty" jsonschema:"What the system says."`
	Delta    string        `json:"delta,omitempty" jsonschema:"Actual less expected, of numbers."`
	Impact   string        `json:"impact,omitempty" jsonschema:"The money at risk with its currency."`
}

// Payload makes what is published of the alert at the given time. Count is the
// number of open findings: 0 means that the alert is over.
func Payload(a Alert, now time.Time) Published {
	s, m := newStory(a, now), Compose(a, now)
	body := published{
		Alert: a.ID, Integration: a.Integration, Owner: a.Owner.Team, Severity: a.Severity, Class: a.Class,
		Count: a.counts(), Impact: s.publishedImpact(), Text: PlainText(m), FirstCheck: m.FirstCheck,
		Findings: s.publishedFindings(), Runbook: a.Runbook, Links: m.Links,
	}
	if len(s.told) > 0 {
		since := s.oldest().Since.UTC()
		body.Since = &since
	}
	if body.Links == nil {
		body.Links = []Link{}
	}
	// Texts, numbers as texts and times after year 0 always encode.
	encoded, _ := json.Marshal(body)
	return Published{Subject: m.Subject, Body: encoded, Text: body.Text, Attributes: m.Attributes}
}

// counts is how many open findings the alert is about, those included that it
// only counts.
func (a Alert) counts() int {
	n := a.Open() + a.Digest.Below + a.Digest.Watched + a.Week.Open
	if a.Closed.IsZero() {
		n += a.Waits.Findings
	}
	return n
}

func (s story) publishedFindings() []publishedFinding {
	all := []publishedFinding{}
	told := slices.Concat(s.told, s.also)
	for _, m := range told[:min(len(told), MaxPublished)] {
		d, of := mainDifference(m), s
		if m.Also != nil {
			of = s.under(*m.Also)
		}
		f := publishedFinding{
			ID: m.Finding, Rule: of.Rule, Kind: string(of.Kind), Key: m.Key, State: m.State, Since: m.Since.UTC(),
			Facet: d.Facet, Expected: d.Expected, Actual: d.Actual,
		}
		if d.Delta != nil {
			f.Delta = d.Delta.String()
		}
		if m.Impact != nil {
			f.Impact = strings.TrimSpace(m.Impact.String() + " " + m.Currency)
		}
		all = append(all, f)
	}
	return all
}

// publishedImpact is the exact sum with its currency, "304 USD"; amounts of
// several currencies stand side by side. Nil is not known.
func (s story) publishedImpact() *string {
	total := sum(s.told, impactOf)
	var parts []string
	for _, currency := range slices.Sorted(maps.Keys(total)) {
		parts = append(parts, strings.TrimSpace(total[currency].String()+" "+currency))
	}
	if parts == nil {
		return nil
	}
	text := strings.Join(parts, ", ")
	return &text
}

// ascii replaces what people would miss in a subject.
var ascii = strings.NewReplacer("—", "-", "−", "-", "…", "...", "€", "EUR ", "£", "GBP ", "¥", "JPY ", "·", "-", "↔", "/")

func subject(a Alert, m Message) string {
	state := a.Severity
	switch {
	case m.Closed && a.waived():
		state = "waived"
	case m.Closed:
		state = "closed"
	}
	text := ascii.Replace(fmt.Sprintf("[%s] %s", clean(state), m.Headline))
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, text)
	if len(text) > maxSubject {
		text = text[:maxSubject-3] + "..."
	}
	return text
}

func attributes(a Alert) map[string]string {
	all := map[string]string{
		"integration": a.Integration, "owner": a.Owner.Team, "severity": a.Severity, "class": string(a.Class),
	}
	maps.DeleteFunc(all, func(_, value string) bool { return value == "" })
	return all
}
