// Package formula is the small expression language of rules: exact decimals,
// comparisons by value, missing told apart from null, and always an end.
package formula

import "github.com/plumbline/plumbline/internal/commerce"

// Formula is a checked expression. It is immutable and safe for concurrent
// use.
type Formula struct {
	source string
}

// Names tells which names exist and of which type they are. Names may hold one
// dot: "from.free", "in_flight".
type Names func(name string) (commerce.Type, bool)

// Lookup gives a name's value. It reports false when the value is missing.
type Lookup func(name string) (commerce.Value, bool)
