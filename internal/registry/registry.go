// Package registry reads plumbline.yaml: systems, keys, integrations, owners
// and rules. It reads strictly, reports every problem with its place, and
// hands out values that are checked and ready to use.
package registry

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/formula"
	"github.com/plumbline/plumbline/internal/platform"
)

// Registry is a checked plumbline.yaml. It is read-only after Load.
type Registry struct {
	// Generation is a digest of everything that a judgement depends on: 12
	// lower-case hexadecimal digits.
	Generation   string
	Systems      map[string]System
	Integrations []Integration
	Tables       map[string]Table
	// Rates are the exchange rates, nil when the file names none.
	Rates *Rates
	Quiet []Quiet
	// Kits are sold as one and stocked as several.
	Kits Kits
	// Digest is when the daily digest goes out, in minutes after midnight of the
	// owner's zone.
	Digest int
	// Report is when weekly reports go out, in the owner's zone. Nil is never.
	Report *Weekly
	// AlertsPerMinute is how many new alerts one channel gets in a minute.
	AlertsPerMinute int
	// People are the owners' and deputies' people in Slack, by the name that the
	// file has for them, which may be an address and goes nowhere else.
	People map[string]Person
	// ChangeSecrets are references to what pipelines and job schedulers sign their
	// changes with, any of which may verify one. Without any nobody may tell.
	ChangeSecrets []string
	// Warnings are things to see to that do not fail the check.
	Warnings []Problem
	// Local is what one machine can do with and a deployment cannot: references to
	// secrets that only it resolves, env: and file:, and placeholders.
	Local []Problem
}

// System is one connected platform instance.
type System struct {
	Name     string
	Platform string
	// Settings are the platform's own.
	Settings map[string]string
	// Secrets are references, "ssm:/name", "env:NAME" or "file:path", any of
	// which may verify a request.
	Secrets []string
	// Inbox says that its deliveries come through a queue of its own, and Senders
	// who may send into it: nil where the platforms' code is not known.
	Inbox   bool
	Senders []platform.Sender
	// Subscriptions is how its platform's subscriptions are looked after, or nil.
	Subscriptions *platform.Subscriptions
	// Credential is the reference of the credential of its API, or blank.
	Credential  string
	Timezone    *time.Location
	Currency    string
	Locations   platform.Locations
	OrderNumber platform.OrderNumber
	// ExpectEvery is the longest normal silence per kind.
	ExpectEvery map[commerce.Kind]time.Duration
	// CoveredSince says since when everything of a kind is known, where the
	// registry says so; otherwise it is when the system was first heard.
	CoveredSince map[commerce.Kind]time.Time
	// Exports says how its files are read, by kind.
	Exports map[commerce.Kind]*Export
	// Pull says how its records are read without deliveries, nil for not at all.
	Pull *Pull
	// AdminURL are templates with {native} that open a record in the system.
	AdminURL map[commerce.Kind]string
}

// Integration is the product that is owned: an edge between two systems.
type Integration struct {
	Name      string
	Purpose   string
	Owner     Owner
	Deputy    Owner
	Runbook   string
	OnFailure string
	// Escalate is how long people have to answer an alert, by its severity.
	// Alerts of other severities call nobody.
	Escalate map[string]Escalation
	// Objectives are what weekly reports hold the integration to.
	Objectives Objectives
	// From is the believed side.
	From, To string
	Rules    []Rule
}

// Owner is who acts on an integration's alerts.
type Owner struct {
	Team   string
	Slack  string
	Person string
	// Until is the day the ownership ends, at 00:00 UTC of the next day, or
	// zero.
	Until time.Time
	// Quiet are the hours in which only what is critical calls.
	Quiet Hours
	// Timezone is where the owner lives.
	Timezone *time.Location
}

// Check is what a rule demands of the two sides.
type Check string

// The checks.
const (
	// Equal: the expected values equal the other side's.
	Equal Check = "equal"
	// Present: what From has, To has as well, and expected values are equal.
	Present Check = "present"
	// One: Present, and To has it exactly once.
	One Check = "one"
	// Identity: neither side has the record twice, and the accounts of customers
	// lead to the same persons on both sides.
	Identity Check = "identity"
	// State: no side's states went backwards, and none is impossible.
	State Check = "state"
	// RouteCheck: To ships from a location that the rule's routes allow.
	RouteCheck Check = "route"
	// Total: what the records of a day add up to is the same on both sides, but
	// for what findings tell.
	Total Check = "total"
)

