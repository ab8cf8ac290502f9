package registry

import (
	"path"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Ignored is one pattern of records that no rule judges.
type Ignored struct {
	// Part is a part of the record's key, such as sku.
	Part string
	// Pattern is as of path.Match: * is any text without a slash.
	Pattern string
}

// String writes the pattern as a verdict names it: "sku SAMPLE-*".
func (i Ignored) String() string { return i.Part + " " + i.Pattern }

// Ignores returns the first pattern of the rule that a record matches.
func (r Rule) Ignores(key commerce.Key) (Ignored, bool) {
	if len(r.Ignored) == 0 {
		return Ignored{}, false
	}
	for i, part := range r.Kind.KeyParts() {
		for _, ignored := range r.Ignored {
			if ignored.Part != part || i >= len(key) {
				continue
			}
			if matches, err := path.Match(ignored.Pattern, key[i]); matches && err == nil {
				return ignored, true
			}
		}
	}
	return Ignored{}, false
}

// partKey is a part of a key as a key of the file.
type partKey string

func (partKey) syntax() syntax { return partSyntax }

// pattern is a pattern of key parts. SKUs may be numbers.
type pattern struct{ origin }

func (pattern) syntax() syntax {
	return syntax{want: `a pattern such as "SAMPLE-*"`, pattern: notBlank, literal: true}
}

// patterns are those of one key part.
type patterns []pattern

func (p patterns) named() place { return p[0].at() }

// ignored reads the patterns in the order of the file.
func (c *checker) ignored() []Ignored {
	var all []Ignored
	for part, list := range ordered(given(c.file.Ignore)) {
		seen := map[string]bool{}
		for _, y := range list {
			_, err := path.Match(y.text(), "")
			switch {
			case !y.given():
				continue
			case err != nil:
				c.errors.add(y.at(), "ignore.%s: not a pattern, want text with * for any text, ? for any character, [ab] for one of them, and \\ before one that is meant", part)
			case strings.Trim(y.text(), "*") == "":
				c.errors.add(y.at(), "ignore.%s: ignores every record, want mode: off on the rules", part)
			case seen[y.text()]:
				c.errors.add(y.at(), "ignore.%s: %s stands twice", part, y.text())
			}
			seen[y.text()] = true
			all = append(all, Ignored{string(part), y.text()})
		}
	}
	return all
}

// given leaves out lists that could not be read.
func given(lists map[partKey]patterns) map[partKey]patterns {
	found := map[partKey]patterns{}
	for part, list := range lists {
		if len(list) > 0 {
			found[part] = list
		}
	}
	return found
}

// ignoredOf are the patterns that records of a kind can match.
func (c *checker) ignoredOf(kind commerce.Kind) []Ignored {
	var of []Ignored
	for _, i := range c.ignores {
		for _, p := range kind.KeyParts() {
			if i.Part == p {
				of = append(of, i)
			}
		}
	}
	return of
}
