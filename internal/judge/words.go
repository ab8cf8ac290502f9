package judge

import (
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
)

// componentWords are what people call an amount, where the facet's name does not
// say it.
var componentWords = map[string]string{
	"tips": "tip", "gift_sold": "gift card that was sold", "gift_used": "gift card that was used",
	"exchanged": "exchange", "rounding": "cash rounding", "tax_current": "tax",
	"tax_channel_liable": "tax that the channel remits",
}

func (p piece) words() string {
	name, ok := componentWords[p.name]
	if !ok {
		name = strings.ReplaceAll(p.name, "_", " ")
	}
	if p.between {
		return "what the " + name + " differs by"
	}
	return "the " + name
}

// words say what a difference is made of: "exactly the tip, 4.20 USD".
func (t terms) words(f found) string {
	var whole []string
	for _, subset := range f.subsets[:min(len(f.subsets), 3)] {
		var parts []string
		for _, p := range subset {
			parts = append(parts, p.words())
		}
		whole = append(whole, listed(parts))
	}
	text := strings.Join(whole, " or ") + ", " + t.sums(f)
	if f.rest.Sign() == 0 {
		text = "exactly " + text
	} else {
		text += ", but for " + t.money(f.rest)
	}
	if len(f.subsets) > 1 {
		text += "; which of them cannot be told"
	}
	return text
}

// listed joins parts as people do: "a, b and c".
func listed(parts []string) string {
	last := len(parts) - 1
	if last < 1 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:last], ", ") + " and " + parts[last]
}

// sums are the amounts of the pieces, or that of all where there are several
// subsets.
func (t terms) sums(f found) string {
	var sum commerce.Decimal
	var parts []string
	for _, p := range f.subsets[0] {
		sum, _ = sum.Add(p.amount) // it is as near to the delta as the rest is
		parts = append(parts, places(p.amount, t.to))
	}
	if len(f.subsets) > 1 {
		parts = []string{places(sum, t.to)}
	}
	return strings.TrimSpace(listed(parts) + " " + t.to)
}

// money writes the size of an amount with its currency.
func (t terms) money(d commerce.Decimal) string {
	return strings.TrimSpace(places(d, t.to) + " " + t.to)
}

// places writes the size of an amount with at least the places of its currency.
func places(d commerce.Decimal, currency string) string {
	whole, fraction, _ := strings.Cut(d.Abs().String(), ".")
	if short := commerce.MinorDigits(currency) - len(fraction); short > 0 {
		fraction += strings.Repeat("0", short)
	}
	if fraction == "" {
		return whole
	}
	return whole + "." + fraction
}
