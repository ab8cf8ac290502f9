package sheet

import (
	"errors"
	"fmt"
	"io"
)

// maxStrings bounds the memory of a workbook's table of texts. It grows with the
// different texts of the workbook, and is the only thing of a file that does.
const maxStrings = 256 << 20

// stringTable are the texts that cells refer to by number.
type stringTable struct {
	text []byte
	ends []int
}

// at returns a text, false when there is none of that number.
func (t *stringTable) at(i int) ([]byte, bool) {
	if i < 0 || i >= len(t.ends) {
		return nil, false
	}
	start := 0
	if i > 0 {
		start = t.ends[i-1]
	}
	return t.text[start:t.ends[i]:t.ends[i]], true
}

// readStrings reads the table of texts. What is said about how to pronounce them
// (rPh) is no part of them.
func (b *workbook) readStrings(part string) error {
	plain, err := b.open(part)
	if err != nil {
		return err
	}
	defer plain.Close()
	x := newXML(plain, max(windowSize, b.o.MaxRow))
	var current []byte
	inText, spoken := false, false
	for {
		t, err := x.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case t == chars && inText && !spoken:
			current = x.appendText(current)
		case t == chars:
		case x.is("t"):
			inText = t == startTag
		case x.is("rPh"):
			spoken = t == startTag
		case x.is("si") && t == startTag:
			current = current[:0]
		case x.is("si"):
			if err := b.strings.add(unescapeX(current)); err != nil {
				return err
			}
		}
	}
}

func (t *stringTable) add(text []byte) error {
	t.text = append(t.text, text...)
	t.ends = append(t.ends, len(t.text))
	if len(t.text)+8*len(t.ends) > maxStrings {
		return fmt.Errorf("%w: a workbook with more than %d MiB of different texts; save it as CSV", ErrLimit, maxStrings>>20)
	}
	return nil
}
