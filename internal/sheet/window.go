package sheet

import (
	"bytes"
	"io"
	"math"
	"unicode/utf8"
)

// windowSize is how much of a file is in memory, unless one row needs more.
const windowSize = 128 << 10

// mostIdle is how often a reader may give nothing.
const mostIdle = 100

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
	// inspecting looks at whatever is read, to know whether it is text: buf[:checked]
	// was looked at, and from doubtful on it is.
	inspecting        bool
	checked, doubtful int
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
		w.checked, w.doubtful = max(w.checked-w.pos, 0), max(w.doubtful-w.pos, 0)
		w.pos = 0
	}
	if w.end == len(w.buf) {
		if !w.grow() {
			return false
		}
	}
	before := w.end
	for idle := 0; w.end < len(w.buf) && w.err == nil; idle++ {
		n, err := w.r.Read(w.buf[w.end:])
		w.end += n
		w.err = err
		switch {
		case n > 0:
			idle = 0
		case err == nil && idle == mostIdle:
			w.err = io.ErrNoProgress
		}
	}
	w.inspect()
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

// inspect looks at what is new: whether it is UTF-8 without a NUL character.
func (w *window) inspect() {
	if !w.inspecting {
		return
	}
	fresh := w.buf[w.checked:w.end]
	if !w.ended() {
		fresh = fresh[:len(fresh)-partial(fresh)]
	}
	w.checked += len(fresh)
	if bytes.IndexByte(fresh, 0) >= 0 || !utf8.Valid(fresh) {
		w.doubtful = w.checked
	}
}

// distrust ends the looking at what is read: of a file that is stepped over or given
// away in parts, each row that is read here is looked at by itself.
func (w *window) distrust() { w.inspecting, w.doubtful = false, math.MaxInt }

// partial is how many bytes at the end are the beginning of a character.
func partial(text []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if c := text[len(text)-n:]; utf8.RuneStart(c[0]) {
			if utf8.FullRune(c) {
				return 0
			}
			return n
		}
	}
	return 0
}

// trusted reports whether every whole row ahead is text.
func (w *window) trusted() bool { return w.pos >= w.doubtful }
