package main

import (
	"io"
	"os"
	"sync/atomic"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/schollz/progressbar/v3"

	"github.com/plumbline/plumbline/internal/config"
)

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && isatty.IsTerminal(file.Fd())
}

// coloured reports whether text may be coloured: on a terminal, unless NO_COLOR
// is set.
func coloured(w io.Writer) bool { return isTerminal(w) && config.Environment("NO_COLOR") == "" }

// longWork is how much is read before a progress bar is worth its line.
const (
	longWork = 32 << 20
	redraw   = 100 * time.Millisecond
)

// showProgress shows on a terminal how much of a long reading is done, until it is
// stopped.
func showProgress(w *os.File, size int64, read *atomic.Int64) (stop func()) {
	if size < longWork || !isTerminal(w) {
		return func() {}
	}
	bar := progressbar.NewOptions64(2*size, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription("comparing"),
		progressbar.OptionShowBytes(true), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30))
	done, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(redraw)
		defer tick.Stop()
		for {
			select {
			case <-done:
				_ = bar.Finish() // a terminal that went away needs no bar
				return
			case <-tick.C:
				_ = bar.Set64(min(read.Load(), 2*size-1))
			}
		}
	}()
	return func() { close(done); <-stopped }
}
