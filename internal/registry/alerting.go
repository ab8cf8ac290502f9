package registry

import (
	"strconv"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// What alerting does where the registry does not say otherwise.
const (
	// DigestAt is when the daily digest goes out, in minutes after midnight.
	DigestAt = 8*60 + 30
	// AlertsPerMinute is how many new alerts one channel gets in a minute.
	AlertsPerMinute = 6
)

// Escalation is how long people have to answer an alert.
type Escalation struct {
	// After is how long the owner has before the deputy is called, and Then how
	// long the deputy has before the team is. 0 calls nobody.
	After, Then time.Duration
}

// escalations are how long people have by the severity of the alert.
var escalations = map[string]Escalation{
	"critical": {15 * time.Minute, time.Hour},
	"major":    {2 * time.Hour, 8 * time.Hour},
}

// Hours are those of every day in which somebody is called only for what is
// critical. The zero Hours are none.
type Hours struct {
	// From and Until are minutes after midnight in Zone, or in UTC when Zone is
	// nil. Hours that end before they begin go over midnight.
	From, Until int
	Zone        *time.Location
}

// Free is the first instant, from the given one on, that is outside of the
// hours. It is right over daylight saving: hours are wall time.
func (h Hours) Free(at time.Time) time.Time {
	if h.From == h.Until {
		return at
	}
	zone := h.Zone
	if zone == nil {
		zone = time.UTC
	}
	if !h.hold(at.In(zone)) {
		return at
	}
	local := at.In(zone)
	day := local.Day()
	if minuteOf(local) >= h.Until {
		day++
	}
	end := time.Date(local.Year(), local.Month(), day, h.Until/60, h.Until%60, 0, 0, zone)
	// The clock may repeat or skip the hour in which they end.
	for !end.After(at) || h.hold(end) {
		end = end.Add(time.Hour)
	}
	return end
}

func minuteOf(local time.Time) int { return local.Hour()*60 + local.Minute() }

func (h Hours) hold(local time.Time) bool {
	minute := minuteOf(local)
	if h.From > h.Until {
		return minute >= h.From || minute < h.Until
	}
	return h.From <= minute && minute < h.Until
}

// hours reads when an owner or deputy is not to be called, and the person's
// zone, which is that of all systems when they share one.
func (c *checker) hours(role string, quiet hours, timezone text) (Hours, *time.Location) {
	zone, shared := c.sharedZone()
	if timezone.given() {
		zone, shared = c.zone(timezone, time.UTC), true
	}
	if !quiet.given() {
		return Hours{}, zone
	}
	if !shared {
		c.errors.add(quiet.at(), "%s lacks timezone: the systems are in different zones", role)
	}
	from, until, _ := strings.Cut(quiet.text(), "-")
	h := Hours{From: minuteOfDay(from), Until: minuteOfDay(until), Zone: zone}
	if h.From == h.Until {
		c.errors.add(quiet.at(), "%s.quiet has no length, want hours such as 20:00-07:00", role)
	}
	return h, zone
}

// escalation is how long people have by severity: what the integration says for
// whatever escalates at all, else the defaults.
func (c *checker) escalation(y yamlEscalate) map[string]Escalation {
	all := map[string]Escalation{}
	for severity, e := range escalations {
		if y.After.given() {
			e.After = c.patience(y.After)
		}
		if y.Then.given() {
			e.Then = c.patience(y.Then)
		}
		all[severity] = e
	}
	return all
}

func (c *checker) patience(y patience) time.Duration {
	if y.text() == "never" {
		return 0
	}
	return c.duration(y.origin)
}

// amounts are amounts by currency, each once.
func (c *checker) amounts(path string, written []amount) map[string]commerce.Decimal {
	var all map[string]commerce.Decimal
	for _, y := range written {
		if !y.given() {
			continue
		}
		number, currency, _ := strings.Cut(y.text(), " ")
		d, err := commerce.ParseDecimal(number)
		if err != nil {
			c.errors.add(y.at(), "%s: want at most %d digits", path, commerce.MaxDigits)
		}
		if _, twice := all[currency]; twice {
			c.errors.add(y.at(), "%s: %s stands twice, want one amount for each currency", path, currency)
		}
		if all == nil {
			all = map[string]commerce.Decimal{}
		}
		all[currency] = d
	}
	return all
}

// alertOver is from where on a rule alerts at once: its own amounts, else the
// defaults'.
func (b ruleBuilder) alertOver() map[string]commerce.Decimal {
	if b.yaml.AlertOver == nil {
		return b.over
	}
	return b.amounts("rule "+b.yaml.ID.text()+": alert_over", b.yaml.AlertOver)
}

// alerting reads from where on rules alert, when digests go out and how many
// alerts a channel gets.
func (c *checker) alerting() (digest, perMinute int) {
	digest, perMinute = DigestAt, AlertsPerMinute
	y := c.file.Defaults
	c.over = c.amounts("defaults.alert_over", y.AlertOver)
	if y.Digest.given() {
		digest = minuteOfDay(y.Digest.text())
	}
	if y.AlertsPerMinute.given() {
		n, err := strconv.Atoi(y.AlertsPerMinute.text())
		if err != nil || n < 2 || n > 60 {
			c.errors.add(y.AlertsPerMinute.at(), "defaults.alerts_per_minute: want a whole number from 2 to 60; one of them tells of those that wait")
		}
		perMinute = n
	}
	return digest, perMinute
}
