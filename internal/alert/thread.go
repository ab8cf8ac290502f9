package alert

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

// Bounds of the findings that one reply tells one by one: their number, and the
// characters of one and of all. Slack takes some 13,000 in one message.
const (
	maxListed  = 50
	maxDetail  = 300
	maxDetails = 8000
)

// Reply is what the thread below a Slack message says of a part of the alert's
// life, in Slack's mrkdwn and as safe as SlackSections.
type Reply struct {
	// Alert is the alert's id, and Seq up to where the reply tells.
	Alert string
	Seq   int64
	// Text is for notifications, Sections are what is shown.
	Text     string
	Sections []string
	// Aloud wants the channel to be told as well: the alert was over, and is not any
	// more.
	Aloud bool
}

// Thread makes the reply that tells what happened to the alert after the given
// Seq, and reports whether that is worth one: values that move are only in the
// message itself. The first reply, of what happened since 0, has the evidence of
// every finding, up to a bound. Digests, reports and storms have no thread.
func Thread(a Alert, since int64, now time.Time) (Reply, bool) {
	if a.Class == ClassDigest || a.Class == ClassReport || a.Class == ClassStorm {
		return Reply{}, false
	}
	s := newStory(a, now)
	lines := s.decisions(since)
	if text := s.raised(since); text != "" {
		lines = append(lines, slackText(upper(text)))
	}
	lines = append(lines, s.calls(since)...)
	if since == 0 {
		lines = append(lines, s.everything()...)
	} else {
		lines = append(lines, s.steps(since)...)
	}
	if len(lines) == 0 {
		return Reply{}, false
	}
	aloud := since > 0 && a.Again.Seq > since && a.Class != ClassFlapping
	return Reply{Alert: a.ID, Seq: a.Seq, Text: lines[0], Sections: sections(lines), Aloud: aloud}, true
}

// decisions tells what people decided.
func (s story) decisions(since int64) []string {
	var lines []string
	for _, d := range s.Decided {
		if d.Seq > since {
			lines = append(lines, s.decision(d))
		}
	}
	return lines
}

func (s story) decision(d Decided) string {
	by := who(d.By)
	switch d.Action {
	case finding.Acknowledge:
		return "Acknowledged by " + by
	case finding.Assign:
		return "Assigned to " + who(d.To) + " by " + by
	case finding.Waive:
		return fmt.Sprintf("Waived until %s by %s: %s", day(d.Until, s.now), by, slackText(clean(d.Reason)))
	case finding.Snooze:
		return fmt.Sprintf("Snoozed until %s by %s", clock(d.Until, s.now), by)
	case finding.Reopen:
		return "Opened again by " + by
	default:
		return ""
	}
}

// who mentions a Slack user, and names who used the command line.
func who(id string) string {
	if text := mention(id); text != "" {
		return text
	}
	return slackText(clean(id))
}

// everything is the first reply: each finding with all that is known of it.
func (s story) everything() []string {
	if len(s.told) == 0 {
		return nil
	}
	lines := []string{fmt.Sprintf("*%s*", slackText(clip(upper(s.subject()), maxLine)))}
	return append(lines, s.details(s.told, s.count)...)
}

// steps tells what changed, with the details of what is new.
func (s story) steps(since int64) []string {
	n := s.since(since)
	// What was waived may end when the alert is over already.
	over := s.Over > since || s.closed && !s.waived && len(n.ended) > 0
	if over {
		n.ended, n.waived = nil, nil
	}
	var lines []string
	if parts := s.sentences(n); len(parts) > 0 {
		lines = append(lines, slackText(clip(upper(strings.Join(parts, ", ")), maxLine)))
	}
	fresh := slices.Concat(n.joined, n.back)
	lines = append(lines, s.details(fresh, len(fresh))...)
	if over && !s.saidWaived() {
		lines = append(lines, slackText(clip(s.headline(), maxLine)))
	}
	return lines
}

// saidWaived reports whether the alert is over by the decision that was told
// last.
func (s story) saidWaived() bool {
	if !s.waived || len(s.Decided) == 0 {
		return false
	}
	last := s.Decided[len(s.Decided)-1]
	return last.Action == finding.Waive && !slices.ContainsFunc(s.Members, func(m Member) bool { return m.Back > last.Seq })
}

// details tells findings one by one, worst first, and counts those of all that
// it does not tell.
func (s story) details(members []Member, all int) []string {
	members = slices.Clone(members)
	slices.SortStableFunc(members, worstFirst)
	var lines []string
	length := 0
	for _, m := range members[:min(len(members), maxListed)] {
		line := s.detail(m)
		if length += utf8.RuneCountInString(line); length > maxDetails {
			break
		}
		lines = append(lines, line)
	}
	if more := all - len(lines); more > 0 {
		lines = append(lines, fmt.Sprintf("and %s more: `plumbline findings --integration %s`",
			number(commerce.Int(int64(more))), slackText(clean(s.Integration))))
	}
	return lines
}

func (s story) detail(m Member) string {
	parts := []string{s.short(m)}
	if text := s.allDifferences(m); text != "" && !s.Class.Summed() {
		parts[0] += " " + text
	}
	parts = append(parts, "since "+clock(m.Since, s.now))
	if m.Impact != nil && m.Impact.Sign() != 0 {
		parts = append(parts, about(*m.Impact, m.Currency))
	}
	if m.Why != "" {
		parts = append(parts, clean(m.Why))
	}
	if m.Source != "" {
		parts = append(parts, strings.TrimSuffix(clean(m.Source)+", delivery "+clean(m.Delivery), ", delivery "))
	}
	line := "• " + slackText(clip(strings.Join(parts, " · "), maxDetail))
	for _, system := range slices.Sorted(maps.Keys(m.Links)) {
		if u := address(m.Links[system]); u != "" {
			line += " · <" + u + "|" + slackText(clean(system)) + ">"
		}
	}
	return line
}

func (s story) allDifferences(m Member) string {
	var parts []string
	for _, d := range m.Differences {
		parts = append(parts, s.difference(m, d, len(m.Differences) > 1))
	}
	return strings.Join(parts, "; ")
}

// sections fills lines into as few sections as hold them, each line whole.
func sections(lines []string) []string {
	var all []string
	text := ""
	for _, line := range lines {
		joined := text + "\n" + line
		switch {
		case text == "":
			text = line
		case utf8.RuneCountInString(joined) > MaxSection:
			all, text = append(all, text), line
		default:
			text = joined
		}
	}
	return append(all, text)
}
