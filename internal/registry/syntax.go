package registry

import (
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
)

// syntax is how a scalar or a key is written. Reader and JSON Schema are both
// made from it.
type syntax struct {
	// want completes "want …".
	want string
	// words are all that is allowed, when it is a list.
	words []string
	// pattern must match, when it is set.
	pattern *lazyregexp.Regexp
	// literal allows numbers, true and false without quotes.
	literal bool
	// private keeps the value out of messages.
	private bool
}

// written is a type of scalar or key.
type written interface{ syntax() syntax }

// origin is where a value stands: its own node and that of its key, when it
// stands behind one. Every type of the file embeds it.
type origin struct{ node, key *node }

func (o *origin) locate(n, key *node) { o.node, o.key = n, key }

// given reports whether the file has the value.
func (o origin) given() bool { return o.node != nil }

// text is the scalar's value, or blank when it is not given.
func (o origin) text() string {
	if o.node == nil {
		return ""
	}
	return o.node.text
}

// at is the place of the value.
func (o origin) at() place {
	if o.node == nil {
		return place{}
	}
	return o.node.place
}

// named is the place of the value's key, or of the value.
func (o origin) named() place {
	if o.key == nil {
		return o.at()
	}
	return o.key.place
}

// The scalars. Each embeds origin and says how it is written.
type (
	text       struct{ origin }
	formulaOf  struct{ origin }
	number     struct{ origin }
	duration   struct{ origin }
	deadline   struct{ origin }
	instant    struct{ origin }
	date       struct{ origin }
	person     struct{ origin }
	slackUser  struct{ origin }
	channel    struct{ origin }
	page       struct{ origin }
	urlPattern struct{ origin }
	secretRef  struct{ origin }
	currency   struct{ origin }
	window     struct{ origin }
	hours      struct{ origin }
	wallClock  struct{ origin }
	patience   struct{ origin }
	amount     struct{ origin }
	kindWord   struct{ origin }
	checkWord  struct{ origin }
	modeWord   struct{ origin }
	severity   struct{ origin }
	ruleName   struct{ origin }
	partName   struct{ origin }
	packName   struct{ origin }
	toggle     struct{ origin }

	weekTime      struct{ origin }
	authorityWord struct{ origin }
	hourlyBudget  struct{ origin }
	sweepWord     struct{ origin }
)

// The keys of mappings.
type (
	nameKey  string
	tableKey string
	kindKey  string
	facetKey string
	// personKey is how an owner names a person.
	personKey string
	anyKey    string

	severityKey string
)

