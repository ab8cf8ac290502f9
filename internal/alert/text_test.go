package alert_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/finding"
)

// link is the only thing that may stand between < and > in a Slack text.
var link = regexp.MustCompile(`<https://[^\s<>|]+\|[^<>|]*>`)

// entity is the only thing that may follow an ampersand.
var entity = regexp.MustCompile(`&(amp|lt|gt);`)

// FuzzNothingFromOutsideActs puts a text everywhere where texts from outside
// stand, and demands that neither Slack nor a terminal obeys any of it.
func FuzzNothingFromOutsideActs(f *testing.F) {
	for _, seed := range []string{
		"<!channel>", "<@U123|dana>", "<https://evil.example|click>", "\x1b]8;;https://evil.example\x07x", "\u202eabc\u2066",
		"a\u200bb\ufeffc", "\r\n\u2028", "&lt;!here&gt;", strings.Repeat("&", 5000), "\xff\xc0", "@channel", "\U000E0041", "`x`", "/", "@", "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, class := range []finding.Class{finding.ValueDiffers, finding.Late, finding.Missing, finding.Gone, finding.UnknownMapping, finding.Unreadable, finding.Refused, finding.Unsubscribed, finding.LostWebhook, finding.Reshaped, finding.Outdated, finding.Silent, finding.Own} {
			for _, b := range []built{stock(class), orders(class), mapping(class)} {
				b = b.with(member(text, "09:14", finding.Difference{Facet: text, Expected: text, Actual: text}), func(m *alert.Member) {
					m.Why, m.Source, m.Delivery, m.Currency = text, text, text, text
					m.Impact = number("1.5")
					m.Links = map[string]string{"erp": "https://erp.acme.example/" + text, text: text}
				})
				b.Runbook = "https://wiki.acme.example/" + text
				harmless(t, b.Alert)
				harmless(t, resolve(b, "10:00").Alert)
			}
		}
	})
}

func harmless(t *testing.T, a alert.Alert) {
	t.Helper()
	m := alert.Compose(a, at("09:52"))
	plain := alert.PlainText(m)
	for _, r := range plain {
		if r != '\n' && !unicode.IsPrint(r) {
			t.Fatalf("terminal text has %U in %q", r, plain)
		}
	}
	if lines := strings.Count(plain, "\n"); lines > 25 {
		t.Fatalf("%d lines in %q", lines, plain)
	}
	for _, text := range append(alert.SlackSections(m), alert.SlackText(m)) {
		rest := entity.ReplaceAllString(link.ReplaceAllString(text, ""), "")
		if strings.ContainsAny(rest, "<>&|") || strings.Contains(rest, "@channel") || strings.Contains(rest, "@here") {
			t.Fatalf("Slack would act on %q", text)
		}
		if utf8.RuneCountInString(text) > alert.MaxSection {
			t.Fatalf("section of %d characters", utf8.RuneCountInString(text))
		}
	}
	subject := alert.Payload(a, at("09:52")).Subject
	if len(subject) > 99 || strings.ContainsFunc(subject, func(r rune) bool { return r < ' ' || r > '~' }) {
		t.Fatalf("SNS refuses the subject %q", subject)
	}
}
