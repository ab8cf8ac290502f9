package alert

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxText bounds one text from outside within a message, in characters.
const maxText = 300

// clean makes a text from outside safe to print anywhere: one line, nothing
// that a terminal obeys, nothing that is invisible or turns the direction of
// writing. What was taken out leaves a mark, so that two SKUs which only look
// alike do not read alike.
func clean(s string) string {
	var b strings.Builder
	removed := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			r = ' '
		case r == utf8.RuneError || !unicode.IsPrint(r) || blank(r):
			if !removed {
				b.WriteRune(utf8.RuneError)
			}
			removed = true
			continue
		}
		removed = false
		b.WriteRune(r)
	}
	return clip(strings.TrimSpace(b.String()), maxText)
}

// blank are letters and symbols that show nothing.
func blank(r rune) bool {
	switch r {
	case '\u115F', '\u1160', '\u2800', '\u3164', '\uFFA0':
		return true
	}
	return unicode.Is(unicode.Variation_Selector, r)
}

// clip keeps at most n characters.
func clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

// clipBytes keeps at most n bytes, and no half character.
func clipBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	cut := n - len("…")
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

// slackText writes a clean text so that Slack shows it as it is: no mention, no
// link, no entity.
var slackText = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "|", "¦",
	"@channel", "＠channel", "@here", "＠here", "@everyone", "＠everyone",
).Replace

// address returns an https address that may stand in a message, or blank.
func address(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || len(text) > maxURL {
		return ""
	}
	for _, r := range u.String() {
		if r > unicode.MaxASCII || !unicode.IsPrint(r) {
			return ""
		}
	}
	return strings.NewReplacer("|", "%7C", "<", "%3C", ">", "%3E", " ", "%20").Replace(u.String())
}

// slackUser is how Slack writes the ids of people.
var slackUser = regexp.MustCompile(`^[UW][A-Z0-9]{6,20}$`)

// mention writes a Slack user so that Slack shows and tells them, and nothing
// for what is no id of a user.
func mention(id string) string {
	if !slackUser.MatchString(id) {
		return ""
	}
	return "<@" + id + ">"
}

// Plain writes a text from outside so that it can stand in a Slack message.
func Plain(text string) string { return slackText(clean(text)) }
