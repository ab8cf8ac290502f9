// Package store is the port to what Plumbline remembers: one row per record,
// and the findings, alerts, groups, sweeps and marks of time that follow from
// rows.
//
// It owns the types and errors that every adapter shares, and what an adapter
// must promise: a conditional write that loses its race changes nothing and
// says so. store/dynamo keeps everything in DynamoDB, store/memory in the
// process, and store/storetest holds both to one suite. What the values mean is
// left to record, finding and alert.
package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/record"
)

var (
	// ErrLost means that a conditional write lost its race: somebody else wrote
	// in between, or an earlier attempt of the same write had been applied.
	// Nothing was written; read again and decide again.
	ErrLost = errors.New("store: somebody else wrote in between")
	// ErrNotFound means that nothing is stored under the name.
	ErrNotFound = errors.New("store: not found")
	// ErrNewer means that a newer codec wrote the item. Writing it back would
	// lose what this one cannot read, so the message has to wait for a newer
	// function.
	ErrNewer = errors.New("store: written by a newer codec")
	// ErrBusy means that the store took no more requests for now. The same call
	// may be made again later.
	ErrBusy = errors.New("store: busy, try again later")
)

// LostError is the ErrLost of a row.
type LostError struct {
	// Current is the row as it is now; its Rev is 0 when there is none.
	Current record.Row
}

// Error says that the race was lost and nothing about the row.
func (e *LostError) Error() string { return ErrLost.Error() }

// Unwrap returns ErrLost.
func (e *LostError) Unwrap() error { return ErrLost }

// Records keeps rows. It is safe for concurrent use.
type Records interface {
	// Get reads the rows with strong consistency, any number of them. An id
	// without a row is not in the result; an id named twice is read once.
	Get(ctx context.Context, ids []commerce.RecordID) (map[commerce.RecordID]record.Row, error)
	// Glance reads like Get at half the price, and may show a row as it was a
	// moment ago, or not at all when it is new. It is for whoever writes on
	// condition, which a row that is not the last one fails.
	Glance(ctx context.Context, ids []commerce.RecordID) (map[commerce.RecordID]record.Row, error)
	// Put writes the row with Rev+1 if the stored row still has row.Rev; 0 means
	// that there is none yet. A lost race is a *LostError.
	Put(ctx context.Context, row record.Row) error
	// Due lists at most limit rows of one shard whose Due is not after until,
	// the longest due first. It is a hint that may lag behind: read the row
	// before acting on it.
	Due(ctx context.Context, shard int, until time.Time, limit int) ([]commerce.RecordID, error)
	// Scan calls each for every row of the kind, in no order, and of every kind
	// when it is blank. It stops at the first error and returns it. Rows written
	// meanwhile may be seen in either state.
	Scan(ctx context.Context, kind commerce.Kind, each func(record.Row) error) error
	// Page reads some rows of one of several segments, 0 to segments-1, with
	// strong consistency, and the cursor of the rows after them; it reads about
	// limit, and may read none although there are more. A blank cursor is the
	// beginning, one that Page returns is blank at the end. All pages of all
	// segments together hold every row that was there all the while. A cursor
	// stays good as long as the number of segments does.
	Page(ctx context.Context, segment, segments int, cursor string, limit int) (rows []record.Row, next string, err error)
}

