package load

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/plumbline/plumbline/internal/blob"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
)

// FromReading says that a certificate is as old as the beginning of a reading.
const FromReading = "begin of the reading"

// Sweep is a reading of everything that the API of a system lists of a kind. What
// it read is on its way to merge as any delivery is; here follows only what follows
// from all of it, as from a whole file.
type Sweep struct {
	System string        `json:"system"`
	Kind   commerce.Kind `json:"kind"`
	// List is the name of what was read.
	List string `json:"list"`
	// Parts and Slot say which views of a record the list tells about: those of one
	// of the parts, in the slot unless that is blank.
	Parts []string `json:"parts"`
	Slot  string   `json:"slot,omitempty"`
	// Complete says that the list holds everything there is, and Numbered that a
	// record may have slipped between two of its pages.
	Complete bool `json:"complete,omitempty"`
	Numbered bool `json:"numbered,omitempty"`
	// Told says that webhooks tell every change of the kind.
	Told bool `json:"told,omitempty"`
	// AsOf is when it began, Records what it read, and Chunks where the keys are
	// stored, each chunk as AppendKey wrote it under its ChunkName.
	AsOf    time.Time `json:"as_of"`
	Records int       `json:"records"`
	Chunks  []string  `json:"chunks,omitempty"`
	// Void says why nothing follows from it, or is blank.
	Void string `json:"void,omitempty"`
}

// KeyBytes is how long a key is that AppendKey writes.
const KeyBytes = 8

// AppendKey writes the key of what an observation of a sweep tells about. The
// record's own is not known while some link gives it.
func AppendKey(keys []byte, part, native string) []byte {
	return binary.BigEndian.AppendUint64(keys, viewHash(part, native))
}

func viewHash(part, native string) uint64 { return xxhash.Sum64String(part + "\x00" + native) }

// ChunkName names keys by what they are.
func ChunkName(keys []byte) string {
	sum := sha256.Sum256(keys)
	return contract.LoadKeys + "read/" + hex.EncodeToString(sum[:16])
}

// Message is the message by which follows what follows from it. Sent twice, it
// follows once.
func (s Sweep) Message() string { return encode(step{Object: s.place().Key(), Sweep: &s}) }

// place is where the report lies. There is no file.
func (s Sweep) place() Place {
	return Place{System: s.System, Kind: s.Kind, Name: "pull/" + s.List + "/" + s.AsOf.UTC().Format("20060102T150405.000Z")}
}

// swept certifies a sweep, unless that is done.
func (s *Service) swept(ctx context.Context, w Sweep) error {
	sum := sha256.Sum256([]byte(w.place().Key()))
	load := hex.EncodeToString(sum[:12])
	p, err := s.progress(ctx, load)
	switch {
	case errors.Is(err, store.ErrNotFound):
		p = progress{Sweep: &w, Certificate: Certificate{
			Load: load, System: w.System, Kind: w.Kind, Object: w.place().Key(), List: w.List, As: "all of " + w.List, State: Reading,
			AsOf: w.AsOf.UTC(), AsOfFrom: FromReading, Started: w.AsOf.UTC().Truncate(time.Millisecond),
			Rows: w.Records, Records: w.Records, Complete: w.Complete, Truncated: w.Void != "", Why: w.Void,
		}}
		if err := s.open(ctx, &p); errors.Is(err, store.ErrLost) {
			return nil // somebody else goes on
		} else if err != nil {
			return err
		}
	case err != nil:
		return err
	}
	switch p.State {
	case Reading:
		return s.ended(ctx, p, nil)
	case Read:
		return s.goOn(ctx, p, 0)
	default:
		return nil
	}
}

// tells reports whether the view is among what the load tells about.
func (p progress) tells(v record.View) bool {
	if v.System != p.System || p.Sweep == nil {
		return v.System == p.System
	}
	return slices.Contains(p.Sweep.Parts, v.Part) && (p.Sweep.Slot == "" || p.Sweep.Slot == v.Slot)
}

// lacks reports whether nothing of the record was among what was read.
func (w *walk) lacks(row record.Row) bool {
	if w.Sweep == nil {
		return !w.keys.has(hashOf(row.ID()))
	}
	return !slices.ContainsFunc(row.Views, func(v record.View) bool { return w.tells(v) && w.keys.has(viewHash(v.Part, v.Native)) })
}

// slipped adds to the keys of a sweep whose pages have numbers those of the one
// before it: what slipped between two pages of one is in the other.
func (s *Service) slipped(ctx context.Context, p *progress, l Ledger) (why string, err error) {
	if p.Sweep == nil || !p.Sweep.Numbered {
		return "", nil
	}
	before := l.last(p.Certificate, func(o Certificate) bool { return !o.Truncated })
	_, err = s.keys(ctx, before.Load)
	if errors.Is(err, blob.ErrNotFound) {
		return "its pages have numbers, and no reading before it is kept: the next one concludes", nil
	}
	p.Before, p.BeforeAsOf = before.Load, before.AsOf
	return "", err
}

// changed is what the row says of the webhooks of the time since the load before:
// lost is a change that none told, told one that some did.
func (w *walk) changed(row record.Row) (lost, told bool) {
	if w.Sweep == nil {
		return w.lost(row)
	}
	for _, v := range row.Views {
		at := v.Told()
		if w.tells(v) && !at.Before(w.Since) && !at.After(w.AsOf) && !v.Received.Before(w.Since) {
			pulled := commerce.Pulled(v.Delivery)
			lost, told = lost || pulled, told || !pulled
		}
	}
	return lost, told && !lost
}

// hears reports whether a webhook has told of what the load tells about.
func (w *walk) hears(row record.Row) bool {
	return slices.ContainsFunc(row.Views, func(v record.View) bool {
		return w.tells(v) && !commerce.Exported(v.Part) && !commerce.Pulled(v.Delivery) && !v.Gone
	})
}

// about names what a note about lost webhooks is about: a kind, or the kind in the
// one slot that was read.
func (p progress) about() string {
	if p.Sweep == nil || p.Sweep.Slot == "" {
		return string(p.Kind)
	}
	return fmt.Sprintf("%s@%s", p.Kind, p.Sweep.Slot)
}
