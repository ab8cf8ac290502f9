package sheet

import (
	"bufio"
	"bytes"
	"io"
)

// peekSize is how much of a file is looked at to recognise it.
const peekSize = 64 << 10

var zipMagic = []byte("PK\x03\x04")

// open recognises the file layer by layer.
func (r *Reader) open(file io.Reader, o Options) error {
	plain, err := r.unpacked(file)
	if err != nil {
		return err
	}
	ahead := bufio.NewReaderSize(plain, peekSize)
	first, err := ahead.Peek(peekSize)
	switch {
	case len(first) == 0 && err != nil && err != io.EOF: //nolint:errorlint // readers return io.EOF as it is
		return err
	case len(first) == 0:
		return ErrEmpty
	case bytes.HasPrefix(first, zipMagic):
		return r.openWorkbook(file, ahead, o)
	}
	if err := refuse(first); err != nil {
		return err
	}
	name, err := encodingOf(first, o.Encoding)
	if err != nil {
		return err
	}
	r.format.Encoding = name
	return r.openText(newWindow(decoded(ahead, name), max(windowSize, o.MaxRow+2)), o)
}

// openText reads JSON, and CSV, which is what everything else is taken for.
func (r *Reader) openText(w *window, o Options) error {
	w.more()
	if bytes.HasPrefix(w.ahead(), utf8Mark) {
		w.use(len(utf8Mark))
	}
	text := w.ahead()[:min(len(w.ahead()), peekSize)]
	if err := refuseBinary(text); err != nil {
		return err
	}
	switch text = bytes.TrimSpace(text); {
	case len(text) == 0 && w.failed() != nil:
		return w.failed()
	case isArray(text):
		return r.openArray(w, o)
	case isObject(text):
		return r.openObjects(w, text, o)
	default:
		return r.openCSV(w, o)
	}
}

// openCSV reads delimited text.
func (r *Reader) openCSV(w *window, o Options) error {
	dialect, err := dialectOf(w.ahead()[:min(len(w.ahead()), peekSize)], o)
	if err != nil {
		return err
	}
	source := newCSV(w, dialect.delimiter, dialect.newline, o)
	source.decoded = r.format.Encoding != utf8Name
	r.source = source
	r.plain = true
	r.format.Kind = CSV
	r.format.Delimiter = rune(dialect.delimiter)
	if dialect.declared {
		source.nextLine()
	}
	return r.findHeader(o)
}
