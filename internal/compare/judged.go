package compare

import "github.com/plumbline/plumbline/internal/finding"

// Judge decides about one record by more than equality: by the rules of a
// registry.
type Judge interface {
	// Judge is given the rows of each file, none where the file lacks the record.
	Judge(left, right []Record) []Judgement
}

// Record is one row as a judge sees it. Its values are in the order of the plan's
// facets.
type Record struct {
	Key    string
	Values []Text
	About  About
}

// Judgement is what one rule says of a record. Of its findings, those fields count
// that say what is wrong; what record it is about is added to them.
type Judgement struct {
	Outcome  Outcome
	Findings []Finding
}

// judged asks the judge.
func (s *scholar) judged(p pair) {
	var rows [2][]Record
	for side := range rows {
		for _, k := range p.rows[side] {
			rows[side] = append(rows[side], Record{k.key, k.values(), k.about})
		}
	}
	outcome := NotJudged
	for _, j := range s.plan.Judge.Judge(rows[Left], rows[Right]) {
		outcome = outcome.or(j.Outcome)
		for _, said := range j.Findings {
			if why := s.tooNew(p, said); why != "" {
				said.Outcome, said.Why, outcome = CannotTell, why, CannotTell
			}
			f := s.finding(p, said.Class)
			f.Outcome, f.Side, f.Facet, f.Left, f.Right, f.Delta, f.Why = said.Outcome, said.Side, said.Facet, said.Left, said.Right, said.Delta, said.Why
			f.Integration, f.Rule, f.Impact, f.Currency = said.Integration, said.Rule, said.Impact, said.Currency
			if f.Class == finding.Duplicate {
				s.r.Summary.Duplicate++
			}
			s.add(f)
		}
	}
	switch lacks, alone := p.lacking(); {
	case alone && outcome == Differ && lacks == Right:
		s.r.Summary.OnlyLeft++
	case alone && outcome == Differ:
		s.r.Summary.OnlyRight++
	default:
		s.count(outcome)
	}
}

// tooNew says why a file cannot have a record that a judge misses there, or is
// blank.
func (s *scholar) tooNew(p pair, f Finding) string {
	if f.Class != finding.Missing || len(p.rows[f.Side.Other()]) == 0 {
		return ""
	}
	return s.plan.tooNew(p.rows[f.Side.Other()][0].about.Created, f.Side)
}

// lacking is the side that lacks the record.
func (p pair) lacking() (Side, bool) {
	switch {
	case len(p.rows[Right]) == 0:
		return Right, true
	case len(p.rows[Left]) == 0:
		return Left, true
	default:
		return 0, false
	}
}
