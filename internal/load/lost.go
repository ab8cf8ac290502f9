package load

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
)

const (
	// maxSamples is how many lost records a finding names.
	maxSamples = 5
	// lostShare is from which share of changes on webhooks count as lost for people:
	// one in so many.
	lostShare = 100
)

// gone says what of a row's views the system no longer has as of the file. What was
// told later than that stays. Gone is true when nothing of the record is left, and
// told when webhooks had told of it: also when this load has said so before, and
// was stopped before it had counted it.
func (w *walk) gone(row record.Row) (ends []commerce.Observation, gone, told bool) {
	left := false
	for _, v := range row.Views {
		switch {
		case !w.tells(v):
		case v.Gone && v.Delivery != w.delivery():
		case !v.Gone && !v.Told().Before(w.before()):
			left = true
		default:
			gone, told = true, told || !commerce.Exported(v.Part)
			if !v.Gone {
				ends = append(ends, w.end(row, v))
			}
		}
	}
	return ends, gone && !left, told
}

// end is the end of a view as of the file.
func (w *walk) end(row record.Row, v record.View) commerce.Observation {
	o := commerce.Observation{
		System: v.System, Kind: row.Kind, Key: row.Key, Part: v.Part, Native: v.Native, Slot: v.Slot, Gone: true, Created: v.Created,
	}
	if kind, native, linked := strings.Cut(v.Via, "/"); linked {
		o.Via = &commerce.Via{Type: kind, Native: native}
	}
	o.Stamp(w.after(v))
	return o
}

// before is before when a view has to have been told to count as missing in the
// file. When a file was stored is when it was finished, and what came about while
// it was written may not be in it. A list is read on the system's clock, and what
// two readings lack has to have been there before the first.
func (w *walk) before() time.Time {
	switch {
	case w.Before != "":
		return w.BeforeAsOf.Add(-Grace)
	case w.AsOfFrom == FromModified, w.Sweep != nil:
		return w.AsOf.Add(-Grace)
	default:
		return w.AsOf
	}
}

// after is the version of a view's end as of the file. A source that numbers its
// changes has no time to be compared with: the end follows on the number that was
// told last.
func (w *walk) after(v record.View) commerce.VersionParts {
	parts := v.Version.Parts()
	if parts.Clock.Year() > 1990 {
		return commerce.VersionParts{Clock: w.AsOf}
	}
	parts.ReadBack, parts.Sequence = true, parts.Sequence+1
	return parts
}

// lost reports whether a webhook should have told what only the file says, and
// told whether webhooks told the last change of the row in the file's time. Either
// is about what changed since the file before, so that nothing is lost twice.
func (w *walk) lost(row record.Row) (lost, told bool) {
	s := row.Sources(w.System)
	in := func(t time.Time) bool { return !t.Before(w.Since) && !t.After(w.AsOf) }
	switch {
	case !s.File.Live || w.service.Now().Before(s.FileAt.Add(Grace)):
		return false, in(s.ToldAt)
	case !s.Told.Known:
		// The system never told of it: that is a loss only if it came about since.
		return in(later(s.File.Created, changedAt(s.File, s.FileAt, w.AsOf))) && w.news(s.File), false
	case s.Newer && corrects(s.Told, s.File):
		return w.news(s.File) || in(s.ToldAt), false
	default:
		return false, in(s.ToldAt)
	}
}

// changedAt is when a row says that it changed, or zero: one without a time of its
// own is as old as its file, which says nothing of when it changed.
func changedAt(file record.Side, at, asOf time.Time) time.Time {
	if at.Equal(asOf) && !file.Created.IsZero() {
		return file.Created
	}
	if at.Equal(asOf) {
		return time.Time{}
	}
	return at
}

// news reports whether what files say came after the last load that was compared.
func (w *walk) news(file record.Side) bool { return file.Changed.After(w.Last) }

// corrects reports whether a file says something else than what was told.
func corrects(side, file record.Side) bool {
	if side.Live != file.Live {
		return true
	}
	for name, value := range file.Facets {
		if told, tells := side.Facets[name]; tells && told != value {
			return true
		}
	}
	return false
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// tellLost reports lost webhooks to the owner of the system, or that they come
// again. A file in whose time nothing changed says neither.
func (s *Service) tellLost(ctx context.Context, p progress) error {
	changed := p.Lost + p.Told
	if changed == 0 || p.Sweep != nil && !p.Heard {
		return nil
	}
	words := ""
	if p.Lost*lostShare > changed {
		words = fmt.Sprintf("%d of %d changes of %s since %s were told by no webhook (%s %%), such as %s", p.Lost, changed, plural(p.Kind),
			p.Since.UTC().Format("02 Jan 15:04 MST"), percent(p.Lost, changed), strings.Join(p.Samples, ", "))
	}
	return s.send(ctx, p.Certificate, []commerce.Observation{note(p.Certificate, judge.Lost, p.about(), words)})
}

// percent is a share with one decimal place.
func percent(part, whole int) string {
	tenths := (1000*part + whole/2) / whole
	return fmt.Sprintf("%d.%d", tenths/10, tenths%10)
}

func plural(kind commerce.Kind) string {
	switch kind {
	case commerce.Inventory:
		return "stock levels"
	default:
		return string(kind) + "s"
	}
}
