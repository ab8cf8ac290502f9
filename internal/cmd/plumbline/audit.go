package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/fold"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/learnt"
	"github.com/plumbline/plumbline/internal/store"
)

// auditCmd shows what the last audit came to.
type auditCmd struct{}

// Run shows.
func (k *auditCmd) Run(ctx context.Context, c *cli, out *output) error {
	w, err := connect(ctx, c)
	if err != nil {
		return err
	}
	var a drift.Audited
	var l learnt.Learnt
	found, err := readDocument(ctx, w.Findings(), drift.AuditLatest, &a)
	if err != nil {
		return err
	}
	if !found {
		out.line("No audit has come to its end yet.")
		return nil
	}
	if _, err := readDocument(ctx, w.Findings(), learnt.Current, &l); err != nil {
		return err
	}
	answer := auditAnswers(a, l)
	if out.json {
		return out.encode(answer)
	}
	printAudit(out, answer)
	return nil
}

// readDocument reads a document, and reports whether there is one.
func readDocument(ctx context.Context, s store.Documents, name string, into any) (found bool, err error) {
	d, err := s.GetDocument(ctx, name)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err == nil {
		err = json.Unmarshal(d.Body, into)
	}
	if err != nil {
		return false, fmt.Errorf("read %s: %w", name, err)
	}
	return true, nil
}

// auditAnswer is an audit as --json prints it.
type auditAnswer struct {
	Run        string                `json:"run"`
	Generation string                `json:"generation"`
	Began      time.Time             `json:"began"`
	Walked     time.Time             `json:"walked"`
	Rows       int                   `json:"rows"`
	Left       int                   `json:"left"`
	Opened     int                   `json:"opened"`
	Mended     []string              `json:"mended"`
	Kinds      map[commerce.Kind]int `json:"kinds"`
	Rules      []auditedRule         `json:"rules"`
	Learnt     []learntTime          `json:"learnt"`
}

type auditedRule struct {
	Rule     string                `json:"rule"`
	Outcomes map[judge.Outcome]int `json:"outcomes"`
	Unknown  map[string]int        `json:"unknown"`
	Open     int                   `json:"open"`
	// Agreement is null when nothing is known of it.
	Agreement *json.Number `json:"agreement_percent"`
	CatchUp   seconds      `json:"catch_up_p95_seconds"`
	From      time.Time    `json:"newest_from"`
	To        time.Time    `json:"newest_to"`
}

type learntTime struct {
	Rule    string  `json:"rule"`
	Segment string  `json:"segment"`
	Settle  seconds `json:"settle_seconds"`
	P99     seconds `json:"p99_seconds"`
	Of      int     `json:"of"`
	Number  int     `json:"number"`
}

// seconds is a time in whole seconds.
type seconds int64

func secondsOf(d time.Duration) seconds { return seconds(d / time.Second) }

func auditAnswers(a drift.Audited, l learnt.Learnt) auditAnswer {
	answer := auditAnswer{
		Run: a.Run, Generation: a.Generation, Began: a.Began, Walked: a.Walked, Rows: a.Rows, Left: a.Left, Opened: a.Opened,
		Mended: append([]string{}, a.Mended...), Kinds: a.Fold.Kinds, Rules: []auditedRule{}, Learnt: []learntTime{},
	}
	for _, name := range slices.Sorted(maps.Keys(a.Fold.Rules)) {
		answer.Rules = append(answer.Rules, auditedRuleOf(name, a.Fold.Rules[name]))
	}
	for _, name := range slices.Sorted(maps.Keys(l.Rules)) {
		for _, segment := range slices.Sorted(maps.Keys(l.Rules[name])) {
			t := l.Rules[name][segment]
			answer.Learnt = append(answer.Learnt, learntTime{name, segment, secondsOf(t.Settle), secondsOf(t.P99), t.Of, l.N})
		}
	}
	return answer
}

func auditedRuleOf(name string, r *fold.Rule) auditedRule {
	rule := auditedRule{
		Rule: name, Outcomes: r.Outcomes, Unknown: r.Unknown, Open: r.Open, CatchUp: secondsOf(r.CatchUp(0.95)), From: r.From.Newest, To: r.To.Newest,
	}
	if rule.Unknown == nil {
		rule.Unknown = map[string]int{}
	}
	if share, known := r.Agreement(); known {
		percent := json.Number(fmt.Sprintf("%.2f", 100*share))
		rule.Agreement = &percent
	}
	return rule
}

func printAudit(out *output, a auditAnswer) {
	const as = "2006-01-02 15:04 MST"
	out.line("Audit of %s, %s, registry %s", a.Began.Format(as), lasting(secondsOf(a.Walked.Sub(a.Began))), a.Generation)
	var kinds []string
	for _, kind := range slices.Sorted(maps.Keys(a.Kinds)) {
		kinds = append(kinds, fmt.Sprintf("%d %s", a.Kinds[kind], kind))
	}
	out.line("%s judged (%s), %d left", counted(a.Rows, "row"), strings.Join(kinds, ", "), a.Left)
	out.line("%s opened, %d mended\n", counted(a.Opened, "finding"), len(a.Mended))
	rows := [][]string{{"rule", "agree", "differ", "open", "pending", "unknown", "95 in 100"}}
	for _, r := range a.Rules {
		agree := "-"
		if r.Agreement != nil {
			agree = r.Agreement.String() + " %"
		}
		rows = append(rows, []string{
			r.Rule, agree, count(r, judge.Differ), fmt.Sprint(r.Open), count(r, judge.Pending), count(r, judge.CannotTell), lasting(r.CatchUp),
		})
	}
	out.table(rows)
	printUnknown(out, a)
	printLearnt(out, a)
}

func count(r auditedRule, o judge.Outcome) string { return fmt.Sprint(r.Outcomes[o]) }

// printUnknown says of which rows nothing can be told, and why.
func printUnknown(out *output, a auditAnswer) {
	rows := [][]string{{"\ncannot tell", "rows", "because"}}
	for _, r := range a.Rules {
		reasons := slices.SortedFunc(maps.Keys(r.Unknown), func(x, y string) int {
			return cmp.Or(cmp.Compare(r.Unknown[y], r.Unknown[x]), cmp.Compare(x, y))
		})
		for _, why := range reasons {
			rows = append(rows, []string{r.Rule, fmt.Sprint(r.Unknown[why]), why})
		}
	}
	if len(rows) > 1 {
		out.table(rows)
	}
}

// printLearnt says which settle times are learnt, and of what.
func printLearnt(out *output, a auditAnswer) {
	rows := [][]string{{"\nlearnt", "part", "settle", "99 in 100", "of"}}
	for _, t := range a.Learnt {
		rows = append(rows, []string{t.Rule, cmp.Or(t.Segment, "all"), lasting(t.Settle), lasting(t.P99), fmt.Sprint(t.Of)})
	}
	if len(rows) > 1 {
		out.table(rows)
	}
}

// lasting is a time in words that fit a column.
func lasting(s seconds) string {
	d := time.Duration(s) * time.Second
	switch {
	case d <= 0:
		return "-"
	case d < time.Minute:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < 2*time.Hour:
		return fmt.Sprintf("%.0f min", d.Minutes())
	default:
		return fmt.Sprintf("%.1f h", d.Hours())
	}
}
