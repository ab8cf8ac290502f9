package drift_test

import (
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/drift"
)

func TestBoard_HasTheFiguresOfTheLastAudit(t *testing.T) {
	f, v := weekly(t)
	p := newPages()
	v.drift.Board = &drift.Board{Pages: p, Zone: time.UTC}
	f.audits(t, v, 4)
	integration := v.drift.Registry.Integrations[0].Name
	for page, want := range map[string][]string{
		"index.html":                           {"97.56 %"},
		"integration-" + integration + ".html": {`<data value="97.56">`, `data-chart="line"`, "goal 90 %"},
		"audits.html":                          {"<dt>Records judged</dt>", "<td class=\"number\">41</td>"},
		"unknown.html":                         {"audit of <time"},
	} {
		for _, text := range want {
			if !strings.Contains(p.files[page], text) {
				t.Errorf("%s lacks %q:\n%s", page, text, p.files[page])
			}
		}
	}
	if days := strings.Count(p.files["integration-"+integration+".html"], `<data value="97.56">`); days != 4 {
		t.Errorf("%d days are drawn, want 4", days)
	}
}

func TestBoard_AnAuditForgetsWhatWasErasedAfterItsEnd(t *testing.T) {
	f, v := weekly(t)
	p := newPages()
	v.drift.Board = &drift.Board{Pages: p, Zone: time.UTC}
	f.audits(t, v, 1)
	all, err := v.drift.Findings.AllFindings(t.Context())
	if err != nil || len(all) != 1 {
		t.Fatalf("%d findings, %v", len(all), err)
	}
	page := "finding-" + all[0].ID + ".html"
	f.receive(v, f.stockOf("shop", strings.TrimSuffix(all[0].Key.Text(all[0].Kind), "@east"), "501", 10))
	f.mergeAll(t, v)
	f.run(t, v, 5*time.Minute)
	if !strings.Contains(p.files[page], "resolved") {
		t.Fatalf("it has not ended:\n%s", p.files[page])
	}
	if err := v.drift.Findings.DeleteFinding(t.Context(), all[0].ID); err != nil {
		t.Fatal(err)
	}
	f.audits(t, v, 1)
	if _, there := p.files[page]; there {
		t.Error("the page is still there")
	}
}
