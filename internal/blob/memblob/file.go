package memblob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/blob"
)

// Open reads what Write or Put stored.
func (s *Store) Open(ctx context.Context, key string) (blob.File, error) {
	body, err := s.Get(ctx, key)
	if err != nil {
		return blob.File{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	sum := sha256.Sum256(body)
	return blob.File{
		Body: io.NopCloser(bytes.NewReader(body)), Size: int64(len(body)), Tag: hex.EncodeToString(sum[:16]),
		Modified: s.modified[key], Meta: maps.Clone(s.meta[key]),
	}, nil
}

// Write keeps a copy of the body.
func (s *Store) Write(ctx context.Context, key string, body io.ReadSeeker, meta map[string]string) error {
	content, err := io.ReadAll(body)
	if err != nil {
		return fmt.Errorf("write blob %s: %w", key, err)
	}
	if err := s.Put(ctx, key, content); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.meta == nil {
		s.meta = map[string]map[string]string{}
	}
	s.meta[key] = map[string]string{}
	for name, value := range meta {
		s.meta[key][strings.ToLower(name)] = value
	}
	return nil
}

// stored notes when an object was stored. The lock is held.
func (s *Store) stored(key string) {
	if s.modified == nil {
		s.modified = map[string]time.Time{}
	}
	if s.Now != nil {
		s.modified[key] = s.Now().UTC()
	}
}
