package main

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/backtest"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/replay"
	"github.com/plumbline/plumbline/internal/rerun"
	"github.com/plumbline/plumbline/internal/store/memory"
	"github.com/plumbline/plumbline/internal/wire"
)

// backtestCmd asks what a rule would have said.
type backtestCmd struct {
	Rule    string        `required:"" placeholder:"INTEGRATION/RULE" help:"The rule, as in --registry."`
	Current string        `placeholder:"FILE" type:"path" help:"The registry to compare with; plumbline.yaml when --registry names another file."`
	Since   moment        `placeholder:"TIME" help:"From when on findings count: 2026-11-23, or how long ago, such as 14d, which it is when not given."`
	Until   moment        `placeholder:"TIME" help:"Until when; now when not given."`
	WarmUp  time.Duration `default:"168h" help:"How long before --since deliveries are merged without findings counting."`
}

// usualSpan is how many days are asked about when nobody says.
const usualSpan = 14

// Run asks, of one version of the rule or of two.
func (k *backtestCmd) Run(ctx context.Context, c *cli, out *output) error {
	now := time.Now()
	if k.Until.IsZero() {
		k.Until.Time = now
	}
	if k.Since.IsZero() {
		k.Since.Time = k.Until.AddDate(0, 0, -usualSpan)
	}
	if !k.Since.Before(k.Until.Time) {
		return fmt.Errorf("--since %s is not before --until %s", k.Since.Format(time.RFC3339), k.Until.Format(time.RFC3339))
	}
	w, err := connect(ctx, c)
	if err != nil {
		return err
	}
	changed, err := k.ask(ctx, w, w.Registry, now)
	if err != nil {
		return err
	}
	a := backtestAnswer{Rule: k.Rule, Since: k.Since.Time, Until: k.Until.Time, Result: resultAnswerOf(changed), Findings: firedAnswers(changed)}
	if file := k.other(c.Registry); file != "" {
		reg, err := wire.LoadRegistry(file, now)
		if err != nil {
			return err
		}
		current, err := k.ask(ctx, w, reg, now)
		if err != nil {
			return fmt.Errorf("with %s: %w", file, err)
		}
		a.compare(current, changed)
	}
	if out.json {
		return out.encode(a)
	}
	out.zone = w.Registry.Zone()
	a.print(out)
	return nil
}

// other is the registry to compare with, blank for none.
func (k *backtestCmd) other(asked string) string {
	if k.Current != "" {
		return k.Current
	}
	usual, err := filepath.Abs(dayRegistry)
	if err != nil || usual == asked {
		return ""
	}
	if _, err := os.Stat(usual); err != nil {
		return ""
	}
	return usual
}

// ask lives through the archive by a registry.
func (k *backtestCmd) ask(ctx context.Context, w *wire.Wire, r *registry.Registry, now time.Time) ([]finding.Finding, error) {
	rule, err := backtest.Rule(r, k.Rule)
	if err != nil {
		return nil, err
	}
	covered, err := w.Findings().GetMarks(ctx, backtest.CoveredMarks(r))
	if err != nil {
		return nil, err
	}
	start := k.Since.Add(-k.WarmUp)
	history, err := k.history(ctx, w, rule, start, now)
	if err != nil {
		return nil, err
	}
	return backtest.Run(ctx, backtest.Question{
		Registry: r, Rule: k.Rule, Start: start, Since: k.Since.Time, Until: k.Until.Time, Deliveries: history,
		Stores: rerun.Stores{Records: &memory.Records{}, Findings: &memory.Findings{}, Arrivals: &memory.Arrivals{}},
		Known: backtest.Known{Covered: covered, Rows: func(ctx context.Context, each func(record.Row) error) error {
			return w.Records().Scan(ctx, "", each)
		}},
	})
}

// history is what was read in deliveries then. Customers are in whole deliveries
// alone, as they are read today.
func (k *backtestCmd) history(ctx context.Context, w *wire.Wire, rule registry.Rule, start, now time.Time) (iter.Seq2[queue.Envelope, error], error) {
	service, err := replayer(ctx, w, now)
	if err != nil {
		return nil, err
	}
	if rule.Kind != commerce.Customer {
		service.Whole = k.Until.Time
	}
	return func(yield func(queue.Envelope, error) bool) {
		for item, err := range service.Items(ctx, replay.Span{Since: start, Until: k.Until.Time}) {
			if item.Problem == nil && !yield(item.Envelope, err) {
				return
			}
		}
	}, nil
}

// backtestAnswer is what --json prints. What compares two versions of the rule is
// null where one alone was asked.
type backtestAnswer struct {
	Rule   string       `json:"rule"`
	Since  time.Time    `json:"since"`
	Until  time.Time    `json:"until"`
	Result resultAnswer `json:"result"`
	// Current is what the rule to compare with comes to.
	Current     *resultAnswer `json:"current"`
	Both        []firedAnswer `json:"both"`
	OnlyChanged []firedAnswer `json:"only_changed"`
	OnlyCurrent []firedAnswer `json:"only_current"`
	Findings    []firedAnswer `json:"findings"`
}

