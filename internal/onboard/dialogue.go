package onboard

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/plumbline/plumbline/internal/layout"
)

// width is how many characters a line has at most.
const width = 80

// Dialogue asks a person, line by line. It needs no terminal.
type Dialogue struct {
	ctx   context.Context //nolint:containedctx // a read of a terminal cannot be ended otherwise
	out   io.Writer
	lines chan string
	// Echo prints the answers as well, where the input is no terminal that shows them.
	Echo bool
}

// NewDialogue asks on out and reads answers from in, until the context is done.
func NewDialogue(ctx context.Context, in io.Reader, out io.Writer) *Dialogue {
	d := &Dialogue{ctx: ctx, out: out, lines: make(chan string)}
	go func() {
		defer close(d.lines)
		for s := bufio.NewScanner(in); s.Scan(); {
			select {
			case d.lines <- s.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	return d
}

// Answer asks. The error is ErrEnded when no more lines come.
func (d *Dialogue) Answer(q Question) (string, error) {
	d.print("\n", q.Text)
	d.print("  ", q.Why)
	prompt := "> "
	if q.Default != "" {
		prompt = "[" + q.Default + "] > "
	}
	if utf8.RuneCountInString(prompt) > width/2 {
		d.print("  ", "["+q.Default+"]")
		prompt = "> "
	}
	d.write("  " + prompt)
	select {
	case line, ok := <-d.lines:
		if !ok {
			d.write("\n")
			return "", ErrEnded
		}
		line = strings.TrimSpace(line)
		if d.Echo {
			d.write(shown(q, line) + "\n")
		}
		return line, nil
	case <-d.ctx.Done():
		d.write("\n")
		return "", ErrEnded
	}
}

func shown(q Question, line string) string {
	if q.Private && line != "" {
		return "(not shown)"
	}
	return line
}

// Refuse says what is wrong.
func (d *Dialogue) Refuse(_ Question, why string) error {
	d.print("  ! ", why)
	return nil
}

// Tell prints.
func (d *Dialogue) Tell(text string) { tell(d.out, text) }

func tell(out io.Writer, text string) { (&Dialogue{out: out}).print("  · ", text) }

// print folds a text into lines; a line break in the indent comes first.
func (d *Dialogue) print(indent, text string) {
	if rest, breaks := strings.CutPrefix(indent, "\n"); breaks {
		d.write("\n")
		indent = rest
	}
	for _, line := range layout.Hang(indent, clean(text), width) {
		d.write(line + "\n")
	}
}

// write prints. A terminal that went away ends the questions at the next answer.
func (d *Dialogue) write(text string) { _, _ = fmt.Fprint(d.out, text) }

// clean keeps what files hold from steering the terminal.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return '\uFFFD'
		}
		return r
	}, text)
}
