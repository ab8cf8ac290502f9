package judge_test

import (
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
)

func TestGroupOf_IsWhatFacetsTellOfTheSegment(t *testing.T) {
	told := says("regular 100 currency USD unit pcs")
	told["vendor"] = commerce.Text("ACME")
	for _, c := range []struct {
		name    string
		segment []string
		want    string
	}{
		{"a vendor", []string{"vendor", "currency"}, "vendor ACME"},
		{"several", []string{"vendor", "unit", "currency"}, "vendor ACME, unit pcs"},
		{"a place is told by the key", []string{"list", "currency"}, ""},
		{"nothing", nil, ""},
	} {
		rule := pricing(t)
		rule.Segment = c.segment
		if got := judge.GroupOf(rule, priced(told, says("regular 119 currency USD"))); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	rule := pricing(t)
	rule.Segment = []string{"vendor"}
	if got := judge.GroupOf(rule, priced(says("regular 100"), says("regular 119"))); got != "" {
		t.Errorf("a vendor that nobody tells: %q", got)
	}
}
