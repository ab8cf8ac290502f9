package alert

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/finding"
)

// Message is an alert in words. Every text in it is one line without anything
// that a terminal obeys or that cannot be seen; a sender still has to escape
// what its own medium reads as markup.
type Message struct {
	// Alert is the alert's id.
	Alert string
	// Severity is one sign: 🔴 critical, 🟠 major, 🟡 minor, ✅ closed, ⚪ waived.
	Severity string
	// Headline is enough on a phone.
	Headline string
	// Change is what is new since people saw the alert last, or blank.
	Change string
	// Called says whom the alert called and since when nobody answers, or is blank.
	Called string
	// Evidence has the worst members first, and what they have in common last.
	Evidence []string
	// Cause is what is known about the reason, or blank.
	Cause string
	// FirstCheck and OnFailure are what to do, blank when the alert is over.
	FirstCheck, OnFailure string
	Owner, Runbook        string
	// Person is the owner's Slack user id, and Taken that of who took the alert
	// on; blank is nobody.
	Person, Taken string
	// Explain is the command that tells the whole story.
	Explain string
	Links   []Link
	// Closed says that nothing of the alert is open any more.
	Closed bool
	// Offers are the decisions that people can take about the alert.
	Offers []finding.Action
	// Subject is the headline as e-mail takes it, and Attributes are integration,
	// owner, severity and class, for filter policies.
	Subject    string
	Attributes map[string]string
}

// Link opens one record in one system.
type Link struct {
	Record string `json:"record"`
	System string `json:"system"`
	URL    string `json:"url"`
}

// maxTop is how many members a message tells one by one.
const maxTop = 5

// Compose puts the alert into words. Times are told as in the zone of now. The
// same alert at the same time gives the same message.
func Compose(a Alert, now time.Time) Message {
	m := compose(a, now)
	m.Subject, m.Attributes = subject(a, m), attributes(a)
	return m
}

func compose(a Alert, now time.Time) Message {
	s := newStory(a, now)
	if a.Class == ClassDigest {
		return s.digest()
	}
	if a.Class == ClassReport {
		return s.weekly()
	}
	if a.Class == ClassStorm {
		return s.storm()
	}
	m := Message{
		Alert:    a.ID,
		Severity: s.sign(),
		Headline: s.headline(),
		Change:   s.change(),
		Called:   s.called(),
		Evidence: s.evidence(),
		Cause:    s.cause(),
		Owner:    owner(a.Owner),
		Person:   a.Owner.Person,
		Taken:    a.Taken.By,
		Offers:   a.Offers(),
		Runbook:  runbook(a),
		Links:    s.links(),
		Closed:   s.closed,
	}
	if len(s.told) > 0 {
		m.Explain = "plumbline explain " + clean(s.told[0].Finding)
	}
	if !s.closed {
		m.FirstCheck, m.OnFailure = s.firstCheck(), clean(a.OnFailure)
	}
	if a.Class == finding.Own || a.Class == finding.OneSided { // the integration has not failed
		m.OnFailure = ""
	}
	return m
}

// story is what the sentences of one message share.
type story struct {
	Alert
	now    time.Time
	closed bool
	// waived says that the alert is over because the rest of it is waived.
	waived bool
	// told are the members that the message is about: the open ones, or when the
	// alert is over the waived ones, or else all. Worst first.
	told []Member
	// count is how many there are, those beyond MaxMembers included.
	count int
	// also are those that other rules found, for the same cause.
	also []Member
}

func newStory(a Alert, now time.Time) story {
	s := story{Alert: a, now: now, closed: !a.Closed.IsZero()}
	s.waived = s.closed && slices.ContainsFunc(a.Members, func(m Member) bool { return m.State == finding.Waived })
	for _, m := range a.Members {
		if m.open() || s.waived && m.State == finding.Waived || s.closed && !s.waived {
			s.told = append(s.told, m)
		}
	}
	switch {
	case s.waived:
		s.count = len(s.told) + len(a.Aside)
	case s.closed:
		s.count = len(s.told) + len(a.Beyond)
	default:
		s.count = len(s.told) + a.More
	}
	slices.SortStableFunc(s.told, worstFirst)
	return s.apart()
}

// worstFirst orders by money, then by size of the difference, then by age.
func worstFirst(a, b Member) int {
	byImpact := size(b.Impact).Cmp(size(a.Impact))
	byDelta := size(mainDifference(b).Delta).Cmp(size(mainDifference(a).Delta))
	return cmp.Or(byImpact, byDelta, a.Since.Compare(b.Since), cmp.Compare(a.Key, b.Key), cmp.Compare(a.Finding, b.Finding))
}

func (s story) sign() string {
	switch {
	case s.waived:
		return "⚪"
	case s.closed:
		return "✅"
	}
	switch s.Severity {
	case "critical":
		return "🔴"
	case "minor":
		return "🟡"
	default:
		return "🟠"
	}
}

// oldest is the member whose difference has lasted longest.
func (s story) oldest() Member {
	return slices.MinFunc(s.told, func(a, b Member) int {
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Key, b.Key), cmp.Compare(a.Finding, b.Finding))
	})
}

// newest is the member whose difference began last.
func (s story) newest() Member {
	return slices.MaxFunc(s.told, func(a, b Member) int { return a.Since.Compare(b.Since) })
}

// cause is the reason that most members share, what started the oldest, and the
// recorded change that lies nearest before it.
func (s story) cause() string {
	return strings.Join(slices.DeleteFunc([]string{s.reason(), s.nearest()}, func(text string) bool { return text == "" }), " · ")
}

