package compare

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

// study looks at what the join leaves open, and puts the result together.
func study(ctx context.Context, files Files, plan Plan, x *[2]keyIndex) (*Result, error) {
	s := newScholar(plan)
	s.census = [2]census{x[Left].census, x[Right].census}
	s.r.Summary.Left, s.r.Summary.Right = x[Left].rows, x[Right].rows
	s.r.Totals = totals(plan, x)
	s.reject(x)
	j := join(x, plan.Judge != nil)
	s.r.Summary.Agree = j.agree
	if plan.Judge == nil {
		s.r.Summary.Duplicate = j.duplicate
	}
	round := cmp.Or(plan.round, roundSize)
	lines := &j.lines
	if len(j.odd) > round {
		lines = nil // each round reads its own of all records
	}
	for side := range j.lines {
		slices.Sort(j.lines[side])
	}
	for o := range slices.Chunk(j.odd, round) {
		c, err := collect(ctx, files, o, lines)
		if err != nil {
			return nil, err
		}
		s.judge(c.pairs(o))
	}
	s.finish()
	return s.r, nil
}

// scholar judges odd pairs and remembers what explains them.
type scholar struct {
	plan   Plan
	r      *Result
	census [2]census
	spelt  map[spelling]int
	// renamed counts keys that are the same but for their spelling.
	renamed map[string]int
	// pairs are those that findings came from, by Finding.pair.
	pairs []pair
}

func newScholar(p Plan) *scholar {
	if p.Keep == 0 {
		p.Keep = DefaultKeep
	}
	return &scholar{plan: p, r: &Result{Plan: p}, spelt: map[spelling]int{}, renamed: map[string]int{}}
}

func totals(plan Plan, x *[2]keyIndex) []Total {
	var all []Total
	for _, i := range plan.numbers() {
		for _, b := range balances(x[Left].ledgers.accounts(i), x[Right].ledgers.accounts(i)) {
			t := Total{Facet: plan.Facets[i].Name, Currency: b.currency}
			for side, s := range b.sums {
				t.Sums[side], t.Known[side] = s.value()
			}
			if delta, err := t.Sums[Right].Sub(t.Sums[Left]); err == nil && t.Known[Left] && t.Known[Right] {
				t.Delta = &delta
			}
			all = append(all, t)
		}
	}
	return all
}

func (s *scholar) reject(x *[2]keyIndex) {
	for side := range x {
		s.r.Rejected[side] = x[side].rejected
		s.r.Summary.Rejected += len(x[side].rejected) + x[side].dropped
		s.r.Dropped += x[side].dropped
		for _, bad := range x[side].rejected {
			f := Finding{Class: finding.Unreadable, Outcome: Differ, Side: Side(side), Why: bad.reason()}
			f.Lines[side] = bad.Line
			s.add(f)
		}
	}
}

// judge takes the pairs of one round.
func (s *scholar) judge(pairs []pair) {
	for _, p := range s.respelt(pairs) {
		s.judgePair(p)
	}
}

func (s *scholar) judgePair(p pair) {
	s.pairs = append(s.pairs, p)
	before := len(s.r.Findings)
	if s.plan.Judge != nil {
		s.judged(p)
	} else {
		s.compared(p)
	}
	if len(s.r.Findings) == before {
		s.pairs = s.pairs[:len(s.pairs)-1] // nothing points to it
	}
}

// compared judges by equality.
func (s *scholar) compared(p pair) {
	if p.status&repeated != 0 {
		s.duplicates(p)
	}
	switch {
	case p.status&lacksRight != 0:
		s.missing(p, Right)
	case p.status&lacksLeft != 0:
		s.missing(p, Left)
	case p.status&unclear != 0:
		s.r.Summary.CannotTell++
	case p.status&unequal != 0:
		s.unequal(p)
	}
}

func (s *scholar) duplicates(p pair) {
	for side, rows := range p.rows {
		if len(rows) < 2 {
			continue
		}
		f := s.finding(p, finding.Duplicate)
		f.Side, f.Why = Side(side), linesText(rows)
		if p.status&unclear != 0 {
			f.Why += ", which say different things: not compared"
		}
		s.add(f)
	}
}

