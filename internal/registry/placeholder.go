package registry

import "strings"

// What stands in a registry where somebody has still to say who or what.
const (
	// ToBeNamed ends the names of teams, channels and people that are not known yet:
	// owner-to-be-named.
	ToBeNamed = "to-be-named"
	// ToBeWritten begins a text that is not written yet.
	ToBeWritten = "To be written"
)

// placeholders names what has still to be said of an integration. It can be checked
// and compared with, and not be deployed for: nobody would be told.
func (c *checker) placeholders(name string, y yamlIntegration) {
	for _, field := range []struct {
		name, want string
		is         origin
	}{
		{"purpose", "what it does for the business", y.Purpose.origin},
		{"owner.team", "the team that acts on its alerts", y.Owner.Team.origin},
		{"owner.slack", "the channel that the team reads", y.Owner.Slack.origin},
		{"owner.person", "who answers for it", y.Owner.Person.origin},
		{"deputy.team", "the team that stands in", y.Deputy.Team.origin},
		{"deputy.slack", "the channel that the deputy reads", y.Deputy.Slack.origin},
		{"deputy.person", "who stands in", y.Deputy.Person.origin},
		{"on_failure", "what breaks, and what to do at once", y.OnFailure.origin},
	} {
		if strings.HasSuffix(field.is.text(), ToBeNamed) || strings.HasPrefix(field.is.text(), ToBeWritten) {
			c.warnings.add(field.is.at(), "integrations.%s.%s is a placeholder, want %s", name, field.name, field.want)
			c.local.add(field.is.at(), "integrations.%s.%s is a placeholder, want %s", name, field.name, field.want)
		}
	}
}
