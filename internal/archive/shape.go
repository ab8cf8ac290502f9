package archive

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/plumbline/plumbline/internal/change"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/shape"
	"github.com/plumbline/plumbline/internal/store"
)

// perBatch is how many deliveries of one topic are looked at in a batch: what
// all of them have, the first of them show.
const perBatch = 50

// Shapes notices that a platform sends other fields than it did. It looks at
// what is archived, so that nothing waits for it, and fails nothing: what could
// not be noted is learnt from later deliveries. It is safe for concurrent use. A nil
// Shapes looks at nothing.
type Shapes struct {
	Documents store.Documents
	// Observations takes what was noticed.
	Observations Sender
	// Changes takes recorded changes: a platform writes in another version of its
	// API.
	Changes Sender
	// Platform is the platform of a system, the zero Platform of one that there is
	// not.
	Platform   func(system string) platform.Platform
	Generation string

	// mu guards topics and what is known of each.
	mu     sync.Mutex
	topics map[shapeTopic]*shapeKnown
}

// Sender takes messages.
type Sender interface {
	Send(ctx context.Context, bodies ...string) error
}

// shapeTopic is a topic of a system.
type shapeTopic struct{ system, topic string }

func (t shapeTopic) document() string { return shape.Document(t.system, t.topic) }

// native names the topic in the row that tells it; some platforms name none.
func (t shapeTopic) native() string {
	if t.topic == "" {
		return "deliveries"
	}
	return t.topic
}

// shapeKnown is what is known of a topic, as its document has it.
type shapeKnown struct {
	Known shape.Known
	// Told is what its row says by now, blank for nothing, and Aged what the row
	// says that is about the version of the platform's API.
	Told string `json:",omitempty"`
	Aged string `json:",omitempty"`
	// Version is the newest version that a delivery came in, and Before the one
	// before it.
	Version string `json:",omitempty"`
	Before  string `json:",omitempty"`

	rev  int64
	seen int
	last commerce.Delivery
	// aged is what there is to say of the version now, and moved that it is another
	// one than before, with the time of the first delivery in it.
	aged  string
	moved time.Time
	// dirty says that the document has to be written.
	dirty bool
}

// see looks at one delivery.
func (s *Shapes) see(ctx context.Context, d commerce.Delivery) error {
	if s == nil || len(d.Body) == 0 {
		return nil
	}
	p := s.Platform(d.System)
	read, isRead := shape.Read(p.Name)[d.Topic]
	if !isRead {
		return nil
	}
	topic := shapeTopic{d.System, d.Topic}
	s.mu.Lock()
	defer s.mu.Unlock()
	k, err := s.known(ctx, topic)
	if err != nil || k.seen >= perBatch {
		return err
	}
	k.version(p.Versions, d)
	has, ok := shape.Of(d.Body)
	if !ok {
		return nil
	}
	next, worth := k.Known.See(read, has)
	k.Known, k.last, k.dirty = next, d, k.dirty || worth
	k.seen++
	return nil
}

// version notes in which version of its API the platform wrote the delivery. One
// in an older version than others before was late.
func (k *shapeKnown) version(versions *platform.Versions, d commerce.Delivery) {
	version, ends, ok := versions.Of(d.Header)
	if !ok || version < k.Version {
		return
	}
	if version > k.Version {
		k.Before, k.Version, k.dirty = k.Version, version, true
		if k.Before != "" {
			k.moved = d.Received
		}
	}
	k.aged = shape.Aged(k.Before, version, ends, d.Received)
	k.dirty = k.dirty || k.aged != k.Aged
}

func (s *Shapes) known(ctx context.Context, topic shapeTopic) (*shapeKnown, error) {
	if k, ok := s.topics[topic]; ok {
		return k, nil
	}
	k := &shapeKnown{}
	d, err := s.Documents.GetDocument(ctx, topic.document())
	switch {
	case errors.Is(err, store.ErrNotFound):
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", topic.document(), err)
	default:
		if err := json.Unmarshal(d.Body, k); err != nil {
			return nil, fmt.Errorf("read %s: %w", topic.document(), err)
		}
		k.rev, k.aged = d.Rev, k.Aged
	}
	if s.topics == nil {
		s.topics = map[shapeTopic]*shapeKnown{}
	}
	s.topics[topic] = k
	return k, nil
}

