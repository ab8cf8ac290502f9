package alert

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/finding"
)

// Bounds of what an alert keeps of one member, in bytes. Keys and values come
// from other systems and may be of any length.
const (
	maxKey         = 160
	maxValue       = 80
	maxSentence    = 240
	maxURL         = 300
	maxDifferences = 8
	maxLinks       = 4
)

// MemberOf makes the member that tells a finding. Links open the record in each
// system; nil has none.
func MemberOf(f finding.Finding, links map[string]string) Member {
	m := Member{
		Finding: f.ID, Key: keyText(f), State: f.State,
		Since: f.Since, Opened: f.Opened, Resolved: f.Resolved,
		Differences: f.Differences, Worst: f.Worst, Impact: f.Impact, Currency: f.Currency, Why: f.Why,
		Source: f.Cause.System, Delivery: f.Cause.Delivery, Links: links, Rev: f.Rev,
	}
	if m.Until = f.Wakes(); f.State == finding.Waived && f.Waiver != nil {
		m.Waived = f.Waiver.At
	}
	return m
}

// Refresh makes the alert tell a finding as it is now, with what the alert knew
// of it beside. Like Update it reports whether that changed anything.
func Refresh(a Alert, f finding.Finding) (Alert, bool) {
	m := MemberOf(f, nil)
	if i := a.index(f.ID); i >= 0 {
		m.Links, m.Records, m.Also = a.Members[i].Links, a.Members[i].Records, a.Members[i].Also
	}
	return Update(a, m)
}

// keyText writes a person by its native ids: the hash in its key helps nobody
// to find it.
func keyText(f finding.Finding) string {
	if !person(f.Kind) {
		return f.Key.Text(f.Kind)
	}
	text := ""
	for _, system := range []string{f.From, f.To} {
		native := f.Natives[system]
		if native == "" {
			continue
		}
		if text != "" {
			text += " ↔ "
		}
		text += system + " " + native
	}
	if text == "" {
		return clip(f.Key.Text(f.Kind), 8)
	}
	return text
}

// maxWeight bounds the described members of an alert, in bytes of JSON. A table
// takes 400 KB for one item, and the findings beyond need their part of it.
const maxWeight = 200 << 10

func weight(members []Member) int {
	// Texts, numbers as texts and times after year 0 always encode.
	encoded, _ := json.Marshal(members)
	return len(encoded)
}

// bounded cuts what is longer than an alert keeps, and drops the links that
// cannot be shown: half an address opens the wrong page.
func bounded(m Member) Member {
	m.Key = kept(m.Key, maxKey)
	m.Why = kept(m.Why, maxSentence)
	m.Delivery = kept(m.Delivery, maxValue)
	m.Since, m.Opened, m.Resolved = m.Since.UTC(), m.Opened.UTC(), m.Resolved.UTC()
	m.Waived, m.Until = m.Waived.UTC(), m.Until.UTC()
	m.Differences = slices.Clone(m.Differences[:min(len(m.Differences), maxDifferences)])
	for i, d := range m.Differences {
		m.Differences[i].Expected = kept(d.Expected, maxValue)
		m.Differences[i].Actual = kept(d.Actual, maxValue)
		// Why says it of the one that is told; the sentences of all take too much room.
		m.Differences[i].Explained, m.Differences[i].By = "", kept(d.By, maxValue)
	}
	links := map[string]string{}
	for _, system := range slices.Sorted(maps.Keys(m.Links)) {
		if address(m.Links[system]) != "" && len(links) < maxLinks {
			links[system] = m.Links[system]
		}
	}
	m.Links = links
	if len(links) == 0 {
		m.Links = nil
	}
	return m
}

// kept is a text as a store gives it back: valid, or it would differ from itself
// the next time.
func kept(text string, n int) string {
	return clipBytes(strings.ToValidUTF8(text, "\uFFFD"), n)
}
