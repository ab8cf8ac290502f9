// Package alert holds what reaches a person: one message for a group of
// findings with one cause, and its text. It is pure.
package alert

import (
	"time"

	"github.com/plumbline/plumbline/internal/change"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/registry"
)

// Bounds of one alert, so that it fits in one item of a table.
const (
	// MaxMembers bounds the members that an alert describes one by one. Of more
	// it knows the id and whether they have ended. Long keys make it fewer.
	MaxMembers = 200
	// MaxFindings bounds the findings of one alert, described or not. Whatever
	// the cause, a further one needs another alert.
	MaxFindings = 2000
)

// Alert is the stored truth of one message. Senders make what people see match
// it.
type Alert struct {
	ID          string
	Integration string
	Rule        string
	Class       finding.Class
	Severity    string
	Owner       Owner
	From, To    string
	Kind        commerce.Kind
	Runbook     string
	OnFailure   string
	FirstCheck  string
	// Authority says which side is right, blank where the registry does not. Plain
	// are the facets that should be what one of from is.
	Authority registry.Authority `json:",omitempty"`
	Plain     []string           `json:",omitempty"`
	// Members are the findings, in the order in which they opened.
	Members []Member
	// Beyond holds the findings after the first MaxMembers by id, and when each
	// ended; zero is open.
	Beyond map[string]time.Time
	// More counts the open ones of Beyond.
	More int
	// Aside holds those of Beyond that are waived, and the revision of the
	// finding that says so.
	Aside map[string]int64 `json:",omitempty"`
	// Group names the alerts that findings of the same rule and class join, and
	// Common is what all findings of this one have in common.
	Group  string `json:",omitempty"`
	Common Traits `json:",omitempty"`
	// Into is the alert that took over the findings of this one, or blank. It is
	// told instead.
	Into string `json:",omitempty"`
	// Near is the recorded change that lies nearest before Looked, the start of
	// the oldest finding when it was looked for. Its ID is blank when none does.
	Near   change.Change `json:",omitzero"`
	Looked time.Time     `json:",omitzero"`
	Opened time.Time
	// JoinUntil is until when new findings of the same cause join.
	JoinUntil time.Time
	// Closed is when the last member ended or was waived, or zero. Over is the
	// Seq of it.
	Closed time.Time
	Over   int64 `json:",omitempty"`
	// Again is when a finding joined although the alert was over, and the Seq of it;
	// zero when none did.
	Again Again `json:",omitzero"`
	// Decided are the last decisions of people about it.
	Decided []Decided `json:",omitempty"`
	// Sent is when the alert was first published, and Unsent since when a change
	// of it waits to be, as far as it was noted; zero when none does.
	Sent   time.Time `json:",omitzero"`
	Unsent time.Time `json:",omitzero"`
	// Raised says why the alert is graver than its rule, if it is.
	Raised Raised `json:",omitzero"`
	// Calls are whom the alert called because nobody answered, in order.
	Calls []Call `json:",omitempty"`
	// Calm is how long a record that flaps has to agree before it has come to
	// rest.
	Calm time.Duration `json:",omitempty"`
	// Waits is what a storm tells, Digest what a digest does, and Week what a
	// report does. All of them have no members.
	Waits  Waits  `json:",omitzero"`
	Digest Digest `json:",omitzero"`
	Week   Week   `json:",omitzero"`
	// Taken says who took the alert on, if anybody did. Nobody else is called
	// then.
	Taken Taken
	// Told is the Seq up to which the thread below the message tells.
	Told int64
	// Mailed is the Seq that was last sent by mail, because the channel refused
	// it.
	Mailed int64
	// Seq is raised by every change; Published is the Seq last sent to SNS,
	// Shown the Seq that people see.
	Seq, Published, Shown int64
	// Refused is since when the channel takes nothing of the alert, or zero.
	Refused time.Time `json:",omitzero"`
	// Hold keeps a change from being published before that time. Zero publishes
	// at once.
	Hold time.Time
	// Next is when the alert wants attention although nothing of it changed: to
	// be shown after a failure, to call the next person. Zero is never.
	Next time.Time
	// Channel and Timestamp are Slack's reference of the message, or blank.
	Channel, Timestamp string
	// Lease is until when one run of notify alone makes people see the alert.
	// Zero means that none does. One that has passed means that a run ended
	// without saying what people see: look before posting.
	Lease time.Time
	Rev   int64
}

// Taken is who acknowledged an alert, or was assigned to it, and when. By is the
// person's Slack user id. The zero Taken is nobody.
type Taken struct {
	By string
	At time.Time
}

// Owner is who the alert goes to. Person and Deputy are Slack user ids, or
// blank.
type Owner struct{ Team, Slack, Person, Deputy string }

// Member is one finding of an alert, as the message tells it.
type Member struct {
	Finding  string
	Key      string // as people write it: MUG-BLU@east
	State    finding.State
	Since    time.Time
	Opened   time.Time
	Resolved time.Time
	// Waived is when the finding was waived, zero when it is not. Until is when that,
	// or a snooze, ends.
	Waived time.Time `json:",omitzero"`
	Until  time.Time `json:",omitzero"`
	// Differences as in the finding.
	Differences []finding.Difference
	// Worst is the largest difference that the first facet had, or nil.
	Worst    *commerce.Decimal
	Impact   *commerce.Decimal
	Currency string
	Why      string
	// Source is the system whose change started the finding, and Delivery the
	// delivery that brought it.
	Source, Delivery string
	// Records counts what an unknown mapping keeps from being compared; 0 is not
	// known.
	Records int
	// Links open the record in each system, by system name.
	Links map[string]string
	// Spells is how often the record came by now, in alerts about those that come
	// and go. Resolved is then when it last agreed, and zero while it differs.
	Spells int `json:",omitempty"`
	// Traits are what the finding may have in common with others.
	Traits Traits `json:",omitempty"`
	// Also is the rule of a finding of another rule than the alert's, or nil.
	Also *Also `json:",omitempty"`
	// Joined and Changed are the Seq at which the member joined the alert and
	// last changed in it.
	Joined, Changed int64
	// Back is the Seq at which the member was open again after a waiver or a
	// snooze, or 0.
	Back int64 `json:",omitempty"`
	// Rev is the revision of the finding that the member tells.
	Rev int64 `json:",omitempty"`
}

// Wakes is when the alert next wants attention without being asked for it, and
// whether it does at all: at once, or after Hold, while a change of it is not
// published; at Next otherwise. One whose findings are on their way into
// another one wants to be finished, and then nothing.
func (a Alert) Wakes() (at time.Time, wanted bool) {
	if a.Into != "" {
		return time.Time{}, a.Size() > 0
	}
	if a.Seq > a.Published {
		return a.Hold, true
	}
	return a.Next, !a.Next.IsZero()
}

// Open counts the members that have neither ended nor been waived, those beyond
// MaxMembers included.
func (a Alert) Open() int {
	n := a.More
	for _, m := range a.Members {
		if m.open() {
			n++
		}
	}
	return n
}

func (m Member) snoozed() bool { return m.State == finding.Acknowledged && !m.Until.IsZero() }

func (m Member) open() bool { return m.State != finding.Resolved && m.State != finding.Waived }
