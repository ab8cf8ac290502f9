package main

import (
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/platform/platformtest"
)

func TestTableHasARowForEachMeasure(t *testing.T) {
	var out strings.Builder
	table(&out, []platformtest.Measure{
		{Platform: "standard", Sample: "inventory", Bytes: 1000, Verify: 1000, Normalise: 1260, Hash: 500},
		{Platform: "standard", Sample: "inventory", Bytes: 1000, Normalise: 500, Hash: 500},
	})
	rows := strings.Split(strings.TrimSpace(out.String()), "\n")
	const (
		posted = "| `standard` | `inventory` | 1000 | 1000 | 1260 | 2260 | 500 | **4.5** |"
		queued = "| `standard` | `inventory` | 1000 | – | 500 | 500 | 500 | **1.0** |"
	)
	if len(rows) != 4 || rows[2] != posted || rows[3] != queued {
		t.Errorf("got %s", out.String())
	}
}
