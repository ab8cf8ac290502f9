package drift

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/plumbline/plumbline/internal/board"
	"github.com/plumbline/plumbline/internal/generation"
	"github.com/plumbline/plumbline/internal/store"
)

// Board is the site that shows people what drift knows. Its fields are set once,
// before the first call.
type Board struct {
	Pages Pages
	// Zone is that of times on pages.
	Zone *time.Location
}

// Pages keeps the files of the site by name. Get of one that is not there is an
// error; Delete of it is none.
type Pages interface {
	Put(ctx context.Context, name string, body []byte) error
	Get(ctx context.Context, name string) ([]byte, error)
	Delete(ctx context.Context, name string) error
}

const (
	// boardDocument says which state of the board holds.
	boardDocument = "board"
	// boardState is the file beside the pages from which the next run goes on.
	boardState = "state.json"
	// boardTime bounds the time that one run takes to show what it knows, and for
	// so long at least nobody else begins.
	boardTime = 30 * time.Second
	// boardWriters is how many pages are written at once.
	boardWriters = 8
)

// desk is who writes the board, and what is known of it.
type desk struct {
	// Written says that there is a state.
	Written bool
	// Dirty says that pages may be others than the state says: somebody began to
	// write, and did not come to the end.
	Dirty bool `json:",omitempty"`
	// Until is until when somebody writes.
	Until time.Time `json:",omitzero"`

	rev int64
}

// shown is what the board shows: the state beside its pages.
type shown struct {
	Snapshot board.Snapshot
	// Look and Generation are what the pages were made with.
	Look, Generation string
	// Pages are the hashes of all pages by name.
	Pages map[string]string
}

// show makes the board show what is known. Nothing is written when nothing has
// changed. What fails, and what a run leaves undone, the next one makes up for:
// before pages are written the desk says so, and afterwards the state, and in this
// order a stop in between writes twice, and never not at all.
func (r *run) show(ctx context.Context) error {
	if r.Board == nil || r.Documents == nil || enough(ctx) != nil {
		return nil
	}
	if err := r.Generation.Check(ctx, ""); errors.Is(err, generation.ErrOld) {
		return nil
	} else if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, boardTime)
	defer cancel()
	if err := r.refresh(ctx); err != nil {
		return fmt.Errorf("write the board: %w", err)
	}
	return nil
}

func (r *run) refresh(ctx context.Context) error {
	d, err := r.readDesk(ctx)
	if err != nil || r.now.Before(d.Until) {
		return err
	}
	before, err := r.readShown(ctx, d)
	if err != nil {
		return err
	}
	look, err := board.Look()
	if err != nil {
		return err
	}
	next := shown{Look: look, Generation: r.Registry.Generation}
	anew := before.Look != next.Look || before.Generation != next.Generation
	var changed bool
	if next.Snapshot, changed, err = r.snapshot(ctx, before.Snapshot, anew); err != nil || !changed && !anew && !d.Dirty {
		return err
	}
	site, err := board.Render(next.Snapshot, r.Board.Zone)
	if err != nil {
		return err
	}
	if d.Dirty {
		before.Pages = stale(before.Pages)
	}
	return r.write(ctx, d, before, next, site)
}

// stale are pages of which nothing is known but that they may be there.
func stale(pages map[string]string) map[string]string {
	names := map[string]string{}
	for name := range pages {
		names[name] = ""
	}
	return names
}

// write writes the pages that are others than before, and then the state. Who
// loses the race for the desk leaves the board to the winner.
func (r *run) write(ctx context.Context, d desk, before, next shown, site board.Site) error {
	d.Dirty, d.Until = true, r.now.Add(boardTime).UTC()
	if err := r.putDesk(ctx, &d); err != nil {
		return ignoreLost(err)
	}
	if err := r.writePages(ctx, before.Pages, site); err != nil {
		d.Until = time.Time{}
		return errors.Join(err, ignoreLost(r.putDesk(ctx, &d)))
	}
	next.Pages = map[string]string{}
	for name, page := range site {
		next.Pages[name] = board.Hash(page)
	}
	body, err := json.Marshal(next)
	if err == nil {
		err = r.Board.Pages.Put(ctx, boardState, body)
	}
	if err == nil {
		d.Written, d.Dirty = true, false
	}
	d.Until = time.Time{}
	return errors.Join(err, ignoreLost(r.putDesk(ctx, &d)))
}

func ignoreLost(err error) error {
	if errors.Is(err, store.ErrLost) {
		return nil
	}
	return err
}

// writePages makes the pages those of the site. The first page comes last, so that
// what it links to is there.
func (r *run) writePages(ctx context.Context, before map[string]string, site board.Site) error {
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(boardWriters)
	for _, name := range slices.Sorted(maps.Keys(site)) {
		if name != board.Index && before[name] != board.Hash(site[name]) {
			group.Go(func() error { return r.Board.Pages.Put(within, name, site[name]) })
		}
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if before[board.Index] != board.Hash(site[board.Index]) {
		if err := r.Board.Pages.Put(ctx, board.Index, site[board.Index]); err != nil {
			return err
		}
	}
	for name := range before {
		if _, still := site[name]; !still {
			if err := r.Board.Pages.Delete(ctx, name); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *run) readDesk(ctx context.Context) (desk, error) {
	var d desk
	document, err := r.Documents.GetDocument(ctx, boardDocument)
	if errors.Is(err, store.ErrNotFound) {
		return d, nil
	}
	if err == nil {
		err = json.Unmarshal(document.Body, &d)
	}
	if err != nil {
		return d, fmt.Errorf("read document %s: %w", boardDocument, err)
	}
	d.rev = document.Rev
	return d, nil
}

func (r *run) putDesk(ctx context.Context, d *desk) error {
	body, err := json.Marshal(d)
	if err == nil {
		err = r.Documents.PutDocument(ctx, store.Document{Name: boardDocument, Body: body, Rev: d.rev})
	}
	if err != nil {
		return fmt.Errorf("write document %s: %w", boardDocument, err)
	}
	d.rev++
	return nil
}

// readShown reads what the board shows. A state of a form that is not known any
// more is none.
func (r *run) readShown(ctx context.Context, d desk) (shown, error) {
	var s shown
	if !d.Written {
		return s, nil
	}
	body, err := r.Board.Pages.Get(ctx, boardState)
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(body, &s); err != nil {
		r.Log.WarnContext(ctx, "the board is written anew: its state cannot be read", "error", err.Error())
		return shown{}, nil
	}
	return s, nil
}
