// Package memblob keeps blobs in the process.
package memblob

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/plumbline/plumbline/internal/blob"
)

// Store is a blob.Store. The zero Store is empty and ready.
type Store struct {
	// Now dates what is stored. Nil leaves it undated.
	Now func() time.Time

	mu       sync.Mutex
	blobs    map[string][]byte
	modified map[string]time.Time
	meta     map[string]map[string]string
}

// Put keeps a copy of the body.
func (s *Store) Put(ctx context.Context, key string, body []byte) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("put blob %s: %w", key, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.blobs == nil {
		s.blobs = map[string][]byte{}
	}
	s.blobs[key] = bytes.Clone(body)
	delete(s.meta, key)
	s.stored(key)
	return nil
}

// Get returns a copy of the body.
func (s *Store) Get(ctx context.Context, key string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("get blob %s: %w", key, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	body, ok := s.blobs[key]
	if !ok {
		return nil, fmt.Errorf("get blob %s: %w", key, blob.ErrNotFound)
	}
	return bytes.Clone(body), nil
}

// List sorts the keys.
func (s *Store) List(ctx context.Context, prefix string) ([]string, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list blobs %s*: %w", prefix, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var keys []string
	for key := range s.blobs {
		if strings.HasPrefix(key, prefix) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys, nil
}

// Delete forgets the body.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("delete blob %s: %w", key, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.blobs, key)
	return nil
}
