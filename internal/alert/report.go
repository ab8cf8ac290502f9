package alert

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/report"
)

// ClassReport is the class of alerts that tell once a week how an owner's
// integrations stand.
const ClassReport finding.Class = "report"

// maxIntegrations bounds those that a report tells one by one.
const maxIntegrations = 20

// Week is how the integrations of an owner stand.
type Week struct {
	// Lines are the worst ones, the worst first; Rest counts the others.
	Lines []report.Line
	Rest  int
	// Goals counts those with objectives, and Met those of them that meet all that
	// is known.
	Goals, Met int
	// Open counts the findings of all, and Impact is their money at risk.
	Open   int
	Impact map[string]commerce.Decimal `json:",omitempty"`
}

// NewReport is the report of an owner about a week's integrations. Week names the
// report: the owner gets one for each.
func NewReport(o Owner, lines []report.Line, week time.Time) Alert {
	return Alert{
		ID:    NewID(o.Team, o.Slack, ClassReport, week.UTC().Format(time.RFC3339)),
		Class: ClassReport, Severity: "info", Owner: o, Opened: week.UTC(), Closed: week.UTC(), Seq: 1, Over: 1,
		Week: weekOf(lines),
	}
}

func weekOf(lines []report.Line) Week {
	lines = slices.Clone(lines)
	slices.SortFunc(lines, report.Worst)
	r := Week{Lines: lines[:min(len(lines), maxIntegrations)]}
	r.Rest = len(lines) - len(r.Lines)
	var money []Member
	for _, l := range lines {
		r.Open += l.Open
		money = append(money, worth(l.Impact)...)
		if measured := l.Agreement != nil && l.Goal.Agreement > 0 || l.CatchUp > 0 && l.Goal.CatchUp > 0; measured {
			r.Goals++
			if l.Misses() == 0 {
				r.Met++
			}
		}
	}
	r.Impact = sumOf(money)
	return r
}

func (s story) weekly() Message {
	m := Message{Alert: s.ID, Severity: "🔹", Headline: s.weeklyHeadline(), Owner: owner(s.Owner)}
	for _, l := range s.Week.Lines {
		m.Evidence = append(m.Evidence, clip(reportLine(l), maxLine))
	}
	if s.Week.Rest > 0 {
		m.Evidence = append(m.Evidence, "and "+counted(s.Week.Rest, "integration more", "integrations more"))
	}
	m.Explain = "plumbline report --owner " + clean(s.Owner.Team)
	return m
}

func (s story) weeklyHeadline() string {
	r := s.Week
	parts := []string{counted(len(r.Lines)+r.Rest, "integration", "integrations")}
	if r.Goals > 0 {
		parts = append(parts, fmt.Sprintf("%d of %d with goals %s them", r.Met, r.Goals, plural(r.Met, "meets", "meet")))
	}
	return "Weekly report: " + strings.Join(append(parts, standing(r.Open, r.Impact)), ", ")
}

// standing is what is open and what it may cost.
func standing(open int, impact map[string]commerce.Decimal) string {
	text := number(commerce.Int(int64(open))) + " open"
	if money := impactText(worth(impact)); money != "" {
		text += ", " + money + " at risk"
	}
	return text
}

// reportLine is how one integration stands, without figures that were not
// measured.
func reportLine(l report.Line) string {
	text := clean(l.Integration)
	if l.Watch {
		text += " (watch)"
	}
	var parts []string
	switch {
	case l.Days < report.MinDays:
		parts = append(parts, "not enough audits yet")
	case l.Agreement == nil:
		parts = append(parts, "nothing to compare")
	default:
		parts = append(parts, percent(*l.Agreement)+" agree"+goal(l.Goal.Agreement > 0, percent(l.Goal.Agreement)))
	}
	if l.CatchUp > 0 {
		text := "changes shown within " + lasting(l.CatchUp) + " (p95"
		if l.Goal.CatchUp > 0 {
			text += ", goal " + lasting(l.Goal.CatchUp)
		}
		parts = append(parts, text+")")
	}
	if l.Stale != nil {
		parts = append(parts, "both sides heard within "+lasting(*l.Stale)+" of the audit")
	}
	parts = append(parts, standing(l.Open, l.Impact))
	switch {
	case l.Budget == nil:
	case *l.Budget <= 0:
		parts = append(parts, "the error budget is used up")
	default:
		parts = append(parts, strconv.Itoa(int(*l.Budget))+" % of the error budget left")
	}
	return text + ": " + strings.Join(parts, ", ")
}

func goal(given bool, text string) string {
	if !given {
		return ""
	}
	return " (goal " + text + ")"
}

// percent never rounds up: what is not whole is not called so.
func percent(p float64) string {
	return strconv.FormatFloat(math.Floor(100*p+1e-6)/100, 'f', -1, 64) + " %"
}
