package formula_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/formula"
)

// example is a line of the page: a formula, values, what it gives.
var example = regexp.MustCompile("(?m)^\\| `([^`]+)` \\| `([^`]*)` \\| (.+) \\|$")

func TestThePageOfFormulasIsTrue(t *testing.T) {
	page, err := os.ReadFile("../../docs/reference/formulas.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := example.FindAllStringSubmatch(string(page), -1)
	if len(examples) < 15 {
		t.Fatalf("%d examples: is this test blind?", len(examples))
	}
	for _, e := range examples {
		source, with, gives := e[1], e[2], e[3]
		f := compiled(t, source)
		if f == nil {
			continue
		}
		v, err := f.Eval(facets(t, with))
		want, told := strings.CutPrefix(gives, "cannot tell")
		switch {
		case told && (err == nil || !strings.Contains(err.Error(), strings.TrimPrefix(want, ": "))):
			t.Errorf("%s with %s: %v, %v; the page says %s", source, with, v, err, gives)
		case !told && (err != nil || "`"+v.String()+"`" != gives):
			t.Errorf("%s with %s: %v, %v; the page says %s", source, with, v, err, gives)
		}
	}
}

// compiled is the formula as a number, or as a condition.
func compiled(t *testing.T, source string) *formula.Formula {
	t.Helper()
	var last error
	for _, want := range []commerce.Type{commerce.NumberType, commerce.BoolType} {
		f, err := formula.Compile(source, names, want)
		if err == nil {
			return f
		}
		last = err
	}
	t.Errorf("%s: %v", source, last)
	return nil
}
