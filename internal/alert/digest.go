package alert

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

// ClassDigest is the class of alerts that tell once a day what no alert told.
const ClassDigest finding.Class = "digest"

// Bounds of a digest.
const (
	maxReports = 15 // in all
	maxOfOne   = 5  // of one integration
	maxNamed   = 3  // records of one report
)

// Digest is what no alert told.
type Digest struct {
	// Below counts the findings with little money at risk, and Impact is that
	// money by currency.
	Below  int
	Impact map[string]commerce.Decimal `json:",omitempty"`
	// Watched counts what rules in watch mode would have told, and Rules those
	// rules.
	Watched, Rules int
	// Reports tell of them by rule and class. Rest counts the findings that they
	// leave out.
	Reports []Report
	Rest    int
}

// Report is what a digest tells of the findings of one rule and class.
type Report struct {
	Integration, Rule string
	Class             finding.Class
	Kind              commerce.Kind
	From, To          string
	// Watch says that the rule only watches: this is what it would have told.
	Watch bool
	// Open counts the findings that have not ended, Fresh those that opened since
	// the last digest, Ended those that ended since.
	Open, Fresh, Ended int
	// Impact is the money of the open ones by currency.
	Impact map[string]commerce.Decimal `json:",omitempty"`
	// Common is what all findings have in common, and Most what Share of them
	// have.
	Common Traits `json:",omitempty"`
	Most   Traits `json:",omitempty"`
	Share  int    `json:",omitempty"`
	// Members are the worst open ones, or of those that ended, the oldest first.
	Members []Member
}

// NewDigest is the digest of an owner for what no alert has told: findings that
// are open, and those of rules in watch mode that ended since the last one. It
// reports false when there is nothing to say. Day names the digest: the owner
// gets one for each.
func NewDigest(o Owner, findings []finding.Finding, since, day time.Time) (Alert, bool) {
	a := Alert{
		ID:    NewID(o.Team, o.Slack, ClassDigest, day.UTC().Format(time.RFC3339)),
		Class: ClassDigest, Severity: "info", Owner: o, Opened: day.UTC(), Closed: day.UTC(), Seq: 1, Over: 1,
	}
	a.Digest = digestOf(reportsOf(findings, since))
	return a, len(a.Digest.Reports) > 0
}

func digestOf(reports []Report) Digest {
	var d Digest
	var below []Member
	ofOne, rules := map[string]int{}, map[string]bool{}
	for _, r := range reports {
		if r.Watch {
			d.Watched += r.count()
			rules[r.Integration+"/"+r.Rule] = true
		} else {
			d.Below += r.count()
			below = append(below, worth(r.Impact)...)
		}
		if ofOne[r.Integration]++; ofOne[r.Integration] > maxOfOne || len(d.Reports) == maxReports {
			d.Rest += r.count()
			continue
		}
		d.Reports = append(d.Reports, r)
	}
	d.Rules, d.Impact = len(rules), sumOf(below)
	return d
}

// worth is money as members have it.
func worth(impact map[string]commerce.Decimal) []Member {
	var members []Member
	for currency, d := range impact {
		members = append(members, Member{Impact: &d, Currency: currency})
	}
	return members
}

// sumOf is the money of the members by currency, nil when none is known.
func sumOf(members []Member) map[string]commerce.Decimal {
	if total := sum(members, impactOf); len(total) > 0 {
		return total
	}
	return nil
}

// count is how many findings a report is about.
func (r Report) count() int {
	if r.Watch {
		return max(r.Open, r.Fresh)
	}
	return r.Open
}

type reportKey struct {
	integration, rule string
	class             finding.Class
	watch             bool
}

// reportsOf groups findings by rule and class: what is below the limit first,
// then what rules in watch mode would have told, each with the most money and
// the most findings first.
func reportsOf(findings []finding.Finding, since time.Time) []Report {
	grouped := map[reportKey][]finding.Finding{}
	for _, f := range findings {
		if f.Told() && f.Alert == "" && (f.State == finding.Open || f.Silent && !f.Resolved.IsZero()) {
			k := reportKey{f.Integration, f.Rule, f.Class, f.Silent}
			grouped[k] = append(grouped[k], f)
		}
	}
	var reports []Report
	for _, of := range grouped {
		reports = append(reports, reportOf(of, since))
	}
	slices.SortFunc(reports, func(a, b Report) int {
		if a.Watch != b.Watch {
			if a.Watch {
				return 1
			}
			return -1
		}
		return cmp.Or(most(b.Impact).Cmp(most(a.Impact)), cmp.Compare(b.count(), a.count()),
			cmp.Compare(a.Integration, b.Integration), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Class, b.Class))
	})
	return reports
}

