package alert

import (
	"strings"
	"unicode/utf8"
)

// Bounds of what senders are given, in characters.
const (
	// MaxSection is how long one section of a Slack message may be.
	MaxSection = 3000
	// maxLine bounds one line of a message.
	maxLine = 500
)

// PlainText writes the message for terminals and e-mail. The first line is
// enough; the others are indented below it.
func PlainText(m Message) string {
	var b strings.Builder
	b.WriteString(m.Severity + " " + m.Headline + "\n")
	for _, l := range m.lines() {
		b.WriteString("   " + l.label + l.text + "\n")
	}
	for _, l := range m.Links {
		b.WriteString("   " + l.Record + " in " + l.System + ": " + l.URL + "\n")
	}
	if m.Explain != "" {
		b.WriteString("   " + m.Explain + "\n")
	}
	return b.String()
}

type line struct{ label, text string }

// lines are the parts of a message below the headline that have something to
// say, in the order in which people need them.
func (m Message) lines() []line {
	all := []line{{"Changed: ", m.Change}, {"Called: ", m.Called}}
	for _, e := range m.Evidence {
		all = append(all, line{"• ", e})
	}
	all = append(all,
		line{"Cause: ", m.Cause}, line{"First check: ", m.FirstCheck}, line{"On failure: ", m.OnFailure},
		line{"Owner: ", m.Owner}, line{"Runbook: ", m.Runbook})
	var told []line
	for _, l := range all {
		if l.text != "" {
			told = append(told, l)
		}
	}
	return told
}

// SlackText writes the headline for notifications, with everything that Slack
// reads as markup taken away.
func SlackText(m Message) string {
	return m.Severity + " " + slackText(clip(m.Headline, maxLine))
}

// SlackSections writes the message in Slack's mrkdwn, one text of at most
// MaxSection characters for each section. Nothing in a record's key or a
// platform's text can mention people, link or break out of its place.
func SlackSections(m Message) []string {
	// Evidence has a section of its own, so that however long the keys are, what
	// to do is still told.
	var evidence, body, foot []string
	for _, l := range m.lines() {
		text := slackText(clip(l.text, maxLine))
		switch l.label {
		case "Owner: ":
			foot = append(foot, strings.TrimSpace("Owner: "+text+" "+mention(m.Person)))
		case "Runbook: ":
			foot = append(foot, slackRunbook(m.Runbook))
		case "• ":
			evidence = append(evidence, l.label+text)
		default:
			body = append(body, "*"+strings.TrimSpace(l.label)+"* "+text)
		}
	}
	if who := mention(m.Taken); who != "" && !m.Closed {
		foot = append(foot, "Taken by "+who)
	}
	if m.Explain != "" {
		foot = append(foot, "`"+slackText(strings.ReplaceAll(m.Explain, "`", "'"))+"`")
	}
	for _, l := range m.Links {
		foot = append(foot, "<"+l.URL+"|"+slackText(clip(l.Record+" in "+l.System, maxLine))+">")
	}
	sections := []string{m.Severity + " *" + slackText(clip(m.Headline, maxLine)) + "*"}
	for _, part := range []string{fill(evidence, "\n"), fill(body, "\n"), fill(foot, " · ")} {
		if part != "" {
			sections = append(sections, part)
		}
	}
	return sections
}

func slackRunbook(runbook string) string {
	if u := address(runbook); u != "" {
		return "<" + u + "|Runbook>"
	}
	return "Runbook: " + slackText(clip(runbook, maxLine))
}

// fill joins as many whole parts as one section holds, so that no entity and no
// link is ever cut in half.
func fill(parts []string, between string) string {
	text := ""
	for i, p := range parts {
		if i > 0 {
			p = between + p
		}
		if utf8.RuneCountInString(text)+utf8.RuneCountInString(p) > MaxSection-1 {
			return text + "…"
		}
		text += p
	}
	return text
}
