package registry

// The types of plumbline.yaml as it is written. Fields without omitempty must
// be given. Descriptions stand in the JSON Schema and in messages about missing
// fields.

type yamlRegistry struct {
	origin
	Systems      map[nameKey]yamlSystem      `json:"systems" jsonschema:"The connected systems by name; the name is part of the webhook address."`
	Keys         map[kindKey]text            `json:"keys,omitempty" jsonschema:"What identifies a record of a kind, for the reader: each kind has one key."`
	Tables       map[tableKey]yamlTable      `json:"tables,omitempty" jsonschema:"Numbers per record that formulas name, from CSV files beside this one."`
	Rates        yamlRates                   `json:"rates,omitempty" jsonschema:"What currencies were worth in others, day by day, from a CSV file beside this one."`
	Kits         yamlKits                    `json:"kits,omitempty" jsonschema:"What is sold as one and stocked as several, from a CSV file beside this one."`
	Ignore       map[partKey]patterns        `json:"ignore,omitempty" jsonschema:"Records that no rule judges, by patterns of parts of their key, such as sku: [SAMPLE-*]."`
	Defaults     yamlDefaults                `json:"defaults,omitempty" jsonschema:"What rules have that do not say otherwise."`
	Quiet        []yamlQuiet                 `json:"quiet,omitempty" jsonschema:"Windows in which no finding opens."`
	Integrations map[nameKey]yamlIntegration `json:"integrations" jsonschema:"The integrations by name, each with its owner and rules."`
	Changes      yamlChanges                 `json:"changes,omitempty" jsonschema:"Who may tell about changes that they made, such as deployments; nobody when not given."`
	People       map[personKey]yamlPerson    `json:"people,omitempty" jsonschema:"Who the people of owners and deputies are in Slack, by the same address or name."`
}

type yamlSystem struct {
	origin
	Platform     text                   `json:"platform" jsonschema:"The kind of system it is."`
	Secrets      []secretRef            `json:"secrets,omitempty" jsonschema:"References to the secrets that sign its requests: ssm:/name, env:NAME or file:path; several while rotating."`
	Credential   secretRef              `json:"credential,omitempty" jsonschema:"The reference to the credential of its API, for what its deliveries do not say themselves: ssm:/name, env:NAME or file:path."`
	Timezone     text                   `json:"timezone,omitempty" jsonschema:"The IANA zone of its local times, such as America/New_York; UTC when not given."`
	Currency     currency               `json:"currency,omitempty" jsonschema:"The currency of amounts where payloads carry none."`
	Locations    map[anyKey]text        `json:"locations,omitempty" jsonschema:"Locations by the system's own ids; ignore leaves one out."`
	OrderNumber  yamlOrderNumber        `json:"order_number,omitempty" jsonschema:"How the system writes the numbers of web orders."`
	ExpectEvery  map[kindKey]duration   `json:"expect_every,omitempty" jsonschema:"The longest normal silence by kind."`
	CoveredSince map[kindKey]instant    `json:"covered_since,omitempty" jsonschema:"Since when everything of a kind is known here."`
	Exports      map[kindKey]yamlExport `json:"exports,omitempty" jsonschema:"How its export files are read, by kind: {preset} or {mapping}, and {complete}."`
	Pull         yamlPull               `json:"pull,omitempty" jsonschema:"How its records are read from its API without webhooks: {every, kinds, overlap, budget, full}."`
	AdminURL     map[kindKey]urlPattern `json:"admin_url,omitempty" jsonschema:"Addresses by kind that open a record, with {native}."`

	// own are the other fields: settings of the system's platform, which only
	// the platform knows.
	own []pair
}

func (s *yamlSystem) rest(p pair) { s.own = append(s.own, p) }

type yamlOrderNumber struct {
	origin
	Match  text            `json:"match,omitempty" jsonschema:"A regular expression; its first group is the number that all systems share."`
	Store  text            `json:"store,omitempty" jsonschema:"The storefront that all its orders belong to."`
	Stores map[anyKey]text `json:"stores,omitempty" jsonschema:"Storefronts by the names that the system gives them."`
}

type yamlTable struct {
	origin
	File    text       `json:"file" jsonschema:"A CSV file beside the registry whose header is the key parts and value."`
	Key     []partName `json:"key" jsonschema:"The key parts that the file's columns hold, such as [sku, location]."`
	Default number     `json:"default,omitempty" jsonschema:"The number of records that the file does not list."`
}