// Mode is what a rule may do.
type Mode string

// The modes.
const (
	// Watch judges and keeps findings, and alerts nobody.
	Watch Mode = "watch"
	// Alert alerts the owner.
	Alert Mode = "alert"
	// Off does not judge.
	Off Mode = "off"
)

// Rule is what must hold between two sides. Its formulas are compiled.
type Rule struct {
	// Integration is the name of the integration that holds the rule.
	Integration string
	ID          string
	Kind        commerce.Kind
	From, To    string
	Check       Check
	Mode        Mode
	Severity    string
	// When must be true for the rule to apply. Nil always applies.
	When *formula.Formula
	// Expect are the facets of To and what each should be, by facet name in
	// alphabetical order.
	Expect []Expectation
	Settle Settle
	// Impact is the money at risk. Nil is unknown.
	Impact *formula.Formula
	// AlertOver are amounts by currency. A finding with less money at risk waits
	// for the digest; one in another currency does not.
	AlertOver map[string]commerce.Decimal
	// SeverityOver is from where on an alert of the rule becomes graver.
	SeverityOver SeverityOver
	// Authority says which way a difference is mended; blank is AuthorityFrom,
	// without the registry saying so.
	Authority Authority
	// FirstCheck is the sentence that tells where to look first.
	FirstCheck string
	// Totals is what a rule with the check total adds up, nil for any other. Law
	// is the equation that it is about, nil where it compares the two sides; then
	// Kind is that of no record.
	Totals *Totals
	Law    *Law
	// Routes are those of a rule with the check route, nil for any other.
	Routes []Route
	// Valid is when the rule applies. The zero Validity is always.
	Valid Validity
	// Segment are the key parts and text facets by which trends of small differences
	// are kept apart, currencies last.
	Segment []string
	// ExplainedBy are the amounts by which an expected amount may differ by
	// policy, in alphabetical order.
	ExplainedBy []string
	// TaxRates are the rates in percent at which an amount may be with tax in one
	// system and without in the other. They explain and excuse nothing.
	TaxRates []commerce.Decimal
	// Ignored are the patterns of records that the rule does not judge.
	Ignored []Ignored
	// Rates convert amounts of From into the currency of To, nil when nothing
	// does. Zone is where the days of From begin; nil is UTC.
	Rates *Rates
	Zone  *time.Location
}

// Name identifies the rule among all: "integration/id". It is the key of marks.
func (r Rule) Name() string { return r.Integration + "/" + r.ID }

// Expectation is one compared facet.
type Expectation struct {
	Facet  string
	Value  *formula.Formula
	Within *formula.Formula // nil is 0
}

// Settle is how long the sides may differ.
type Settle struct {
	// For is a duration, when By is unset.
	For time.Duration
	// By is minutes after midnight in Zone at which the sides must agree, -1
	// when unset: a change before By is due at By, a later one on the next
	// day.
	By   int
	Zone *time.Location
	// Learn bounds a settle time that is learnt; For is then the longest until
	// something is. The zero Learn is of one that is not.
	Learn Learn
}

// Table gives a formula's name a number per record.
type Table struct {
	Name string
	// File is the table's file, relative to the registry.
	File    string
	Key     []string // key part names of the kind it is used with
	Default *commerce.Decimal
	Rows    map[string]commerce.Decimal // by key parts, length-prefixed
}

// Quiet is a window in which no finding opens.
type Quiet struct {
	Day      time.Weekday
	EveryDay bool
	// From and Until are minutes after midnight in Zone, or in UTC when Zone is
	// nil; Until may be 1440.
	From, Until int
	Zone        *time.Location
	Why         string
	// Integrations limits the window; empty means all.
	Integrations []string
}

// Problem is something wrong with a registry file.
type Problem struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
	// Message says what is wrong and what would be right.
	Message string `json:"message"`
}
