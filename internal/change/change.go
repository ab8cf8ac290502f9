// Package change holds what pipelines and job schedulers tell about changes
// that they made, such as a deployment or a finished job: how it is written,
// which of them are kept together, and which lies nearest before a difference.
//
// It is pure. Who signed it is the business of receive, keeping it that of
// drift, and its words in a message those of alert. That a change lies near a
// difference never says that it is the cause.
package change

import "time"

// Change is one recorded change of the systems around Plumbline.
type Change struct {
	// ID is the sender's: the same id on the same day is the same change.
	ID string    `json:"id"`
	At time.Time `json:"at"`
	// System and Integration say what was changed, by the registry's names. Where
	// both are blank it may concern everything.
	System      string `json:"system,omitempty"`
	Integration string `json:"integration,omitempty"`
	// What is a short sentence: "deploy shop-theme 2026.11.3".
	What string `json:"what"`
	// URL opens the run that made the change, or is blank.
	URL string `json:"url,omitempty"`
	// By names the pipeline or job, or is blank. It is never a person.
	By string `json:"by,omitempty"`
}

// Scope says what was changed in the registry's words, or is blank.
func (c Change) Scope() string {
	if c.System != "" && c.Integration != "" {
		return c.System + ", " + c.Integration
	}
	return c.System + c.Integration
}

// Window is how long before a difference a change may lie to be told with it.
const Window = 24 * time.Hour

// Nearest is the last change at or before a time, no longer ago than Window: one
// of the integration or of one of the systems where there is any, else one that
// names neither. Changes of other systems are never near.
func Nearest(changes []Change, before time.Time, integration string, systems ...string) (nearest Change, found bool) {
	own := false
	for _, c := range changes {
		if c.At.After(before) || before.Sub(c.At) > Window {
			continue
		}
		concerns := c.concerns(integration, systems)
		if !concerns && c.Scope() != "" {
			continue
		}
		closer := own == concerns && !c.At.Before(nearest.At)
		if !found || concerns && !own || closer {
			nearest, found, own = c, true, concerns
		}
	}
	return nearest, found
}

func (c Change) concerns(integration string, systems []string) bool {
	if c.Integration != "" && c.Integration == integration {
		return true
	}
	for _, s := range systems {
		if c.System != "" && c.System == s {
			return true
		}
	}
	return false
}
