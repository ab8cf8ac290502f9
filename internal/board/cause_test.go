package board_test

import (
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/board"
	"github.com/plumbline/plumbline/internal/commerce"
)

// listed is the page of all findings, in one line.
func listed(t *testing.T, s board.Snapshot) string {
	t.Helper()
	return strings.Join(strings.Fields(string(render(t, s)["findings.html"])), " ")
}

func TestFindingsOfOneAlertAreOneEntryWithItsMembersBelow(t *testing.T) {
	page := listed(t, snapshot())
	open, _, _ := strings.Cut(page, `id="waived"`)
	if n := strings.Count(open, "<tr>"); n != 2 { // the heading's, and one
		t.Errorf("%d rows:\n%s", n, open)
	}
	for _, want := range []string{"2 SKUs at east", "2 findings of one cause", `<li><a href="finding-f-open.html">`, `<li><a href="finding-f-also.html">`, "$240"} {
		if !strings.Contains(open, want) {
			t.Errorf("no %q in\n%s", want, open)
		}
	}
}

func TestFindingsOfOneCauseOfSeveralSortsSayWhichIsTheGravest(t *testing.T) {
	s := snapshot()
	s.Findings[1].Kind = commerce.Order
	if page := listed(t, s); !strings.Contains(page, "2 findings of one cause, the gravest: MUG-BLU at east") {
		t.Error(page)
	}
}

func TestFindingsWithoutAnAlertStandAlone(t *testing.T) {
	s := snapshot()
	s.Findings[0].Alert, s.Findings[1].Alert = "", ""
	if page := listed(t, s); strings.Contains(page, "of one cause") {
		t.Error(page)
	}
}
