package registry

import (
	"regexp"
	"sync"
)

// pattern is a regular expression that is compiled when it is first needed: a
// function that starts waits for none that its registry does not use.
type pattern struct{ compiled func() *regexp.Regexp }

func like(expression string) *pattern {
	return &pattern{sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })}
}

// MatchString reports whether the text matches.
func (p *pattern) MatchString(text string) bool { return p.compiled().MatchString(text) }

// String is the expression.
func (p *pattern) String() string { return p.compiled().String() }
