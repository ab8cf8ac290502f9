package main

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	figures "github.com/plumbline/plumbline/internal/report"
)

// reportCmd shows the weekly report as it would be now.
type reportCmd struct {
	Owner string `placeholder:"TEAM" help:"Only the integrations of this team."`
}

// Run shows.
func (k *reportCmd) Run(ctx context.Context, c *cli, out *output) error {
	w, err := connect(ctx, c)
	if err != nil {
		return err
	}
	all, err := w.Drift().Reports(ctx, k.Owner)
	if err != nil {
		return err
	}
	if out.json {
		answers := make([]reportAnswer, 0, len(all))
		for _, a := range all {
			answers = append(answers, reportAnswerOf(a))
		}
		return out.encode(answers)
	}
	if len(all) == 0 {
		out.line("No integration has that owner.")
	}
	for _, a := range all {
		out.line("%s", alert.PlainText(alert.Compose(a, time.Now())))
	}
	return nil
}

// reportAnswer is the report of one owner as --json prints it.
type reportAnswer struct {
	Owner        string            `json:"owner"`
	Integrations []reportedSummary `json:"integrations"`
}

// reportedSummary is one integration. What was not measured is null.
type reportedSummary struct {
	Integration string                      `json:"integration"`
	Watch       bool                        `json:"watch"`
	Days        int                         `json:"days_audited"`
	Judged      int                         `json:"judged"`
	Agreement   *json.Number                `json:"agreement_percent"`
	Goal        *json.Number                `json:"agreement_goal_percent"`
	CatchUp     *seconds                    `json:"catch_up_p95_seconds"`
	CatchUpGoal *seconds                    `json:"catch_up_goal_seconds"`
	Heard       *seconds                    `json:"heard_before_audit_seconds"`
	Open        int                         `json:"open"`
	Impact      map[string]commerce.Decimal `json:"impact"`
	Budget      *json.Number                `json:"error_budget_left_percent"`
}

func reportAnswerOf(a alert.Alert) reportAnswer {
	answer := reportAnswer{Owner: a.Owner.Team, Integrations: []reportedSummary{}}
	for _, l := range a.Week.Lines {
		answer.Integrations = append(answer.Integrations, reportedSummaryOf(l))
	}
	return answer
}

func reportedSummaryOf(l figures.Line) reportedSummary {
	s := reportedSummary{
		Integration: l.Integration, Watch: l.Watch, Days: l.Days, Judged: l.Judged, Agreement: percentOf(l.Agreement),
		CatchUp: someSeconds(l.CatchUp), CatchUpGoal: someSeconds(l.Goal.CatchUp), Open: l.Open, Impact: l.Impact, Budget: percentOf(l.Budget),
	}
	if l.Goal.Agreement > 0 {
		s.Goal = percentOf(&l.Goal.Agreement)
	}
	if l.Stale != nil {
		heard := secondsOf(*l.Stale)
		s.Heard = &heard
	}
	if s.Impact == nil {
		s.Impact = map[string]commerce.Decimal{}
	}
	return s
}

func percentOf(p *float64) *json.Number { //nolint:forbidigo // a share of records is no amount
	if p == nil {
		return nil
	}
	n := json.Number(strconv.FormatFloat(*p, 'f', 2, 64))
	return &n
}

// someSeconds is a time of which 0 is none.
func someSeconds(d time.Duration) *seconds {
	if d == 0 {
		return nil
	}
	s := secondsOf(d)
	return &s
}
