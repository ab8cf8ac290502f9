package main

import (
	"strings"
	"testing"
)

// measured has Plumbline at twice the floor, in rounds of which the median is in the
// middle.
func measured() Figures {
	return Figures{Date: "2026-11-23", Go: "1.26.8", Cores: 2, Rounds: 3, Rows: []Row{{Name: httpRow, Subjects: []Subject{
		{Name: floorName, Measures: map[string][]float64{cpuMeasure: {20, 19, 40}}},
		{Name: plumblineName, Measures: map[string][]float64{cpuMeasure: {39, 41, 40}}},
	}}}}
}

func TestThePageShowsMediansWithTheirSpreadAndRatios(t *testing.T) {
	text := render(measured())
	for _, want := range []string{
		"| Plumbline | **40** (39–41) | 2.0 | 1.0 |", "| HTTP: processor time, × floor | 1.50 | 2.00 | **missed** |",
		"2 virtual cores", "Node not on the machine",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q:\n%s", want, text)
		}
	}
}

func TestWhatWasNotMeasuredIsNeitherMetNorMissed(t *testing.T) {
	if text := reached(measured()); !strings.Contains(text, "| cold start, ms | 12.00 | – | not measured |") {
		t.Error(text)
	}
}

func TestRatiosStandBesideThoseThatAreWritten(t *testing.T) {
	now := measured()
	now.Rows[0].Subjects[1].Measures[cpuMeasure] = []float64{60}
	var out strings.Builder
	if err := compare(&out, now, measured()); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "3.00   2.00") {
		t.Error(out.String())
	}
}
