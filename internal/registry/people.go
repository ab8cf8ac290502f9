package registry

import (
	"maps"
	"slices"
)

// Person is somebody who acts on alerts.
type Person struct {
	// Slack is the person's member id there.
	Slack string
	Teams []string
}

// SlackUser is the Slack member id of a person whom an owner or deputy names,
// or blank when the registry does not know it.
func (r *Registry) SlackUser(person string) string { return r.People[person].Slack }

// MayDecide reports whether a member of the Slack workspace may decide about an
// integration's alerts: its owner and deputy, and the people of their teams.
// Where the registry names no people everybody may, and about an integration
// that it no longer has, all whom it names.
func (r *Registry) MayDecide(integration, slackUser string) bool {
	if len(r.People) == 0 {
		return true
	}
	i, known := r.Integration(integration)
	for name, p := range r.People {
		switch {
		case p.Slack != slackUser:
		case !known, name == i.Owner.Person, name == i.Deputy.Person:
			return true
		case slices.Contains(p.Teams, i.Owner.Team), i.Deputy.Team != "" && slices.Contains(p.Teams, i.Deputy.Team):
			return true
		}
	}
	return false
}

func (c *checker) people(integrations []Integration) map[string]Person {
	if len(c.file.People) == 0 {
		return nil
	}
	people, taken := map[string]Person{}, map[string]place{}
	for name, y := range ordered(c.file.People) {
		p := Person{Slack: y.Slack.text()}
		for _, team := range y.Teams {
			p.Teams = append(p.Teams, team.text())
			if team.given() && !slices.Contains(teams(integrations), team.text()) {
				c.warnings.add(team.at(), "no integration has the team %s as owner or deputy, %s", team.text(), didYouMean(team.text(), teams(integrations)))
			}
		}
		if first, twice := taken[p.Slack]; twice && y.Slack.given() {
			c.errors.add(y.Slack.at(), "two people have the same Slack member id, first in line %d; want each their own", first.line)
		}
		taken[p.Slack] = y.Slack.at()
		people[string(name)] = p
	}
	for name, y := range ordered(c.file.Integrations) {
		c.known(people, "integrations."+string(name)+".owner", y.Owner.Person)
		c.known(people, "integrations."+string(name)+".deputy", y.Deputy.Person)
	}
	return people
}

// known warns of an owner or deputy whom messages cannot mention.
func (c *checker) known(people map[string]Person, role string, y person) {
	if _, ok := people[y.text()]; y.given() && !ok {
		c.warnings.add(y.at(), "%s: the person is not among people, so that Slack can neither mention them nor let them decide; want an entry", role)
	}
}

// teams lists the teams that own something or stand in for its owner.
func teams(integrations []Integration) []string {
	all := map[string]bool{}
	for _, i := range integrations {
		all[i.Owner.Team], all[i.Deputy.Team] = true, true
	}
	delete(all, "")
	return slices.Sorted(maps.Keys(all))
}
