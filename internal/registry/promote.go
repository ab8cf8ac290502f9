package registry

import (
	"errors"
	"fmt"
	"strings"
)

var (
	// ErrNoRule means that the registry has no rule of that name.
	ErrNoRule = errors.New("registry: no such rule")
	// ErrByHand means that the file is written in a way in which the change has to
	// be made by hand. The error says which change.
	ErrByHand = errors.New("registry: change it by hand")
)

// Promote returns the registry file with one rule's mode set to alert. Nothing
// else of the file changes, comments and layout included. A starter rule gets an
// entry of its own that sets the mode alone. The file must be one that Parse
// takes; the result is for Parse to check again.
func Promote(name string, source []byte, integration, rule string) ([]byte, error) {
	var p problems
	root := readYAML(name, source, &p)
	if root == nil {
		return nil, fmt.Errorf("%w: %s", ErrNoRule, p.sorted(name)[0])
	}
	i := root.child("integrations").child(integration)
	if i == nil {
		return nil, fmt.Errorf("%w: %s has no integration %s", ErrNoRule, name, integration)
	}
	e := editor{integration: integration, rule: rule, text: i.source.text, original: string(source)}
	rules := i.child("rules")
	if rules != nil {
		for _, item := range rules.items {
			if id := item.child("id"); id != nil && id.text == rule {
				return e.setMode(item, id)
			}
		}
	}
	if rules != nil && len(rules.items) > 0 {
		return e.addRule(rules)
	}
	return e.addRules(i)
}

// child is the value of a key, or nil.
func (n *node) child(key string) *node {
	if n == nil {
		return nil
	}
	for _, p := range n.pairs {
		if p.key.text == key {
			return p.value
		}
	}
	return nil
}

// editor inserts and replaces text of one file.
type editor struct {
	integration, rule string
	// text is the file as places count in it, original as it is.
	text, original string
}

// setMode makes an own rule alert.
func (e editor) setMode(item, id *node) ([]byte, error) {
	if mode := item.child("mode"); mode != nil {
		from, to := e.span(mode)
		return e.replace(from, to, string(Alert)), nil
	}
	_, end := e.span(id)
	if e.braced(item) {
		return e.replace(end, end, ", mode: alert"), nil
	}
	end += strings.IndexByte(e.text[end:]+"\n", '\n')
	return e.replace(end, end, "\n"+strings.Repeat(" ", item.column-1)+"mode: alert"), nil
}

// addRule gives a starter rule an entry in front of the integration's own ones.
func (e editor) addRule(rules *node) ([]byte, error) {
	first := rules.items[0].source.offset(rules.items[0].place)
	line := strings.LastIndexByte(e.text[:first], '\n') + 1
	indent, dash, ok := strings.Cut(e.text[line:first], "-")
	if !ok || strings.TrimSpace(indent+dash) != "" {
		return nil, e.byHand()
	}
	return e.replace(line, line, indent+"- "+e.entry()+"\n"), nil
}

// addRules gives an integration without own rules its first.
func (e editor) addRules(i *node) ([]byte, error) {
	if len(i.pairs) == 0 || e.braced(i) {
		return nil, e.byHand()
	}
	first := i.source.offset(i.pairs[0].key.place)
	line := strings.LastIndexByte(e.text[:first], '\n') + 1
	indent := e.text[line:first]
	if strings.TrimSpace(indent) != "" || i.child("rules") != nil {
		return nil, e.byHand()
	}
	return e.replace(line, line, indent+"rules:\n"+indent+"  - "+e.entry()+"\n"), nil
}

func (e editor) entry() string { return "{id: " + e.rule + ", mode: alert}" }

func (e editor) byHand() error {
	return fmt.Errorf("%w: add %s to the rules of %s", ErrByHand, e.entry(), e.integration)
}

func (e editor) braced(n *node) bool { return e.text[n.source.offset(n.place)] == '{' }

// span is where a scalar of one line stands, with its quotes.
func (e editor) span(n *node) (from, to int) {
	from = n.source.offset(n.place)
	to = from + len(n.text)
	if n.style == singleQuoted || n.style == doubleQuoted {
		to += 2
	}
	return from, to
}

func (e editor) replace(from, to int, text string) []byte {
	changed := e.text[:from] + text + e.text[to:]
	if strings.Contains(e.original, "\r\n") {
		changed = strings.ReplaceAll(changed, "\n", "\r\n")
	}
	if strings.HasPrefix(e.original, "\ufeff") {
		changed = "\ufeff" + changed
	}
	return []byte(changed)
}
