package drift_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/registry"
)

// TestSeverity_RisesWithMoneyAndTimeAndCallsLikeWhatIsGrave leaves 30 at risk,
// which are 60 on the second day and then more than the rule's limit.
func TestSeverity_RisesWithMoneyAndTimeAndCallsLikeWhatIsGrave(t *testing.T) {
	r := limited()
	rule := &r.Integrations[0].Rules[0]
	rule.Severity, rule.SeverityOver = "minor", registry.SeverityOver{"critical": {"USD": commerce.Int(50)}}
	r.Integrations[0].Escalate = map[string]registry.Escalation{"critical": {After: 15 * time.Minute}}
	w := newWorld(r)
	w.by(t, "CAP-BLK", 3)
	w.until(t, at(9, 30))
	a := w.alerts(t)[0]
	opened := a.Members[0].Opened
	if a.Severity != "minor" || !a.Next.Equal(opened.Add(24*time.Hour)) || w.published != 1 {
		t.Fatalf("%s, wakes at %s, %d published", a.Severity, a.Next, w.published)
	}
	w.now = opened.Add(24*time.Hour - time.Minute)
	w.tick(t)
	if a = w.alerts(t)[0]; a.Severity != "minor" || w.published != 1 {
		t.Fatalf("%s before the second day, %d published", a.Severity, w.published)
	}
	w.now = opened.Add(24 * time.Hour)
	w.tick(t)
	a = w.alerts(t)[0]
	if a.Severity != "critical" || a.Raised.Days != 2 || a.Raised.Impact.Cmp(commerce.Int(30)) != 0 || len(a.Calls) != 1 || w.published != 2 {
		t.Errorf("%s, %+v, %d calls, %d published", a.Severity, a.Raised, len(a.Calls), w.published)
	}
	w.tick(t)
	if again := w.alerts(t)[0]; again.Seq != a.Seq || w.published != 2 {
		t.Errorf("told again: %d published", w.published)
	}
}
