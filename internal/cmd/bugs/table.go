package main

// bug is a mistake that somebody could make.
type bug struct {
	name, what string
	edits      []edit
}

// edit replaces a text that stands once in a file. BUG in what stands there
// instead is true while the bug is in effect.
type edit struct{ file, old, with string }

const (
	mergeRows  = "internal/merge/rows.go"
	mergeMark  = "internal/merge/mark.go"
	mergeLinks = "internal/merge/links.go"
	mergeLooks = "internal/merge/wishes.go"
	mergeMain  = "internal/merge/merge.go"
	recordFile = "internal/record/merge.go"
	driftRow   = "internal/drift/row.go"
	driftFind  = "internal/drift/finding.go"
	driftMain  = "internal/drift/drift.go"
	driftOut   = "internal/drift/outbox.go"
	driftGroup = "internal/drift/group.go"
	notifyMain = "internal/notify/notify.go"
	notifyWait = "internal/notify/later.go"
	receiver   = "internal/receive/receive.go"
	respondDo  = "internal/respond/apply.go"
)

// table lists the bugs by what they are about: versions, rows, looks, the row
// protocol, alerts, people, the edges.
var table = []bug{
	{"no-guard", "every observation wins, however old", []edit{{
		recordFile, "if o.Version.Compare(v.Version) <= 0 {", "if o.Version.Compare(v.Version) <= 0 && !BUG {",
	}}},
	{"no-tie-break", "versions are compared by time alone", []edit{{
		recordFile, "ties := v.ties(o)\n", "ties := v.ties(o)\n\tif BUG && o.Version.Parts().Clock.Equal(v.Version.Parts().Clock) {\n\t\treturn v, false\n\t}\n",
	}}},
	{"by-receipt", "what was received last wins", []edit{{
		recordFile, "created := earliest(v.Created, o.Created)\n",
		"created := earliest(v.Created, o.Created)\n\tif BUG && !from.Received.After(v.Received) {\n\t\treturn v, false\n\t}\n\tif BUG {\n\t\tv.Version = commerce.Version{}\n\t}\n",
	}}},
	{"same-second", "two deliveries of one second are taken for one", []edit{{
		recordFile, "id := ViewID{o.System, o.Part, o.Native}\n",
		"id := ViewID{o.System, o.Part, o.Native}\n\tfor _, v := range row.Views {\n\t\tif BUG && v.ViewID == id && v.Received.Truncate(time.Second).Equal(from.Received.Truncate(time.Second)) {\n\t\t\treturn row, false\n\t\t}\n\t}\n",
	}}},
	{"no-tombstone", "a deletion forgets the version", []edit{{
		recordFile, "\t\tview = row.Views[i]\n\t}\n", "\t\tview = row.Views[i]\n\t\tif BUG && view.Gone {\n\t\t\tview = View{ViewID: id}\n\t\t}\n\t}\n",
	}}},
	{"gone-ignored", "a deletion is an update without values", []edit{{
		recordFile, "Version: o.Version, Gone: o.Gone,", "Version: o.Version, Gone: o.Gone && !BUG,",
	}}},
	{"one-view", "a system has one view of a record, whatever the native id", []edit{{
		recordFile, "\tview := View{ViewID: id}\n", "\tif BUG {\n\t\tid.Native = \"\"\n\t}\n\tview := View{ViewID: id}\n",
	}}},

	{"no-condition", "merge writes over what another one wrote", []edit{{
		mergeRows, "\t\t\t\trow = lost.Current\n", "\t\t\t\tif BUG {\n\t\t\t\t\trow.Rev = lost.Current.Rev\n\t\t\t\t} else {\n\t\t\t\t\trow = lost.Current\n\t\t\t\t}\n",
	}}},
	{"lost-is-done", "a lost race counts as success", []edit{{
		mergeRows, "\t\t\t\tmetric.Add(ctx, metric.Races, 1)\n", "\t\t\t\tmetric.Add(ctx, metric.Races, 1)\n\t\t\t\tif BUG {\n\t\t\t\t\treturn nil\n\t\t\t\t}\n",
	}}},
	{"ack-before-write", "a row that was not written is acknowledged", []edit{{
		mergeRows, "\t\t\tif err != nil {\n\t\t\t\treturn err\n\t\t\t}\n\t\t\tmeasure(", "\t\t\tif err != nil && !BUG {\n\t\t\t\treturn err\n\t\t\t}\n\t\t\tmeasure(",
	}}},
	{"ack-before-look", "a message is acknowledged whose look was not sent", []edit{{
		mergeLooks, "\t\tif why != nil {\n", "\t\tif why != nil && !BUG {\n",
	}}},
	{"no-second-look", "a duplicate does not ask for the look again", []edit{{
		mergeRows, "return next, lostLooks(next), false", "if BUG {\n\t\t\treturn next, nil, false\n\t\t}\n\t\treturn next, lostLooks(next), false",
	}}},
	{"batch-done", "merge reports no message of a batch as failed", []edit{{
		mergeMain, "\t\tfailed = append(failed, m.ID)\n\t\tb.dead(", "\t\tif !BUG {\n\t\t\tfailed = append(failed, m.ID)\n\t\t}\n\t\tb.dead(",
	}}},
	{"partly-archived", "what a part of a batch was not archived of is acknowledged", []edit{{
		mergeMain, "\tif errors.As(err, &partial) {\n", "\tif errors.As(err, &partial) {\n\t\tif BUG {\n\t\t\treturn\n\t\t}\n",
	}}},
	{"not-archived", "what could not be archived is acknowledged", []edit{{
		mergeMain, "\t\tif err != nil {\n\t\t\tb.fail(i, fmt.Errorf(\"archive: %w\", err))", "\t\tif err != nil && !BUG {\n\t\t\tb.fail(i, fmt.Errorf(\"archive: %w\", err))",
	}}},

	{"forgets-claim", "merge takes the claim off a row that agrees again", []edit{
		{mergeMark, "\t\tif !v.Unsettled() && before.Open == \"\" {\n", "\t\tif !v.Unsettled() && (before.Open == \"\" || BUG) {\n"},
		{mergeMark, "if _, judged := marks[name]; !judged && m.Open != \"\" {", "if _, judged := marks[name]; !judged && m.Open != \"\" && !BUG {"},
	}},
	{"leaves-index", "merge takes a row with an open finding out of the index", []edit{{
		mergeMark, "\t\tcase m.Open != \"\":\n\t\t\tdue = earlier(due, now)\n", "\t\tcase m.Open != \"\" && BUG:\n\t\tcase m.Open != \"\":\n\t\t\tdue = earlier(due, now)\n",
	}}},
	{"never-looks", "a row that became unsettled asks for no look", []edit{{
		mergeMark, "return !m.Look.After(now) || at.Before(m.Look)", "return !BUG && (!m.Look.After(now) || at.Before(m.Look))",
	}}},

	{"finding-first", "drift writes the finding before its row is claimed", []edit{{
		driftRow, "\tif err := r.Records.Put(ctx, row); err != nil {\n\t\treturn row, fmt.Errorf(\"claim %s: %w\", row.ID(), err)\n\t}\n",
		"\tif BUG {\n\t\treturn row, nil\n\t}\n\tif err := r.Records.Put(ctx, row); err != nil {\n\t\treturn row, fmt.Errorf(\"claim %s: %w\", row.ID(), err)\n\t}\n",
	}}},
	{"claim-race", "a claim that lost its race goes on", []edit{{
		driftRow, "\t\treturn row, fmt.Errorf(\"claim %s: %w\", row.ID(), err)\n", "\t\tif !BUG {\n\t\t\treturn row, fmt.Errorf(\"claim %s: %w\", row.ID(), err)\n\t\t}\n",
	}}},
	{"forgets-first", "a row forgets a finding whose end was not written", []edit{{
		driftFind, "\t\t\treturn f, fmt.Errorf(\"write finding %s: %w\", id, err)\n",
		"\t\t\tif BUG && next.State == finding.Resolved {\n\t\t\t\treturn next, nil\n\t\t\t}\n\t\t\treturn f, fmt.Errorf(\"write finding %s: %w\", id, err)\n",
	}}},
	{"rest-before-look", "drift notes the next look and does not ask for it", []edit{
		{driftRow, "\tif err := r.ask(ctx, row, look); err != nil {\n\t\treturn err\n\t}\n\tif sameRest", "\tif BUG {\n\t\tlook = time.Time{}\n\t}\n\tif err := r.ask(ctx, row, look); err != nil {\n\t\treturn err\n\t}\n\tif sameRest"},
	}},
	{"look-done", "a look that was not done is acknowledged", []edit{{
		driftMain, "\t\tfailed = append(failed, m.ID)\n", "\t\tif !BUG {\n\t\t\tfailed = append(failed, m.ID)\n\t\t}\n",
	}}},

	{"no-settle", "the settle time is not waited for", []edit{{
		"internal/judge/equal.go", "\tv.Due = p.rule.Settle.Due(c.since)\n", "\tv.Due = p.rule.Settle.Due(c.since)\n\tif BUG {\n\t\tv.Due = c.since\n\t}\n",
	}}},
	{"no-settle-missing", "what is missing opens at once", []edit{{
		"internal/judge/presence.go", "\tif p.now.Before(v.Due) {\n", "\tif p.now.Before(v.Due) && !BUG {\n",
	}}},
	{"no-coverage", "what was created before anything is known counts as missing", []edit{{
		"internal/judge/presence.go", "\tif p.c.Covered != nil {\n", "\tif p.c.Covered != nil && !BUG {\n",
	}}},
	{"ends-early", "what agreed a settle time ago is taken for agreeing", []edit{{
		"internal/judge/equal.go", "\t\tif v.Outcome == Agree {\n\t\t\tv.Why = \"\"", "\t\tif BUG && p.mark.Open != \"\" {\n\t\t\treturn p.verdict(Agree, \"\")\n\t\t}\n\t\tif v.Outcome == Agree {\n\t\t\tv.Why = \"\"",
	}}},

	{"alert-lost", "a finding counts as told whose alert was not written", []edit{{
		driftFind, "\t\tif err := r.tell(ctx, next, j.rule); err != nil {\n", "\t\tif err := r.tell(ctx, next, j.rule); err != nil && !BUG {\n",
	}}},
	{"note-before-publish", "an alert counts as published that was not", []edit{{
		driftOut, "func (s *Service) publishOne(ctx context.Context, a alert.Alert) error {\n\tif err := s.hint(ctx, a); err != nil {\n",
		"func (s *Service) publishOne(ctx context.Context, a alert.Alert) error {\n\tif err := s.hint(ctx, a); err != nil && !BUG {\n",
	}}},
	{"publish-over", "noting the publication writes over what changed meanwhile", []edit{{
		driftOut, "\ta.Published = a.Seq\n\tif a.Sent", "\ta.Published = a.Seq\n\tif BUG {\n\t\tif now, err := s.Findings.GetAlert(ctx, a.ID); err == nil {\n\t\t\ta.Rev = now.Rev\n\t\t}\n\t}\n\tif a.Sent",
	}}},

	{"no-lease", "two runs of notify show one alert at once", []edit{{
		notifyMain, "\tif a.Lease.After(now) {\n", "\tif a.Lease.After(now) && !BUG {\n",
	}}},
	{"no-search", "after an unclear post nobody looks for the message", []edit{{
		notifyMain, "\tinDoubt := !a.Lease.IsZero()\n", "\tinDoubt := !a.Lease.IsZero() && !BUG\n",
	}}},
	{"no-doubt", "an unclear post counts as one that failed", []edit{{
		notifyMain, "\tif inDoubt {\n\t\tlease = s.clock()\n", "\tif inDoubt && !BUG {\n\t\tlease = s.clock()\n",
	}}},
	{"no-told", "replies that were sent are not looked for", []edit{{
		notifyMain, "\t\tsee.told = max(see.told, told)\n", "\t\tif !BUG {\n\t\t\tsee.told = max(see.told, told)\n\t\t}\n",
	}}},
	{"shown-before-seen", "what Slack did not take counts as seen", []edit{{
		notifyMain, "\t\ts.giveBack(ctx, a, see, inDoubt || errors.Is(err, ErrUnsure))\n", "\t\tif BUG {\n\t\t\tsee.shown, see.told = a.Seq, a.Seq\n\t\t}\n\t\ts.giveBack(ctx, a, see, inDoubt || errors.Is(err, ErrUnsure))\n",
	}}},
	{"hint-dropped", "a hint that comes to its end is dropped", []edit{{
		notifyWait, "func (s *Service) putOff(ctx context.Context, alertID string, change func(a *alert.Alert, now time.Time)) error {\n",
		"func (s *Service) putOff(ctx context.Context, alertID string, change func(a *alert.Alert, now time.Time)) error {\n\tif BUG {\n\t\treturn nil\n\t}\n",
	}}},

	{"decision-done", "a decision that was not carried out is acknowledged", []edit{{
		respondDo, "\t\t\tfailed = append(failed, m.ID)\n", "\t\t\tif !BUG {\n\t\t\t\tfailed = append(failed, m.ID)\n\t\t\t}\n",
	}}},
	{"decision-race", "a decision that lost its race counts as carried out", []edit{{
		respondDo, "\t\tif errors.Is(err, store.ErrLost) {\n\t\t\tcontinue\n", "\t\tif errors.Is(err, store.ErrLost) {\n\t\t\tif BUG {\n\t\t\t\treturn next, nil\n\t\t\t}\n\t\t\tcontinue\n",
	}}},
	{"decision-again", "a decision that comes again is told again", []edit{{
		"internal/alert/decide.go", "return known.ID == d.ID })", "return known.ID == d.ID && !BUG })",
	}}},
	{"no-wake", "what people set aside for a while asks for no look", []edit{{
		"internal/respond/findings.go", "\t\tif !f.Wakes().IsZero() {\n", "\t\tif !f.Wakes().IsZero() && !BUG {\n",
	}}},

	{"stays-behind", "stock does not follow an item that got another SKU", []edit{{
		"internal/merge/moves.go", "\tif was == nil || is == nil ||", "\tif BUG || was == nil || is == nil ||",
	}}},
	{"waits-for-ever", "what waited for its key is not merged when the key is known", []edit{{
		mergeLinks, "\tfor _, o := range link.Waiting {\n", "\tfor _, o := range link.Waiting {\n\t\tif BUG {\n\t\t\tbreak\n\t\t}\n",
	}}},
	{"fetch-done", "a fetch that was not made is acknowledged", []edit{{
		"internal/fetch/fetch.go", "\t\t\tfailed = append(failed, m.ID)\n", "\t\t\tif !BUG {\n\t\t\t\tfailed = append(failed, m.ID)\n\t\t\t}\n",
	}}},
	{"fetch-dropped", "a fetch that has to wait is not queued again", []edit{{
		"internal/fetch/later.go", "\treturn s.again(ctx, f, delay)\n", "\tif BUG {\n\t\treturn nil\n\t}\n\treturn s.again(ctx, f, delay)\n",
	}}},
	{"half-forgotten", "a request to forget that failed half-way is acknowledged", []edit{{
		"internal/merge/erase.go", "\t\t\tif err := b.forget(ctx, request); err != nil {\n", "\t\t\tif err := b.forget(ctx, request); err != nil && !BUG {\n",
	}}},
	{"comes-back", "who was erased comes back with the next delivery", []edit{{
		mergeLinks, "\t\tif !row.Suppressed.IsZero() {\n", "\t\tif BUG {\n\t\t\trow = record.Row{Kind: row.Kind, Key: row.Key, Rev: row.Rev}\n\t\t}\n\t\tif !row.Suppressed.IsZero() {\n",
	}}},
	{"ack-before-queue", "a delivery is acknowledged that no queue took", []edit{{
		receiver, "\tif err := s.Observations.Send(ctx, body); err != nil {\n\t\treturn Taken{}, fmt.Errorf(\"queue", "\tif err := s.Observations.Send(ctx, body); err != nil && !BUG {\n\t\treturn Taken{}, fmt.Errorf(\"queue",
	}}},
	{"unsigned", "a delivery that is not genuine is accepted", []edit{{
		receiver, "\tcase err != nil:\n\t\treturn handled{answer: refusal(system.Endpoint), outcome: \"not genuine\"}\n", "\tcase err != nil && !BUG:\n\t\treturn handled{answer: refusal(system.Endpoint), outcome: \"not genuine\"}\n",
	}}},
	{"archive-done", "archive reports no message as failed", []edit{{
		"internal/archive/archive.go", "\t\t\tfailed = append(failed, m.ID)\n", "\t\t\tif !BUG {\n\t\t\t\tfailed = append(failed, m.ID)\n\t\t\t}\n",
	}}},
}
