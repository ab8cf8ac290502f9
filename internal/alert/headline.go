package alert

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

// headline is the first line: what is wrong and where, since how long, and what
// it costs.
func (s story) headline() string {
	if len(s.told) == 0 {
		return fmt.Sprintf("%s: nothing is known yet", clean(s.Integration))
	}
	if s.waived {
		return fmt.Sprintf("Waived until %s: %s", day(s.waivedUntil(), s.now), s.fact())
	}
	if s.closed {
		return s.closing()
	}
	if s.Class == ClassFlapping {
		return s.fact()
	}
	return s.fact() + s.tail()
}

// waivedUntil is when the first waiver of the message ends.
func (s story) waivedUntil() time.Time {
	return slices.MinFunc(s.told, func(a, b Member) int { return a.Until.Compare(b.Until) }).Until
}

// fact is the headline without age and money.
func (s story) fact() string {
	from, to := clean(s.From), clean(s.To)
	if event := s.event(); event != "" && s.count > 1 {
		// They may be of several rules, kinds and classes.
		return fmt.Sprintf("%d findings of %s since %s", s.count, clean(s.Integration), event)
	}
	switch s.Class {
	case finding.Missing:
		if s.Kind == commerce.Product && s.count == 1 {
			return "SKU " + s.subject() + " not in " + to
		}
		return upper(s.subject()) + " not in " + to
	case finding.Gone:
		return s.goneFact()
	case finding.Duplicate:
		return s.duplicateFact()
	case finding.Split:
		return s.splitFact()
	case finding.Impossible:
		return s.impossibleFact()
	case finding.Overwritten:
		return s.overwrittenFact()
	case finding.Misrouted:
		return s.misroutedFact()
	case finding.SlowDivergence:
		return s.creepingFact()
	case finding.OneSided:
		return s.oneSidedFact()
	case finding.UnmappedSKU:
		return s.unmappedFact()
	case finding.UnitChanged:
		return s.unitFact()
	case finding.NeverSettles:
		return fmt.Sprintf("%s: %s trails %s and never catches up", upper(s.subject()), to, from)
	case finding.UnknownMapping:
		return s.mappingFact()
	case finding.Unreadable:
		return s.unreadableFact()
	case finding.Refused:
		return s.refusedFact()
	case finding.Unsubscribed:
		return s.unsubscribedFact()
	case finding.Reshaped:
		return s.reshapedFact()
	case finding.Outdated:
		return s.outdatedFact()
	case finding.LostWebhook:
		return s.lostFact()
	case finding.Silent:
		return s.silentFact()
	case finding.Own:
		return s.ownFact()
	case finding.TotalDiffers:
		return s.totalFact()
	case ClassFlapping:
		return s.flappingFact()
	default:
		return s.differsFact()
	}
}

// differsFact tells one difference by its values and many by their sum, where
// the sum says something.
func (s story) differsFact() string {
	if s.count == 1 {
		return s.oneDiffers(s.told[0])
	}
	facet, expected, actual, ok := s.totals()
	switch {
	case ok && s.Kind == commerce.Inventory && !isMoney(s.Kind, facet) && s.oneWay():
		return fmt.Sprintf("%s: %s shows %s%s, %s expects %s", s.subject(), clean(s.To),
			wordsUnlessPlain(facet), number(actual), clean(s.From), number(expected))
	case ok && s.Kind != commerce.Price && isMoney(s.Kind, facet) && s.oneWay():
		delta, err := actual.Sub(expected)
		if err == nil {
			return fmt.Sprintf("%s: %s has %s than %s in total", s.subject(), clean(s.To),
				s.moreOrLess(facet, s.told[0].Currency, delta), clean(s.From))
		}
	case s.Kind == commerce.Price && s.Class == finding.Late:
		return fmt.Sprintf("%s in %s are still those that %s had earlier", s.subject(), clean(s.To), clean(s.From))
	}
	if s.Class == finding.Late {
		return fmt.Sprintf("%s in %s are behind %s%s", s.subject(), clean(s.To), clean(s.From), s.inBrackets())
	}
	return fmt.Sprintf("%s differ between %s and %s%s", s.subject(), clean(s.From), clean(s.To), s.inBrackets())
}