func (s story) reason() string {
	var parts []string
	if event := s.event(); event != "" && s.count == 1 {
		parts = append(parts, event)
	}
	switch {
	case s.Class == finding.Silent:
		return strings.Join(append(parts, s.silentCause()), " · ")
	case s.saidWhy():
		return strings.Join(parts, " · ")
	}
	if why, n := s.commonWhy(); s.Class.Summed() {
		// Each line of the evidence tells its own.
	} else if n == s.count {
		parts = append(parts, clean(why))
	} else if n > 1 {
		parts = append(parts, fmt.Sprintf("%d of %d: %s", n, s.count, clean(why)))
	} else if text := s.commonExplanation(); text != "" {
		parts = append(parts, text)
	}
	if len(s.told) > 0 {
		if m := s.oldest(); m.Source != "" {
			parts = append(parts, s.started(m))
		}
	}
	return strings.Join(parts, " · ")
}

func (s story) started(m Member) string {
	var words string
	switch s.Class {
	case finding.Gone, finding.Duplicate, finding.Split, finding.Impossible, finding.Overwritten, finding.Misrouted:
		words = "started by"
	case finding.UnknownMapping, finding.UnmappedSKU, finding.Unreadable, finding.Refused, finding.Unsubscribed, finding.LostWebhook, finding.Reshaped, finding.Outdated, finding.Own:
		words = "first seen from"
	default:
		words = "first change not passed on"
	}
	text := fmt.Sprintf("%s: %s, %s", words, clean(m.Source), clock(m.Since, s.now))
	if m.Delivery != "" {
		text += ", delivery " + clean(m.Delivery)
	}
	return text
}

// commonWhy is the reason that most of the told members give, and how many do.
func (s story) commonWhy() (string, int) {
	counts := map[string]int{}
	for _, m := range s.told {
		if m.Why != "" {
			counts[m.Why]++
		}
	}
	common := ""
	for _, why := range slices.Sorted(maps.Keys(counts)) {
		if counts[why] > counts[common] {
			common = why
		}
	}
	return common, counts[common]
}

// change says what happened since the state that people saw last.
func (s story) change() string {
	if s.Shown == 0 || s.closed || s.Seq <= s.Shown {
		return ""
	}
	n := s.since(s.Shown)
	parts := s.sentences(n)
	if text := s.raised(s.Shown); text != "" {
		parts = append(parts, text)
	}
	for _, c := range s.Calls {
		if c.Seq > s.Shown {
			parts = append(parts, "the "+c.Whom+" is called")
		}
	}
	if n.changed > 0 {
		parts = append(parts, fmt.Sprintf("%d changed", n.changed))
	}
	if parts == nil {
		return fmt.Sprintf("now %d open", s.Open())
	}
	return strings.Join(parts, ", ")
}

// news is what happened to the described members after some Seq.
type news struct {
	joined, ended, waived, back []Member
	// changed counts those whose values are others.
	changed int
}

func (s story) since(seq int64) news {
	var n news
	for _, m := range s.Members {
		switch {
		case m.Changed <= seq:
		case m.State == finding.Resolved:
			n.ended = append(n.ended, m)
		case m.State == finding.Waived:
			n.waived = append(n.waived, m)
		case m.Joined > seq:
			n.joined = append(n.joined, m)
		case m.Back > seq:
			n.back = append(n.back, m)
		default:
			n.changed++
		}
	}
	return n
}

// sentences tells the news, but for values.
func (s story) sentences(n news) []string {
	var parts []string
	if len(n.joined) > 0 {
		parts = append(parts, fmt.Sprintf("%d more (%s)", len(n.joined), s.namesOf(n.joined)))
	}
	if len(n.back) > 0 {
		parts = append(parts, fmt.Sprintf("%d open again (%s)", len(n.back), s.namesOf(n.back)))
	}
	if count := len(n.ended); count > 0 {
		parts = append(parts, fmt.Sprintf("%d %s again", count, plural(count, "agrees", "agree")))
	}
	if count := len(n.waived); count > 0 {
		parts = append(parts, fmt.Sprintf("%d waived", count))
	}
	return parts
}

func (s story) namesOf(members []Member) string {
	var names []string
	for _, m := range members {
		names = append(names, s.short(m))
	}
	return listed(names)
}

func (s story) links() []Link {
	var links []Link
	for _, m := range s.told[:min(len(s.told), maxTop)] {
		for _, system := range slices.Sorted(maps.Keys(m.Links)) {
			if u := address(m.Links[system]); u != "" {
				links = append(links, Link{Record: s.short(m), System: clean(system), URL: u})
			}
		}
	}
	return links
}

// owner names the team and its channel. People are not named: a message is no
// place for their addresses.
func owner(o Owner) string {
	team, channel := clean(o.Team), clean(o.Slack)
	switch {
	case team == "":
		return channel
	case channel == "" || strings.TrimPrefix(channel, "#") == team:
		return team
	default:
		return team + " (" + channel + ")"
	}
}

func runbook(a Alert) string {
	if a.Runbook == "builtin" {
		return "builtin: " + strings.ReplaceAll(string(a.Class), "_", "-")
	}
	if u := address(a.Runbook); u != "" {
		return u
	}
	return clean(a.Runbook)
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// maxNames is how many names a sentence lists.
const maxNames = 3

// listed joins the first of the texts and counts the others.
func listed(texts []string) string {
	if len(texts) <= maxNames {
		return strings.Join(texts, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(texts[:maxNames], ", "), len(texts)-maxNames)
}
