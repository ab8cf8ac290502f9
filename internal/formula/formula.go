// Package formula is the small expression language of rules: exact decimals,
// comparisons by value, missing told apart from null, and always an end.
//
// It owns the text of a formula, its types and its evaluation. Which names
// exist and what their values are it leaves to the caller.
package formula

import (
	"maps"
	"slices"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Limits of one formula. They keep checking and evaluation short whatever a
// registry holds.
const (
	// MaxLength is the greatest length of a formula in bytes.
	MaxLength = 4096
	// MaxDepth is how deep parentheses, calls and signs may be nested.
	MaxDepth = 64
)

// Formula is a checked expression. It is immutable and safe for concurrent
// use.
type Formula struct {
	source string
	root   node
	names  []string
}

// Names tells which names exist and of which type they are. Names may hold one
// dot: "from.free", "in_flight".
type Names func(name string) (commerce.Type, bool)

// Lookup gives a name's value. It reports false when the value is missing.
type Lookup func(name string) (commerce.Value, bool)

// Compile reads and checks a formula whose result has the wanted type. Every
// name must be known and every operand must have the type that its operator
// takes, so that only values can still surprise. The error is an *Error with
// the place of the first problem.
func Compile(source string, names Names, want commerce.Type) (*Formula, error) {
	p := parser{lexer: lexer{source: source}, names: names, used: map[string]struct{}{}}
	root, err := p.formula()
	if err != nil {
		return nil, err
	}
	if root.typ != nullType && root.typ != want {
		return nil, problem(root.at, "the formula gives a %s, want a %s", root.typ, want)
	}
	return &Formula{source, root.node, slices.Sorted(maps.Keys(p.used))}, nil
}

// Eval computes the formula. It ends after at most one step for each operator
// and never panics. Every error means that the result cannot be told:
// *MissingError, *NullError, *TypeError, commerce.ErrInexact or
// commerce.ErrDivideByZero. A formula that is a name alone may give null.
//
// What && || and if do not need is not evaluated, so that it may be missing.
func (f *Formula) Eval(lookup Lookup) (commerce.Value, error) { return f.root.eval(lookup) }

// Names lists the names that the formula uses, each once, in alphabetical
// order. The result is the caller's to keep.
func (f *Formula) Names() []string { return slices.Clone(f.names) }

// Uses reports whether the formula uses a name.
func (f *Formula) Uses(name string) bool { return slices.Contains(f.names, name) }

// String returns the source text.
func (f *Formula) String() string { return f.source }
