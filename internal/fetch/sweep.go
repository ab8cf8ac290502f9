package fetch

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/load"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/receive"
)

// openKeys is how many keys of a kind a run carries in its message before they are
// stored.
const openKeys = 2048

// Sweeps take what a run has read that reads everything of a list: what follows
// from it is load's to conclude, as it is from a whole file.
type Sweeps struct {
	// Blobs keep keys under names of their content, so that whoever reads a page
	// again changes nothing.
	Blobs interface {
		Put(ctx context.Context, key string, body []byte) error
	}
	// Loads takes the message by which load goes on.
	Loads interface {
		Send(ctx context.Context, bodies ...string) error
	}
}

// concluded are the kinds of which something follows from a run, none for a run
// that does not read everything.
func (s *Service) concluded(f queue.Fetch) (j job, kinds []commerce.Kind) {
	if s.Sweeps == nil || f.Run == nil {
		return job{}, nil
	}
	system := s.Systems[f.System]
	j, known := system.job(f.Run.Chore)
	if !known || !j.sweep {
		return j, nil
	}
	for _, k := range j.list.Kinds {
		wanted := len(system.Pull.Kinds) == 0 || slices.Contains(system.Pull.Kinds, k)
		if wanted && len(j.list.Parts) > 0 && (j.list.Complete || slices.Contains(j.list.Told, k)) {
			kinds = append(kinds, k)
		}
	}
	return j, kinds
}

// gather notes in a run that reads everything what an answer says is there.
func (s *Service) gather(ctx context.Context, f *queue.Fetch, status string, taken receive.Taken) error {
	j, kinds := s.concluded(*f)
	if len(kinds) == 0 {
		return nil
	}
	run := *f.Run
	f.Run, run.Read.Kinds = &run, maps.Clone(run.Read.Kinds)
	if run.Read.Kinds == nil {
		run.Read.Kinds = map[commerce.Kind]queue.Keys{}
	}
	if status != fmt.Sprint(http.StatusOK) {
		run.Read.Void = "a page was not found"
	}
	for _, o := range taken.Says {
		switch {
		case o.Kind == commerce.Mapping && !o.Gone:
			run.Read.Void = "something on a page cannot be mapped"
		case slices.Contains(kinds, o.Kind) && !o.Gone && slices.Contains(j.list.Parts, o.Part):
			keys := run.Read.Kinds[o.Kind]
			keys.Records++
			keys.Open = load.AppendKey(slices.Clip(keys.Open), o.Part, o.Native)
			run.Read.Kinds[o.Kind] = keys
		}
	}
	for kind, keys := range run.Read.Kinds {
		if len(keys.Open) < openKeys*load.KeyBytes {
			continue
		}
		if err := s.store(ctx, &keys); err != nil {
			return err
		}
		run.Read.Kinds[kind] = keys
	}
	return nil
}

func (s *Service) store(ctx context.Context, keys *queue.Keys) error {
	if len(keys.Open) == 0 {
		return nil
	}
	name := load.ChunkName(keys.Open)
	if err := s.Sweeps.Blobs.Put(ctx, name, keys.Open); err != nil {
		return fmt.Errorf("keep what was read: %w", err)
	}
	keys.Chunks, keys.Open = append(slices.Clip(keys.Chunks), name), nil
	return nil
}

// swept sends on what was read of everything. A run that ends twice sends it twice.
func (s *Service) swept(ctx context.Context, f queue.Fetch) error {
	j, kinds := s.concluded(f)
	for _, kind := range kinds {
		keys := f.Run.Read.Kinds[kind]
		if err := s.store(ctx, &keys); err != nil {
			return err
		}
		sweep := load.Sweep{
			System: f.System, Kind: kind, List: j.list.Name, Parts: j.list.Parts, Slot: j.list.Slot,
			Complete: j.list.Complete, Numbered: j.list.Numbered, Told: slices.Contains(j.list.Told, kind),
			AsOf: f.Run.Start, Records: keys.Records, Chunks: keys.Chunks, Void: f.Run.Read.Void,
		}
		if err := s.Sweeps.Loads.Send(ctx, sweep.Message()); err != nil {
			return fmt.Errorf("send on what was read of %s: %w", f.System, err)
		}
	}
	return nil
}
