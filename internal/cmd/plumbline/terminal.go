package main

import (
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/mattn/go-isatty"
)

// terminal prints text above one status line. Where the output is no terminal
// there is no status line.
type terminal struct {
	out  io.Writer
	live bool

	mu     sync.Mutex
	status string
}

const clearLine = "\r\x1b[K"

func newTerminal(out io.Writer) *terminal {
	file, ok := out.(*os.File)
	return &terminal{out: out, live: ok && isatty.IsTerminal(file.Fd())}
}

// Write prints above the status line.
func (t *terminal) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.status != "" {
		_, _ = io.WriteString(t.out, clearLine)
	}
	n, err := t.out.Write(p)
	if t.status != "" {
		_, _ = io.WriteString(t.out, t.status)
	}
	return n, err
}

// show replaces the status line; blank removes it.
func (t *terminal) show(status string) {
	if !t.live {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.status = status
	_, _ = fmt.Fprint(t.out, clearLine, status)
}
