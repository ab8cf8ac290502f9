package lazyregexp_test

import (
	"testing"

	"github.com/plumbline/plumbline/internal/lazyregexp"
)

func TestRegexp_IsCompiledWhenItIsUsed(t *testing.T) {
	wrong := lazyregexp.New(`(`)
	defer func() {
		if recover() == nil {
			t.Error("an expression that does not compile is used")
		}
	}()
	wrong.MatchString("text")
}

func TestRegexp_DoesAsTheLibrary(t *testing.T) {
	number := lazyregexp.New(`([0-9]+)`)
	if !number.MatchString("a1") || number.Match([]byte("a")) || number.String() != `([0-9]+)` {
		t.Error("it matches other texts")
	}
	if found := number.FindStringSubmatch("a12b"); len(found) != 2 || found[1] != "12" {
		t.Errorf("found %q", found)
	}
	if got := number.ReplaceAllStringFunc("a1b22", func(s string) string { return s + s }); got != "a11b2222" {
		t.Errorf("replaced: %s", got)
	}
	if got := number.ReplaceAllLiteral([]byte("a1"), []byte("$1")); string(got) != "a$1" {
		t.Errorf("replaced: %s", got)
	}
}
