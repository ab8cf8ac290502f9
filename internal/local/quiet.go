package local

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// meter counts what is under way in this process: invocations, and messages
// that were sent to a consumed queue and not yet dealt with. A message is
// counted before it is sent and until it is deleted or a dead letter, so that
// no moment looks quiet while something moves.
type meter struct {
	mu      sync.Mutex
	running int
	pending map[string]int
	// held counts messages that wait for the end of their queue's window.
	held map[string]int
	// changed is closed and replaced by every change.
	changed chan struct{}
}

func newMeter() *meter {
	return &meter{pending: map[string]int{}, held: map[string]int{}, changed: make(chan struct{})}
}

// follow counts the messages of a queue from now on.
func (m *meter) follow(queue string) { m.change(func() { m.pending[queue] = 0 }) }

func (m *meter) begin() { m.change(func() { m.running++ }) }
func (m *meter) end()   { m.change(func() { m.running-- }) }

// sent counts messages to a queue. A queue that nobody reads is not counted.
func (m *meter) sent(queue string, n int) {
	m.change(func() {
		if _, ok := m.pending[queue]; ok {
			m.pending[queue] += n
		}
	})
}

// hold counts messages that nobody works on before release.
func (m *meter) hold(queue string, n int) {
	m.change(func() {
		if _, ok := m.pending[queue]; ok {
			m.held[queue] += n
		}
	})
}

// release lets the held messages of a queue be worked on.
func (m *meter) release(queue string) {
	m.change(func() {
		m.pending[queue] += m.held[queue]
		delete(m.held, queue)
	})
}

// awaits says whether messages of a queue are under way, and what signals the
// next change.
func (m *meter) awaits(queue string) (some bool, changed <-chan struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.pending[queue] > 0, m.changed
}

// settled counts messages that need no more work. A message from elsewhere,
// such as a redrive by another process, was never counted.
func (m *meter) settled(queue string, n int) {
	m.change(func() { m.pending[queue] = max(0, m.pending[queue]-n) })
}

func (m *meter) change(f func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f()
	close(m.changed)
	m.changed = make(chan struct{})
}

// state says whether nothing is under way, whether only messages are, and what
// signals the next change.
func (m *meter) state() (quiet, idle bool, changed <-chan struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	total := 0
	for _, n := range m.pending {
		total += n
	}
	return m.running == 0 && total == 0, m.running == 0, m.changed
}

func (m *meter) String() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(m.pending)) {
		if n := m.pending[name]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d in %s", n, name))
		}
	}
	return fmt.Sprintf("%d running; messages: %s", m.running, strings.Join(parts, ", "))
}

// recountAfter is how long messages may wait with nothing running before the
// queues are asked what they really hold: a send whose answer was lost stays
// counted.
const recountAfter = 300 * time.Millisecond

// quiesce waits until nothing is under way.
func (m *meter) quiesce(ctx context.Context, recount func(context.Context) error) error {
	for {
		quiet, idle, changed := m.state()
		if quiet {
			return nil
		}
		timer := time.NewTimer(recountAfter)
		select {
		case <-changed:
		case <-ctx.Done():
			timer.Stop()
			return fmt.Errorf("wait for quiet (%s): %w", m, ctx.Err())
		case <-timer.C:
			if idle {
				if err := recount(ctx); err != nil {
					return err
				}
			}
		}
		timer.Stop()
	}
}

// recount sets the counts to what the queues hold, unless something moved
// meanwhile. Messages with a delay are not under way.
func (m *meter) recount(ctx context.Context, client *sqs.Client, urls map[string]string) error {
	_, _, before := m.state()
	counts := map[string]int{}
	for _, name := range m.followed() {
		n, err := depth(ctx, client, urls[name])
		if err != nil {
			return fmt.Errorf("count the messages of %s: %w", name, err)
		}
		counts[name] = n
	}
	select {
	case <-before:
		return nil
	default:
	}
	m.change(func() {
		for name, n := range counts {
			// Of a queue with an open window only what is beyond it is under way.
			m.pending[name] = max(0, n-m.held[name])
		}
	})
	return nil
}

func (m *meter) followed() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Sorted(maps.Keys(m.pending))
}

func depth(ctx context.Context, client *sqs.Client, url string) (int, error) {
	out, err := client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: &url,
		AttributeNames: []sqstypes.QueueAttributeName{
			sqstypes.QueueAttributeNameApproximateNumberOfMessages,
			sqstypes.QueueAttributeNameApproximateNumberOfMessagesNotVisible,
		},
	})
	if err != nil {
		return 0, err
	}
	total := 0
	for _, text := range out.Attributes {
		n, err := strconv.Atoi(text)
		if err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}
