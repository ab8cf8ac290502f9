package sheet

import (
	"bytes"
	"io"
)

// open recognises the file layer by layer.
func (r *Reader) open(file io.Reader, o Options) error {
	plain, err := r.unpacked(file)
	if err != nil {
		return err
	}
	w := newWindow(plain, max(windowSize, o.MaxRow+2))
	w.more()
	if len(w.ahead()) == 0 {
		if err := w.failed(); err != nil {
			return err
		}
		return ErrEmpty
	}
	return r.openCSV(w, o)
}

// openCSV reads delimited text, which is what everything else is taken for.
func (r *Reader) openCSV(w *window, o Options) error {
	if bytes.HasPrefix(w.ahead(), []byte("\uFEFF")) {
		w.use(3)
	}
	dialect, err := dialectOf(w.ahead(), o)
	if err != nil {
		return err
	}
	source := newCSV(w, dialect.delimiter, dialect.newline, o)
	r.source = source
	r.format.Kind = CSV
	r.format.Encoding = "utf-8"
	r.format.Delimiter = rune(dialect.delimiter)
	if dialect.declared {
		source.nextLine()
	}
	return r.findHeader(o)
}
