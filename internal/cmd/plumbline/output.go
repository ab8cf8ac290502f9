package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/plumbline/plumbline/internal/layout"
)

// output is where a command writes.
type output struct {
	io.Writer
	json bool
	// width is how many columns a line has, or 0 where it has no end: what is no
	// terminal is read by programs.
	width int
	// zone is that of times for people; nil is this machine's.
	zone *time.Location
}

// columnsOf is how wide a terminal is, or 0 for what is none.
func columnsOf(w io.Writer) int {
	file, ok := w.(*os.File)
	if !ok || !isTerminal(file) {
		return 0
	}
	width, _, err := term.GetSize(int(file.Fd()))
	if err != nil {
		return 0
	}
	return width
}

// line prints lines, folded where they are too long; what is folded stands two
// columns behind where its line began. A terminal that went away is no concern of
// the command.
func (o *output) line(format string, args ...any) {
	for line := range strings.Lines(fmt.Sprintf(format, args...) + "\n") {
		for _, folded := range o.folded(strings.TrimSuffix(line, "\n")) {
			_, _ = fmt.Fprintln(o, folded)
		}
	}
}

func (o *output) folded(line string) []string {
	if o.width <= 0 || layout.Columns(line) <= o.width {
		return []string{line}
	}
	text := strings.TrimLeft(line, " ")
	indent := line[:len(line)-len(text)]
	lines := layout.Hang(indent+"  ", text, o.width)
	lines[0] = indent + strings.TrimLeft(lines[0], " ")
	return lines
}

// hang prints a text behind a mark, all of its lines under the first.
func (o *output) hang(mark, text string) {
	for _, line := range layout.Hang(mark, text, o.width) {
		_, _ = fmt.Fprintln(o, line)
	}
}

// Layouts of times for people.
const (
	toMinute = "2 Jan 15:04"
	toSecond = "2 Jan 15:04:05"
	inFull   = time.DateTime
)

// time writes a time for people, with the zone that it is told in.
func (o *output) time(t time.Time, layout string) string {
	if o.zone == nil {
		return timeText(t.Local(), layout)
	}
	return timeText(t.In(o.zone), layout)
}

// span writes a span of time for people.
func (o *output) span(first, last time.Time) string {
	switch {
	case last.Equal(first):
		return o.time(first, inFull)
	case o.time(last, time.DateOnly) == o.time(first, time.DateOnly):
		return o.time(first, inFull) + " to " + o.time(last, time.TimeOnly)
	default:
		return o.time(first, inFull) + " to " + o.time(last, inFull)
	}
}

// counted is a number of things, in the singular for one.
func counted(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}

func timeText(t time.Time, layout string) string { return t.Format(layout + " MST") }

// table prints rows in aligned columns, which give way where they are too wide.
func (o *output) table(rows [][]string) {
	for _, line := range layout.Table(rows, o.width) {
		_, _ = fmt.Fprintln(o, line)
	}
}

// encode prints a value as indented JSON.
func (o *output) encode(v any) error {
	enc := json.NewEncoder(o)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// paragraphs is a writer of text for people: its lines are folded.
type paragraphs struct{ *output }

// Write prints whole lines.
func (p paragraphs) Write(text []byte) (int, error) {
	var folded strings.Builder
	for line := range strings.Lines(string(text)) {
		whole, ends := strings.CutSuffix(line, "\n")
		folded.WriteString(strings.Join(p.folded(whole), "\n"))
		if ends {
			folded.WriteByte('\n')
		}
	}
	if _, err := io.WriteString(p.Writer, folded.String()); err != nil {
		return 0, err
	}
	return len(text), nil
}