func (s story) oneDiffers(m Member) string {
	d := mainDifference(m)
	subject := s.name(m)
	if s.Kind == commerce.Order {
		subject = s.short(m)
	}
	actual, expected := s.value(d.Facet, m.Currency, d.Actual), s.value(d.Facet, m.Currency, d.Expected)
	switch {
	case d.Facet == "":
		return fmt.Sprintf("%s differs between %s and %s", upper(subject), clean(s.From), clean(s.To))
	case d.Delta != nil && isMoney(s.Kind, d.Facet) && s.Kind != commerce.Price:
		return fmt.Sprintf("%s: %s has %s than %s (%s / %s)", upper(subject), clean(s.To),
			s.moreOrLess(d.Facet, m.Currency, *d.Delta), clean(s.From), actual, expected)
	default:
		return fmt.Sprintf("%s: %s shows %s%s, %s expects %s", upper(subject), clean(s.To),
			wordsUnlessPlain(d.Facet), actual, clean(s.From), expected)
	}
}

func (s story) inBrackets() string {
	if names := s.facets(); names != "" {
		return " (" + names + ")"
	}
	return ""
}

// goneFact names the side that removed the record, which is the one whose
// change started the finding.
func (s story) goneFact() string {
	source := s.source("")
	other := clean(s.To)
	if source == other {
		other = clean(s.From)
	}
	if source == "" {
		return fmt.Sprintf("%s %s gone from one of %s and %s, not from the other", upper(s.subject()),
			plural(s.count, "is", "are"), clean(s.From), clean(s.To))
	}
	return fmt.Sprintf("%s removed in %s, %s still has %s", upper(s.subject()), source, other, plural(s.count, "it", "them"))
}

// source is the system that started all told findings, or the given one when
// they do not share one.
func (s story) source(otherwise string) string {
	common := s.told[0].Source
	for _, m := range s.told {
		if m.Source != common {
			return otherwise
		}
	}
	if common == "" {
		return otherwise
	}
	return clean(common)
}

func (s story) mappingFact() string {
	system, thing, native := what(s.told[0].Key)
	records := 0
	for _, m := range s.told {
		records += m.Records
	}
	held := fmt.Sprintf("%s records cannot be compared", plural(s.count, "its", "their"))
	if records > 0 {
		held = fmt.Sprintf("%s %s cannot be compared", number(commerce.Int(int64(records))), plural(records, "record", "records"))
	}
	if s.count == 1 {
		return fmt.Sprintf("Unknown %s %s in %s: %s", thing, native, system, held)
	}
	for _, m := range s.told {
		if sys, th, _ := what(m.Key); sys != system || th != thing {
			return fmt.Sprintf("%d unknown ids: %s", s.count, held)
		}
	}
	return fmt.Sprintf("%d unknown %ss in %s: %s", s.count, thing, system, held)
}

func (s story) unreadableFact() string {
	system, topics := s.topics()
	return "Deliveries from " + system + " cannot be read" + topics + " and wait in quarantine"
}

func (s story) refusedFact() string {
	system, topics := s.topics()
	return "Plumbline's credential for " + system + " is refused" + topics + ", so that what changed there is not known"
}

// unsubscribedFact is about topics, not about records.
func (s story) unsubscribedFact() string {
	system, topics := s.topics()
	return system + " does not deliver its webhooks" + topics + ", so that what changes there is not known"
}

// lostFact is about kinds of records, not about records.
func (s story) lostFact() string {
	system, kinds := s.topics()
	return system + " loses webhooks" + kinds + ": it has changes that none told"
}

// reshapedFact is about what deliveries consist of.
func (s story) reshapedFact() string {
	system, topics := s.topics()
	return system + " sends its webhooks" + topics + " otherwise than before, in fields that are read"
}

// outdatedFact is about the version of an API.
func (s story) outdatedFact() string {
	system, topics := s.topics()
	return system + " writes its webhooks" + topics + " in a version of its API that ends"
}

