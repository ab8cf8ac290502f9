// Package record holds the row: every system's views of one record, and what
// the rules make of them. It owns the pure merge of an observation into a row
// and the folding of views into sides; it leaves storage to store and
// judgement to judge.
package record

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Limits of one row.
const (
	// MaxPast is how many earlier values a view remembers for the settle clock:
	// the last few, and of older ones ever fewer.
	MaxPast = 8
	// MaxViews is how many views a record may have before rules cannot tell.
	MaxViews = 24
)

// Row is one record: the newest view of each (system, part, native id), and
// one mark for each rule that is unsettled or has an open finding.
type Row struct {
	Kind commerce.Kind
	Key  commerce.Key
	// Views are in the order of their ViewID.
	Views []View
	// Waiting are observations on a link row whose key the link does not give
	// yet, or that apply to each view of the link. Other rows have none.
	Waiting []commerce.Observation
	// Marks by rule, "integration/rule".
	Marks map[string]Mark
	// Lessons by rule, "integration/rule": how the record stood under rules that
	// learn from it.
	Lessons map[string]Lesson
	// Rev counts writes. 0 is a row that was never written.
	Rev int64
	// Generation is the registry generation that wrote the row.
	Generation string
	// Due is when drift must look at the row without being asked, or zero.
	Due time.Time
	// Expires is when the row may be removed: every view is gone. Zero keeps.
	Expires time.Time
	// Suppressed is when the record was erased, or zero. Such a row says nothing
	// and never will: it stays as the marker that keeps the record away.
	Suppressed time.Time
	// Redacted is when the row lost what may name a person, or zero. It never
	// says such a thing again.
	Redacted time.Time
}

// ID is the row's partition key.
func (r Row) ID() commerce.RecordID { return r.Key.ID(r.Kind) }

// ViewID identifies a view within its row.
type ViewID struct{ System, Part, Native string }

// View is the newest observation of one (system, part, native id).
type View struct {
	ViewID
	Slot        string
	Version     commerce.Version
	Gone        bool
	SucceededBy string
	Created     time.Time
	Facets      commerce.Facets
	Lines       []commerce.Line
	// Via is the link that gave the row's key, "item/4914…", or blank.
	Via string
	// Received is when the delivery arrived that first showed these facets. A
	// newer version with the same facets leaves it as it is.
	Received time.Time
	// Delivery is the id of that delivery.
	Delivery string
	// Ties says that the order of changes at the version's instant is not
	// known, see Merge.
	Ties Ties
	// Was are earlier values, newest first.
	Was []Past
}

// Past is a value that a view had before.
type Past struct {
	// Until is when the delivery that replaced the value was received.
	Until time.Time
	// Delivery replaced the value.
	Delivery string
	Gone     bool
	// Gap says that values between this one and the next newer one are
	// forgotten.
	Gap    bool
	Facets commerce.Facets
}

// Mark is what a row remembers of one rule that is not at rest.
type Mark struct {
	// Since is when the oldest change was received that the other side has
	// not shown.
	Since time.Time
	// First is when the sides were last seen to agree, to follow one another or
	// to be explained by orders in flight.
	First time.Time
	// Unexplained is since when orders are in flight that do not explain the
	// difference, or zero.
	Unexplained time.Time
	// Cause is the delivery that made the oldest unshown change, System the
	// system that sent it.
	Cause  string
	System string
	// Version is the version with which the current spell of disagreement
	// started; a finding takes its identity from it.
	Version commerce.Version
	// Look is when the row is looked at next through the queue, or zero. Of
	// several looks on their way the one of this time asks for the next.
	Look time.Time
	// Open is the id of the finding, or blank.
	Open string
}

// Ties is a set of flags about the changes that share a version's instant.
type Ties uint8
