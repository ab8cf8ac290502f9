package fetch

import (
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/secret"
)

// Pull says how a system's records are read without a delivery that names them.
type Pull struct {
	// Every is how often what changed is read, and Overlap how much of the last
	// reading's time is asked for again.
	Every, Overlap time.Duration
	// Kinds are what is read; none are all.
	Kinds []commerce.Kind
	// Budget is how many calls all of it may make in an hour, at least 2.
	Budget int
	// Full is how often everything is read, zero for never.
	Full time.Duration
}

const (
	// allSuffix ends the name of a sweep: a run that reads the whole of a list of
	// which other runs read what changed.
	allSuffix = "/all"
	// burstShare is the part of an hour's budget that may be spent at once.
	burstShare = 10
)

// job is a chore as it is run here.
type job struct {
	platform.Chore
	// overlap is how much of the last run's time is asked for again.
	overlap time.Duration
	// pulled says that the budget of pulls is spent on it, and sweep that it waits
	// for what the others leave of it.
	pulled, sweep bool
	// list is what is pulled.
	list platform.Pull
}

// jobs are the platform's chores and what the registry pulls, none without a
// credential.
func (s System) jobs() []job {
	if s.Credential == (secret.Reference{}) {
		return nil
	}
	lists := s.lists()
	var all []job
	if r, ok := s.Endpoint.(platform.Recurring); ok {
		for _, c := range r.Chores() {
			if !slices.ContainsFunc(lists, func(p platform.Pull) bool { return p.Name == c.Name }) {
				all = append(all, job{Chore: c, overlap: overlap})
			}
		}
	}
	for _, p := range lists {
		all = append(all, s.Pull.jobs(p)...)
	}
	return all
}

// job is the one of a name.
func (s System) job(name string) (job, bool) {
	jobs := s.jobs()
	i := slices.IndexFunc(jobs, func(j job) bool { return j.Name == name })
	if i < 0 {
		return job{}, false
	}
	return jobs[i], true
}

// lists are what the registry pulls.
func (s System) lists() []platform.Pull {
	p, ok := s.Endpoint.(platform.Puller)
	if !ok || s.Pull == nil {
		return nil
	}
	return slices.DeleteFunc(p.Pulls(), func(l platform.Pull) bool { return !l.Of(s.Pull.Kinds) })
}

// jobs are the runs that read a list: what changed, or all where nothing else can
// be had; and all from time to time beside it, from which something follows.
func (p *Pull) jobs(l platform.Pull) []job {
	first := l.Changed
	if l.Whole() {
		first = l.All
	}
	often := job{Chore: platform.Chore{Name: l.Name, Every: p.Every, Fetch: first}, overlap: p.Overlap, pulled: true, list: l}
	if p.Full == 0 || l.Whole() && !l.Complete && len(l.Told) == 0 {
		return []job{often}
	}
	sweep := often
	sweep.Chore, sweep.sweep = platform.Chore{Name: l.Name + allSuffix, Every: p.Full, Fetch: l.All}, true
	return []job{often, sweep}
}

// budget is the pace that keeps the calls of any hour within the budget. A sweep
// spends nothing at once: a run that reads what changed is ahead of it.
func (p *Pull) budget(sweep bool) platform.Pace {
	burst := max(1, p.Budget/burstShare)
	pace := platform.Pace{Every: time.Hour / time.Duration(p.Budget-burst), Burst: burst}
	if sweep {
		pace.Burst = 1
	}
	return pace
}

// worth is how bad it is, relatively, to have missed a change: wrong stock is sold,
// an order that is missing waits, a wrong price is paid.
var worth = map[commerce.Kind]int64{commerce.Inventory: 4, commerce.Order: 3, commerce.Price: 2}

// expectedLoss is what a list is expected to have missed since everything of it
// was read: more the longer that is ago, whatever it was that got lost.
func (j job) expectedLoss(age time.Duration) int64 {
	sum := int64(1)
	for _, k := range j.list.Kinds {
		sum += worth[k]
	}
	return sum * int64(age/time.Second)
}