func reportOf(findings []finding.Finding, since time.Time) Report {
	f := findings[0]
	r := Report{Integration: f.Integration, Rule: f.Rule, Class: f.Class, Kind: f.Kind, From: f.From, To: f.To, Watch: f.Silent}
	var open, all []Member
	for i, f := range findings {
		m := bounded(MemberOf(f, nil))
		m.Traits = TraitsOf(f, time.Time{}, "")
		if f.Opened.After(since) {
			r.Fresh++
		}
		if f.State == finding.Resolved {
			r.Ended++
		} else {
			r.Open++
			open = append(open, m)
		}
		if r.Common = r.Common.shared(m.Traits); i == 0 {
			r.Common = m.Traits
		}
		all = append(all, m)
	}
	r.Most, r.Share = shareOf(all)
	r.Impact = sumOf(open)
	if len(open) == 0 {
		open = all
	}
	slices.SortFunc(open, worstFirst)
	r.Members = open[:min(len(open), maxNamed)]
	return r
}

// shareOf is the trait that most members have, if at least half of them and not
// all do.
func shareOf(members []Member) (Traits, int) {
	type trait struct {
		of    Dimension
		value string
	}
	counts := map[trait]int{}
	for _, m := range members {
		for d, value := range m.Traits {
			counts[trait{d, value}]++
		}
	}
	var best trait
	for t, n := range counts {
		if n > counts[best] || n == counts[best] && slices.Index(dimensions, t.of) < slices.Index(dimensions, best.of) {
			best = t
		}
	}
	if n := counts[best]; n > 1 && 2*n >= len(members) && n < len(members) {
		return Traits{best.of: best.value}, n
	}
	return nil, 0
}

func most(amounts map[string]commerce.Decimal) commerce.Decimal {
	var d commerce.Decimal
	for _, of := range amounts {
		if of.Cmp(d) > 0 {
			d = of
		}
	}
	return d
}

func (s story) digest() Message {
	m := Message{Alert: s.ID, Severity: "🔹", Headline: s.digestHeadline(), Owner: owner(s.Owner)}
	for _, r := range s.Digest.Reports {
		m.Evidence = append(m.Evidence, clip(s.report(r), maxLine))
	}
	if s.Digest.Rest > 0 {
		m.Evidence = append(m.Evidence, "and "+counted(s.Digest.Rest, "finding more", "findings more"))
	}
	m.Explain = "plumbline findings --owner " + clean(s.Owner.Team)
	return m
}

func (s story) digestHeadline() string {
	var parts []string
	if n := s.Digest.Below; n > 0 {
		text := counted(n, "difference", "differences") + " below the limit"
		if money := impactText(worth(s.Digest.Impact)); money != "" {
			text += ", " + money + " at risk"
		}
		parts = append(parts, text)
	}
	if n := s.Digest.Rules; n > 0 {
		parts = append(parts, fmt.Sprintf("%s in watch mode would have told of %s",
			counted(n, "rule", "rules"), number(commerce.Int(int64(s.Digest.Watched)))))
	}
	return "Daily digest: " + strings.Join(parts, "; ")
}

// report is one line of a digest: what differs, where most of it is, what it
// costs and how it moves.
func (s story) report(r Report) string {
	of := story{
		Alert: Alert{
			Integration: r.Integration, Rule: r.Rule, Class: r.Class, Kind: r.Kind, From: r.From, To: r.To,
			Common: r.Common, Members: r.Members, More: r.count() - len(r.Members),
		},
		now: s.now, told: r.Members, count: r.count(),
	}
	of.More = max(of.More, 0)
	of.count = max(of.count, len(of.told))
	parts := []string{of.fact()}
	if text := of.inCommon(); text != "" && of.count > 1 {
		parts = append(parts, text)
	}
	for d, value := range r.Most {
		parts = append(parts, fmt.Sprintf("%d of them %s", r.Share, within(d, clean(value))))
	}
	if money := impactText(worth(r.Impact)); money != "" {
		parts = append(parts, money)
	}
	if of.count > 1 {
		parts = append(parts, "oldest since "+clock(of.oldest().Since, s.now))
	}
	if r.Fresh > 0 && r.Fresh < r.count() {
		parts = append(parts, fmt.Sprintf("%d new", r.Fresh))
	}
	if r.Ended > 0 {
		parts = append(parts, fmt.Sprintf("%d %s again by now", r.Ended, plural(r.Ended, "agrees", "agree")))
	}
	text := clean(r.Integration) + "/" + clean(r.Rule)
	if r.Watch {
		text += " (watch)"
	}
	text += ": " + strings.Join(parts, " · ")
	if of.count > 1 {
		text += " · " + of.namesOf(of.told)
		if more := of.count - len(of.told); more > 0 {
			text += fmt.Sprintf(" and %s more", number(commerce.Int(int64(more))))
		}
	}
	return text
}

// within says where a part of the findings is.
func within(d Dimension, value string) string {
	switch d {
	case ByLocation:
		return "at " + value
	case ByList:
		return "in price list " + value
	case ByMapping:
		return "of " + value
	case ByDelivery:
		return "from one delivery"
	default:
		return "of one cause"
	}
}
