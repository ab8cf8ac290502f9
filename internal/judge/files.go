package judge

import (
	"fmt"
	"time"
)

// fileLook is when a row that waits for a file is looked at without one. The file
// asks for a look itself.
const fileLook = time.Hour

// inFiles lets a side that is known from files alone be judged as of its newest
// one. What the other side shows later than that, the older file cannot have.
func (p *pair) inFiles() {
	for _, system := range []string{p.rule.From, p.rule.To} {
		if at, only := p.c.Files[system]; only && (p.oldest == "" || at.Before(p.now)) {
			p.oldest = system
			if at.Before(p.now) {
				p.now = at
			}
		}
	}
}

// still is since when one of two sides has not moved that differ and show nothing
// of what the other remembers. Of a side that is known from files only samples are
// seen: as long as both move, each may be following the other in between.
func (p *pair) still() time.Time {
	if p.to.Changed.Before(p.from.Changed) {
		return p.to.Changed
	}
	return p.from.Changed
}

// awaitsFile says of a difference that would be due by now, were the files not
// older, that it waits for the next one.
func (p *pair) awaitsFile(v Verdict, now time.Time) Verdict {
	if v.Outcome != Pending || p.oldest == "" || v.Due.After(now) {
		return v
	}
	v.Why = fmt.Sprintf("the newest file of %s is of %s, and what changed since then may still be on its way",
		p.oldest, p.now.UTC().Format("02 Jan 15:04 MST"))
	v.Due = now.Add(fileLook)
	return v
}