var (
	notBlank  = lazyregexp.New(`\S`)
	names     = lazyregexp.New(`^[a-z][a-z0-9-]{0,62}$`)
	words     = lazyregexp.New(`^[a-z][a-z0-9_]{0,62}$`)
	numbers   = lazyregexp.New(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)
	durations = lazyregexp.New(`^([0-9]{1,4}d)?([0-9]{1,4}h)?([0-9]{1,4}m)?([0-9]{1,4}s)?$`)
	deadlines = lazyregexp.New(`^(learned|by ([01][0-9]|2[0-3]):[0-5][0-9]|([0-9]{1,4}d)?([0-9]{1,4}h)?([0-9]{1,4}m)?([0-9]{1,4}s)?)$`)
	instants  = lazyregexp.New(`^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:]+(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2}))?$`)
	dates     = lazyregexp.New(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	channels  = lazyregexp.New(`^(#[a-z0-9_-]{1,80}|[CG][A-Z0-9]{6,20})$`)
	members   = lazyregexp.New(`^[UW][A-Z0-9]{6,20}$`)
	pages     = lazyregexp.New(`^(builtin|https?://\S+)$`)
	urls      = lazyregexp.New(`^https?://\S*\{native\}\S*$`)
	secrets   = lazyregexp.New(`^(ssm:/[A-Za-z0-9_./-]+|env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$`)
	codes     = lazyregexp.New(`^[A-Z]{3}$`)
	hourSpans = lazyregexp.New(`^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$`)
	clocks    = lazyregexp.New(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)
	patiences = lazyregexp.New(`^(never|([0-9]{1,4}d)?([0-9]{1,4}h)?([0-9]{1,4}m)?([0-9]{1,4}s)?)$`)
	toggles   = lazyregexp.New(`^(true|false)$`)
	amounts   = lazyregexp.New(`^(0|[1-9][0-9]*)(\.[0-9]+)? [A-Z]{3}$`)
	weekTimes = lazyregexp.New(`^(never|(Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([01][0-9]|2[0-3]):[0-5][0-9])$`)
	budgets   = lazyregexp.New(`^[1-9][0-9]{0,5}/h$`)
	windows   = lazyregexp.New(`^(daily|Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$`)
)

// settingSyntax is that of a platform's own settings: ids and switches are
// written as they come, and the platform gets their text.
var settingSyntax = syntax{want: "text, a number, true or false", pattern: notBlank, literal: true}

func (text) syntax() syntax { return syntax{want: "text that is not blank", pattern: notBlank} }

func (formulaOf) syntax() syntax {
	return syntax{want: "a formula that is not blank", pattern: notBlank, literal: true}
}

func (number) syntax() syntax {
	return syntax{want: "a number such as 3 or 0.05", pattern: numbers, literal: true}
}

func (duration) syntax() syntax {
	return syntax{want: "a duration such as 20m, 26h or 3d", pattern: durations}
}

func (deadline) syntax() syntax {
	return syntax{want: `a duration such as 20m, 26h or 3d, a time of day such as "by 06:00", or learned`, pattern: deadlines}
}

func (instant) syntax() syntax {
	return syntax{want: "a date such as 2026-03-01, or a time with an offset such as 2026-03-01T08:00:00-05:00", pattern: instants}
}

func (date) syntax() syntax { return syntax{want: "a date such as 2027-06-30", pattern: dates} }

func (person) syntax() syntax {
	return syntax{want: "a person, as an address or name", pattern: notBlank, private: true}
}

func (personKey) syntax() syntax { return person{}.syntax() }

func (slackUser) syntax() syntax {
	return syntax{want: "a member id of Slack such as U024BE7LH, from the menu of the person's profile", pattern: members}
}

func (channel) syntax() syntax {
	return syntax{want: `a channel such as "#inventory-ops", in quotes because # begins a comment`, pattern: channels}
}

func (page) syntax() syntax {
	return syntax{want: "the address of a page (https://…), or builtin", pattern: pages}
}

func (urlPattern) syntax() syntax {
	return syntax{want: "an address (https://…) with {native} where the record's id goes", pattern: urls}
}

func (secretRef) syntax() syntax {
	return syntax{
		want:    "a reference, ssm:/name, env:NAME or file:path; a secret itself never stands in this file",
		pattern: secrets, private: true,
	}
}

func (currency) syntax() syntax {
	return syntax{want: "a currency of three upper-case letters, such as USD", pattern: codes}
}

func (window) syntax() syntax {
	return syntax{want: `a window such as "Sat 22:00-24:00" or "daily 02:00-03:00"`, pattern: windows}
}

func (hours) syntax() syntax {
	return syntax{want: `hours such as "20:00-07:00"`, pattern: hourSpans}
}

func (wallClock) syntax() syntax {
	return syntax{want: `a time of day in quotes, such as "08:30"`, pattern: clocks}
}

func (weekTime) syntax() syntax {
	return syntax{want: `a day and a time such as "Mon 08:30", or never`, pattern: weekTimes}
}

func (patience) syntax() syntax {
	return syntax{want: "a duration such as 30m or 2h, or never", pattern: patiences}
}

func (amount) syntax() syntax {
	return syntax{want: "an amount and its currency, such as 25 USD", pattern: amounts}
}

func (toggle) syntax() syntax {
	return syntax{want: "true or false", pattern: toggles, literal: true}
}

func (kindWord) syntax() syntax  { return kindSyntax }
func (checkWord) syntax() syntax { return checkSyntax }
func (modeWord) syntax() syntax  { return modeSyntax }
func (severity) syntax() syntax  { return severitySyntax }
func (ruleName) syntax() syntax  { return nameSyntax }

func (hourlyBudget) syntax() syntax {
	return syntax{want: "a number of calls in an hour, such as 600/h", pattern: budgets}
}

func (sweepWord) syntax() syntax { return sweepSyntax }

func (authorityWord) syntax() syntax { return authoritySyntax }
func (severityKey) syntax() syntax   { return raisedSyntax }

func (partName) syntax() syntax { return partSyntax }
func (packName) syntax() syntax { return packSyntax }

func (nameKey) syntax() syntax { return nameSyntax }
func (kindKey) syntax() syntax { return kindSyntax }

func (tableKey) syntax() syntax { return wordSyntax }
func (facetKey) syntax() syntax { return wordSyntax }

func (anyKey) syntax() syntax { return syntax{want: "text that is not blank", pattern: notBlank} }

var (
	nameSyntax = syntax{want: "lower-case letters, digits and hyphens, a letter first, at most 63", pattern: names}
	wordSyntax = syntax{want: "lower-case letters, digits and underscores, a letter first, at most 63", pattern: words}

	kindSyntax     = oneOf("kind", kindNames())
	checkSyntax    = oneOf("check", []string{string(Equal), string(Present), string(One), string(Identity), string(State), string(RouteCheck), string(Total)})
	modeSyntax     = oneOf("mode", []string{string(Watch), string(Alert), string(Off)})
	severitySyntax = oneOf("severity", []string{"critical", "major", "minor", "info"})
	raisedSyntax   = oneOf("severity", raised)
	partSyntax     = oneOf("key part", keyPartNames())
	packSyntax     = oneOf("starter pack", Packs())

	sweepSyntax     = oneOf("interval", []string{"daily", "weekly", "monthly", "off"})
	authoritySyntax = oneOf("authority", []string{string(AuthorityFrom), string(AuthorityTo), string(AuthorityNobody)})
)

func oneOf(what string, words []string) syntax {
	return syntax{want: "a " + what + ": " + strings.Join(words, ", "), words: words}
}

func kindNames() []string {
	var names []string
	for _, k := range commerce.Kinds() {
		names = append(names, string(k))
	}
	return names
}

// keyPartNames lists the parts of all kinds' keys, each once.
func keyPartNames() []string {
	var names []string
	seen := map[string]bool{}
	for _, k := range commerce.Kinds() {
		for _, part := range k.KeyParts() {
			if !seen[part] {
				seen[part] = true
				names = append(names, part)
			}
		}
	}
	return names
}
