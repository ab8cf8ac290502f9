package docs

import (
	"fmt"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/board"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/record"
)

// grouped writes a number as the pages do.
func grouped(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func TestLimitsAreThoseOfTheCode(t *testing.T) {
	page := read(t, "docs/limits.md")
	days := func(hours float64) int { return int(hours / 24) }
	for _, want := range []string{
		"| a delivery's body | " + grouped(contract.MaxBody) + " bytes |",
		"| views of one record | " + grouped(record.MaxViews) + " |",
		"| earlier values that a view remembers | " + grouped(record.MaxPast) + ",",
		"| findings that an alert describes one by one | " + grouped(alert.MaxMembers) + " |",
		"| findings of one alert | " + grouped(alert.MaxFindings) + " |",
		"| findings in a published message | " + grouped(alert.MaxPublished) + ",",
		"| findings with a page on the board | " + grouped(board.MaxFindings) + ",",
		"| entries of a finding's history | " + grouped(finding.MaxTimeline) + ";",
		"| a waiver | " + grouped(days(finding.MaxWaiver.Hours())) + " days |",
		"| a snooze | " + grouped(days(finding.MaxSnooze.Hours())) + " days |",
		"exact decimals of " + grouped(commerce.MaxDigits) + " digits",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("docs/limits.md lacks %q", want)
		}
	}
}
