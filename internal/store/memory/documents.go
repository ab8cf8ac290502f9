package memory

import (
	"context"

	"github.com/plumbline/plumbline/internal/store"
)

// GetDocument returns a copy of the document.
func (s *Findings) GetDocument(_ context.Context, name string) (store.Document, error) {
	return get(s, &s.documents, "document", name)
}

// PutDocument keeps a copy of the document.
func (s *Findings) PutDocument(_ context.Context, d store.Document) error {
	before := d.Rev
	d.Rev++
	return put(s, &s.documents, "document", d.Name, before, d)
}

// DeleteDocument removes the document.
func (s *Findings) DeleteDocument(_ context.Context, name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.documents, name)
	return nil
}
