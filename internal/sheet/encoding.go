package sheet

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// The encodings of files, as Options name them.
const (
	utf8Name    = "utf-8"
	utf16LEName = "utf-16le"
	utf16BEName = "utf-16be"
	windowsName = "windows-1252"
)

// encodings are those that have to be decoded.
var encodings = map[string]encoding.Encoding{
	utf16LEName:   unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
	utf16BEName:   unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
	windowsName:   charmap.Windows1252,
	"iso-8859-1":  charmap.ISO8859_1,
	"iso-8859-15": charmap.ISO8859_15,
	"macintosh":   charmap.Macintosh,
}

// utf8Mark is what some programs begin UTF-8 files with.
var utf8Mark = []byte("\uFEFF")

// encodingOf returns the encoding that the first bytes of a file show, unless the
// caller knows it.
func encodingOf(first []byte, known string) (string, error) {
	if name := strings.ToLower(known); name != "" {
		if _, ok := encodings[name]; !ok && name != utf8Name {
			return "", fmt.Errorf("%w: an unknown encoding, want utf-8, utf-16le, utf-16be, windows-1252, iso-8859-1, iso-8859-15 or macintosh", ErrFormat)
		}
		return name, nil
	}
	switch {
	case bytes.HasPrefix(first, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(first, []byte("\x00\x00\xfe\xff")):
		return "", fmt.Errorf("%w: UTF-32, which has to be saved as UTF-8", ErrFormat)
	case bytes.HasPrefix(first, utf8Mark):
		return utf8Name, nil
	case bytes.HasPrefix(first, []byte("\xff\xfe")):
		return utf16LEName, nil
	case bytes.HasPrefix(first, []byte("\xfe\xff")):
		return utf16BEName, nil
	default:
		return unmarked(first), nil
	}
}

// unmarked recognises an encoding without a mark. Latin text in UTF-16 has a zero
// in nearly every second byte. Windows-1252 is what is not UTF-8.
func unmarked(first []byte) string {
	var zeros [2]int
	for i, c := range first {
		if c == 0 {
			zeros[i%2]++
		}
	}
	pairs := len(first) / 2
	switch {
	case zeros[1] > pairs/2 && zeros[0] <= pairs/10:
		return utf16LEName
	case zeros[0] > pairs/2 && zeros[1] <= pairs/10:
		return utf16BEName
	}
	valid, invalid := 0, 0
	for len(first) > 0 {
		c, n := utf8.DecodeRune(first)
		switch {
		case c == utf8.RuneError && n == 1 && !utf8.FullRune(first):
		case c == utf8.RuneError && n == 1:
			invalid++
		case n > 1:
			valid++
		}
		first = first[n:]
	}
	if invalid > valid {
		return windowsName
	}
	return utf8Name
}

// decoded returns the file as UTF-8.
func decoded(file io.Reader, name string) io.Reader {
	switch name {
	case utf8Name:
		return file
	case utf16LEName, utf16BEName:
		file = &pairs{r: file}
	}
	return transform.NewReader(file, encodings[name].NewDecoder())
}

// pairs reports an odd byte at the end of UTF-16.
type pairs struct {
	r   io.Reader
	odd bool
}

func (p *pairs) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	p.odd = p.odd != (n%2 == 1)
	if err == io.EOF && p.odd {
		return n, fmt.Errorf("%w: it ends in the middle of a UTF-16 character", ErrTruncated)
	}
	return n, err
}
