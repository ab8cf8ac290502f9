package sheet

import (
	"bytes"
	"io"
)

// windowSize is how much of a file is in memory, unless one row needs more.
const windowSize = 128 << 10

// window is the part of a stream that is being looked at.
type window struct {
	r   io.Reader
	buf []byte
	// buf[pos:end] is read and not yet used.
	pos, end int
	// most is how large the window may grow.
	most int
	// err ended the stream: io.EOF, or what broke it.
	err error
}

func newWindow(r io.Reader, most int) *window {
	return &window{r: r, buf: make([]byte, min(windowSize, most)), most: most}
}

// ahead returns what is read and not yet used.
func (w *window) ahead() []byte { return w.buf[w.pos:w.end] }

// use steps over n bytes.
func (w *window) use(n int) { w.pos += n }

// more reads on and keeps what is not yet used. It reports false at the end of
// the stream, and when the window is full and may not grow: see full.
func (w *window) more() bool {
	if w.err != nil {
		return false
	}
	if w.pos > 0 {
		w.end = copy(w.buf, w.ahead())
		w.pos = 0
	}
	if w.end == len(w.buf) {
		if !w.grow() {
			return false
		}
	}
	before := w.end
	for w.end < len(w.buf) && w.err == nil {
		n, err := w.r.Read(w.buf[w.end:])
		w.end += n
		w.err = err
	}
	return w.end > before
}

func (w *window) grow() bool {
	if len(w.buf) >= w.most {
		return false
	}
	larger := make([]byte, min(2*len(w.buf), w.most))
	copy(larger, w.buf[:w.end])
	w.buf = larger
	return true
}

// full reports whether more failed because the window may not grow.
func (w *window) full() bool { return w.err == nil }

// index returns where c stands ahead, reading on as needed, or -1 when the
// stream or the window ends before.
func (w *window) index(c byte) int {
	seen := 0
	for {
		if i := bytes.IndexByte(w.ahead()[seen:], c); i >= 0 {
			return seen + i
		}
		seen = len(w.ahead())
		if !w.more() {
			return -1
		}
	}
}

// skipPast steps behind the next c, however far that is.
func (w *window) skipPast(c byte) {
	for {
		if i := bytes.IndexByte(w.ahead(), c); i >= 0 {
			w.use(i + 1)
			return
		}
		w.use(len(w.ahead()))
		if !w.more() {
			return
		}
	}
}

// ended reports whether all of the stream is in the window.
func (w *window) ended() bool { return w.err == io.EOF } //nolint:errorlint // readers return io.EOF as it is

// failed returns what broke the stream, nil at an orderly end.
func (w *window) failed() error {
	if w.ended() {
		return nil
	}
	return w.err
}
