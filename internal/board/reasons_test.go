package board_test

import (
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/board"
)

// Reasons as judge writes them, with numbers left out.
func TestEveryReasonSaysWhatToDo(t *testing.T) {
	const unsure = "plumbline explain KIND KEY"
	page := func(r board.Rule) string {
		return string(render(t, board.Snapshot{Integrations: []board.Integration{{Name: "stock", Rules: []board.Rule{r}}}})["unknown.html"])
	}
	for _, why := range []string{
		"available of erp is missing", "free of erp is null", "shop has not reported any order yet", "erp does not say when the record was created",
		"created before everything of shop is known (####-##-## ##:##:## UTC)", "erp has the record twice", "erp reports more than one currency",
		"two changes bear the same time, and which came last is not known", "## views, at most ## can be compared",
		"erp is in EUR, shop in USD, and ecb.csv has no rate of ####-##-## or the week before", "a delivery of shop could not be read at ##:## UTC",
		"erp sends no news of order since ## Mar ##:## UTC", "erp was silent until ##:## UTC, and what it missed to say may still come",
		"Plumbline itself is behind with merging deliveries", "Plumbline has heard no system since ##:## UTC", "an account has no e-mail address",
		"what the record showed before is not remembered any more", "location of wms is missing",
	} {
		got := page(board.Rule{ID: "stock", Unknown: 1, Reasons: []board.Count{{What: why, N: 1}}})
		if strings.Contains(got, unsure) || !strings.Contains(got, "What to do") {
			t.Errorf("%s: nothing to do", why)
		}
	}
	for _, why := range []string{
		"the rule's condition is not met", "ignored by the registry: sku SAMPLE-*", "erp has not reported the record", "erp no longer has the record",
		"neither system has reported the record", "the rule applied until ####-##-## ##:## UTC", "no route is for the shipment",
	} {
		if got := page(board.Rule{ID: "stock", NotJudged: 1, Outside: []board.Count{{What: why, N: 1}}}); strings.Contains(got, unsure) {
			t.Errorf("%s: nothing to do", why)
		}
	}
	if got := page(board.Rule{ID: "stock", NotJudged: 2}); !strings.Contains(got, "does not apply to them") || !strings.Contains(got, unsure) {
		t.Errorf("an audit that kept no reasons:\n%s", got)
	}
}
