package alert

import (
	"strings"
	"time"
)

// RegistryEvent names a change of the registry by when it came and what changed,
// such as "rule stock". It is the trait ByEvent of findings that follow from it.
func RegistryEvent(at time.Time, what string) string {
	return at.UTC().Format(time.RFC3339) + " " + what
}

// event says which change of the registry all findings of the alert follow from,
// or is blank.
func (s story) event() string {
	value := s.Common[ByEvent]
	if value == "" {
		return ""
	}
	noted, what, _ := strings.Cut(value, " ")
	at, err := time.Parse(time.RFC3339, noted)
	if err != nil {
		return "the registry changed"
	}
	text := "the registry changed at " + clock(at, s.now)
	if what = clean(what); what != "" {
		text += ": " + what
	}
	return text
}
