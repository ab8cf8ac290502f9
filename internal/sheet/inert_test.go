package sheet_test

import (
	"testing"

	"github.com/plumbline/plumbline/internal/sheet"
)

func TestInert_NoCellIsAFormula(t *testing.T) {
	for cell, want := range map[string]string{
		"": "", "MUG-BLU": "MUG-BLU", "-5": "-5", "-5.25": "-5.25", "'quoted": "'quoted", "a=b": "a=b",
		"=1+1": "'=1+1", "+SUM(A1)": "'+SUM(A1)", "-SKU": "'-SKU", "@cmd": "'@cmd", "\t=1": "'\t=1", "\r=1": "'\r=1", "-": "'-", "+5": "'+5",
	} {
		if got := sheet.Inert(cell); got != want || sheet.Armed(cell) != (want != cell) {
			t.Errorf("%q becomes %q, want %q", cell, got, want)
		}
	}
}