type resultAnswer struct {
	Fired   int                         `json:"fired"`
	Records int                         `json:"records"`
	Alerts  int                         `json:"alerts"`
	Owners  map[string]int              `json:"owners"`
	Classes map[finding.Class]int       `json:"classes"`
	Impact  map[string]commerce.Decimal `json:"impact"`
	Unknown int                         `json:"impact_unknown"`
	Settled int                         `json:"settled"`
	Median  string                      `json:"settled_after"`
}

// firedAnswer is one finding that there would have been.
type firedAnswer struct {
	Kind     commerce.Kind     `json:"kind"`
	Key      string            `json:"key"`
	Class    finding.Class     `json:"class"`
	Owner    string            `json:"owner"`
	Opened   time.Time         `json:"opened"`
	Ended    *time.Time        `json:"ended"`
	Impact   *commerce.Decimal `json:"impact"`
	Currency string            `json:"currency"`
}

func resultAnswerOf(findings []finding.Finding) resultAnswer {
	r := backtest.ResultOf(findings)
	a := resultAnswer{r.Fired, r.Records, r.Alerts, r.Owners, r.Classes, r.Impact, r.Unknown, r.Settled, ""}
	if r.Settled > 0 {
		a.Median = r.Median.Round(time.Second).String()
	}
	return a
}

func firedAnswers(findings []finding.Finding) []firedAnswer {
	answers := []firedAnswer{}
	for _, f := range backtest.ByImpact(findings) {
		a := firedAnswer{Kind: f.Kind, Key: f.Key.Text(f.Kind), Class: f.Class, Owner: f.Owner, Opened: f.Opened, Impact: f.Impact, Currency: f.Currency}
		if f.State == finding.Resolved {
			a.Ended = &f.Resolved
		}
		answers = append(answers, a)
	}
	return answers
}

func (a *backtestAnswer) compare(current, changed []finding.Finding) {
	result, c := resultAnswerOf(current), backtest.Compare(current, changed)
	a.Current = &result
	a.Both, a.OnlyChanged, a.OnlyCurrent = firedAnswers(c.Both), firedAnswers(c.OnlyChanged), firedAnswers(c.OnlyCurrent)
}

// shownFired is how many findings of one kind are printed; --json has all.
const shownFired = 10

func (a backtestAnswer) print(out *output) {
	out.line("%s, %s", a.Rule, out.span(a.Since, a.Until))
	out.line("")
	results := []resultAnswer{a.Result}
	if a.Current != nil {
		results = append(results, *a.Current)
		out.table(append([][]string{{"", "changed", "current"}}, resultRows(results)...))
	} else {
		out.table(resultRows(results))
	}
	if a.Current == nil {
		printFired(out, "findings, the most at risk first", a.Findings)
		return
	}
	out.line("\n%d by both.", len(a.Both))
	printFired(out, "by the changed rule only", a.OnlyChanged)
	printFired(out, "by the current rule only", a.OnlyCurrent)
}

// resultRows are a table with one column for each result.
func resultRows(results []resultAnswer) [][]string {
	row := func(name string, cell func(r resultAnswer) string) []string {
		cells := []string{name}
		for _, r := range results {
			cells = append(cells, cell(r))
		}
		return cells
	}
	return [][]string{
		row("would have fired", func(r resultAnswer) string { return fmt.Sprint(r.Fired) }),
		row("records", func(r resultAnswer) string { return fmt.Sprint(r.Records) }),
		row("alerts at once", func(r resultAnswer) string { return fmt.Sprint(r.Alerts) }),
		row("owners", func(r resultAnswer) string { return countsText(r.Owners) }),
		row("classes", func(r resultAnswer) string { return countsText(r.Classes) }),
		row("at risk", resultAnswer.impact),
		row("settled by themselves", resultAnswer.settled),
	}
}

func (a resultAnswer) impact() string {
	var texts []string
	for _, currency := range slices.Sorted(maps.Keys(a.Impact)) {
		texts = append(texts, strings.TrimSpace(a.Impact[currency].String()+" "+currency))
	}
	if a.Unknown > 0 {
		texts = append(texts, fmt.Sprintf("%d unknown", a.Unknown))
	}
	return orText(strings.Join(texts, ", "), "nothing")
}

func (a resultAnswer) settled() string {
	if a.Settled == 0 {
		return "0"
	}
	return fmt.Sprintf("%d, half within %s", a.Settled, a.Median)
}

func countsText[K ~string](counts map[K]int) string {
	var texts []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		texts = append(texts, fmt.Sprintf("%d %s", counts[name], orText(string(name), "nobody")))
	}
	return orText(strings.Join(texts, ", "), "none")
}

func printFired(out *output, title string, all []firedAnswer) {
	if len(all) == 0 {
		return
	}
	out.line("\n%d %s:", len(all), title)
	var rows [][]string
	for _, f := range all[:min(len(all), shownFired)] {
		money := ""
		if f.Impact != nil {
			money = strings.TrimSpace(f.Impact.String() + " " + f.Currency)
		}
		ended := "open at the end"
		if f.Ended != nil {
			ended = "for " + f.Ended.Sub(f.Opened).Round(time.Second).String()
		}
		rows = append(rows, []string{"  " + string(f.Kind) + " " + f.Key, string(f.Class), out.time(f.Opened, toMinute), ended, money})
	}
	out.table(rows)
	if more := len(all) - len(rows); more > 0 {
		out.line("  and %d more; --json has all", more)
	}
}