// Findings keeps findings, alerts and the groups that join one to the other.
// Put writes with Rev+1 if the stored value still has the given Rev, 0 meaning
// that there is none yet; a lost race is ErrLost. Get returns ErrNotFound for
// what was never written. It is safe for concurrent use.
type Findings interface {
	GetFinding(ctx context.Context, id string) (finding.Finding, error)
	PutFinding(ctx context.Context, f finding.Finding) error
	// ActiveFindings lists the findings that are not resolved, by id. One that
	// was opened a moment ago may be missing; none is stale.
	ActiveFindings(ctx context.Context) ([]finding.Finding, error)
	// EndedQuietly lists the findings that no alert told and that ended at or
	// after the time, by id. One that ended a moment ago may be missing.
	EndedQuietly(ctx context.Context, since time.Time) ([]finding.Finding, error)
	// AllFindings lists every finding ever written, by id.
	AllFindings(ctx context.Context) ([]finding.Finding, error)
	// FindingsOf lists every finding of a record, by id. One that was opened a
	// moment ago may be missing; none is stale.
	FindingsOf(ctx context.Context, record commerce.RecordID) ([]finding.Finding, error)
	// DeleteFinding removes the finding for good; one that is not there is no
	// error.
	DeleteFinding(ctx context.Context, id string) error

	GetAlert(ctx context.Context, id string) (alert.Alert, error)
	PutAlert(ctx context.Context, a alert.Alert) error
	// Outbox lists the alerts that want attention by the given time, see
	// alert.Alert.Wakes, by id. One that was changed a moment ago may be missing;
	// none is stale.
	Outbox(ctx context.Context, until time.Time) ([]alert.Alert, error)
	// AllAlerts lists every alert ever written, by id, but for those that went
	// into another one.
	AllAlerts(ctx context.Context) ([]alert.Alert, error)

	GetGroup(ctx context.Context, name string) (Group, error)
	PutGroup(ctx context.Context, g Group) error
	// DeleteGroup removes the group; one that is not there is no error.
	DeleteGroup(ctx context.Context, name string) error
}

// EndedQuietly reports whether a finding was open and ended and no alert told
// it.
func EndedQuietly(f finding.Finding) bool {
	return f.State == finding.Resolved && f.Told() && f.Alert == ""
}

// Awake reports whether the outbox lists an alert.
func Awake(a alert.Alert, until time.Time) bool {
	at, wanted := a.Wakes()
	return wanted && !at.After(until)
}

// Group is what alerts have to know of what came before, by name: of a rule and
// class the alerts that new findings may join, of a rule and record how often it
// came and went, of a channel what it got. Each uses its own part.
type Group struct {
	Name string
	// Alerts are what new findings may join, the oldest first.
	Alerts  []Joinable    `json:",omitempty"`
	Spells  alert.Spells  `json:",omitzero"`
	Channel alert.Channel `json:",omitzero"`
	// Expires is from when on the group may be forgotten. Zero is never.
	Expires time.Time `json:",omitzero"`
	Rev     int64
}

// Joinable is an alert that new findings may join, perhaps not written yet.
type Joinable struct {
	Alert string
	// Until is until when they may, as far as is known here.
	Until time.Time
	// Traits are those of its first finding.
	Traits alert.Traits `json:",omitempty"`
}

// FollowAlert reads an alert, or the one that took over its findings.
func FollowAlert(ctx context.Context, s interface {
	GetAlert(ctx context.Context, id string) (alert.Alert, error)
}, id string,
) (alert.Alert, error) {
	for range maxFollow {
		a, err := s.GetAlert(ctx, id)
		if err != nil || a.Into == "" {
			return a, err
		}
		id = a.Into
	}
	return alert.Alert{}, fmt.Errorf("follow alert %s: more than %d went into each other", id, maxFollow)
}

// maxFollow bounds how often the findings of an alert can have moved on.
const maxFollow = 8

// Marks keeps instants by name, such as when a system was last heard. A name
// keeps either the earliest or the latest of its instants, whoever reports them
// and in whatever order. It is safe for concurrent use.
type Marks interface {
	// EarliestMark keeps t when it is before the mark or there is none.
	EarliestMark(ctx context.Context, name string, t time.Time) error
	// LatestMark keeps t when it is after the mark or there is none.
	LatestMark(ctx context.Context, name string, t time.Time) error
	// GetMarks reads the named marks with strong consistency; a name without a
	// mark is not in the result.
	GetMarks(ctx context.Context, names []string) (map[string]time.Time, error)
	// DeleteMark removes the mark; one that is not there is no error.
	DeleteMark(ctx context.Context, name string) error
}
