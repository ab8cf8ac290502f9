package registry_test

import (
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
)

func TestSegment_IsThePlaceOfTheRecordUnlessTheRuleSaysOtherwise(t *testing.T) {
	r := load(t, "testdata/good/segment.yaml")
	for id, want := range map[string]string{
		"money": "store currency", "channels": "store channel currency", "stock": "location", "payments": "gateway currency", "presence": "",
	} {
		if got := strings.Join(ruleNamed(t, r, id).Segment, " "); got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
	if !r.Reads(commerce.Order, "shop", "channel") || r.Reads(commerce.Order, "shop", "company") {
		t.Error("what records are parted by is kept, and nothing else")
	}
}
