package contract

import "time"

// The queues and the topics. A consumed queue has a second one for its dead
// letters, see DeadLetters.
const (
	Observations = "observations"
	// Fetches are what deliveries name and only a platform's API says.
	Fetches = "fetches"
	Looks   = "looks"
	// Loads are exports to be read, and how far reading them is.
	Loads = "loads"
	// Bulk are what exports say, apart from Observations, so that what is live
	// does not wait.
	Bulk    = "bulk"
	Notices = "notify"
	// Decisions are what people decided in Slack about an alert.
	Decisions = "decisions"
	// Merged are deliveries on their way into the archive.
	Merged     = "merged"
	Quarantine = "quarantine"

	Alerts = "alerts"
	// Mail is the topic of what Slack refused. Only people subscribe to it.
	Mail = "mail"
)

// MaxReceive is how often a message is tried before it is a dead letter.
const MaxReceive = 5

// MaxPayload is the most bytes of messages that one invocation is given.
const MaxPayload = 6 << 20

// DeadLettersKept is how long a dead letter is kept, and what is quarantined.
const DeadLettersKept = 14 * day

const (
	day = 24 * time.Hour
	// A dead letter keeps the age of the message that it was, so it must be
	// kept longer than the source keeps messages.
	sourceRetention = 4 * day
	longRetention   = DeadLettersKept
)

// Queue is one SQS queue and, where Consumer is set, its event source mapping.
type Queue struct {
	Name string
	// Consumer is the function that the queue invokes, or blank.
	Consumer string
	// Timeout is the consumer's.
	Timeout time.Duration
	// Visibility is how long a received message is hidden: 6 × Timeout +
	// Window, so that throttled batches are not tried twice at once.
	Visibility time.Duration
	BatchSize  int
	// Window is how long a batch is gathered. 0 takes what is there.
	Window time.Duration
	// MaxConcurrency bounds the consumer's invocations for this queue.
	MaxConcurrency int
	// MaxReceive is how often a message is tried. 0 keeps it for ever.
	MaxReceive int
	Retention  time.Duration
	// DeadLetter is the queue that takes what was tried MaxReceive times, or
	// blank.
	DeadLetter string
}

// Queues lists every queue, with those of the inboxes: the names of the
// registry's systems that deliver into a queue of their own. A dead letter queue
// comes before its source.
func Queues(inboxes ...string) []Queue {
	var all []Queue
	sources := []Queue{
		consumed(Observations, Merge, 10, 20),
		consumed(Fetches, Fetch, 10, 5),
		consumed(Bulk, Merge, 10, 5),
		// One message is a whole export.
		consumed(Loads, Load, 1, 2),
		consumed(Looks, Drift, 10, 2),
		consumed(Notices, Notify, 10, 2),
		// One decision may be about thousands of findings.
		consumed(Decisions, Respond, 1, 2),
		consumed(Merged, Archive, 1000, 2).gathered(5 * time.Minute),
	}
	for _, system := range inboxes {
		sources = append(sources, consumed(Inbox(system), Receive, 10, 5))
	}
	for _, q := range sources {
		all = append(all, kept(q.DeadLetter), q)
	}
	return append(all, kept(Quarantine))
}

// Inbox is the name of the queue into which a system's platform delivers. The
// body of a message is that of the delivery.
func Inbox(system string) string { return "inbox-" + system }

// DeadLetters is the name of a consumed queue's dead letter queue.
func DeadLetters(queue string) string { return queue + "-dead" }

func consumed(name, function string, batch, concurrency int) Queue {
	timeout := Timeout(function)
	return Queue{
		Name:           name,
		Consumer:       function,
		Timeout:        timeout,
		Visibility:     6 * timeout,
		BatchSize:      batch,
		MaxConcurrency: concurrency,
		MaxReceive:     MaxReceive,
		Retention:      sourceRetention,
		DeadLetter:     DeadLetters(name),
	}
}

// gathered fills batches for as long as the window.
func (q Queue) gathered(window time.Duration) Queue {
	q.Window = window
	q.Visibility += window
	return q
}

func kept(name string) Queue {
	return Queue{Name: name, Visibility: 30 * time.Second, Retention: longRetention}
}

// Subscription sends what a topic publishes to a queue, as the raw message
// without the topic's envelope.
type Subscription struct {
	Topic string
	Queue string
}

// Topics lists every topic.
func Topics() []string { return []string{Alerts, Mail} }

// Subscriptions lists every subscription.
func Subscriptions() []Subscription { return []Subscription{{Topic: Alerts, Queue: Notices}} }
