package sheet

import (
	"bytes"
	"encoding/json"
	"unicode/utf16"
	"unicode/utf8"
)

// maxNesting bounds how deep the objects of a record may lie in each other.
const maxNesting = 32

// flattening makes cells of a JSON object: {"a":{"b":1}} is a cell a.b. An array
// is one cell with its JSON as text.
type flattening struct {
	// visit takes the cells. Name and text are valid until the next object.
	visit func(name []byte, c Cell) error
	data  []byte
	at    int
	name  []byte
	text  []byte
}

// object visits the values of an object. Errors are those of visit, or a
// *RowError without its line.
func (f *flattening) object(data []byte) error {
	switch {
	case !utf8.Valid(data):
		return &RowError{Want: "valid UTF-8"}
	case !json.Valid(data) || data[0] != '{':
		return &RowError{Want: "a JSON object"}
	}
	f.data, f.at, f.name, f.text = data, 0, f.name[:0], f.text[:0]
	return f.members(0)
}

// members visits the members of the object at hand. That data is JSON is known.
func (f *flattening) members(depth int) error {
	if depth == maxNesting {
		return &RowError{Want: "objects that lie less deep in each other"}
	}
	prefix := len(f.name)
	for f.at++; f.peek() != '}'; {
		if f.peek() == ',' {
			f.at++
			f.peek()
		}
		f.name = append(f.name[:prefix], f.string()...)
		f.peek()
		f.at++
		if err := f.value(depth); err != nil {
			return err
		}
	}
	f.at++
	f.name = f.name[:prefix]
	return nil
}

// peek steps over spaces and returns what follows.
func (f *flattening) peek() byte {
	for bytes.IndexByte([]byte(" \t\r\n"), f.data[f.at]) >= 0 {
		f.at++
	}
	return f.data[f.at]
}

func (f *flattening) value(depth int) error {
	switch c := f.peek(); c {
	case '{':
		f.name = append(f.name, '.')
		return f.members(depth + 1)
	case '"':
		text := f.string()
		return f.visit(f.name, textCell(text))
	case '[':
		return f.visit(f.name, Cell{Text: f.array(), State: Text})
	case 'n':
		f.at += len("null")
		return f.visit(f.name, Cell{State: Null})
	case 't', 'f':
		return f.visit(f.name, Cell{Text: f.word(), State: Bool})
	default:
		return f.visit(f.name, Cell{Text: f.word(), State: Number})
	}
}

// word returns a number, true or false.
func (f *flattening) word() []byte {
	start := f.at
	for bytes.IndexByte([]byte(",}] \t\r\n"), f.data[f.at]) < 0 {
		f.at++
	}
	return f.data[start:f.at]
}

// array returns an array as it stands.
func (f *flattening) array() []byte {
	start := f.at
	var where nesting
	for f.at++; !where.step(f.data[f.at]) || f.data[f.at] == ','; f.at++ {
		continue
	}
	f.at++
	return f.data[start:f.at]
}

// string returns the text of the string at hand.
func (f *flattening) string() []byte {
	start := f.at + 1
	f.at = stringEnd(f.data, f.at)
	raw := f.data[start : f.at-1]
	if bytes.IndexByte(raw, '\\') < 0 {
		return raw
	}
	from := len(f.text)
	f.text = appendUnescaped(f.text, raw)
	return f.text[from:len(f.text):len(f.text)]
}

// escapes are the letters of JSON's escapes and what they stand for.
var escapes = map[byte]byte{'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// appendUnescaped adds the text of a JSON string. Half of a surrogate pair is
// U+FFFD.
func appendUnescaped(to, raw []byte) []byte {
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			to = append(to, raw[i])
			continue
		}
		i++
		if raw[i] != 'u' {
			if c, ok := escapes[raw[i]]; ok {
				to = append(to, c)
			} else {
				to = append(to, raw[i])
			}
			continue
		}
		c := hex(raw[i+1 : i+5])
		i += 4
		if utf16.IsSurrogate(c) {
			second := rune(utf8.RuneError)
			if i+6 < len(raw) && raw[i+1] == '\\' && raw[i+2] == 'u' {
				second = hex(raw[i+3 : i+7])
			}
			if c = utf16.DecodeRune(c, second); c != utf8.RuneError {
				i += 6
			}
		}
		to = utf8.AppendRune(to, c)
	}
	return to
}

// hex reads hexadecimal digits.
func hex(digits []byte) rune {
	n := rune(0)
	for _, c := range digits {
		switch {
		case c <= '9':
			n = n<<4 | rune(c-'0')
		default:
			n = n<<4 | rune(c|0x20-'a'+10)
		}
	}
	return n
}
