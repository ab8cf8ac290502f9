package total

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/plumbline/plumbline/internal/commerce"
)

// add adds one record.
func (b *Bucket) add(e Entry) {
	b.Currency = max(b.Currency, e.Currency)
	if e.Unknown != "" {
		b.unknown(1, e.Record+": "+e.Unknown)
		return
	}
	p := Part{Record: e.Record, Finding: e.Finding, Waits: e.Waits}
	for name, s := range e.Sums {
		delta, err := s.open()
		if err != nil {
			b.unknown(1, fmt.Sprintf("%s: %s needs more digits than can be kept", e.Record, name))
			return
		}
		if delta.Sign() == 0 {
			continue
		}
		if p.Deltas == nil {
			p.Deltas = map[string]commerce.Decimal{}
		}
		p.Deltas[name] = delta
	}
	for name, s := range e.Sums {
		b.sum(name, filed(s, p))
	}
	b.terms(e.Terms)
	if p.Deltas != nil {
		b.part(p)
	}
}

// filed is a record's sum with its difference where it belongs.
func filed(s Sum, p Part) Sum {
	delta, _ := s.open() // whoever asks has seen that it can be told
	s.Explained, s.Waiting, s.Rest = commerce.Decimal{}, commerce.Decimal{}, commerce.Decimal{}
	switch {
	case p.Finding != "":
		s.Explained = delta
	case p.Waits != "":
		s.Waiting = delta
	default:
		s.Rest = delta
	}
	return s
}

// terms adds to the terms of a law.
func (b *Bucket) terms(of map[string]commerce.Decimal) {
	for name, d := range of {
		if b.Terms == nil {
			b.Terms = map[string]commerce.Decimal{}
		}
		next, err := b.Terms[name].Add(d)
		if err != nil {
			b.unknown(1, fmt.Sprintf("the sum of %s needs more digits than can be kept", name))
			return
		}
		b.Terms[name] = next
	}
}

// Balance notes the two sides of a law over the bucket's terms: what is left
// between them is explained by no record.
func (b Bucket) Balance(measure string, left, right commerce.Decimal) Bucket {
	s := Sum{Expected: right, Actual: left}
	rest, err := s.Difference()
	if err != nil {
		b.unknown(1, "the difference needs more digits than can be kept")
		return b
	}
	s.Rest = rest
	b.Sums = map[string]Sum{measure: s}
	return b
}

// Unbalanced notes that a law cannot be computed.
func (b Bucket) Unbalanced(why string) Bucket {
	b.unknown(1, why)
	return b
}

// sum adds to a measure. What needs too many digits is not rounded: the bucket
// is not known then.
func (b *Bucket) sum(name string, s Sum) {
	if b.Sums == nil {
		b.Sums = map[string]Sum{}
	}
	have := b.Sums[name]
	for _, p := range []struct {
		to  *commerce.Decimal
		add commerce.Decimal
	}{
		{&have.Expected, s.Expected},
		{&have.Actual, s.Actual},
		{&have.Allowed, s.Allowed},
		{&have.Explained, s.Explained},
		{&have.Waiting, s.Waiting},
		{&have.Rest, s.Rest},
	} {
		next, err := p.to.Add(p.add)
		if err != nil {
			b.unknown(1, fmt.Sprintf("the sum of %s needs more digits than can be kept", name))
			return
		}
		*p.to = next
	}
	b.Sums[name] = have
}

func (b *Bucket) part(p Part) {
	switch {
	case p.Finding != "":
		b.Findings++
	case p.Waits != "":
		b.Waits++
	default:
		b.Loose++
	}
	b.Parts = append(b.Parts, p)
	b.few()
}

// few keeps the parts that say most. Which these are depends on the parts alone,
// so that it makes no difference in which order they come.
func (b *Bucket) few() {
	slices.SortFunc(b.Parts, func(x, y Part) int {
		return cmp.Or(first(!x.explained(), !y.explained()), y.size().Cmp(x.size()), cmp.Compare(x.Record, y.Record))
	})
	b.trim(MaxParts)
}

// trim keeps the first n parts and counts the others.
func (b *Bucket) trim(n int) {
	if over := len(b.Parts) - n; over > 0 {
		b.Parts = b.Parts[:n:n]
		b.More += over
	}
}

func first(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	default:
		return 1
	}
}

// size is the largest delta of a part.
func (p Part) size() commerce.Decimal {
	var most commerce.Decimal
	for _, d := range p.Deltas {
		if d.Abs().Cmp(most) > 0 {
			most = d.Abs()
		}
	}
	return most
}

// unknown counts records that cannot be added and keeps the reason that comes
// first by its words.
func (b *Bucket) unknown(n int, why string) {
	b.Unknown += n
	if b.Why == "" || why != "" && why < b.Why {
		b.Why = why
	}
}

// merge adds what another part of the records came to.
func (b *Bucket) merge(o Bucket) {
	b.Currency = max(b.Currency, o.Currency)
	for name, s := range o.Sums {
		b.sum(name, s)
	}
	b.terms(o.Terms)
	b.Parts = append(slices.Clone(b.Parts), o.Parts...)
	b.More += o.More
	b.few()
	b.Findings, b.Waits, b.Loose = b.Findings+o.Findings, b.Waits+o.Waits, b.Loose+o.Loose
	if o.Unknown > 0 {
		b.unknown(o.Unknown, o.Why)
	}
}

// Measures lists the bucket's measures in alphabetical order, records last.
func (b Bucket) Measures() []string {
	return slices.SortedFunc(maps.Keys(b.Sums), func(x, y string) int {
		return cmp.Or(first(x != Records, y != Records), cmp.Compare(x, y))
	})
}
