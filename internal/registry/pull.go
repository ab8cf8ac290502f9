package registry

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

// Pull says how a system's records are read from its API without a delivery that
// names them. What a verdict means does not depend on it.
type Pull struct {
	// Every is how long lies between two readings of what changed.
	Every time.Duration
	// Kinds are what is read, never none.
	Kinds []commerce.Kind
	// Overlap is how much of the last reading's time the next one asks for again.
	Overlap time.Duration
	// Budget is how many calls of the API it may make in an hour.
	Budget int
	// Full is how long lies between two readings of everything, zero for never.
	Full time.Duration
}

// The bounds of a pull, and what it has that the registry does not say.
const (
	pullEvery   = 15 * time.Minute
	pullOverlap = 5 * time.Minute
	pullBudget  = 600
	leastBudget = 12
	mostBudget  = 36_000
	mostOverlap = 24 * time.Hour
	// pullTick is how often chores are looked at.
	pullTick = 5 * time.Minute
)

type yamlPull struct {
	origin
	Every   duration     `json:"every,omitempty" jsonschema:"How often what changed is read, from 5m to 24h; 15m when not given."`
	Kinds   []kindWord   `json:"kinds,omitempty" jsonschema:"The kinds of records that are read; all that the platform lists when not given."`
	Overlap duration     `json:"overlap,omitempty" jsonschema:"How much of the last reading's time is asked for again, from 1m to 24h: more than what clocks and transactions may be behind; 5m when not given."`
	Budget  hourlyBudget `json:"budget,omitempty" jsonschema:"How many calls the readings may make in an hour, such as 600/h, which it is when not given."`
	Full    sweepWord    `json:"full,omitempty" jsonschema:"How often everything is read: daily, weekly, monthly or off; weekly when not given."`
}

// sweeps are how long lies between two readings of everything.
var sweeps = map[string]time.Duration{"daily": 24 * time.Hour, "weekly": 7 * 24 * time.Hour, "monthly": 30 * 24 * time.Hour, "off": 0}

// pull reads how the system is pulled, nil where it is not.
func (c *checker) pull(s *System, y yamlSystem, e platform.Endpoint) {
	if !y.Pull.given() {
		return
	}
	puller, can := e.(platform.Puller)
	if !can {
		c.errors.add(y.Pull.named(), "systems.%s.pull: Plumbline reads no lists from the API of this platform, want none; files are loaded instead", s.Name)
		return
	}
	if !y.node.has("credential") {
		c.errors.add(y.Pull.named(), "systems.%s.pull: want credential beside it, a reference to a read-only credential of its API", s.Name)
	}
	s.Pull = &Pull{
		Every:   c.within(y.Pull.Every, "systems."+s.Name+".pull.every", pullEvery, pullTick, mostOverlap),
		Overlap: c.within(y.Pull.Overlap, "systems."+s.Name+".pull.overlap", pullOverlap, time.Minute, mostOverlap),
		Kinds:   c.pulledKinds(s.Name, y.Pull.Kinds, puller.Pulls()),
		Budget:  c.budget(s.Name, y.Pull.Budget),
		Full:    sweeps["weekly"],
	}
	if y.Pull.Full.given() {
		s.Pull.Full = sweeps[y.Pull.Full.text()]
	}
}

// within reads a duration between two others.
func (c *checker) within(d duration, path string, otherwise, least, most time.Duration) time.Duration {
	if !d.given() {
		return otherwise
	}
	value := c.duration(d.origin)
	if value < least || value > most {
		c.errors.add(d.at(), "%s: want a duration from %s to %s", path, short(least), short(most))
	}
	return value
}

// short writes a duration of whole minutes or hours as the registry does.
func short(d time.Duration) string {
	if d >= time.Hour {
		return strconv.Itoa(int(d/time.Hour)) + "h"
	}
	return strconv.Itoa(int(d/time.Minute)) + "m"
}

func (c *checker) budget(system string, y hourlyBudget) int {
	if !y.given() {
		return pullBudget
	}
	calls, err := strconv.Atoi(strings.TrimSuffix(y.text(), "/h"))
	if err != nil || calls < leastBudget || calls > mostBudget {
		c.errors.add(y.at(), "systems.%s.pull.budget: want from %d/h to %d/h", system, leastBudget, mostBudget)
	}
	return calls
}

// pulledKinds are the kinds that are read: those of the file, each of which the
// platform must list, or all that it lists.
func (c *checker) pulledKinds(system string, wanted []kindWord, lists []platform.Pull) []commerce.Kind {
	var listed, kinds []commerce.Kind
	for _, kind := range commerce.Kinds() {
		if slices.ContainsFunc(lists, func(p platform.Pull) bool { return slices.Contains(p.Kinds, kind) }) {
			listed = append(listed, kind)
		}
	}
	for i, y := range wanted {
		kind := commerce.Kind(y.text())
		switch {
		case !slices.Contains(listed, kind):
			c.errors.add(y.at(), "systems.%s.pull.kinds[%d]: nothing of this kind is read from the platform, want some of %s", system, i, joined(listed))
		case slices.Contains(kinds, kind):
			c.errors.add(y.at(), "systems.%s.pull.kinds[%d]: the kind stands here twice, want it once", system, i)
		default:
			kinds = append(kinds, kind)
		}
	}
	if len(wanted) == 0 {
		return listed
	}
	return kinds
}

func joined(kinds []commerce.Kind) string {
	var names []string
	for _, k := range kinds {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}
