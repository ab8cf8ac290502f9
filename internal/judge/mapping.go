package judge

import (
	"fmt"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// Unreadable is what a mapping row is about when its native is a topic whose
// deliveries cannot be read. Other rows are about native ids of that sort.
const Unreadable = "topic"

// Credential is what a mapping row is about when its native is a topic that the
// API of its system refuses to answer with the credential that it is given.
const Credential = "credential"

// Subscription is what a mapping row is about when its native is a topic that
// the system's platform does not deliver here, as its API says.
const Subscription = "subscription"

// Shape is what a mapping row is about when its native is a topic whose
// deliveries have other fields than they had, of those that are read.
const Shape = "shape"

// APIVersion is what a mapping row is about when its native is a topic whose
// deliveries come in a version of the platform's API that ends.
const APIVersion = "version"

// Rejected is what a mapping row is about when its native is a kind of which the
// system's export has rows that cannot be read.
const Rejected = "rejected"

// Lost is what a mapping row is about when its native is a kind of which the
// system's webhooks did not tell what its export says.
const Lost = "lost"

// UnmappedSKU is what a mapping row is about when its native is a system with
// SKUs in its stock that the row's system never told of. There is one row for
// all of them.
const UnmappedSKU = "sku"

// KitComponent is what a mapping row is about when its native is a component of
// kits of which the system has never reported any stock.
const KitComponent = "component"

// judgeMapping judges a row that stands for something the registry does not
// know. There is nothing to wait for: it differs until it is known.
func judgeMapping(rule registry.Rule, row record.Row, c Context) Verdict {
	system, what, native := row.Key[0], row.Key[1], row.Key[2]
	if rule.ID != ruleAbout(system, what) {
		return verdict(rule, NotJudged, "the row is of another system, or about something else")
	}
	side := row.SideOf(system)
	if !side.Live || c.Mapped != nil && c.Mapped(system, what, native) {
		return verdict(rule, Agree, "")
	}
	v := verdict(rule, Differ, fmt.Sprintf("%s reports %s %s, which the registry does not map", system, what, native))
	v.Class = finding.UnknownMapping
	switch what {
	case UnmappedSKU:
		v.Class, v.Why = finding.UnmappedSKU, side.Facets["reason"].String()
	case KitComponent:
		v.Why = side.Facets["reason"].String()
	case Unreadable:
		v.Class = finding.Unreadable
		v.Why = fmt.Sprintf("%s deliveries of %s cannot be read: %s", native, system, side.Facets["reason"])
	case Credential:
		v.Class = finding.Refused
		v.Why = fmt.Sprintf("%s cannot be asked for %s: %s", system, native, side.Facets["reason"])
	case Shape:
		v.Class = finding.Reshaped
		v.Why = fmt.Sprintf("%s sends %s otherwise: %s", system, native, side.Facets["reason"])
	case APIVersion:
		v.Class = finding.Outdated
		v.Why = fmt.Sprintf("%s of %s: %s", native, system, side.Facets["reason"])
	case Subscription:
		v.Class = finding.Unsubscribed
		v.Why = fmt.Sprintf("%s in %s %s", native, system, side.Facets["reason"])
	case Rejected:
		v.Class, v.Why = finding.Unreadable, side.Facets["reason"].String()
	case Lost:
		v.Class, v.Why = finding.LostWebhook, side.Facets["reason"].String()
	case Silence:
		v.Class, v.Why = finding.Silent, side.Facets["reason"].String()
	}
	if system == commerce.Plumbline {
		v.Class, v.Why = finding.Own, side.Facets["reason"].String()
	}
	since := side.Changed
	if told, ok := side.Facets["since"].Time(); ok {
		since = told
	}
	v.Since, v.First, v.Due = since, since, since
	for _, view := range row.Views {
		v.Cause = finding.Cause{System: system, Delivery: view.Delivery, Received: view.Received, Version: view.Version}
	}
	return v
}
