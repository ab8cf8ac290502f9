package board

import (
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/report"
)

// unknownValue stands for what is not known.
const unknownValue = "–"

// words are what templates write with, in one zone.
type words struct{ zone *time.Location }

func (w words) funcs() template.FuncMap {
	funcs := template.FuncMap{
		"zone": w.zone.String, "when": w.when, "date": w.date, "until": w.until, "owner": ownerText,
		"spell": alert.Lasting, "outcome": outcome, "plural": plural, "count": count, "add": func(a, b int) int { return a + b },
		"integrationPage": integrationPage, "findingPage": findingPage, "link": link, "limit": func() int { return MaxFindings },
		"stands": w.stands, "ends": w.ends, "lost": lostText,
		"chart": func(c Course, read time.Time) any {
			return struct {
				Course Course
				Read   time.Time
			}{c, read}
		},
		"cell": cell, "number": number, "signed": signed, "whole": whole, "tenths": tenths, "share": share, "waitOf": waitOf,
		"agreement": agreement, "catchUp": catchUp, "stale": stale, "budget": budget, "impact": impact, "goal": percent, "risk": risk,
		"missed": func(l report.Line) bool { return l.Agreement != nil && *l.Agreement < l.Goal.Agreement },
		"slow":   func(l report.Line) bool { return l.Goal.CatchUp > 0 && l.CatchUp > l.Goal.CatchUp },
		"spent":  func(l report.Line) bool { return l.Budget != nil && *l.Budget <= 0 },
	}
	maps.Copy(funcs, lists())
	return funcs
}

// when writes an instant for people and for programs.
func (w words) when(t time.Time) template.HTML {
	if t.IsZero() {
		return unknownValue
	}
	return w.time(t, "2 Jan 2006, 15:04 MST")
}

func (w words) date(t time.Time) template.HTML {
	if t.IsZero() {
		return unknownValue
	}
	return w.time(t, "2 Jan 2006")
}

// time is safe as it is: nothing in it is from outside.
func (w words) time(t time.Time, layout string) template.HTML {
	return template.HTML(fmt.Sprintf(`<time datetime="%s">%s</time>`, //nolint:gosec // digits, letters of months and zones
		t.UTC().Format(time.RFC3339), template.HTMLEscapeString(t.In(w.zone).Format(layout))))
}

func (w words) until(o Owner) template.HTML {
	if o.Until.IsZero() {
		return "no end is set"
	}
	return w.date(finding.LastDay(o.Until))
}

func ownerText(o Owner) string {
	parts := []string{o.Team, o.Slack}
	if o.Team == "" && o.Person {
		parts = []string{"a person"}
	}
	if text := strings.TrimSpace(strings.Join(parts, " ")); text != "" {
		return text
	}
	return "nobody"
}

func outcome(o judge.Outcome) string { return strings.ReplaceAll(string(o), "_", " ") }

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

func count(shown, left int) int { return shown + left }

// link is an address that a browser may open, or blank.
func link(text string) string {
	if strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "http://") {
		return text
	}
	return ""
}

// cell is a value, as data where it is a number, so that charts find it.
func cell(value string) template.HTML {
	text := template.HTMLEscapeString(value)
	if _, err := commerce.ParseDecimal(value); err != nil {
		return template.HTML(text) //nolint:gosec // escaped
	}
	return template.HTML(`<data value="` + text + `">` + text + `</data>`) //nolint:gosec // escaped
}

func number(d commerce.Decimal) template.HTML { return cell(d.String()) }

func whole(n int) template.HTML { return cell(strconv.Itoa(n)) }

func tenths(n int) template.HTML {
	if n < 0 {
		return unknownValue
	}
	return cell(fmt.Sprintf("%d.%d", n/10, n%10))
}

func signed(d commerce.Decimal) string {
	if d.Sign() > 0 {
		return "+" + d.String()
	}
	return strings.Replace(d.String(), "-", "−", 1)
}

// share is a percentage of records with two places.
func share(agree, differ int) template.HTML {
	if agree+differ == 0 {
		return unknownValue
	}
	return cell(strconv.FormatFloat(100*float64(agree)/float64(agree+differ), 'f', 2, 64))
}

func percent(p float64) string { return strconv.FormatFloat(p, 'f', -1, 64) + " %" }

func agreement(l report.Line) string {
	if l.Agreement == nil {
		return unknownValue
	}
	return strconv.FormatFloat(*l.Agreement, 'f', 2, 64) + " %"
}

func catchUp(l report.Line) string {
	if l.CatchUp <= 0 {
		return unknownValue
	}
	return alert.Lasting(l.CatchUp)
}

func stale(l report.Line) string {
	if l.Stale == nil {
		return unknownValue
	}
	return alert.Lasting(*l.Stale)
}

func budget(l report.Line) string {
	switch {
	case l.Budget == nil:
		return unknownValue
	case *l.Budget <= 0:
		return "used up"
	default:
		return strconv.FormatFloat(*l.Budget, 'f', 0, 64) + " % left"
	}
}

func impact(l report.Line) string {
	var parts []string
	for _, currency := range slices.Sorted(maps.Keys(l.Impact)) {
		parts = append(parts, alert.About(l.Impact[currency], currency))
	}
	if parts == nil {
		return unknownValue
	}
	return strings.Join(parts, " and ")
}

func risk(f Finding) string {
	if f.Impact == nil || f.Impact.Sign() == 0 {
		return unknownValue
	}
	return alert.About(f.Impact.Abs(), f.Currency)
}

func waitOf(w Wait) string {
	if w.UpTo <= 0 {
		return "longer"
	}
	return alert.Lasting(w.UpTo)
}
