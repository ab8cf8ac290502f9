package registry

import "time"

// What a settle time that is learnt may be when the registry does not say.
const (
	learnFrom = 5 * time.Minute
	learnTo   = 4 * time.Hour
)

// Learn bounds a settle time that is learnt.
type Learn struct {
	// From is the least that it may be, and To the most.
	From, To time.Duration
}

// Learned reports whether the settle time is learnt.
func (s Settle) Learned() bool { return s.Learn != Learn{} }

// Learnt is the settle time with what was learnt, inside its bounds. One that is
// not learnt stays as it is.
func (s Settle) Learnt(d time.Duration) Settle {
	if s.Learned() {
		s.For = min(max(d, s.Learn.From), s.Learn.To)
	}
	return s
}

// learn reads the bounds of a settle time that is learnt.
func (b ruleBuilder) learn() Learn {
	y := either(b.yaml.Learn, b.defaults.Learn)
	l := Learn{From: learnFrom, To: learnTo}
	if y.From.given() {
		l.From = parseDuration(y.From.text())
	}
	if y.To.given() {
		l.To = parseDuration(y.To.text())
	}
	switch {
	case y.From.given() && l.From <= 0:
		b.add(y.From.at(), "learn.from: a duration of nothing, want at least 1s")
	case l.From > l.To && y.To.given():
		b.add(y.To.at(), "learn.to: less than learn.from, want as much at least")
	case l.From > l.To:
		b.add(y.From.at(), "learn.from: more than learn.to, want as much at most")
	}
	return l
}

// learns reports bounds that bound nothing.
func (b ruleBuilder) learns(s Settle) {
	if y := b.yaml.Learn; y.given() && !s.Learned() {
		b.add(y.named(), "learn: the settle time is not learnt, want settle: learned beside it")
	}
}
