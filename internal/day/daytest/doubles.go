package daytest

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/secret"
	"github.com/plumbline/plumbline/internal/topic"
)

// secretFiles resolves references to files that lie in the folder.
type secretFiles string

// Resolve reads a file.
func (folder secretFiles) Resolve(_ context.Context, ref secret.Reference) (string, error) {
	text, err := os.ReadFile(filepath.Join(string(folder), ref.Name))
	return strings.TrimSpace(string(text)), err
}

// anyPace lets every call be made at once.
type anyPace struct{}

// Reserve gives the call its turn now.
func (anyPace) Reserve(_ context.Context, _ string, _ platform.Pace, now time.Time, _ time.Duration) (time.Time, bool, error) {
	return now, true, nil
}

// Hold keeps nobody from calling.
func (anyPace) Hold(context.Context, string, platform.Pace, time.Time) error { return nil }

// deaf is a topic without subscribers.
type deaf struct{}

// Publish drops the message.
func (deaf) Publish(context.Context, topic.Message) error { return nil }

// sealed envelopes stay in the process: a message is the number of one.
func (s *Stage) seal(_ context.Context, e queue.Envelope) (string, error) {
	s.sealed = append(s.sealed, e)
	return strconv.Itoa(len(s.sealed) - 1), nil
}

// open reads an envelope of the stage, or one that drift has written.
func (s *Stage) open(_ context.Context, body string) (queue.Envelope, error) {
	i, err := strconv.Atoi(body)
	if err != nil {
		return queue.Decode(body)
	}
	return s.sealed[i], nil
}

// queue is a queue of the stage, by the contract's name.
func (s *Stage) queue(name string) stageQueue { return stageQueue{s, name} }

type stageQueue struct {
	stage *Stage
	name  string
}

// Send sends messages that are due at once.
func (q stageQueue) Send(ctx context.Context, bodies ...string) error {
	for _, body := range bodies {
		if err := q.SendAfter(ctx, 0, body); err != nil {
			return err
		}
	}
	return nil
}

// SendAfter sends a message that is due later. Rows of a batch are merged side by
// side, and each may send.
func (q stageQueue) SendAfter(_ context.Context, delay time.Duration, body string) error {
	q.stage.sending.Lock()
	defer q.stage.sending.Unlock()
	switch q.name {
	case contract.Quarantine:
		q.stage.Quarantined++
	case contract.Observations, contract.Fetches, contract.Looks:
		q.stage.waiting = append(q.stage.waiting, message{q.stage.now.Add(delay), q.name, body})
	}
	return nil
}

// SendLater sends each message as SendAfter does.
func (q stageQueue) SendLater(ctx context.Context, messages ...queue.Later) error {
	return queue.OneByOne(ctx, q, messages...)
}
