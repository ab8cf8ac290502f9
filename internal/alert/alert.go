// Package alert holds what reaches a person: one message for a group of
// findings with one cause, and its text. It is pure.
package alert

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

// MaxMembers bounds the members that an alert describes one by one. More are
// counted.
const MaxMembers = 200

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
	// Members are the findings, in the order in which they opened.
	Members []Member
	// More counts findings beyond MaxMembers.
	More   int
	Opened time.Time
	// JoinUntil is until when new findings of the same cause join.
	JoinUntil time.Time
	// Closed is when the last member ended, or zero.
	Closed time.Time
	// Seq is raised by every change; Published is the Seq last sent to SNS,
	// Shown the Seq that people see.
	Seq, Published, Shown int64
	// Channel and Timestamp are Slack's reference of the message, or blank.
	Channel, Timestamp string
	Rev                int64
}

// Owner is who the alert goes to.
type Owner struct{ Team, Slack, Person, Deputy string }

// Member is one finding of an alert, as the message tells it.
type Member struct {
	Finding  string
	Key      string // as people write it: MUG-BLU@east
	State    finding.State
	Since    time.Time
	Opened   time.Time
	Resolved time.Time
	// Differences as in the finding.
	Differences []finding.Difference
	Impact      *commerce.Decimal
	Currency    string
	Why         string
	// Links open the record in each system, by system name.
	Links map[string]string
}

// Open counts the members that have not ended, those beyond MaxMembers
// included.
func (a Alert) Open() int {
	n := a.More
	for _, m := range a.Members {
		if m.State != finding.Resolved {
			n++
		}
	}
	return n
}
