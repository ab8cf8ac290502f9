package main

import (
	"fmt"
	"strings"
)

// aim is what a figure is to be at most.
type aim struct {
	text string
	most float64
	// reached is the figure, and whether it was measured.
	reached func(Figures) (reached float64, measured bool)
}

// ratioOf is what Plumbline takes as a multiple of what another does.
func ratioOf(row, measure, to string) func(Figures) (float64, bool) {
	return func(f Figures) (float64, bool) {
		ratio := f.ratio(row, measure, plumblineName, to)
		return ratio, ratio > 0
	}
}

// medianOf is what Plumbline takes.
func medianOf(row, measure string) func(Figures) (float64, bool) {
	return func(f Figures) (float64, bool) {
		s, found := f.row(row).subject(plumblineName)
		median, _, _ := s.median(measure)
		return median, found
	}
}

var aims = []aim{
	{"HTTP: processor time, × floor", 1.5, ratioOf(httpRow, cpuMeasure, floorName)},
	{"HTTP: processor time, × Node", 1.0 / 4, ratioOf(httpRow, cpuMeasure, nodeName)},
	{"Lambda: processor time, × usual Go sample", 1.0 / 2, ratioOf(lambdaRow, cpuMeasure, goName)},
	{"Lambda: processor time, × Node", 1.0 / 4, ratioOf(lambdaRow, cpuMeasure, nodeName)},
	{"Lambda: processor time, × Python", 1.0 / 4, ratioOf(lambdaRow, cpuMeasure, pythonName)},
	{"cold start, ms", 12, medianOf(coldRow, coldMeasure)},
	{"cold start, × Node", 1.0 / 10, ratioOf(coldRow, coldMeasure, nodeName)},
	{"cold start, × Python", 1.0 / 10, ratioOf(coldRow, coldMeasure, pythonName)},
	{"merge: write units", 1, medianOf(mergeRow, writeMeasure)},
	{"merge: read units", 1, medianOf(mergeRow, readMeasure)},
	{"merge: index units", 0, medianOf(mergeRow, indexMeasure)},
	{"merge: bill, × Powertools", 1.0 / 3, ratioOf(mergeRow, dollarMeasure, powertools)},
}

// reached is the table of aims and what came of them.
func reached(f Figures) string {
	var b strings.Builder
	b.WriteString("| | aim, at most | reached | |\n|---|---|---|---|\n")
	for _, a := range aims {
		got, measured := a.reached(f)
		switch {
		case !measured:
			fmt.Fprintf(&b, "| %s | %.2f | – | not measured |\n", a.text, a.most)
		case got > a.most:
			fmt.Fprintf(&b, "| %s | %.2f | %.2f | **missed** |\n", a.text, a.most, got)
		default:
			fmt.Fprintf(&b, "| %s | %.2f | %.2f | met |\n", a.text, a.most, got)
		}
	}
	return b.String()
}
