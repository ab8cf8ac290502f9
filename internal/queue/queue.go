// Package queue is the port to the message queues: the envelope that carries a
// whole delivery beside what was read in it, the look that asks for a later
// judgement, and what every adapter promises.
//
// It owns how messages are written and read, and what is too large for the
// queue. queue/sqsqueue sends through SQS, queue/memqueue in the process,
// queue/queuetest holds both to one suite. Who receives messages in the
// functions is Lambda's business; Receive and Drain are for commands.
package queue

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// MaxBytes is the most that one message, and one request of several, may
	// take.
	MaxBytes = 1 << 20
	// MaxDelay is the longest that a message can be held back.
	MaxDelay = 15 * time.Minute
)

var (
	// ErrTooLarge means that a body takes more than MaxBytes. Nothing was sent.
	ErrTooLarge = errors.New("queue: message larger than 1 MiB")
	// ErrDelay means that a delay is above MaxDelay. Nothing was sent.
	ErrDelay = errors.New("queue: delay above 15 minutes")
	// ErrNewer means that a newer codec wrote the message. It has to wait for a
	// newer function.
	ErrNewer = errors.New("queue: message of a newer codec")
)

// PoisonError means that a message cannot be read and never will be. It names
// the place and repeats nothing of the content.
type PoisonError struct{ Where, Want string }

// Error says where the message is wrong and what would be right.
func (e *PoisonError) Error() string {
	return fmt.Sprintf("queue: unreadable message: %s: want %s", e.Where, e.Want)
}

// PartialError means that some bodies of one Send were not stored. The others
// were.
type PartialError struct {
	// Failed holds the reason by the body's place in the call.
	Failed map[int]error
}

// Error counts the failures and gives the reason of the first.
func (e *PartialError) Error() string {
	first := -1
	for i := range e.Failed {
		if first < 0 || i < first {
			first = i
		}
	}
	return fmt.Sprintf("queue: %d messages not sent, the first is number %d: %v", len(e.Failed), first, e.Failed[first])
}

// Message is a received message.
type Message struct {
	ID, Body string
	// Receipt is what this receipt of the message is deleted by.
	Receipt string
	// Receives counts the receipts of the message, this one included.
	Receives int
	// Sent is when the message was first sent.
	Sent time.Time
}

// Queue is one queue. Messages come at least once and in no order. It is safe
// for concurrent use.
type Queue interface {
	// Send stores every body, or returns why not: a *PartialError when some
	// were stored, any other error when that is not known. Sending all of them
	// again is always safe.
	Send(ctx context.Context, bodies ...string) error
	// SendAfter stores a body that nobody receives before the delay has passed,
	// rounded up to whole seconds.
	SendAfter(ctx context.Context, delay time.Duration, body string) error
	// SendLater stores messages that wait for their delays, in as few requests as
	// it can, and returns what Send returns.
	SendLater(ctx context.Context, messages ...Later) error
	// Depth counts messages, roughly: those to be received, those being worked
	// on, and those held back.
	Depth(ctx context.Context) (visible, inFlight, delayed int, err error)
	// Receive takes at most limit messages, at most 10, and waits up to wait
	// for the first. A message that is not deleted comes again.
	Receive(ctx context.Context, limit int, wait time.Duration) ([]Message, error)
	// Delete removes received messages for good.
	Delete(ctx context.Context, messages ...Message) error
	// Release makes received messages visible again at once.
	Release(ctx context.Context, messages ...Message) error
}