type yamlDefaults struct {
	origin
	Mode     modeWord `json:"mode,omitempty" jsonschema:"The mode of rules that name none; watch when not given."`
	Settle   deadline `json:"settle,omitempty" jsonschema:"The settle time of rules that name none."`
	Severity severity `json:"severity,omitempty" jsonschema:"The severity of rules that name none; major when not given."`

	Learn yamlLearn `json:"learn,omitempty" jsonschema:"The bounds of settle times that are learnt, {from, to}; 5m and 4h when not given."`

	AlertOver    []amount               `json:"alert_over,omitempty" jsonschema:"The money at risk from which a finding alerts at once, such as 25 USD, once for each currency; less waits for the digest. Rules may say otherwise."`
	SeverityOver map[severityKey]limits `json:"severity_over,omitempty" jsonschema:"From which money at risk, times the days that it is open, an alert becomes critical, major or minor, such as {critical: 1000 USD}. Rules may say otherwise."`

	Report          weekTime  `json:"report,omitempty" jsonschema:"When the weekly report goes out, in the owner's zone, or never; Mon 08:30 when not given."`
	Digest          wallClock `json:"digest,omitempty" jsonschema:"When the daily digest goes out, in the owner's zone; 08:30 when not given."`
	AlertsPerMinute number    `json:"alerts_per_minute,omitempty" jsonschema:"How many new alerts one channel gets in a minute; 6 when not given. The others wait and are counted."`
}

type yamlQuiet struct {
	origin
	At           window     `json:"at" jsonschema:"When: a day or daily, and hours such as 22:00-24:00."`
	Why          text       `json:"why" jsonschema:"The reason, as messages tell it."`
	Timezone     text       `json:"timezone,omitempty" jsonschema:"The zone of the hours; the systems' own when they share one."`
	Integrations []ruleName `json:"integrations,omitempty" jsonschema:"The integrations that are quiet; all when not given."`
}

type yamlIntegration struct {
	origin
	Purpose    text           `json:"purpose" jsonschema:"What the integration does for the business, in a few words."`
	Owner      yamlOwner      `json:"owner" jsonschema:"Who acts on its alerts: {team, slack, person, until}."`
	Deputy     yamlDeputy     `json:"deputy" jsonschema:"Who acts when the owner is away: {person} or {team}."`
	Escalate   yamlEscalate   `json:"escalate,omitempty" jsonschema:"How long people have to answer: {after, then}. Critical alerts wait 15m and 1h when not given, major ones 2h and 8h; others call nobody."`
	Runbook    page           `json:"runbook" jsonschema:"The page that says what to do, or builtin."`
	OnFailure  text           `json:"on_failure" jsonschema:"What happens to the business when it fails, and what to do at once."`
	From       ruleName       `json:"from" jsonschema:"The believed system."`
	To         ruleName       `json:"to" jsonschema:"The system that must show what the believed one has."`
	Objectives yamlObjectives `json:"objectives,omitempty" jsonschema:"What the integration is held to, as weekly reports tell it: {agreement, catch_up}."`

	Uses  []packName `json:"uses,omitempty" jsonschema:"Starter packs whose rules it takes."`
	Rules []yamlRule `json:"rules,omitempty" jsonschema:"Its own rules; one with the id of a starter rule overrides the fields that it gives."`
}

type yamlOwner struct {
	origin
	Team   text    `json:"team" jsonschema:"The team that findings are filed under."`
	Slack  channel `json:"slack,omitempty" jsonschema:"Where its alerts go."`
	Person person  `json:"person,omitempty" jsonschema:"Who answers for it."`
	Until  date    `json:"until,omitempty" jsonschema:"The last day of the ownership."`

	Quiet    hours `json:"quiet,omitempty" jsonschema:"Hours of each day in which only critical alerts call the team, such as 20:00-07:00."`
	Timezone text  `json:"timezone,omitempty" jsonschema:"The IANA zone of the quiet hours and of the digest; the systems' own when they share one."`
}

type yamlDeputy struct {
	origin
	Team   text    `json:"team,omitempty" jsonschema:"The deputy's team, or the team as deputy."`
	Slack  channel `json:"slack,omitempty" jsonschema:"Where the deputy reads."`
	Person person  `json:"person,omitempty" jsonschema:"Who acts when the owner is away."`
	Until  date    `json:"until,omitempty" jsonschema:"The last day of the deputy."`

	Quiet    hours `json:"quiet,omitempty" jsonschema:"Hours of each day in which only critical alerts call the deputy, such as 20:00-07:00."`
	Timezone text  `json:"timezone,omitempty" jsonschema:"The IANA zone of the quiet hours; the systems' own when they share one."`
}

type yamlEscalate struct {
	origin
	After patience `json:"after,omitempty" jsonschema:"How long the owner has before the deputy is called: a duration, or never."`
	Then  patience `json:"then,omitempty" jsonschema:"How long the deputy has before the team is called: a duration, or never."`
}

type yamlPerson struct {
	origin
	Slack slackUser `json:"slack" jsonschema:"The person's member id in Slack, such as U024BE7LH."`
	Teams []text    `json:"teams,omitempty" jsonschema:"The teams that the person belongs to, as owners and deputies name them."`
}