// topics are the system and the topics, in brackets, that a message about
// deliveries is about.
func (s story) topics() (system, inBrackets string) {
	var topics []string
	system, _, _ = what(s.told[0].Key)
	for _, m := range s.told {
		sys, _, topic := what(m.Key)
		if sys != system {
			system = "several systems"
		}
		if topic != "" {
			topics = append(topics, topic)
		}
	}
	if slices.Sort(topics); len(topics) > 0 {
		inBrackets = " (" + listed(slices.Compact(topics)) + ")"
	}
	return system, inBrackets
}

// tail is how long and how much: " — 38 min, $304 at risk".
func (s story) tail() string {
	oldest := s.oldest()
	parts := []string{lasting(s.now.Sub(oldest.Since))}
	if s.count > 1 && s.namesOldest() {
		parts = []string{"oldest " + s.short(oldest), parts[0]}
	}
	if money := impactText(s.told); money != "" && !s.saidMoney() {
		if s.More > 0 {
			money = "at least " + money
		}
		switch s.Class {
		case finding.Missing:
		case finding.Duplicate:
			money += " counted twice"
		default:
			money += " at risk"
		}
		parts = append(parts, money)
	}
	return " — " + strings.Join(parts, ", ")
}

// saidMoney reports whether the fact has the impact in it already.
func (s story) saidMoney() bool {
	if s.count != 1 || s.told[0].Impact == nil {
		return false
	}
	d := mainDifference(s.told[0])
	return d.Delta != nil && isMoney(s.Kind, d.Facet) && size(d.Delta) == size(s.told[0].Impact)
}

// namesOldest holds for kinds where somebody waits for the single record.
func (s story) namesOldest() bool {
	switch s.Kind {
	case commerce.Product, commerce.Price, commerce.Inventory, commerce.Mapping, commerce.Total, commerce.Trend:
		return false
	default:
		return true
	}
}

// closing is the headline of an alert that is over.
func (s story) closing() string {
	if s.forgotten() {
		return "Erased on request " + clock(s.Closed, s.now)
	}
	var done string
	switch s.Class {
	case finding.UnknownMapping:
		done = "Mapped"
	case finding.UnmappedSKU:
		done = "Known"
	case finding.Unreadable:
		done = "Readable again"
	case finding.Refused:
		done = "Credential taken again"
	case finding.Unsubscribed:
		done = "Delivered again"
	case finding.Reshaped:
		done = "Sent as before"
	case finding.Outdated:
		done = "In a version with time left"
	case finding.LostWebhook:
		done = "Told again"
	case finding.Silent:
		done = "Heard again"
	case finding.Own:
		done = "Works again"
	case finding.TotalDiffers:
		done = "Explained"
	case finding.SlowDivergence:
		done = "Steady again"
	case finding.OneSided:
		done = "No longer one-sided"
	case ClassFlapping:
		done = "At rest since"
	default:
		done = "Agree again"
	}
	text := fmt.Sprintf("%s %s, after %s", done, clock(s.Closed, s.now), lasting(s.Closed.Sub(s.oldest().Since)))
	if worst := s.worst(); worst != "" {
		text += "; worst " + worst
	}
	return text + " — " + s.subject()
}

// worst is the largest difference that any member had, with its sign.
func (s story) worst() string {
	var worst Member
	var delta *commerce.Decimal
	for _, m := range s.told {
		d := mainDifference(m).Delta
		// Worst is about the first facet, and the headline about the main one.
		if m.Worst != nil && len(m.Differences) > 0 && m.Differences[0].Facet == mainDifference(m).Facet {
			d = m.Worst
		}
		if d != nil && (delta == nil || d.Abs().Cmp(delta.Abs()) > 0) {
			worst, delta = m, d
		}
	}
	if delta == nil || delta.Sign() == 0 {
		return ""
	}
	text := s.amountOf(mainDifference(worst).Facet, worst.Currency, *delta)
	if delta.Sign() > 0 {
		text = "+" + text
	}
	return text
}
