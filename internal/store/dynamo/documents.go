package dynamo

import (
	"context"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/store"
)

// GetDocument reads one document with strong consistency.
func (s *Findings) GetDocument(ctx context.Context, name string) (store.Document, error) {
	d, rev, err := getDocument[store.Document](ctx, s.table, contract.DocumentKeys+name)
	d.Rev = rev
	return d, err
}

// PutDocument writes the document with one conditional PutItem.
func (s *Findings) PutDocument(ctx context.Context, d store.Document) error {
	return s.table.putDocument(ctx, document{pk: contract.DocumentKeys + d.Name, value: d, rev: d.Rev, expires: d.Expires})
}

// DeleteDocument removes the document, whether it is there or not.
func (s *Findings) DeleteDocument(ctx context.Context, name string) error {
	return s.table.remove(ctx, contract.DocumentKeys+name)
}
