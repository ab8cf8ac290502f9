// Package topic is the port to publishing: one message to everybody who
// subscribed. topic/snstopic publishes through SNS, topic/memtopic in the
// process, topic/topictest holds both to one suite.
package topic

import (
	"context"
	"errors"
	"strings"
)

const (
	// MaxBytes is the most that body and attributes may take together.
	MaxBytes = 256 << 10
	// MaxSubject is the longest subject: e-mail takes fewer than 100 characters.
	MaxSubject = 99
)

// ErrTooLarge means that a message takes more than MaxBytes. Nothing was
// published.
var ErrTooLarge = errors.New("topic: message larger than 256 KiB")

// Message is what subscribers get.
type Message struct {
	// Subject is for e-mail; it may be any text and is published as Subject
	// writes it. Blank for none.
	Subject string
	Body    string
	// Attributes are for filter policies. Blank ones are left out.
	Attributes map[string]string
}

// Publisher publishes. It is safe for concurrent use.
type Publisher interface {
	// Publish hands the message over. When it returns nil, every subscriber
	// will get it at least once.
	Publish(ctx context.Context, m Message) error
}

// Size counts the bytes that the limit is about.
func (m Message) Size() int {
	size := len(m.Body)
	for name, value := range m.Attributes {
		size += len(name) + len(value) + len("String")
	}
	return size
}

// plain writes what alerts say beyond ASCII.
var plain = strings.NewReplacer(
	"→", "->", "–", "-", "—", "-", "−", "-", "×", "x", "·", "-", "…", "...", "≠", "!=", "≤", "<=", "≥", ">=",
	"‘", "'", "’", "'", "“", `"`, "”", `"`, "€", "EUR ", "£", "GBP ", "\u00a0", " ",
)

// Subject writes a text as e-mail subjects may be: one line of at most
// MaxSubject printable ASCII characters that does not begin with a space.
func Subject(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r < ' ' || r == 0x7f:
			return ' '
		case r > 0x7f:
			return '?'
		default:
			return r
		}
	}, plain.Replace(text))
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > MaxSubject {
		text = strings.TrimRight(text[:MaxSubject-3], " ") + "..."
	}
	return text
}
