package drift

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/silence"
	"github.com/plumbline/plumbline/internal/store"
)

// Watch is what drift watches beside rows: whether systems are heard, whether it
// runs itself, and whether it finds the difference that it makes in itself. It
// is safe for concurrent use.
type Watch struct {
	arrivals store.Arrivals

	mu sync.Mutex
	// heard is what this process has read of each source.
	heard map[silence.Source]heard
	// known is what was found last, as read or written at a time.
	known   watched
	knownAt time.Time
}

// NewWatch watches by the arrivals that merge notes.
func NewWatch(arrivals store.Arrivals) *Watch {
	return &Watch{arrivals: arrivals, heard: map[silence.Source]heard{}}
}

// watched is what is remembered from minute to minute. It is written after
// everything that follows from it, so that a tick that stops does it again.
type watched struct {
	// Since is since when it has been watched without a break, and Ticked when the
	// last tick came to its end.
	Since, Ticked time.Time
	// Gap is the end of a break that people were told of, zero when that is over.
	Gap time.Time `json:",omitzero"`
	// Audited is when the last audit that is known of began, and Unaudited says
	// that people were told that it is long ago.
	Audited   time.Time `json:",omitzero"`
	Unaudited bool      `json:",omitempty"`
	// Silent are the sources that are silent, or were until lately, by their name.
	Silent map[string]judge.Quiet `json:",omitempty"`
	// Deaf is since when nobody is heard, or zero.
	Deaf   time.Time `json:",omitzero"`
	Canary canary    `json:",omitzero"`
	// Lone is when SKUs that one system alone has are to be told again, or zero.
	Lone time.Time `json:",omitzero"`

	rev int64
}

// watchDocument is the name under which it is remembered.
const watchDocument = "watch"

func sourceName(s silence.Source) string { return s.System + "|" + string(s.Kind) }

func sourceNamed(name string) silence.Source {
	system, kind, _ := strings.Cut(name, "|")
	return silence.Source{System: system, Kind: commerce.Kind(kind)}
}

// watch looks after everything that no row tells. What fails is done again in
// the next minute, and remembered only then.
func (r *run) watch(ctx context.Context) error {
	if r.Watch == nil || r.Documents == nil {
		return nil
	}
	w, err := r.readWatched(ctx)
	if err != nil {
		return err
	}
	w.Silent = maps.Clone(w.Silent)
	if err := errors.Join(r.schedule(ctx, &w), r.silences(ctx, &w), r.canary(ctx, &w), r.loneDue(ctx, &w)); err != nil {
		return fmt.Errorf("watch: %w", err)
	}
	w.Ticked = r.now.UTC()
	if err := r.keepWatched(ctx, w); err != nil && !errors.Is(err, store.ErrLost) { // a doubled tick did the same
		return err
	}
	w.rev++
	r.Watch.learn(w, r.now)
	return nil
}

// keepWatched remembers what is watched, unless somebody did since it was read.
func (r *run) keepWatched(ctx context.Context, w watched) error {
	body, err := json.Marshal(w)
	if err == nil {
		err = r.Documents.PutDocument(ctx, store.Document{Name: watchDocument, Body: body, Rev: w.rev})
	}
	if err != nil {
		return fmt.Errorf("remember what was watched: %w", err)
	}
	return nil
}

func (r *run) readWatched(ctx context.Context) (watched, error) {
	var w watched
	d, err := r.Documents.GetDocument(ctx, watchDocument)
	if errors.Is(err, store.ErrNotFound) {
		return w, nil
	}
	if err == nil {
		err = json.Unmarshal(d.Body, &w)
	}
	if err != nil {
		return w, fmt.Errorf("read what was watched: %w", err)
	}
	w.rev = d.Rev
	return w, nil
}

// watchFresh is how long what was found is believed without reading it again: as
// long as from one tick to the next.
const watchFresh = time.Minute

// around adds what was found to what is known around rows of a kind.
func (r *run) around(ctx context.Context, c *judge.Context, kind commerce.Kind) error {
	if r.Watch == nil || r.Documents == nil {
		return nil
	}
	w, fresh := r.Watch.last(r.now)
	if !fresh {
		var err error
		if w, err = r.readWatched(ctx); err != nil {
			return err
		}
		r.Watch.learn(w, r.now)
	}
	for name, quiet := range w.Silent {
		if source := sourceNamed(name); source.Kind == kind {
			if c.Silent == nil {
				c.Silent = map[string]judge.Quiet{}
			}
			c.Silent[source.System] = quiet
		}
	}
	if !w.Deaf.IsZero() {
		c.Held = "Plumbline has heard no system since " + w.Deaf.UTC().Format("15:04 MST")
	}
	return nil
}

func (w *Watch) last(now time.Time) (known watched, fresh bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.known, !w.knownAt.IsZero() && now.Sub(w.knownAt).Abs() < watchFresh
}

func (w *Watch) learn(known watched, at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.known, w.knownAt = known, at
}
