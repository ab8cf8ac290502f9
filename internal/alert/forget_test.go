package alert_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

// canaryFinding is a finding about a customer whose every text would show.
func canaryFinding(n int) finding.Finding {
	at := time.Date(2026, 3, 3, 9, n, 0, 0, time.UTC)
	return finding.Finding{
		ID: fmt.Sprintf("f-%04d", n), Integration: "contacts", Rule: "contact", Class: finding.ValueDiffers,
		Kind: commerce.Customer, Key: commerce.Key{fmt.Sprintf("canary-hash-%d", n)}, State: finding.Open, Since: at, Opened: at,
		From: "shop", To: "crm", Natives: map[string]string{"shop": "canary-shop", "crm": "canary-crm"},
		Differences: []finding.Difference{{Facet: "country", Expected: "canary-land", Actual: "missing"}},
		Why:         "canary-why", Cause: finding.Cause{System: "shop", Delivery: "canary-delivery"},
	}
}

func TestForget_LeavesThatThereWasARecord(t *testing.T) {
	first, second := canaryFinding(1), canaryFinding(2)
	second.Key, second.Natives, second.Why = commerce.Key{"another"}, map[string]string{"shop": "another"}, ""
	second.Differences, second.Cause = nil, finding.Cause{}
	a := alert.Alert{ID: "a", Integration: "contacts", Rule: "contact", Class: finding.ValueDiffers, Kind: commerce.Customer, From: "shop", To: "crm"}
	a, _ = alert.Join(a, alert.MemberOf(first, map[string]string{"shop": "https://shop.acme.example/canary"}), first.Opened)
	a, _ = alert.Join(a, alert.MemberOf(second, nil), second.Opened)
	at := first.Opened.Add(time.Hour)
	got, changed := alert.Forget(a, first.ID, at)
	if !changed || got.Seq != a.Seq+1 || got.Open() != 1 || !got.Closed.IsZero() {
		t.Errorf("changed %t, seq %d, %d open, closed %s", changed, got.Seq, got.Open(), got.Closed)
	}
	text, err := json.Marshal([]any{got, alert.Payload(got, at)})
	if err != nil {
		t.Fatal(err)
	}
	told := fmt.Sprintf("%s %+v", text, alert.Payload(got, at))
	if strings.Contains(told, "canary") || !strings.Contains(told, "erased record") || !strings.Contains(told, "another") {
		t.Errorf("the alert says %s", told)
	}
	if again, changed := alert.Forget(got, first.ID, at.Add(time.Hour)); changed || again.Seq != got.Seq {
		t.Error("forgetting once more changes the alert")
	}
	if late, changed := alert.Update(got, alert.MemberOf(first, nil)); changed {
		t.Errorf("late news bring the record back: %+v", late.Members[0])
	}
	if _, changed := alert.Forget(got, "f-none", at); changed {
		t.Error("a finding of another alert changes it")
	}
	over, _ := alert.Forget(got, second.ID, at)
	if !over.Closed.Equal(at) {
		t.Errorf("closed at %s, want when the last was forgotten", over.Closed)
	}
	if said := string(alert.Payload(over, at).Body); strings.Contains(said, "gree again") || !strings.Contains(said, "Erased on request") {
		t.Errorf("of records that were erased the alert says %s", said)
	}
}

func TestForget_FindingsBeyondThoseDescribedEnd(t *testing.T) {
	var a alert.Alert
	for n := range alert.MaxMembers + 2 {
		f := canaryFinding(n)
		a, _ = alert.Join(a, alert.MemberOf(f, nil), f.Opened)
	}
	last := fmt.Sprintf("f-%04d", alert.MaxMembers+1)
	got, changed := alert.Forget(a, last, a.Opened.Add(time.Hour))
	if !changed || got.Open() != a.Open()-1 {
		t.Errorf("changed %t, %d open of %d", changed, got.Open(), a.Open())
	}
	if _, changed := alert.Forget(got, last, a.Opened.Add(time.Hour)); changed {
		t.Error("forgetting once more changes the alert")
	}
}
