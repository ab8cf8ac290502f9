package learnt

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
)

// Current is the document of what is judged by.
const Current = "learnt|current"

// Basis is the document of what was learnt, and of what it was learnt of.
const Basis = "learnt|state"

// Documents are the names of both.
func Documents() []string { return []string{Current, Basis} }

const (
	// fresh is how long what was read is judged by before it is read again, and
	// again after how long it is when it could not be.
	fresh = 5 * time.Minute
	again = time.Minute
)

// Reader reads what is judged by, and remembers it for some minutes. A nil Reader
// knows of nothing that was learnt. It is safe for concurrent use.
type Reader struct {
	documents store.Documents
	now       func() time.Time
	log       *slog.Logger

	mu      sync.Mutex
	current Learnt
	until   time.Time
}

// NewReader makes a reader for the rules. It is nil when nothing is learnt for
// any of them, so that nothing is read.
func NewReader(documents store.Documents, rules map[commerce.Kind][]registry.Rule, now func() time.Time, log *slog.Logger) *Reader {
	for _, of := range rules {
		for _, rule := range of {
			if rule.Settle.Learned() {
				return &Reader{documents: documents, now: now, log: log}
			}
		}
	}
	return nil
}

// Current is what is judged by. Where it cannot be read, it is what was read
// last: settle times that are too long delay, and decide nothing wrong.
func (r *Reader) Current(ctx context.Context) Learnt {
	if r == nil {
		return Learnt{}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.now().Before(r.until) {
		return r.current
	}
	var l Learnt
	d, err := r.documents.GetDocument(ctx, Current)
	if err == nil {
		err = json.Unmarshal(d.Body, &l)
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		r.log.WarnContext(ctx, "learnt settle times not read", "number", r.current.N, "error", err.Error())
		r.until = r.now().Add(again)
		return r.current
	}
	r.current, r.until = l, r.now().Add(fresh)
	return l
}
