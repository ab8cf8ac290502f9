package standard

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/plumbline/plumbline/internal/platform"
)

// The limits of a body. Its length is the front door's to limit.
const (
	maxDepth   = 32
	maxMembers = 64
	maxText    = 4096
	maxNumber  = 64
)

// parser reads one document. Errors stop it: what follows a syntax error has no
// place.
type parser struct {
	src string
	at  int
	doc document
}

// parse reads a body as one JSON document.
func parse(body []byte) (document, *platform.BodyError) {
	p := &parser{src: string(body), doc: make(document, 0, len(body)/8+1)}
	if err := p.value(0); err != nil {
		return nil, err
	}
	if p.space(); p.at < len(p.src) {
		return nil, &platform.BodyError{Where: "body", Want: "nothing behind the JSON document"}
	}
	return p.doc, nil
}

// syntax is the error of text that is no JSON, inside the node.
func (p *parser) syntax(node int, want string) *platform.BodyError {
	return p.doc.problem(node, fmt.Sprintf("%s at byte %d", want, p.at))
}

func (p *parser) space() {
	for ; p.at < len(p.src); p.at++ {
		if c := p.src[p.at]; c > ' ' || c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return
		}
	}
}

// take consumes the byte, behind any space, if it is the next one.
func (p *parser) take(c byte) bool {
	p.space()
	if p.at < len(p.src) && p.src[p.at] == c {
		p.at++
		return true
	}
	return false
}

func (p *parser) add(s shape, text string) int {
	p.doc = append(p.doc, node{shape: s, text: text, next: len(p.doc) + 1})
	return len(p.doc) - 1
}

// open adds a node that is not read to its end.
func (p *parser) open(s shape) int {
	i := p.add(s, "")
	p.doc[i].next = 0
	return i
}

func (p *parser) value(depth int) *platform.BodyError {
	p.space()
	if p.at == len(p.src) {
		return p.syntax(p.last(), "a JSON value")
	}
	switch c := p.src[p.at]; {
	case depth > maxDepth:
		return p.syntax(p.last(), fmt.Sprintf("at most %d levels", maxDepth))
	case c == '{':
		return p.object(depth)
	case c == '[':
		return p.array(depth)
	case c == '"':
		return p.text()
	case c == '-' || isDigit(c):
		return p.number()
	default:
		return p.word()
	}
}

// last is the node before the one that is about to be read: in an object, the
// name of the member.
func (p *parser) last() int { return max(len(p.doc)-1, 0) }

func (p *parser) object(depth int) *platform.BodyError {
	i := p.open(object)
	p.at++
	if p.take('}') {
		p.doc[i].next = len(p.doc)
		return nil
	}
	for count := 1; ; count++ {
		if count > maxMembers {
			return p.syntax(i, fmt.Sprintf("at most %d members", maxMembers))
		}
		if err := p.member(i, depth); err != nil {
			return err
		}
		if p.take('}') {
			p.doc[i].next = len(p.doc)
			return nil
		}
		if !p.take(',') {
			return p.syntax(i, "a comma or }")
		}
	}
}

func (p *parser) member(parent, depth int) *platform.BodyError {
	p.space()
	if p.at == len(p.src) || p.src[p.at] != '"' {
		return p.syntax(parent, "a member's name in quotes")
	}
	name := len(p.doc)
	if err := p.text(); err != nil {
		return err
	}
	for other := range p.doc.members(parent) {
		if other != name && p.doc[other].text == p.doc[name].text {
			return p.doc.problem(name, "each name once")
		}
	}
	if !p.take(':') {
		return p.syntax(name, "a colon")
	}
	return p.value(depth + 1)
}

func (p *parser) array(depth int) *platform.BodyError {
	i := p.open(array)
	p.at++
	if p.take(']') {
		p.doc[i].next = len(p.doc)
		return nil
	}
	for {
		if err := p.value(depth + 1); err != nil {
			return err
		}
		if p.take(']') {
			p.doc[i].next = len(p.doc)
			return nil
		}
		if !p.take(',') {
			return p.syntax(i, "a comma or ]")
		}
	}
}