// note reports what has changed, and then stores what is known by now. Whoever
// loses the race looks at the document again with the next batch.
func (s *Shapes) note(ctx context.Context) error {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var failed []error
	for topic, k := range s.topics {
		k.seen = 0
		if !k.dirty {
			continue
		}
		err := errors.Join(s.tell(ctx, topic, k), s.change(ctx, topic, k))
		if err == nil {
			err = s.keep(ctx, topic, k)
		}
		if err != nil {
			delete(s.topics, topic)
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

func (s *Shapes) keep(ctx context.Context, topic shapeTopic, k *shapeKnown) error {
	body, err := json.Marshal(k)
	if err != nil {
		return fmt.Errorf("write %s: %w", topic.document(), err)
	}
	err = s.Documents.PutDocument(ctx, store.Document{Name: topic.document(), Body: body, Rev: k.rev})
	if errors.Is(err, store.ErrLost) {
		delete(s.topics, topic)
		return nil
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", topic.document(), err)
	}
	k.rev++
	k.dirty = false
	return nil
}

// tell queues the rows of the topic that have to say something else.
func (s *Shapes) tell(ctx context.Context, topic shapeTopic, k *shapeKnown) error {
	var all []string
	for _, d := range k.Known.Differences() {
		all = append(all, d.String())
	}
	var news []commerce.Observation
	now := strings.Join(all, "; ")
	if now != k.Told {
		news = append(news, topic.observation(judge.Shape, k.last.Received, now))
	}
	if k.aged != k.Aged {
		news = append(news, topic.observation(judge.APIVersion, k.last.Received, k.aged))
	}
	if len(news) == 0 {
		return nil
	}
	body, err := queue.Encode(queue.Envelope{
		Delivery:     commerce.Delivery{ID: k.last.ID, System: topic.system, Topic: "shape", Received: k.last.Received},
		Observations: news, Generation: s.Generation,
	})
	if err == nil {
		err = s.Observations.Send(ctx, body)
	}
	if err != nil {
		return fmt.Errorf("tell the shape of %s %s: %w", topic.system, topic.native(), err)
	}
	k.Told, k.Aged = now, k.aged
	return nil
}

// beforeFirst is how long before the first delivery in a version the change to it
// is said to have been: a delivery tells what was before it, which the change is to
// lie before.
const beforeFirst = time.Minute

// change records that the system writes in another version. Topics change together:
// those of a day are one change.
func (s *Shapes) change(ctx context.Context, topic shapeTopic, k *shapeKnown) error {
	if k.moved.IsZero() {
		return nil
	}
	c := change.Change{
		ID: "api-version " + topic.system + " " + k.Version, At: k.moved.Add(-beforeFirst).UTC(), System: topic.system,
		What: "webhooks in version " + k.Version + " of its API, before in " + k.Before, By: commerce.Plumbline,
	}
	if err := s.Changes.Send(ctx, queue.EncodeChange(c)); err != nil {
		return fmt.Errorf("record the version of %s: %w", topic.system, err)
	}
	k.moved = time.Time{}
	return nil
}

// observation is what a row says of the topic or, without a reason, that there is
// nothing to say any more.
func (t shapeTopic) observation(what string, at time.Time, reason string) commerce.Observation {
	o := commerce.Observation{
		System: t.system, Kind: commerce.Mapping, Key: commerce.Key{t.system, what, t.native()},
		Part: "mapping", Native: t.native(), Slot: "mapping", Facets: commerce.Facets{"reason": commerce.Text(reason)},
	}
	if reason == "" {
		o.Gone, o.Facets = true, nil
	}
	o.Stamp(commerce.VersionParts{Clock: at})
	return o
}
