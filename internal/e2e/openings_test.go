package e2e_test

import (
	"regexp"
	"strings"

	"github.com/plumbline/plumbline/internal/alert"
)

var explained = regexp.MustCompile(`(?m)^   plumbline explain ([0-9a-f]{12})$`)

// openings counts, by alert, the messages on a console that told of its
// beginning: they are neither about its end nor about its growth.
func openings(console string, alerts []alert.Alert) map[string]int {
	alertOf := map[string]string{}
	for _, a := range alerts {
		for _, m := range a.Members {
			alertOf[m.Finding] = a.ID
		}
	}
	counts := map[string]int{}
	for _, message := range strings.Split(console, strings.Repeat("─", 72)+"\n") {
		finding := explained.FindStringSubmatch(message)
		if finding == nil || strings.HasPrefix(message, "✅") || strings.Contains(message, "\n   Changed: ") {
			continue
		}
		counts[alertOf[finding[1]]]++
	}
	return counts
}
