package secret

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// How long a fetched secret serves.
const (
	// Fresh is how long a secret serves without asking its store again.
	Fresh = 5 * time.Minute
	// Stale is how long it serves while its store fails.
	Stale = time.Hour
	// fetchTimeout bounds one fetch, which callers share: it must not end
	// with the first caller's patience.
	fetchTimeout = 5 * time.Second
	// pause is how long a store that failed is left alone when there is a
	// secret to go on with.
	pause = 15 * time.Second
)

// ErrUnavailable means that the secret is not known and its store does not
// give it. Answer with 503, so that the sender tries again.
var ErrUnavailable = errors.New("secret: not available")

// Source fetches one secret of one store by name. The error must not hold the
// secret.
type Source func(ctx context.Context, name string) (string, error)

// Resolver fetches secrets and remembers them. It is safe for use by several
// goroutines.
type Resolver struct {
	sources map[Store]Source
	now     func() time.Time
	flight  singleflight.Group

	mu    sync.Mutex
	known map[Reference]known
}

type known struct {
	value   string
	fetched time.Time
	// again is when the store may be asked again.
	again time.Time
}

// NewResolver returns a resolver over the given stores. A reference to a store
// that is not among them cannot be resolved.
func NewResolver(sources map[Store]Source, now func() time.Time) *Resolver {
	return &Resolver{sources: sources, now: now, known: map[Reference]known{}}
}

// Resolve returns the secret. Callers at the same time share one fetch. While
// the store fails, a secret fetched within the last hour serves; otherwise the
// error wraps ErrUnavailable and names the reference only.
func (r *Resolver) Resolve(ctx context.Context, ref Reference) (string, error) {
	at := r.now()
	last, ok := r.lookup(ref)
	if ok && at.Before(last.again) && at.Sub(last.fetched) < Stale {
		return last.value, nil
	}
	done := r.flight.DoChan(ref.String(), func() (any, error) { return r.fetch(ctx, ref) })
	select {
	case <-ctx.Done():
		return "", fmt.Errorf("resolve %s: %w: %w", ref, ErrUnavailable, ctx.Err())
	case result := <-done:
		if result.Err == nil {
			return result.Val.(string), nil
		}
		if ok && at.Sub(last.fetched) < Stale {
			return last.value, nil
		}
		return "", fmt.Errorf("resolve %s: %w: %w", ref, ErrUnavailable, result.Err)
	}
}

func (r *Resolver) lookup(ref Reference) (known, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	k, ok := r.known[ref]
	return k, ok
}

// fetch asks the store and remembers the answer, or that it failed.
func (r *Resolver) fetch(ctx context.Context, ref Reference) (string, error) {
	source, ok := r.sources[ref.Store]
	if !ok {
		return "", fmt.Errorf("no store %q", ref.Store)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchTimeout)
	defer cancel()
	value, err := source(ctx, ref.Name)
	if err == nil && value == "" {
		// An empty secret would verify what anybody can sign.
		err = errors.New("the secret is empty")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	at := r.now()
	if err != nil {
		if k, ok := r.known[ref]; ok {
			k.again = at.Add(pause)
			r.known[ref] = k
		}
		return "", err
	}
	r.known[ref] = known{value: value, fetched: at, again: at.Add(Fresh)}
	return value, nil
}