func (p *parser) word() *platform.BodyError {
	for _, w := range [...]node{{shape: boolean, text: "true"}, {shape: boolean, text: "false"}, {shape: null, text: "null"}} {
		if strings.HasPrefix(p.src[p.at:], w.text) {
			p.at += len(w.text)
			p.add(w.shape, w.text)
			return nil
		}
	}
	return p.syntax(p.last(), "a JSON value")
}

func (p *parser) number() *platform.BodyError {
	start := p.at
	if p.src[p.at] == '-' {
		p.at++
	}
	whole := p.at
	ok := p.digits() > 0 && (p.src[whole] != '0' || p.at == whole+1)
	if ok && p.at < len(p.src) && p.src[p.at] == '.' {
		p.at++
		ok = p.digits() > 0
	}
	if ok && p.at < len(p.src) && p.src[p.at]|0x20 == 'e' {
		p.at++
		if p.at < len(p.src) && (p.src[p.at] == '+' || p.src[p.at] == '-') {
			p.at++
		}
		ok = p.digits() > 0
	}
	if !ok || p.at-start > maxNumber {
		return p.syntax(p.last(), fmt.Sprintf("a JSON number of at most %d bytes", maxNumber))
	}
	p.add(number, p.src[start:p.at])
	return nil
}

func (p *parser) digits() int {
	start := p.at
	for p.at < len(p.src) && isDigit(p.src[p.at]) {
		p.at++
	}
	return p.at - start
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func (p *parser) text() *platform.BodyError {
	start, escaped, plain := p.at+1, false, true
	for p.at = start; p.at < len(p.src) && p.src[p.at] != '"'; p.at++ {
		switch c := p.src[p.at]; {
		case c < ' ':
			return p.syntax(p.last(), "control characters escaped")
		case c >= utf8.RuneSelf:
			plain = false
		case c == '\\':
			escaped = true
			p.at++
		}
	}
	if p.at >= len(p.src) {
		p.at = len(p.src)
		return p.syntax(p.last(), "a closing quote")
	}
	value := p.src[start:p.at]
	if len(value) > maxText {
		return p.syntax(p.last(), fmt.Sprintf("a text of at most %d bytes", maxText))
	}
	ok := plain || utf8.ValidString(value)
	if ok && escaped {
		value, ok = unescape(value)
	}
	if !ok {
		return p.syntax(p.last(), "valid UTF-8 and valid escapes")
	}
	p.at++
	p.add(text, value)
	return nil
}

// unescape reports false for escapes that JSON does not have, and for half of
// a surrogate pair, which is no character.
func unescape(s string) (string, bool) {
	const from, to = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b = append(b, s[i])
			continue
		}
		i++
		if at := strings.IndexByte(from, s[i]); at >= 0 {
			b = append(b, to[at])
			continue
		}
		r, size := unicodeEscape(s[i:])
		if size == 0 {
			return "", false
		}
		b = utf8.AppendRune(b, r)
		i += size - 1
	}
	return string(b), true
}

// unicodeEscape reads u0041, or ud83d\ude00 for one character in two halves.
// The size is 0 for anything else.
func unicodeEscape(s string) (r rune, size int) {
	first, ok := hexRune(s)
	if !ok {
		return 0, 0
	}
	if !utf16.IsSurrogate(first) {
		return first, 5
	}
	rest, ok := strings.CutPrefix(s[5:], `\`)
	second, isHex := hexRune(rest)
	r = utf16.DecodeRune(first, second)
	if !ok || !isHex || r == utf8.RuneError {
		return 0, 0
	}
	return r, 11
}

func hexRune(s string) (rune, bool) {
	if len(s) < 5 || s[0] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(s[1:5], 16, 16)
	return rune(n), err == nil
}