// missing is about a record that one file lacks.
func (s *scholar) missing(p pair, lacks Side) {
	f := s.finding(p, finding.Missing)
	f.Side = lacks
	if why := s.plan.tooNew(p.rows[lacks.Other()][0].about.Created, lacks); why != "" {
		f.Outcome, f.Why = CannotTell, why
	}
	switch {
	case f.Outcome == CannotTell:
		s.r.Summary.CannotTell++
	case lacks == Right:
		s.r.Summary.OnlyLeft++
	default:
		s.r.Summary.OnlyRight++
	}
	s.add(f)
}

// unequal compares the facets of a record that both files have.
func (s *scholar) unequal(p pair) {
	left, right := p.rows[Left][0], p.rows[Right][0]
	outcome := Agree
	for _, d := range s.plan.differences(left, right, s.spelt) {
		f := s.finding(p, finding.ValueDiffers)
		f.Facet, f.Left, f.Right, f.Delta = s.plan.Facets[d.facet].Name, d.left, d.right, d.delta
		f.Outcome, f.Why = s.plan.settle(d, left, right)
		outcome = outcome.or(f.Outcome)
		s.add(f)
	}
	s.count(outcome)
}

// count counts a record that both files have.
func (s *scholar) count(o Outcome) {
	switch o {
	case Differ:
		s.r.Summary.Differ++
	case Explained:
		s.r.Summary.Explained++
	case CannotTell:
		s.r.Summary.CannotTell++
	case NotJudged:
		s.r.Summary.NotJudged++
	case Agree:
		s.r.Summary.Agree++
	}
}

func (s *scholar) finding(p pair, class finding.Class) Finding {
	f := Finding{Class: class, Outcome: Differ, pair: len(s.pairs) - 1}
	if !s.plan.HiddenKey {
		f.Key = s.plan.KeyText(p.key())
	}
	for side, rows := range p.rows {
		if len(rows) > 0 {
			f.Lines[side] = rows[0].about.Line
			f.Native[side] = rows[0].about.Native
		}
		if s.plan.HiddenKey && f.Native[side] == p.key() {
			f.Native[side] = "" // it is the key once more
		}
	}
	return f
}

func (s *scholar) add(f Finding) {
	if len(s.r.Findings) >= s.plan.Keep {
		s.r.Dropped++
		return
	}
	s.r.Findings = append(s.r.Findings, f)
}

// finish explains and sorts.
func (s *scholar) finish() {
	e := newEvidence(s)
	s.r.Biases = e.biases()
	s.r.Deltas = e.distributions()
	s.r.Explanations = e.explanations()
	slices.SortStableFunc(s.r.Findings, s.weight)
}

var classOrder = map[finding.Class]int{finding.ValueDiffers: 0, finding.Missing: 1, finding.Duplicate: 2, finding.Unreadable: 3}

// weight puts what is to be acted on first, and of differences the greatest.
func (s *scholar) weight(a, b Finding) int {
	size := func(f Finding) commerce.Decimal {
		if f.Delta == nil {
			return commerce.Decimal{}
		}
		return f.Delta.Abs()
	}
	return cmp.Or(
		cmp.Compare(outcomeOrder[a.Outcome], outcomeOrder[b.Outcome]),
		cmp.Compare(classOrder[a.Class], classOrder[b.Class]),
		cmp.Compare(a.Side, b.Side),
		size(b).Cmp(size(a)),
		cmp.Compare(a.Key, b.Key),
		cmp.Compare(a.Facet, b.Facet),
		cmp.Compare(a.Lines[a.Side], b.Lines[b.Side]),
		cmp.Compare(a.Lines[Left], b.Lines[Left]),
	)
}

// Explanation of what is only spelt differently.
func (s *scholar) spellings() []Explanation {
	var all []Explanation
	for _, k := range slices.SortedFunc(maps.Keys(s.spelt), func(a, b spelling) int {
		return cmp.Or(cmp.Compare(a.facet, b.facet), cmp.Compare(a.how, b.how))
	}) {
		all = append(all, Explanation{Facet: k.facet, Records: s.spelt[k], Settled: true, Text: k.facet + " is the same but for " + k.how})
	}
	for _, how := range slices.Sorted(maps.Keys(s.renamed)) {
		all = append(all, Explanation{Records: s.renamed[how], Settled: true, Text: "the key is the same but for " + how + hint[how]})
	}
	return all
}

var hint = map[string]string{byZeros: ", as after saving from a spreadsheet"}
