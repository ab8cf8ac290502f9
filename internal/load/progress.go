package load

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/store"
)

// progress is how far a load is. Whoever comes further writes it under the
// condition that nobody else did.
type progress struct {
	Certificate
	// Tag is the file's: another one is another file.
	Tag string
	// Sweep is what was read instead of a file, or nil.
	Sweep *Sweep `json:",omitempty"`
	// Before is the sweep whose keys count as read too, or blank, and BeforeAsOf as
	// of when it was.
	Before     string    `json:",omitempty"`
	BeforeAsOf time.Time `json:",omitzero"`
	// Heard says that webhooks have told of what was read.
	Heard bool `json:",omitempty"`
	// Calls counts what was taken of the file, and Chunks the checkpoints.
	Calls, Chunks int
	// Messages counts those that carry the rows, up to the last checkpoint.
	Messages int
	// Bad counts the chunks with rejected rows, by their numbers.
	Bad []int `json:",omitempty"`
	// Places are the native locations that the registry does not map.
	Places []string `json:",omitempty"`
	// Walk is how far the walk by the rows is.
	Walk []segment `json:",omitempty"`
	// Last is when the load began that was compared before, or zero.
	Last time.Time
	// Empty counts how often in a row nothing was left of the file to merge, and
	// Merged says that nothing more of it will be.
	Empty  int
	Merged bool

	rev int64
}

// progressName names the document of a load.
func progressName(load string) string { return "load|" + load }

func (s *Service) progress(ctx context.Context, load string) (p progress, err error) {
	p.rev, err = s.document(ctx, progressName(load), &p)
	return p, err
}

// save writes how far the load is. Its error is store.ErrLost when somebody else
// came further, who then goes on.
func (s *Service) save(ctx context.Context, p *progress) error {
	err := s.put(ctx, store.Document{Name: progressName(p.Load), Expires: p.Started.Add(expires), Rev: p.rev}, p)
	if err == nil {
		p.rev++
	}
	return err
}

func (s *Service) document(ctx context.Context, name string, into any) (rev int64, err error) {
	d, err := s.Documents.GetDocument(ctx, name)
	if err == nil {
		err = json.Unmarshal(d.Body, into)
	}
	if err != nil {
		return 0, fmt.Errorf("read %s: %w", name, err)
	}
	return d.Rev, nil
}

func (s *Service) put(ctx context.Context, d store.Document, value any) (err error) {
	if d.Body, err = json.Marshal(value); err == nil {
		err = s.Documents.PutDocument(ctx, d)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", d.Name, err)
	}
	return nil
}

// maxListed is how many loads of a system and kind are listed.
const maxListed = 30

// Ledger are the latest loads of a system's files of a kind.
type Ledger struct {
	// Loads are the latest first.
	Loads []Certificate
}

// LedgerName names the document with the ledger.
func LedgerName(system string, kind commerce.Kind) string {
	return contract.LoadsDocument(system, string(kind))
}

// races is how often a ledger is tried again after a lost race.
const races = 16

// list notes a load in the ledger, which it returns.
func (s *Service) list(ctx context.Context, c Certificate) (Ledger, error) {
	name := LedgerName(c.System, c.Kind)
	for range races {
		var l Ledger
		rev, err := s.document(ctx, name, &l)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return l, err
		}
		l.note(c)
		err = s.put(ctx, store.Document{Name: name, Rev: rev}, l)
		if !errors.Is(err, store.ErrLost) {
			return l, err
		}
	}
	return Ledger{}, fmt.Errorf("write %s: %d races lost", name, races)
}

func (l *Ledger) note(c Certificate) {
	i := slices.IndexFunc(l.Loads, func(o Certificate) bool { return o.Load == c.Load })
	if i < 0 {
		l.Loads = append(l.Loads, c)
	} else {
		l.Loads[i] = c
	}
	slices.SortStableFunc(l.Loads, func(a, b Certificate) int { return b.Started.Compare(a.Started) })
	l.Loads = l.Loads[:min(len(l.Loads), maxListed)]
}

// goOn asks to go on with a load after a delay.
func (s *Service) goOn(ctx context.Context, p progress, after time.Duration) error {
	if err := s.Loads.SendAfter(ctx, after, encode(step{Object: p.Object, Load: p.Load})); err != nil {
		return fmt.Errorf("send on: %w", err)
	}
	return nil
}

// ReadLedger reads the ledger of a system's files of a kind. One that has none is
// empty.
func ReadLedger(ctx context.Context, documents store.Documents, system string, kind commerce.Kind) (l Ledger, err error) {
	_, err = (&Service{Documents: documents}).document(ctx, LedgerName(system, kind), &l)
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return l, err
}

// ReadCertificate reads how far a load is, which its ledger knows at its ends only.
func ReadCertificate(ctx context.Context, documents store.Documents, load string) (Certificate, error) {
	p, err := (&Service{Documents: documents}).progress(ctx, load)
	return p.Certificate, err
}
