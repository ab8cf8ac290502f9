// Package lazyregexp compiles regular expressions when they are first needed: a
// function that starts waits for none that it does not use. Every platform
// brings a dozen, and a deployment has a handful of platforms.
package lazyregexp

import (
	"regexp"
	"sync"
)

// Regexp is a regular expression, compiled at its first use and then shared. It
// is safe for concurrent use.
type Regexp struct{ compiled func() *regexp.Regexp }

// New returns the expression. One that does not compile panics at its first
// use, so a test has to use each.
func New(expression string) *Regexp {
	return &Regexp{sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })}
}

// Match is regexp.Regexp.Match.
func (r *Regexp) Match(text []byte) bool { return r.compiled().Match(text) }

// MatchString is regexp.Regexp.MatchString.
func (r *Regexp) MatchString(text string) bool { return r.compiled().MatchString(text) }

// FindStringSubmatch is regexp.Regexp.FindStringSubmatch.
func (r *Regexp) FindStringSubmatch(text string) []string {
	return r.compiled().FindStringSubmatch(text)
}

// ReplaceAllStringFunc is regexp.Regexp.ReplaceAllStringFunc.
func (r *Regexp) ReplaceAllStringFunc(text string, replacement func(string) string) string {
	return r.compiled().ReplaceAllStringFunc(text, replacement)
}

// ReplaceAllLiteral is regexp.Regexp.ReplaceAllLiteral.
func (r *Regexp) ReplaceAllLiteral(text, replacement []byte) []byte {
	return r.compiled().ReplaceAllLiteral(text, replacement)
}

// String is the expression.
func (r *Regexp) String() string { return r.compiled().String() }
