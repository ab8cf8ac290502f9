package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
)

// Figures are what one run measured.
type Figures struct {
	Date    string `json:"date"`
	Go      string `json:"go"`
	Node    string `json:"node,omitempty"`
	Python  string `json:"python,omitempty"`
	Cores   int    `json:"cores"`
	Machine string `json:"machine"`
	Rounds  int    `json:"rounds"`
	Rows    []Row  `json:"rows"`
}

// Row is one job and who did it.
type Row struct {
	Name     string    `json:"name"`
	Subjects []Subject `json:"subjects"`
}

// Subject is who did it, and what each round measured, by the name of the measure.
type Subject struct {
	Name     string               `json:"name"`
	Measures map[string][]float64 `json:"measures"`
}

// The names of rows, subjects and measures.
const (
	httpRow   = "http"
	lambdaRow = "lambda"
	coldRow   = "cold start"
	mergeRow  = "merge"

	floorName     = "floor"
	plumblineName = "Plumbline"
	sealedName    = "Plumbline, sealed"
	goName        = "Go, usual sample"
	nodeName      = "Node"
	pythonName    = "Python"
	powertools    = "Node, Powertools"

	cpuMeasure     = "cpu_us"
	rateMeasure    = "per_second"
	medianMeasure  = "p50_ms"
	slowMeasure    = "p99_ms"
	memoryMeasure  = "memory_mb"
	coldMeasure    = "cold_ms"
	writeMeasure   = "write_units"
	readMeasure    = "read_units"
	indexMeasure   = "index_units"
	requestMeasure = "requests"
	dollarMeasure  = "dollars"
)

// median of a measure, and the least and the greatest; zero where there is none.
func (s Subject) median(measure string) (median, least, most float64) {
	all := slices.Sorted(slices.Values(s.Measures[measure]))
	if len(all) == 0 {
		return 0, 0, 0
	}
	return all[len(all)/2], all[0], all[len(all)-1]
}

func (r Row) subject(name string) (Subject, bool) {
	i := slices.IndexFunc(r.Subjects, func(s Subject) bool { return s.Name == name })
	if i < 0 {
		return Subject{}, false
	}
	return r.Subjects[i], true
}

func (f Figures) row(name string) Row {
	for _, r := range f.Rows {
		if r.Name == name {
			return r
		}
	}
	return Row{Name: name}
}

// ratio is one subject's median as a multiple of another's, 0 where one of them
// was not measured.
func (f Figures) ratio(row, measure, subject, to string) float64 {
	a, _ := f.row(row).subject(subject)
	b, _ := f.row(row).subject(to)
	over, _, _ := a.median(measure)
	under, _, _ := b.median(measure)
	if under == 0 {
		return 0
	}
	return over / under
}

func readFigures(path string) (f Figures, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return f, fmt.Errorf("read the written figures: %w", err)
	}
	if err := json.Unmarshal(text, &f); err != nil {
		return f, fmt.Errorf("read the written figures in %s: %w", path, err)
	}
	return f, nil
}

func writeFigures(path string, f Figures) error {
	text, err := json.MarshalIndent(f, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644) //nolint:gosec // figures that everybody may read
}
