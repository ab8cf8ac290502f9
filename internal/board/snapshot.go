// Package board is what people see of Plumbline in a browser: a snapshot of what
// drift knows goes in, and the pages of a static site come out. It is pure.
//
// It leaves to drift what a snapshot is made of, when pages are written and
// where; and to alert the words in which a finding is told.
package board

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/report"
)

// Bounds of the site.
const (
	// MaxFindings bounds the findings with a page of their own. Those that are open
	// come first, the gravest before all others.
	MaxFindings = 200
	// EndedKept is how long a finding that has ended keeps its page.
	EndedKept = 30 * 24 * time.Hour
)

// Snapshot is what the site shows. It is JSON, so that the next run goes on from
// it: whoever makes the next one replaces what has changed.
type Snapshot struct {
	// Changed is when anything of it last changed, and Confirmed the last full hour
	// in which all of it was found true.
	Changed, Confirmed time.Time
	// Findings have a page each; the gravest open ones first, then those that have
	// ended. OpenLeft and EndedLeft count those without a page.
	Findings            []Finding
	OpenLeft, EndedLeft int
	// Integrations are in the order of the registry.
	Integrations []Integration
	Systems      []System
	// Heard is when it was last read what systems send, and Registered when it was
	// first seen what the registry says.
	Heard, Registered time.Time
	Audit             Audit
	// Windows are the quiet hours, and Ignored what no rule judges, in words.
	Windows, Ignored []string
}

// Integration is one integration, and how it does.
type Integration struct {
	Name, Purpose, From, To string
	Owner, Deputy           Owner
	Runbook, OnFailure      string
	// Line has its figures: those of audits as of the last one, what is open as of
	// Snapshot.Changed.
	Line  report.Line
	Rules []Rule
	// Days are what its audits came to, the oldest first, Waits how long changes of
	// the last week took to be shown, and Hours what its systems sent in the day
	// before the last audit.
	Days  []Day
	Waits []Wait
	Hours []Hour
}

// Owner is a team. People are not named on the board.
type Owner struct {
	Team, Slack string
	// Person says that the registry names one.
	Person bool
	// Until is the last day of the ownership, or zero.
	Until time.Time
}

// Rule is one rule, and how the last audit judged by it.
type Rule struct {
	ID         string
	Kind       commerce.Kind
	Mode       string
	From, To   string
	FirstCheck string
	// Until is when the rule ends to apply, or zero.
	Until time.Time

	Agree, Differ, Pending, Unknown, NotJudged int
	// Reasons are why nothing can be told of records, and Outside why the rule does
	// not apply to them, the most frequent first.
	Reasons, Outside []Count
}

// Count is how many there are of something.
type Count struct {
	What string
	N    int
}

// Day is what the last audit of one day found of an integration.
type Day struct {
	At            time.Time
	Agree, Differ int
	// Residuals are what small differences of the day came to, signed, by rule and
	// facet.
	Residuals []Residual
}

// Residual is what small differences of a facet add up to: more than expected is
// positive.
type Residual struct {
	Facet string
	Of    int
	Sum   commerce.Decimal
}

// Wait is how many changes took no longer than UpTo, and longer than the Wait
// before it. Waiting are those that had waited so long and were not shown yet.
type Wait struct {
	UpTo           time.Duration
	Shown, Waiting int
}

// Hour is in how many ten-minute slots of an hour something came, added up over the
// news that the rules of an integration need, and in how many it usually does.
type Hour struct {
	At    time.Time
	Heard int
	// Usual is in tenths, and -1 where it is not known.
	Usual int
}

// System is one system, and what was heard of it.
type System struct {
	Name, Platform, Zone string
	Sources              []Source
	// Version is that of its API in which it last wrote, where it says so.
	Version string
	// Subscribed is how its subscriptions of webhooks stand, or nil where its
	// platform is not asked for them.
	Subscribed *Subscribed
}

// Subscribed is how a system's subscriptions of webhooks stand. What is wrong with
// one is a finding.
type Subscribed struct {
	// Asked is when the platform was last asked for them, or zero.
	Asked time.Time
	// Ends is when they end unless they are renewed, or zero where they do not.
	Ends time.Time
}

// Source is one system's news of a kind.
type Source struct {
	Kind commerce.Kind
	// Last is the end of the last ten minutes in which something came, zero when
	// nothing did, and Slots in how many of the last day's 144 something did.
	Last  time.Time
	Slots int
	// Covered is since when everything of the kind is known, or zero.
	Covered time.Time
	// Lost is what its last export file said of its webhooks, or nil.
	Lost *Lost
}

// Lost is how many changes that an export file shows no webhook told.
type Lost struct {
	// Untold changes of all Changed since Since were told by no webhook, as of AsOf.
	Untold, Changed int
	Since, AsOf     time.Time
}

// Audit is what the last audit of all records came to. The zero Audit is none.
type Audit struct {
	Run, Generation string
	Began, Walked   time.Time
	Rows, Left      int
	Opened, Mended  int
	Kinds           []Count
	Days            int
}
