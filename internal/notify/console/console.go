// Package console prints alerts as text, for people who watch a terminal. What was
// printed cannot be edited, so that an alert's growth and end are printed for
// themselves.
package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/notify"
)

// ErrCannotEdit is returned for what a terminal has no way to do.
var ErrCannotEdit = errors.New("console: what is printed stays")

// separator stands before each alert.
var separator = strings.Repeat("─", 72) + "\n"

// printer is a notify.Sender that shows a message in one way and never edits.
type printer struct {
	show func(ctx context.Context, channel string, m alert.Message, seq int64) error
}

// New returns a sender that prints each message to w, whole. It is safe for
// concurrent use.
func New(w io.Writer) notify.Sender {
	var mu sync.Mutex
	return printer{func(_ context.Context, _ string, m alert.Message, _ int64) error {
		mu.Lock()
		defer mu.Unlock()
		_, err := io.WriteString(w, separator+alert.PlainText(m))
		return err
	}}
}

// Edits reports false.
func (p printer) Edits() bool { return false }

// Post prints the message.
func (p printer) Post(ctx context.Context, channel string, m alert.Message, seq int64) (notify.Ref, error) {
	if err := p.show(ctx, channel, m, seq); err != nil {
		return notify.Ref{}, fmt.Errorf("console: print: %w", err)
	}
	return notify.Ref{}, nil
}

// Edit returns ErrCannotEdit.
func (p printer) Edit(context.Context, notify.Ref, alert.Message, int64) error { return ErrCannotEdit }

// Find returns ErrCannotEdit.
func (p printer) Find(context.Context, string, string) (notify.Ref, bool, error) {
	return notify.Ref{}, false, ErrCannotEdit
}

// Reply returns ErrCannotEdit.
func (p printer) Reply(context.Context, notify.Ref, alert.Reply) error { return ErrCannotEdit }

// Told returns ErrCannotEdit.
func (p printer) Told(context.Context, notify.Ref, string) (int64, error) { return 0, ErrCannotEdit }
