package report

import (
	"fmt"
	"unicode/utf8"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/compare"
)

// Sizes of the plots, in pixels.
const (
	barPitch   = 22
	barMiddle  = 430 // where bars for both ways meet
	barMost    = 200 // the longest
	plotHeight = 140
	plotWidth  = 700
)

// bar is one row of the plot of biases: how many records are lower, to the left,
// and how many are higher, to the right.
type bar struct {
	Y, TextY                int
	Name, Label             string
	LowerX, LowerW, HigherW int
}

func biasBars(all []compare.Bias) []bar {
	most := 1
	for _, b := range all {
		most = max(most, b.Higher, b.Lower)
	}
	var bars []bar
	for i, b := range all {
		who := "all records"
		if b.Segment != "" {
			who = b.Segment + " " + b.Value
		}
		low, high := length(b.Lower, most, barMost), length(b.Higher, most, barMost)
		bars = append(bars, bar{
			Y: i*barPitch + 2, TextY: i*barPitch + 16, Name: cut(who+", "+b.Facet, 34), LowerX: barMiddle - low, LowerW: low, HigherW: high,
			Label: fmt.Sprintf("%s lower, %s higher of %s records; %s in all", compare.Number(b.Lower), compare.Number(b.Higher), compare.Number(b.Records), deltaText(&b.Sum)),
		})
	}
	return bars
}

// cut shortens what stands beside a bar.
func cut(text string, width int) string {
	if utf8.RuneCountInString(text) <= width {
		return text
	}
	return string([]rune(text)[:width-1]) + "…"
}

// length scales n of most to pixels. What there is can be seen.
func length(n, most, pixels int) int {
	if n == 0 {
		return 0
	}
	return max(2, n*pixels/most)
}

// plot is the distribution of one facet's differences.
type plot struct {
	Facet   string
	Columns []column
	Width   int
}

type column struct {
	X, Y, W, H, LabelX int
	Label, N           string
	Negative           bool
}

func deltaPlot(d compare.Distribution) plot {
	most := 1
	for _, b := range d.Bins {
		most = max(most, b.N)
	}
	w := min(60, plotWidth/max(len(d.Bins), 1))
	p := plot{Facet: d.Facet, Width: w*len(d.Bins) + 10}
	for i, b := range d.Bins {
		h := length(b.N, most, plotHeight-30)
		p.Columns = append(p.Columns, column{
			X: i*w + 5, Y: plotHeight - 14 - h, W: w - 3, H: h, LabelX: i*w + 5 + w/2, Negative: b.Sign < 0,
			Label: binLabel(b), N: compare.Number(b.N),
		})
	}
	return p
}

func binLabel(b compare.Bin) string {
	sign := "+"
	if b.Sign < 0 {
		sign = "−"
	}
	if b.Least == (commerce.Decimal{}) {
		return sign + "0.01"
	}
	return sign + b.Least.String()
}
