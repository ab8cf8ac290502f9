// Package finding holds the life of a difference: open, acknowledged, waived,
// resolved. It is pure; drift stores what it decides.
package finding

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Class says what kind of disagreement a finding is.
type Class string

// The classes.
const (
	// ValueDiffers: the other side shows a value that was never expected.
	ValueDiffers Class = "value_differs"
	// Late: the other side still shows what was expected earlier.
	Late Class = "late"
	// Missing: the record is not on the other side although it was created
	// after everything of its kind is known there.
	Missing Class = "missing"
	// Gone: one side removed the record and the other still has it.
	Gone Class = "gone"
	// Duplicate: the record exists twice where one is meant.
	Duplicate Class = "duplicate"
	// SlowDivergence: the sides agree inside the tolerance, and what differs of one
	// record, or of many at one place, has grown always one way for so long that it is
	// no chance. Its difference is what that comes to.
	SlowDivergence Class = "slow_divergence"
	// OneSided: many orders, or other things that happen, agree inside the tolerance,
	// and what they differ by goes one way. It is a policy and no fault of the
	// records. Its difference is the sum.
	OneSided Class = "one_sided"
	// NeverSettles: one side has been behind for twelve settle times, however
	// much both move.
	NeverSettles Class = "never_settles"
	// Split: accounts of two systems name one another and are different customers.
	Split Class = "split"
	// Impossible: a state that no sound history of the record leads to.
	Impossible Class = "impossible"
	// Misrouted: a shipment leaves from a location that its route does not allow.
	Misrouted Class = "misrouted"
	// Overwritten: the other side had shown what is expected and then went back to
	// an older value.
	Overwritten Class = "overwritten"
	// UnmappedSKU: SKUs of one system's stock that another one never told of.
	UnmappedSKU Class = "unmapped_sku"
	// UnitChanged: one side counts an item in another unit or pack than before.
	UnitChanged Class = "unit_changed"
	// UnknownMapping: a native id that the registry does not map.
	UnknownMapping Class = "unknown_mapping"
	// Unreadable: genuine deliveries that Plumbline cannot read; they wait in
	// quarantine.
	Unreadable Class = "unreadable"
	// Refused: the API of a system does not take the credential, so that what
	// deliveries only hint at is not known.
	Refused Class = "refused"
	// Silent: a system sends no news of a kind, although it should at this hour.
	// What depends on it cannot be told.
	Silent Class = "silent"
	// Own: Plumbline itself did not do its work.
	Own Class = "plumbline"
	// Reshaped: a platform's deliveries lack fields that are read, or have them in
	// another type.
	Reshaped Class = "reshaped"
	// Outdated: a platform's deliveries come in a version of its API that ends
	// soon, or in a later one than was asked for because that has ended.
	Outdated Class = "outdated"
	// Unsubscribed: a system's platform does not deliver a topic here any more,
	// so that its changes are not known.
	Unsubscribed Class = "unsubscribed"
	// LostWebhook: a system's webhooks did not tell changes that its export, or a
	// full reading of its API, shows.
	LostWebhook Class = "lost_webhook"
	// TotalDiffers: what the records of a day add up to is not the same on both
	// sides, and nothing explains the rest.
	TotalDiffers Class = "total_differs"
)

// Summed reports whether the difference of a finding of the class is a sum over
// time or over records, which Why tells better than two values.
func (c Class) Summed() bool { return c == SlowDivergence || c == OneSided }

// State is where a finding is in its life.
type State string

// The states. A finding that comes back after its end is a new one.
const (
	Open         State = "open"
	Acknowledged State = "acknowledged"
	Waived       State = "waived"
	Resolved     State = "resolved"
)

// MaxTimeline bounds a finding's timeline; the first event is always kept.
const MaxTimeline = 20

// Finding is a difference with a life. It holds no personal data but the Slack
// user ids of those who decided about it.
type Finding struct {
	ID          string
	Integration string
	Rule        string
	Class       Class
	Kind        commerce.Kind
	Key         commerce.Key
	State       State
	Severity    string
	// Owner is the team that acts on it.
	Owner string
	// Silent is set for rules in watch mode: kept, told in the digest, no
	// alert.
	Silent bool
	// Since is when the oldest change was received that the other side does
	// not show.
	Since    time.Time
	Opened   time.Time
	Resolved time.Time
	Cause    Cause
	// Differences, one for each facet of the rule that differs, in
	// alphabetical order. Empty for presence and mapping classes.
	Differences []Difference
	// Began is by how much each facet differed when it opened, nil where one of them
	// was no number.
	Began map[string]commerce.Decimal `json:",omitempty"`
	// From and To are the systems of the rule.
	From, To string
	// Group says in which part of the records the rule's segment has it, where that
	// is told by facets: "vendor ACME". It is blank where it is not.
	Group string `json:",omitempty"`
	// Impact is the money at risk, nil when unknown, in Currency.
	Impact   *commerce.Decimal
	Currency string
	// Worst is the largest difference that the first facet had.
	Worst *commerce.Decimal
	// Natives are the record's native ids by system, for links.
	Natives map[string]string
	// Alert is the id of the alert that carries the finding, or blank.
	Alert string
	// Spell is how often the record came to differ under the rule by now, without
	// a day of agreement in between; 0 is not counted.
	Spell    int `json:",omitempty"`
	Timeline []Event
	// AssignedTo is who looks after it, or blank; a Slack user id.
	AssignedTo string    `json:",omitempty"`
	AssignedAt time.Time `json:",omitzero"`
	// Snoozed is until when it counts as acknowledged, or zero for as long as it
	// is open.
	Snoozed time.Time `json:",omitzero"`
	// Waiver is why it is waived, or nil when it is not.
	Waiver *Waiver `json:",omitempty"`
	// Decided are the ids of the last decisions about it, and DecidedAt is when
	// its state was last decided.
	Decided   []string  `json:",omitempty"`
	DecidedAt time.Time `json:",omitzero"`
	// Why says in one sentence what is known about the reason, or is blank.
	Why string
	Rev int64
}

// Cause is the delivery that made the oldest unshown change.
type Cause struct {
	System   string
	Delivery string
	Received time.Time
	Version  commerce.Version
}

// Difference is one facet that is not as expected. Values are in canonical
// form; "missing" and "null" stand for themselves.
type Difference struct {
	Facet            string
	Expected, Actual string
	// Delta is actual minus expected for numbers, or nil.
	Delta *commerce.Decimal
	// Explained says what the delta is made of, and By names that without
	// amounts, so that differences with one explanation are known as such. Both
	// are blank where nothing explains it.
	Explained string `json:",omitempty"`
	By        string `json:",omitempty"`
}

// Event is one entry of the timeline.
type Event struct {
	At   time.Time
	What string
}
