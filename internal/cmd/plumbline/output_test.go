package main

import (
	"bytes"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/registry"
)

// A time that people read is told in the zone of the registry's systems, as alerts
// tell it, and says so.
func TestFindings_SayTheZoneOfTheirTimes(t *testing.T) {
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	shared := &registry.Registry{Systems: map[string]registry.System{"erp": {Timezone: newYork}, "shop": {}}}
	apart := &registry.Registry{Systems: map[string]registry.System{"erp": {Timezone: newYork}, "shop": {Timezone: time.UTC}}}
	all := []finding.Finding{{ID: "f1", Since: time.Date(2026, 3, 3, 14, 2, 0, 0, time.UTC)}}
	for want, r := range map[string]*registry.Registry{"3 Mar 09:02 EST": shared, "3 Mar 14:02 UTC": apart} {
		var out, answer bytes.Buffer
		if err := printFindings(&output{Writer: &out}, r, all); err != nil || !bytes.Contains(out.Bytes(), []byte(want)) {
			t.Errorf("want %s: %v\n%s", want, err, &out)
		}
		if err := printFindings(&output{Writer: &answer, json: true}, r, all); err != nil || !bytes.Contains(answer.Bytes(), []byte(`"since": "2026-03-03T14:02:00Z"`)) {
			t.Errorf("for programs: %v\n%s", err, &answer)
		}
	}
}
