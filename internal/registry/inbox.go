package registry

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/platform"
)

const (
	// longestInbox keeps the name of a system's queue, with that of its stage,
	// within what a queue's name may be.
	longestInbox = 40
	// deadInbox ends the name of a queue of dead letters.
	deadInbox = "-dead"
)

// Inboxes are the systems that deliver into a queue of their own, in the order of
// their names.
func (r *Registry) Inboxes() []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(r.Systems)) {
		if r.Systems[name].Inbox {
			all = append(all, name)
		}
	}
	return all
}

// proof checks that a system has secrets where its requests are proved by them,
// and a name that a queue can have where a queue is the proof.
func (c *checker) proof(s *System, p platform.Platform, y yamlSystem) {
	s.Inbox = p.Inbox
	if !s.Inbox {
		// What is only pulled needs no proof: every delivery is refused.
		if !y.node.has("secrets") && !y.node.has("pull") {
			c.errors.add(y.named(), "systems.%s lacks secrets: %s", s.Name, clause(helpOf[yamlSystem]("secrets")))
		}
		return
	}
	if len(y.Secrets) > 0 {
		c.warnings.add(y.Secrets[0].at(), "systems.%s.secrets: %s delivers into a queue, which proves who sent, so want no secret", s.Name, p.Title)
	}
	if len(s.Name) > longestInbox || strings.HasSuffix(s.Name, deadInbox) {
		c.errors.add(y.named(), "systems.%s: want a name of at most %d characters that does not end with %s, because its queue is named after it", s.Name, longestInbox, deadInbox)
	}
}

// helpOf is the description of a field of a yaml type.
func helpOf[T any](name string) string {
	for _, f := range fieldsOf(reflect.TypeFor[T]()) {
		if f.name == name {
			return f.help
		}
	}
	return ""
}
