package replay

import (
	"cmp"
	"context"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// Report is what a replay comes to.
type Report struct {
	// Deliveries were in the archive; Observed are those of them that are not
	// there whole any more, of which what was read then counts.
	Deliveries, Observed int
	// Counts are by system and kind, in this order.
	Counts []Count
	// Rows are the records that would be another, New those that there are not yet.
	Rows, New int
	// Newer are records that would only take a newer version of what they say.
	Newer int
	// Changes are what would be another, record by record.
	Changes []Change
	// Unread are the deliveries that cannot be read today, by cause.
	Unread []Unread
	// Erased are the records that were erased on request and stay away.
	Erased int
	// Unmerged are deliveries that today's merge refuses.
	Unmerged int
}

// Count is what the replay says of one kind in one system, and how many views that
// changes.
type Count struct {
	System       string
	Kind         commerce.Kind
	Observations int
	Views        int
}

// Change is one facet of a view that would be another. A blank facet is the view
// itself: that there is one, or that the system has the record no more.
type Change struct {
	Kind           commerce.Kind
	Key            commerce.Key
	System, Part   string
	Facet          string
	Before, After  string
	native, sorted string
}

// Unread is a number of deliveries that cannot be read for one reason.
type Unread struct {
	System, Topic, Problem string
	Count                  int
}

// sliceItems is how many deliveries are merged together: what they have in common
// is read once.
const sliceItems = 50

// Preview merges items in their order over copies of rows, and says what becomes
// of them. Nothing is written.
func Preview(ctx context.Context, items func(yield func(Item, error) bool), rows Records, r *registry.Registry, now time.Time) (Report, error) {
	p := &preview{counts: map[Count]*Count{}, unread: map[Unread]int{}, rows: newOverlay(rows)}
	p.merge = &merge.Service{
		Records: p.rows, Marks: nowhere{}, Looks: nowhere{}, Archive: nowhere{}, Open: p.open,
		Registry: r, Rules: judge.Rules(r), Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler),
	}
	for item, err := range items {
		if err != nil {
			return Report{}, err
		}
		p.take(ctx, item)
	}
	p.flush(ctx)
	if err := ctx.Err(); err != nil {
		return Report{}, err
	}
	return p.result(), nil
}

// preview is one replay in memory.
type preview struct {
	merge  *merge.Service
	rows   *overlay
	report Report
	counts map[Count]*Count
	unread map[Unread]int
	items  []Item
}

func (p *preview) take(ctx context.Context, item Item) {
	p.report.Deliveries++
	if item.Observed {
		p.report.Observed++
	}
	if item.Problem != nil {
		p.unread[Unread{System: item.Delivery.System, Topic: item.Delivery.Topic, Problem: item.Problem.Error()}]++
		return
	}
	for _, o := range item.Observations {
		p.count(o.System, o.Kind).Observations++
	}
	if p.items = append(p.items, item); len(p.items) == sliceItems {
		p.flush(ctx)
	}
}

func (p *preview) count(system string, kind commerce.Kind) *Count {
	key := Count{System: system, Kind: kind}
	if p.counts[key] == nil {
		count := key
		p.counts[key] = &count
	}
	return p.counts[key]
}

// flush merges what was gathered. A message is its item's place.
func (p *preview) flush(ctx context.Context) {
	messages := make([]merge.Message, len(p.items))
	for i := range p.items {
		messages[i] = merge.Message{ID: strconv.Itoa(i), Body: strconv.Itoa(i), Receives: 1}
	}
	p.report.Unmerged += len(p.merge.Merge(ctx, messages))
	p.items = p.items[:0]
}

func (p *preview) open(_ context.Context, body string) (queue.Envelope, error) {
	i, err := strconv.Atoi(body)
	if err != nil {
		return queue.Envelope{}, err
	}
	return p.items[i].Envelope, nil
}

func (p *preview) result() Report {
	for id, now := range p.rows.now {
		p.compare(p.rows.was[id], now)
	}
	r := p.report
	for _, c := range p.counts {
		r.Counts = append(r.Counts, *c)
	}
	slices.SortFunc(r.Counts, func(a, b Count) int {
		return cmp.Or(cmp.Compare(a.System, b.System), cmp.Compare(a.Kind, b.Kind))
	})
	for u, n := range p.unread {
		u.Count = n
		r.Unread = append(r.Unread, u)
	}
	slices.SortFunc(r.Unread, func(a, b Unread) int {
		return cmp.Or(b.Count-a.Count, cmp.Compare(a.System, b.System), cmp.Compare(a.Topic, b.Topic), cmp.Compare(a.Problem, b.Problem))
	})
	slices.SortFunc(r.Changes, func(a, b Change) int { return cmp.Compare(a.sorted, b.sorted) })
	return r
}

// compare notes what became of a row.
func (p *preview) compare(was, now record.Row) {
	if !was.Suppressed.IsZero() {
		p.report.Erased++
		return
	}
	if now.Rev == was.Rev {
		return
	}
	changes := differences(was, now)
	switch {
	case len(changes) == 0:
		p.report.Newer++
		return
	case was.Rev == 0:
		p.report.New++
	}
	p.report.Rows++
	views := map[record.ViewID]bool{}
	for _, c := range changes {
		view := record.ViewID{System: c.System, Part: c.Part, Native: c.native}
		if !views[view] {
			views[view] = true
			p.count(c.System, now.Kind).Views++
		}
	}
	p.report.Changes = append(p.report.Changes, changes...)
}

// differences lists what two states of a row say otherwise, whatever the versions
// of their views.
func differences(was, now record.Row) []Change {
	before := map[record.ViewID]record.View{}
	for _, v := range was.Views {
		before[v.ViewID] = v
	}
	var all []Change
	for _, v := range now.Views {
		note := func(facet, before, after string) {
			all = append(all, Change{
				Kind: now.Kind, Key: now.Key, System: v.System, Part: v.Part, Facet: facet, Before: before, After: after, native: v.Native,
				sorted: string(now.ID()) + "|" + v.System + "|" + v.Part + "|" + v.Native + "|" + facet,
			})
		}
		old, known := before[v.ViewID]
		delete(before, v.ViewID)
		if !known || old.Gone != v.Gone {
			note("", state(old, known), state(v, true))
		}
		for _, facet := range slices.Sorted(maps.Keys(union(old.Facets, v.Facets))) {
			if a, b := text(old.Facets, facet), text(v.Facets, facet); a != b {
				note(facet, a, b)
			}
		}
	}
	for _, v := range before {
		all = append(all, Change{
			Kind: now.Kind, Key: now.Key, System: v.System, Part: v.Part, Before: state(v, true), After: "not known", native: v.Native,
			sorted: string(now.ID()) + "|" + v.System + "|" + v.Part + "|" + v.Native,
		})
	}
	return all
}

// state says in words whether a view is there.
func state(v record.View, known bool) string {
	switch {
	case !known:
		return "not known"
	case v.Gone:
		return "gone"
	default:
		return "there"
	}
}

func union(a, b commerce.Facets) commerce.Facets {
	all := maps.Clone(a)
	if all == nil {
		all = commerce.Facets{}
	}
	maps.Copy(all, b)
	return all
}

// text is a facet's value in canonical form; one that there is not is "missing".
func text(f commerce.Facets, name string) string {
	v, told := f[name]
	if !told {
		return "missing"
	}
	return v.String()
}
