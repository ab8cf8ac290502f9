package board

import (
	"fmt"
	"html/template"
	"time"

	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/platform"
)

// SubscribedOf is how subscriptions stand that were last looked at then.
func SubscribedOf(s *platform.Subscriptions, asked time.Time) *Subscribed {
	if s == nil {
		return nil
	}
	of := &Subscribed{Asked: asked}
	if !asked.IsZero() && s.Lasts > 0 {
		of.Ends = asked.Add(s.Lasts)
	}
	return of
}

// lostText is the rate of webhooks that are lost, and what it is made of.
func lostText(l *Lost) string {
	switch {
	case l == nil:
		return "not known: no export file"
	case l.Changed == 0:
		return "nothing changed in the file's time"
	}
	return fmt.Sprintf("%.1f %% (%d of %d)", 100*float64(l.Untold)/float64(l.Changed), l.Untold, l.Changed)
}

// stands is how the subscriptions of a system stand, in words.
func (w words) stands(s System, all []Finding) template.HTML {
	if s.Subscribed == nil {
		return "its platform is not asked; a webhook that ends is seen as silence"
	}
	if s.Subscribed.Asked.IsZero() {
		return "not asked yet: this needs the credential of its API"
	}
	missing := 0
	for _, f := range trouble(s.Name, all) {
		if f.Class == finding.Unsubscribed {
			missing++
		}
	}
	state := template.HTML("in order")
	if missing > 0 {
		state = template.HTML(fmt.Sprintf("%d %s not delivered", missing, plural(missing, "topic is", "topics are"))) //nolint:gosec // a number and words of our own
	}
	return state + ", asked " + w.when(s.Subscribed.Asked)
}

// ends is when the subscriptions of a system end.
func (w words) ends(s *Subscribed) template.HTML {
	switch {
	case s == nil, s.Asked.IsZero():
		return unknownValue
	case s.Ends.IsZero():
		return "they do not end by themselves"
	}
	return w.when(s.Ends) + ", if not renewed before"
}