type yamlRule struct {
	origin
	ID         ruleName               `json:"id" jsonschema:"The rule's name within the integration."`
	Kind       kindWord               `json:"kind,omitempty" jsonschema:"The kind of record that it judges."`
	From       ruleName               `json:"from,omitempty" jsonschema:"The believed system, when it is not the integration's."`
	To         ruleName               `json:"to,omitempty" jsonschema:"The other system, when it is not the integration's."`
	When       formulaOf              `json:"when,omitempty" jsonschema:"A condition; the rule applies to records for which it is true."`
	Check      checkWord              `json:"check,omitempty" jsonschema:"What must hold: equal values, presence, exactly one, nothing twice (identity), no impossible state, an allowed place of departure (route), or equal totals of each day; equal when not given."`
	Expect     map[facetKey]formulaOf `json:"expect,omitempty" jsonschema:"What facets of the to side should be."`
	Within     map[facetKey]formulaOf `json:"within,omitempty" jsonschema:"How far number facets may be off."`
	Settle     deadline               `json:"settle,omitempty" jsonschema:"How long the sides may differ: a duration such as 20m, a time of day such as by 06:00, learned, or 0s for values that must agree at once."`
	Learn      yamlLearn              `json:"learn,omitempty" jsonschema:"With settle: learned, the least and the most that it may be, {from, to}; those of defaults, or 5m and 4h, when not given."`
	Impact     formulaOf              `json:"impact,omitempty" jsonschema:"The money at risk; delta, expected and actual are known."`
	Severity   severity               `json:"severity,omitempty" jsonschema:"How bad a difference is."`
	Mode       modeWord               `json:"mode,omitempty" jsonschema:"What the rule may do: watch, alert or off."`
	FirstCheck text                   `json:"first_check,omitempty" jsonschema:"The sentence that tells where to look first."`
	AlertOver  []amount               `json:"alert_over,omitempty" jsonschema:"The money at risk from which a finding alerts at once, such as 25 USD; 0 USD alerts of everything."`
	Holds      equation               `json:"holds,omitempty" jsonschema:"With check: total, a law: what must hold of the sums of a day, such as payouts.net = payouts.gross - payouts.fees."`
	Terms      map[termKey]yamlTerm   `json:"terms,omitempty" jsonschema:"The records that a law adds up, by the names that holds has for them."`
	By         []facetWord            `json:"by,omitempty" jsonschema:"With check: total, for what totals are kept apart: day, a currency, text facets or key parts."`
	Sum        []facetWord            `json:"sum,omitempty" jsonschema:"With check: total, number facets that both sides add up as they are; expect says it where to should show another number."`
	Count      toggle                 `json:"count,omitempty" jsonschema:"With check: total, whether records are counted as well."`
	Closes     wallClock              `json:"closes,omitempty" jsonschema:"With check: total, when on the day after a day's totals are judged, in the zone of the to system, such as 09:00."`
	Valid      yamlValid              `json:"valid,omitempty" jsonschema:"When the rule applies, {from, until}; always when not given."`

	Authority    authorityWord          `json:"authority,omitempty" jsonschema:"Which way a difference is mended: from is right and to is changed, to is right and from is changed, or nobody: a person decides. From when not given; alerts say so only where it is."`
	SeverityOver map[severityKey]limits `json:"severity_over,omitempty" jsonschema:"From which money at risk, times the days that it is open, an alert of the rule becomes critical, major or minor."`

	Routes []yamlRoute `json:"routes,omitempty" jsonschema:"With check: route, from where which shipments may leave; the first that is for a shipment counts."`

	Segment     []facetWord `json:"segment,omitempty" jsonschema:"For what trends of small differences are kept apart: a key part such as location, or text facets such as channel; the place of the record when not given. Currencies always are."`
	ExplainedBy []facetWord `json:"explained_by,omitempty" jsonschema:"Amounts of the record by which an expected amount may differ by policy: exactly one of them, or the sum of up to three; none takes back what a starter rule says."`
	TaxRates    []taxRate   `json:"tax_rates,omitempty" jsonschema:"Rates of tax in percent, such as 19, at which an amount may be with tax in one system and without in the other: a difference that is exactly that says so."`
}

type yamlObjectives struct {
	origin
	Agreement number   `json:"agreement,omitempty" jsonschema:"The share of judged records that agree, in percent, such as 99.5."`
	CatchUp   duration `json:"catch_up,omitempty" jsonschema:"The time within which 95 of 100 changes are shown on the other side, such as 30m."`
}

type yamlLearn struct {
	origin
	From duration `json:"from,omitempty" jsonschema:"The least settle time, however fast changes are shown; 5m when not given."`
	To   duration `json:"to,omitempty" jsonschema:"The most, and the settle time until enough is learnt; 4h when not given."`
}

type yamlValid struct {
	origin
	From  instant `json:"from,omitempty" jsonschema:"The first day, or the instant, from which the rule applies."`
	Until instant `json:"until,omitempty" jsonschema:"The last day on which the rule applies, or the instant at which it ends."`
}

type yamlTerm struct {
	origin
	System ruleName  `json:"system,omitempty" jsonschema:"Whose records: from, to, or a system; from when not given."`
	Kind   kindWord  `json:"kind" jsonschema:"The kind of record."`
	When   formulaOf `json:"when,omitempty" jsonschema:"A condition of facets; records count for which it is true."`
	Take   takeWord  `json:"take,omitempty" jsonschema:"flow adds the records of the day, change adds what facets of all records changed by within the day; flow when not given."`
}

// yamlPack is a starter pack.
type yamlPack struct {
	origin
	About text       `json:"about" jsonschema:"What the pack holds, and which way it points."`
	Rules []yamlRule `json:"rules" jsonschema:"Its rules."`
}
