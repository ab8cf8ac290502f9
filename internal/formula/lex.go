package formula

import (
	"strings"
	"unicode/utf8"
)

type tokenKind uint8

const (
	endToken tokenKind = iota
	numberToken
	textToken
	nameToken
	symbolToken
)

// token is a piece of source. Its text is as written, except for a text
// literal, where it is what the literal stands for.
type token struct {
	kind tokenKind
	text string
	at   int
}

func (t token) is(symbol string) bool { return t.kind == symbolToken && t.text == symbol }

// describe names the token in an error message.
func (t token) describe() string {
	switch t.kind {
	case endToken:
		return "the end"
	case textToken:
		return "a text"
	default:
		return t.text
	}
}

// symbols lists longer symbols before those that they begin with.
var symbols = []string{"==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "+", "-", "*", "/", "(", ")", "[", "]", ","}

// advice tells what to write instead of characters that people try.
var advice = map[rune]string{
	'=': "write == to compare", '&': "write &&", '|': "write ||", '.': "write a digit before the point, as in 0.5",
	'×': "write *", '÷': "write /", '−': "write -", '≤': "write <=", '≥': "write >=", '≠': "write !=",
	'\'': `write texts in double quotes, as in "paid"`, '“': `write a plain "`, '”': `write a plain "`,
	'%': "write / 100", '^': "multiply instead", '?': "write if(condition, a, b)",
}

type lexer struct {
	source string
	pos    int
}

func (l *lexer) next() (token, error) {
	for l.pos < len(l.source) && strings.IndexByte(" \t\r\n", l.source[l.pos]) >= 0 {
		l.pos++
	}
	if l.pos == len(l.source) {
		return token{endToken, "", l.pos}, nil
	}
	switch c := l.source[l.pos]; {
	case isDigit(c):
		return l.number()
	case isNameStart(c):
		return l.name()
	case c == '"':
		return l.quoted()
	}
	for _, s := range symbols {
		if strings.HasPrefix(l.source[l.pos:], s) {
			return l.take(symbolToken, l.pos+len(s)), nil
		}
	}
	return token{}, l.stray()
}

func (l *lexer) take(kind tokenKind, end int) token {
	t := token{kind, l.source[l.pos:end], l.pos}
	l.pos = end
	return t
}

// peek returns the byte at i, 0 behind the end.
func (l *lexer) peek(i int) byte {
	if i < len(l.source) {
		return l.source[i]
	}
	return 0
}

// run returns where the run of bytes that begins at i ends.
func (l *lexer) run(i int, in func(byte) bool) int {
	for i < len(l.source) && in(l.source[i]) {
		i++
	}
	return i
}

func (l *lexer) number() (token, error) {
	end := l.run(l.pos, isDigit)
	if l.peek(end) == '.' {
		if !isDigit(l.peek(end + 1)) {
			return token{}, problem(end, "a number ends in a point, write a digit after it or leave it out")
		}
		end = l.run(end+1, isDigit)
	}
	switch c := l.peek(end); {
	case c == '.':
		return token{}, problem(end, "a number has two points, write one and no separators between thousands")
	case isNameByte(c) || isUpper(c):
		return token{}, problem(end, "a number is followed by a letter, write numbers with digits alone and no exponent")
	}
	return l.take(numberToken, end), nil
}

func (l *lexer) name() (token, error) {
	end := l.run(l.pos, isNameByte)
	if l.peek(end) == '.' {
		if c := l.peek(end + 1); !isNameStart(c) && !isUpper(c) {
			return token{}, problem(end, "a name ends in a dot, write a facet after it, as in from.total")
		}
		end = l.run(end+1, isNameByte)
	}
	switch c := l.peek(end); {
	case c == '.':
		return token{}, problem(end, "a name has two dots, write at most one, as in from.total")
	case isUpper(c):
		return token{}, problem(end, "a name has a capital letter, write names in lower case")
	}
	return l.take(nameToken, end), nil
}

func (l *lexer) quoted() (token, error) {
	var text strings.Builder
	for i := l.pos + 1; i < len(l.source); i++ {
		switch c := l.source[i]; c {
		case '"':
			t := l.take(textToken, i+1)
			t.text = text.String()
			return t, nil
		case '\\':
			i++
			if escaped := l.peek(i); escaped != '"' && escaped != '\\' {
				return token{}, problem(i-1, `a text has an unknown escape, only \" and \\ exist`)
			}
			text.WriteByte(l.source[i])
		default:
			text.WriteByte(c)
		}
	}
	return token{}, problem(l.pos, `a text does not end, write " after it`)
}

// stray is the error for what begins no token.
func (l *lexer) stray() error {
	r, _ := utf8.DecodeRuneInString(l.source[l.pos:])
	if r < utf8.RuneSelf && isUpper(byte(r)) {
		return problem(l.pos, "a name has a capital letter, write names in lower case")
	}
	if what, ok := advice[r]; ok {
		return problem(l.pos, "%q is not understood, %s", r, what)
	}
	return problem(l.pos, "%q is not understood", r)
}

func isDigit(c byte) bool     { return c >= '0' && c <= '9' }
func isUpper(c byte) bool     { return c >= 'A' && c <= 'Z' }
func isNameStart(c byte) bool { return c >= 'a' && c <= 'z' || c == '_' }
func isNameByte(c byte) bool  { return isNameStart(c) || isDigit(c) }
