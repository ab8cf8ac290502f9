package sheet

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

// token is what stands next in an XML part.
type token uint8

const (
	startTag token = iota + 1
	endTag
	chars
)

// xmlReader reads the XML of a workbook: elements, attributes and text, without
// namespaces. What it returns is valid until the next call.
type xmlReader struct {
	w *window
	// name is that of a tag, without its prefix.
	name []byte
	// attributes are those of a start tag, as they stand.
	attributes []byte
	// text is that of chars, as it stands; raw says that it has no entities.
	text []byte
	raw  bool

	depth  int
	closed bool
	opened bool
}

func newXML(r io.Reader, most int) *xmlReader { return &xmlReader{w: newWindow(r, most)} }

// next returns the next token, io.EOF behind the root element, or a final error.
func (x *xmlReader) next() (token, error) {
	if x.closed {
		x.closed = false
		x.depth--
		return endTag, nil
	}
	for {
		n := x.w.index('<')
		switch {
		case n > 0:
			x.text, x.raw = x.w.ahead()[:n], false
			x.w.use(n)
			return chars, nil
		case n < 0:
			return 0, x.end()
		}
		if t, err := x.markup(); t != 0 || err != nil {
			return t, err
		}
	}
}

// end says whether the part may end here.
func (x *xmlReader) end() error {
	switch {
	case x.w.failed() != nil:
		return x.w.failed()
	case !x.w.ended():
		return fmt.Errorf("%w: a text that is too long", ErrLimit)
	case x.depth > 0 || !x.opened:
		return fmt.Errorf("%w: the XML of the workbook ends too early", ErrTruncated)
	default:
		return io.EOF
	}
}

// markup reads what starts with "<": 0 for what does not matter.
func (x *xmlReader) markup() (token, error) {
	for len(x.w.ahead()) < len("<![CDATA[") && x.w.more() {
		continue
	}
	switch ahead := x.w.ahead(); {
	case bytes.HasPrefix(ahead, []byte("<!--")):
		_, err := x.until("-->")
		return 0, err
	case bytes.HasPrefix(ahead, []byte("<?")):
		_, err := x.until("?>")
		return 0, err
	case bytes.HasPrefix(ahead, []byte("<![CDATA[")):
		text, err := x.until("]]>")
		if err != nil {
			return 0, err
		}
		x.text, x.raw = text[len("<![CDATA["):], true
		return chars, nil
	case bytes.HasPrefix(ahead, []byte("<!")):
		return 0, fmt.Errorf("%w: a document type in its XML", ErrDamaged)
	default:
		return x.tag()
	}
}

// until returns what stands before a mark, and steps behind it.
func (x *xmlReader) until(mark string) ([]byte, error) {
	for {
		if i := bytes.Index(x.w.ahead(), []byte(mark)); i >= 0 {
			text := x.w.ahead()[:i]
			x.w.use(i + len(mark))
			return text, nil
		}
		if !x.w.more() {
			return nil, x.broken()
		}
	}
}

// broken is what is wrong when markup does not end.
func (x *xmlReader) broken() error {
	x.depth++
	return x.end()
}

// tag reads a start or end tag.
func (x *xmlReader) tag() (token, error) {
	end := 0
	for {
		data := x.w.ahead()
		i := bytes.IndexByte(data[end:], '>')
		if i < 0 {
			if !x.w.more() {
				return 0, x.broken()
			}
			continue
		}
		// A bracket in the quotes of an attribute ends nothing.
		end += i + 1
		if inner := data[1 : end-1]; bytes.Count(inner, []byte(`"`))%2 == 0 {
			x.w.use(end)
			return x.cut(inner)
		}
	}
}

// cut makes a tag of what stands between its brackets.
func (x *xmlReader) cut(inner []byte) (token, error) {
	if name, ok := bytes.CutPrefix(inner, []byte("/")); ok {
		x.name = local(bytes.TrimSpace(name))
		if x.depth--; x.depth < 0 {
			return 0, fmt.Errorf("%w: its XML ends what it has not begun", ErrDamaged)
		}
		return endTag, nil
	}
	inner, x.closed = bytes.CutSuffix(inner, []byte("/"))
	name, rest := inner, []byte(nil)
	if i := bytes.IndexAny(inner, " \t\r\n"); i >= 0 {
		name, rest = inner[:i], inner[i:]
	}
	if len(name) == 0 {
		return 0, fmt.Errorf("%w: its XML has a tag without a name", ErrDamaged)
	}
	x.name, x.attributes = local(name), rest
	x.depth++
	x.opened = true
	return startTag, nil
}

func local(name []byte) []byte { return name[bytes.IndexByte(name, ':')+1:] }

// attribute returns the value of an attribute of the start tag, nil without it.
func (x *xmlReader) attribute(name string) []byte {
	rest := x.attributes
	for {
		key, after, ok := bytes.Cut(rest, []byte("="))
		after = bytes.TrimLeft(after, " \t\r\n")
		if !ok || len(after) == 0 || after[0] != '"' && after[0] != '\'' {
			return nil
		}
		value, next, ok := bytes.Cut(after[1:], after[:1])
		if !ok {
			return nil
		}
		if string(local(bytes.TrimSpace(key))) == name {
			return value
		}
		rest = next
	}
}

// is reports whether the tag has a name.
func (x *xmlReader) is(name string) bool { return string(x.name) == name }

// appendText adds the text at hand to a text.
func (x *xmlReader) appendText(to []byte) []byte {
	if x.raw {
		return append(to, x.text...)
	}
	return appendUnescapedXML(to, x.text)
}

// entities are those of XML. Others are numbers of characters.
var entities = map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'"}

// appendUnescapedXML adds a text without its entities.
func appendUnescapedXML(to, text []byte) []byte {
	for {
		before, rest, ok := bytes.Cut(text, []byte("&"))
		to = append(to, before...)
		if !ok {
			return to
		}
		name, _, ok := bytes.Cut(rest[:min(len(rest), 12)], []byte(";"))
		plain, known := entities[string(name)]
		switch {
		case ok && known:
			to = append(to, plain...)
		case ok && len(name) > 1 && name[0] == '#':
			to = utf8.AppendRune(to, character(string(name[1:])))
		default:
			to = append(to, '&')
			text = rest
			continue
		}
		text = rest[len(name)+1:]
	}
}

// character is the one with a number: 38, or x26.
func character(number string) rune {
	base := 10
	if number[0] == 'x' {
		number, base = number[1:], 16
	}
	n, err := strconv.ParseUint(number, base, 21)
	if err != nil {
		return utf8.RuneError
	}
	return rune(n)
}
