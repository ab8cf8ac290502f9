package registry

import "time"

// ownerNotice is how long before the end of an ownership the check warns, and
// how long after it the deputy stands in before the team is told.
const ownerNotice = 30 * 24 * time.Hour

// Ended reports whether the ownership is over.
func (o Owner) Ended(at time.Time) bool { return !o.Until.IsZero() && !at.Before(o.Until) }

// ExpiredOwners lists the integrations whose owner's last day is more than 30
// days past: the team must name another.
func (r *Registry) ExpiredOwners(at time.Time) []Integration {
	var expired []Integration
	for _, i := range r.Integrations {
		if i.Owner.Ended(at.Add(-ownerNotice)) {
			expired = append(expired, i)
		}
	}
	return expired
}

func (c *checker) owners(name string, y yamlIntegration) (owner, deputy Owner) {
	owner = Owner{Team: y.Owner.Team.text(), Slack: y.Owner.Slack.text(), Person: y.Owner.Person.text(), Until: c.until(y.Owner.Until)}
	deputy = Owner{Team: y.Deputy.Team.text(), Slack: y.Deputy.Slack.text(), Person: y.Deputy.Person.text(), Until: c.until(y.Deputy.Until)}
	if y.Deputy.given() && !y.Deputy.node.has("person") && !y.Deputy.node.has("team") {
		c.errors.add(y.Deputy.named(), "integrations.%s.deputy names nobody, want a person or a team", name)
	}
	if y.Owner.given() && !y.Owner.node.has("person") && !y.Owner.node.has("slack") {
		c.errors.add(y.Owner.named(), "integrations.%s.owner cannot be reached, want slack or a person", name)
	}
	owner.Quiet, owner.Timezone = c.hours("integrations."+name+".owner", y.Owner.Quiet, y.Owner.Timezone)
	deputy.Quiet, deputy.Timezone = c.hours("integrations."+name+".deputy", y.Deputy.Quiet, y.Deputy.Timezone)
	c.dates(name, y, owner, deputy)
	return owner, deputy
}

// until is when the day after the last one begins.
func (c *checker) until(last date) time.Time {
	day := c.day(last.origin, time.UTC)
	if day.IsZero() {
		return day
	}
	return day.AddDate(0, 0, 1)
}

func (c *checker) dates(name string, y yamlIntegration, owner, deputy Owner) {
	ended, soon := owner.Ended(c.asOf), owner.Ended(c.asOf.Add(ownerNotice))
	switch {
	case ended && deputy.Ended(c.asOf):
		c.errors.add(y.Owner.Until.at(), "integrations.%s: owner and deputy have both ended, want one of them renewed", name)
		return
	case ended:
		c.warnings.add(y.Owner.Until.at(), "integrations.%s: the owner's last day has passed and the deputy stands in, want a new owner", name)
	case soon:
		c.warnings.add(y.Owner.Until.at(), "integrations.%s: the owner's last day is near, want a new owner or a later day", name)
	}
	if deputy.Ended(c.asOf) {
		c.warnings.add(y.Deputy.Until.at(), "integrations.%s: the deputy's last day has passed, want a new deputy", name)
	}
}
