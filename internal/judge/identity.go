package judge

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/record"
)

// identity judges that neither side has the record twice.
func (p *pair) identity() Verdict {
	for _, s := range p.sides() {
		if !s.Duplicate {
			continue
		}
		applies, err := p.applies(p.from, p.to)
		switch {
		case err != nil:
			return p.verdict(CannotTell, p.reason(err))
		case !applies:
			return p.verdict(NotJudged, "the rule's condition is not met")
		default:
			return p.twice(s)
		}
	}
	return p.verdict(Agree, "")
}

func (p *pair) sides() []record.Side { return []record.Side{p.from, p.to} }

// twice is that a side has the record more than once.
func (p *pair) twice(s record.Side) Verdict {
	return p.overdue(finding.Duplicate, p.spell(s.Changed), p.twiceWords(s))
}

// spell is since when the row is as it is: from when it was first judged so, or
// the given time.
func (p *pair) spell(otherwise time.Time) time.Time {
	if !p.mark.Since.IsZero() {
		return p.mark.Since
	}
	return otherwise
}

// twiceWords names the natives on both sides, because a key that is a hash helps
// nobody to find them.
func (p *pair) twiceWords(s record.Side) string {
	natives := p.natives(s.System)
	text := fmt.Sprintf("the same %s %s in %s: %s", p.noun(s.System), times(natives), s.System, enumerate(natives))
	for _, other := range p.sides() {
		if natives := p.natives(other.System); other.System != s.System && len(natives) > 0 {
			text += fmt.Sprintf("; %s has %s", other.System, enumerate(natives))
		}
	}
	return text
}

// nouns are what people call one record of a kind.
var nouns = map[commerce.Kind]string{
	commerce.Product: "SKU", commerce.Price: "price", commerce.Inventory: "stock level", commerce.Order: "order",
	commerce.Customer: "customer", commerce.Anchor: "customer", commerce.Shipment: "shipment", commerce.Return: "return",
	commerce.Refund: "refund", commerce.Payment: "payment", commerce.Payout: "payout",
}

// noun is what people call the record in a system. Customers that are companies
// there are called so.
func (p *pair) noun(system string) string {
	companies := func(v record.View) bool { return v.System == system && !v.Gone && v.Slot == commerce.CompanySlot }
	if slices.ContainsFunc(p.row.Views, companies) {
		return "company"
	}
	return nouns[p.row.Kind]
}

func times(natives []string) string {
	if len(natives) == 2 {
		return "twice"
	}
	return fmt.Sprintf("%d times", len(natives))
}

// natives are the live native ids of a system, each once.
func (p *pair) natives(system string) []string {
	var natives []string
	for _, v := range p.row.Views {
		if v.System == system && !v.Gone && !slices.Contains(natives, v.Native) {
			natives = append(natives, v.Native)
		}
	}
	return natives
}

// shownNatives is how many ids a sentence has room for.
const shownNatives = 4

func enumerate(natives []string) string {
	if more := len(natives) - shownNatives; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(natives[:shownNatives], ", "), more)
	}
	if n := len(natives) - 1; n > 0 {
		return strings.Join(natives[:n], ", ") + " and " + natives[n]
	}
	return strings.Join(natives, "")
}

// anchor judges the accounts that are known by one telephone number, one domain, or
// one id in the system that others name customers by.
func (p *pair) anchor() Verdict {
	for _, s := range p.sides() {
		if s.Duplicate {
			return p.anchoredTwice(s)
		}
	}
	if p.row.Key[0] == commerce.ExternalAnchor {
		return p.named()
	}
	return p.verdict(Agree, "")
}

// anchoredTwice judges two accounts of one system on one anchor. Two persons may
// share a telephone, so that two addresses on one number say nothing; an id that
// another system gave is one person's.
func (p *pair) anchoredTwice(s record.Side) Verdict {
	hashes, without := p.hashes(s.System)
	switch {
	case len(hashes) == 1 && !without:
		return p.verdict(NotJudged, "the accounts share their e-mail address or tax number as well, which is judged there")
	case len(hashes) > 1 && p.row.Key[0] == commerce.PhoneAnchor:
		return p.verdict(CannotTell, "accounts with different e-mail addresses or tax numbers share a telephone number, as two persons of one household do")
	case len(hashes) > 1 && p.row.Key[0] == commerce.DomainAnchor:
		return p.verdict(CannotTell, "companies with different tax numbers share a domain, as those of one group do")
	default:
		return p.twice(s)
	}
}

// hashes are the e-mail anchors of a system's live accounts, each once, and
// whether some account has none.
func (p *pair) hashes(system string) (hashes []string, without bool) {
	for _, v := range p.row.Views {
		if v.System != system || v.Gone {
			continue
		}
		hash, ok := v.Facets["hash"]
		if !ok || hash.IsNull() {
			without = true
		} else if !slices.Contains(hashes, hash.String()) {
			hashes = append(hashes, hash.String())
		}
	}
	return hashes, without
}

// named judges one account of each side, which name one another: both must lead
// to the customer of one e-mail address or tax number, and be there.
func (p *pair) named() Verdict {
	from, to := p.from, p.to
	switch {
	case !from.Known || !to.Known:
		return p.verdict(NotJudged, "only one of the systems has an account by this id")
	case from.Live && to.Live:
		return p.led()
	case from.Live && to.Succeeded, to.Live && from.Succeeded:
		return p.stray()
	default:
		return p.verdict(NotJudged, "one of the accounts is gone")
	}
}

// led judges whether two accounts lead to one e-mail address or tax number.
func (p *pair) led() Verdict {
	a, b := p.from.Facets["hash"], p.to.Facets["hash"]
	switch {
	case p.from.Ties || p.to.Ties:
		return p.verdict(CannotTell, tied)
	case a == (commerce.Value{}) || b == (commerce.Value{}):
		return p.verdict(CannotTell, "an account has no e-mail address or tax number")
	case a == b:
		return p.verdict(Agree, "")
	}
	return p.overdue(finding.Split, p.spell(later(p.from.Changed, p.to.Changed)), fmt.Sprintf(
		"%s of %s and %s of %s name one another, but have different "+p.knownBy(),
		enumerate(p.natives(p.from.System)), p.from.System, enumerate(p.natives(p.to.System)), p.to.System))
}

// knownBy is what the accounts of the row are told apart by.
func (p *pair) knownBy() string {
	if p.noun(p.from.System) == commerce.CompanySlot || p.noun(p.to.System) == commerce.CompanySlot {
		return "tax numbers"
	}
	return "e-mail addresses"
}

// stray is an account that names one which was merged into another.
func (p *pair) stray() Verdict {
	merged, left := p.from, p.to
	if p.from.Live {
		merged, left = p.to, p.from
	}
	for _, v := range p.row.Views {
		if v.System == merged.System && v.SucceededBy != "" {
			return p.overdue(finding.Split, p.spell(merged.Changed), fmt.Sprintf("%s of %s still names %s of %s, which was merged into %s",
				enumerate(p.natives(left.System)), left.System, v.Native, v.System, v.SucceededBy))
		}
	}
	return p.verdict(NotJudged, "one of the accounts is gone")
}
