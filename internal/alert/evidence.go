package alert

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/registry"
)

// evidence tells the worst members one by one, counts the others, and ends with
// what they have in common.
func (s story) evidence() []string {
	if len(s.told) == 0 {
		return nil
	}
	var lines []string
	for _, m := range s.told[:min(len(s.told), maxTop)] {
		lines = append(lines, s.line(m))
	}
	if more := s.count - len(lines); more > 0 {
		lines = append(lines, fmt.Sprintf("and %s more", number(commerce.Int(int64(more)))))
	}
	if s.closed && !s.waived {
		return append(lines, s.opened())
	}
	lines = append(lines, s.alsoLines()...)
	if s.count > 1 && s.Class != ClassFlapping {
		lines = append(lines, s.age())
		if text := s.inCommon(); text != "" {
			lines = append(lines, text)
		}
		if text := s.fix(); text != "" {
			lines = append(lines, text)
		}
	}
	if text := s.states(); text != "" {
		lines = append(lines, text)
	}
	return lines
}

// line is one member: what differs, since when, and what is special about it.
func (s story) line(m Member) string {
	parts := []string{s.short(m)}
	if s.Class.Summed() {
		parts = append(parts, s.summed(m))
	} else if text := s.differences(m); text != "" {
		parts[0] += " " + text
	}
	if m.State == finding.Resolved {
		parts = append(parts, "ended "+clock(ended(m), s.now))
	} else if m.Spells > 0 {
		parts = append(parts, s.flapping(m))
	} else if !s.together() || s.count == 1 {
		parts = append(parts, "since "+clock(m.Since, s.now))
	}
	if text := s.fixOf(m); text != "" && s.count == 1 && !s.closed {
		parts = append(parts, text)
	}
	if m.Impact != nil && m.Impact.Sign() != 0 && s.count > 1 {
		parts = append(parts, about(*m.Impact, m.Currency))
	}
	if _, n := s.commonWhy(); !s.Class.Summed() && m.Why != "" && n < 2 && s.count > 1 {
		parts = append(parts, clean(m.Why))
	}
	return clip(strings.Join(parts, " · "), maxLine)
}

// differences writes what differs of one member; what is told first goes
// without its name.
func (s story) differences(m Member) string {
	main := mainDifference(m)
	if main.Facet == "" {
		return ""
	}
	text := s.difference(m, main, len(m.Differences) > 1)
	others := slices.DeleteFunc(slices.Clone(m.Differences), func(d finding.Difference) bool { return d.Facet == main.Facet })
	for _, d := range others[:min(len(others), 2)] {
		text += "; " + s.difference(m, d, true)
	}
	if more := len(others) - 2; more > 0 {
		text += fmt.Sprintf("; and %d more", more)
	}
	return text
}

// together reports whether all members began within one minute, which points
// to one cause.
func (s story) together() bool {
	return s.More == 0 && s.newest().Since.Sub(s.oldest().Since) < time.Minute
}

func (s story) age() string {
	if s.together() {
		return "all since " + clock(s.oldest().Since, s.now)
	}
	if s.More > 0 {
		return "oldest since " + clock(s.oldest().Since, s.now)
	}
	return fmt.Sprintf("oldest since %s, newest since %s", clock(s.oldest().Since, s.now), clock(s.newest().Since, s.now))
}

// states counts the members that need no attention any more.
func (s story) states() string {
	counts := map[finding.State]int{}
	for _, m := range s.Members {
		counts[m.State]++
	}
	ended := counts[finding.Resolved] + len(s.Beyond) - s.More - len(s.Aside)
	var parts []string
	if ended > 0 {
		parts = append(parts, fmt.Sprintf("%d of %d %s again", ended, s.count+ended, plural(ended, "agrees", "agree")))
	}
	if n := counts[finding.Acknowledged]; n > 0 {
		parts = append(parts, fmt.Sprintf("%d acknowledged", n))
	}
	if n := counts[finding.Waived] + len(s.Aside); n > 0 && !s.waived {
		parts = append(parts, fmt.Sprintf("%d waived", n))
	}
	return strings.Join(parts, ", ")
}

// opened recalls what the alert said, for people who see only its end.
func (s story) opened() string {
	was := s
	was.closed = false
	was.More = 0
	return fmt.Sprintf("opened %s: %s", clock(s.Opened, s.now), was.fact())
}

// firstCheck is the rule's own sentence, or one that fits the class.
func (s story) firstCheck() string {
	if s.FirstCheck != "" {
		return clean(s.FirstCheck)
	}
	from, to := clean(s.From), clean(s.To)
	records := s.carried()
	switch s.Class {
	case finding.Late:
		return fmt.Sprintf("the job that carries %s from %s to %s: did its last run finish?", records, from, to)
	case finding.ValueDiffers:
		if s.Authority == registry.AuthorityTo {
			to = from
		}
		return fmt.Sprintf("the record in %s: was it changed there by hand, or by another job?", to)
	case finding.Missing:
		return fmt.Sprintf("the import of %s into %s: does it show errors since %s?", records, to, clock(s.oldest().Since, s.now))
	case finding.Gone:
		return "was it removed on purpose? Then remove it on the other side as well."
	case finding.Duplicate:
		return s.twiceCheck()
	case finding.UnmappedSKU, finding.UnitChanged:
		return s.rotCheck()
	case finding.Split, finding.Impossible, finding.Overwritten, finding.Misrouted:
		return s.stateCheck()
	case finding.SlowDivergence, finding.OneSided:
		return s.trendCheck()
	case finding.NeverSettles:
		return fmt.Sprintf("the schedule of the job from %s to %s: changes arrive faster than it runs.", from, to)
	case finding.UnknownMapping:
		system, thing, native := what(s.told[0].Key)
		return fmt.Sprintf("plumbline.yaml: give %s %s of %s a name, or map it to ignore.", thing, native, system)
	case finding.TotalDiffers:
		return s.totalCheck()
	case ClassFlapping:
		return fmt.Sprintf("which two jobs write %s in %s: one undoes what the other does.", records, to)
	case finding.Unreadable:
		return "what the platform sends: did its format change? See plumbline redrive quarantine --dry-run."
	case finding.Refused:
		system, _, _ := what(s.told[0].Key)
		return fmt.Sprintf("systems.%s.credential in plumbline.yaml: did it end, or lose a right? What waits comes back with plumbline redrive fetches-dead.", system)
	case finding.Outdated:
		system, _, _ := what(s.told[0].Key)
		return fmt.Sprintf("the API version of %s's webhook subscriptions: set a later one, and watch for fields that it sends otherwise.", system)
	case finding.Reshaped:
		system, _, _ := what(s.told[0].Key)
		return fmt.Sprintf("the version of %s's API that its webhooks are set to, and what the platform announced.", system)
	case finding.Unsubscribed:
		system, _, _ := what(s.told[0].Key)
		return fmt.Sprintf("the webhooks in %s: was one removed, switched off after failures, or given another address?", system)
	case finding.LostWebhook:
		system, _, _ := what(s.told[0].Key)
		return fmt.Sprintf("deliveries that failed in %s's own list of webhooks, and our front's answers at those times. The values themselves are right again.", system)
	case finding.Silent:
		system, _, _ := what(s.told[0].Key)
		return fmt.Sprintf("%s: is it up, and do its webhooks and the jobs that send from it still run?", system)
	case finding.Own:
		return "Plumbline in its own account: errors and throttles of its functions, messages in its queues and dead letters, its schedules."
	default:
		return ""
	}
}
