package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/total"
	"github.com/plumbline/plumbline/internal/wire"
)

// closeCmd puts together what a month came to.
type closeCmd struct {
	Month       string `arg:"" optional:"" help:"The month, such as 2026-11."`
	Integration string `placeholder:"NAME" help:"Only the totals of this integration."`
	Out         string `default:"close" type:"path" placeholder:"DIR" help:"The folder of all months' packs; each month gets a folder in it."`
	Sign        string `placeholder:"NAME" help:"Accept the month as it is, in this name."`
	Verify      string `type:"path" placeholder:"DIR" help:"Verify the packs in a folder instead: that none was changed, and that each follows from the one before it."`
}

// Run closes a month, or verifies what was closed. The exit code is 1 when
// something is in doubt that nobody signed, or was changed.
func (k *closeCmd) Run(ctx context.Context, c *cli, out *output) error {
	if k.Verify != "" {
		return verifyPacks(k.Verify, out)
	}
	days, ok := total.DaysOf(k.Month)
	if !ok {
		return fmt.Errorf("no month %q, want one such as 2026-11", k.Month)
	}
	w, err := connect(ctx, c)
	if err != nil {
		return err
	}
	if k.Sign != "" {
		if err := over(w.Registry, k.Month, days, time.Now()); err != nil {
			return err
		}
	}
	closed := total.Close{Month: k.Month, Made: time.Now().UTC().Truncate(time.Second)}
	if k.Sign != "" {
		closed.SignOff = &total.SignOff{By: k.Sign, At: closed.Made}
	}
	if closed.Ledgers, err = k.ledgers(ctx, w, days); err != nil {
		return err
	}
	if closed.Findings, err = k.findings(ctx, w); err != nil {
		return err
	}
	manifest, err := writePack(k.Out, closed)
	if err != nil {
		return err
	}
	if out.json {
		err = out.encode(manifest)
	} else {
		printClose(out, closed, filepath.Join(k.Out, k.Month))
	}
	if err == nil && !closed.Closed() {
		return exitError(1)
	}
	return err
}

// ledgers reads what the days of the month came to.
func (k *closeCmd) ledgers(ctx context.Context, w *wire.Wire, days []string) ([]total.Ledger, error) {
	if _, known := w.Registry.Integration(k.Integration); k.Integration != "" && !known {
		return nil, fmt.Errorf("no integration %q in the registry", k.Integration)
	}
	var all []total.Ledger
	for _, rule := range w.Registry.TotalRules() {
		if k.Integration != "" && rule.Integration != k.Integration {
			continue
		}
		i, _ := w.Registry.Integration(rule.Integration)
		l := total.Ledger{Integration: rule.Integration, Owner: i.Owner.Team, Rule: rule.ID, Wanted: appliesOn(rule, days)}
		for _, period := range l.Wanted {
			day, found, err := readDay(ctx, w, rule.Name(), period)
			if err != nil {
				return nil, err
			}
			if found {
				l.Days = append(l.Days, day)
			}
		}
		all = append(all, l)
	}
	return all, nil
}

// over reports a month of which some day has not closed by now: it may still
// change, so that nobody can accept it.
func over(r *registry.Registry, month string, days []string, now time.Time) error {
	last := days[len(days)-1]
	for _, rule := range r.TotalRules() {
		if closes := rule.Totals.Closed(last); closes.After(now) {
			return fmt.Errorf("%s cannot be signed yet: its last day closes at %s", month, closes.Format("2006-01-02 15:04 MST"))
		}
	}
	return nil
}

// appliesOn are the days on which the rule applies all day long.
func appliesOn(rule registry.Rule, days []string) []string {
	var on []string
	for _, day := range days {
		begins, ends, ok := rule.Totals.Span(day)
		if ok && rule.Valid.Holds(begins) && rule.Valid.Holds(ends.Add(-1)) {
			on = append(on, day)
		}
	}
	return on
}

// findings are the differences that began before the month was over and are not
// over.
func (k *closeCmd) findings(ctx context.Context, w *wire.Wire) ([]total.OpenFinding, error) {
	active, err := w.Findings().ActiveFindings(ctx)
	if err != nil {
		return nil, err
	}
	var all []total.OpenFinding
	for _, f := range active {
		if f.Since.UTC().Format(time.DateOnly)[:len("2006-01")] > k.Month || k.Integration != "" && f.Integration != k.Integration {
			continue
		}
		all = append(all, openFinding(f))
	}
	slices.SortFunc(all, func(a, b total.OpenFinding) int { return a.Since.Compare(b.Since) })
	return all, nil
}

func openFinding(f finding.Finding) total.OpenFinding {
	return total.OpenFinding{
		ID: f.ID, Integration: f.Integration, Owner: f.Owner, Rule: f.Rule, Class: string(f.Class), Kind: string(f.Kind), Record: f.Key.Text(f.Kind),
		State: string(f.State), Severity: f.Severity, Since: f.Since.UTC(), Currency: f.Currency, Impact: f.Impact,
	}
}

// writePack writes a month's pack behind the one before it. A pack that was
// signed is not written over.
func writePack(dir string, c total.Close) (total.Manifest, error) {
	var m total.Manifest
	if old, err := readPack(dir, c.Month); err == nil {
		if before, err := total.ReadManifest(old[total.ManifestFile]); err == nil && before.SignOff != nil {
			return m, fmt.Errorf("%s is closed and signed in %s; want another --out, and a reason", c.Month, dir)
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return m, err
	}
	before, err := manifestBefore(dir, c.Month)
	if err != nil {
		return m, err
	}
	files, err := c.Pack(before)
	if err != nil {
		return m, err
	}
	folder := filepath.Join(dir, c.Month)
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return m, fmt.Errorf("write the pack of %s: %w", c.Month, err)
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := os.WriteFile(filepath.Join(folder, name), files[name], 0o600); err != nil {
			return m, fmt.Errorf("write the pack of %s: %w", c.Month, err)
		}
	}
	return total.ReadManifest(files[total.ManifestFile])
}

var monthFolder = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}$`)

// months lists the months of which there are packs, in order.
func months(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list packs: %w", err)
	}
	var all []string
	for _, e := range entries {
		if e.IsDir() && monthFolder.MatchString(e.Name()) {
			all = append(all, e.Name())
		}
	}
	return all, nil
}

// manifestBefore is the manifest of the last pack before a month, nil when there
// is none.
func manifestBefore(dir, month string) ([]byte, error) {
	all, err := months(dir)
	if err != nil {
		return nil, err
	}
	for _, m := range slices.Backward(all) {
		if m < month {
			files, err := readPack(dir, m)
			return files[total.ManifestFile], err
		}
	}
	return nil, nil
}

func readPack(dir, month string) (map[string][]byte, error) {
	entries, err := os.ReadDir(filepath.Join(dir, month))
	if err != nil {
		return nil, fmt.Errorf("read the pack of %s: %w", month, err)
	}
	files := map[string][]byte{}
	for _, e := range entries {
		if files[e.Name()], err = os.ReadFile(filepath.Join(dir, month, e.Name())); err != nil {
			return nil, fmt.Errorf("read the pack of %s: %w", month, err)
		}
	}
	return files, nil
}

// verifiedPack is what --json prints of each month. Wrong is empty for a pack that
// is as it was made.
type verifiedPack struct {
	Month    string   `json:"month"`
	SignedBy string   `json:"signed_by"`
	Wrong    []string `json:"wrong"`
}

// verifyPacks says of each month whether its pack is as it was made.
func verifyPacks(dir string, out *output) error {
	all, err := months(dir)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return fmt.Errorf("no packs in %s", dir)
	}
	rows := [][]string{{"month", "signed by", "verdict"}}
	packs, bad := make([]verifiedPack, 0, len(all)), false
	var before []byte
	for _, month := range all {
		files, err := readPack(dir, month)
		if err != nil {
			return err
		}
		wrong := total.Verify(files, before)
		bad = bad || len(wrong) > 0
		packs = append(packs, verifiedPack{month, signer(files), append([]string{}, wrong...)})
		rows = append(rows, []string{month, signer(files), verdictText(wrong)})
		before = files[total.ManifestFile]
	}
	if !out.json {
		out.table(rows)
	} else if err := out.encode(packs); err != nil {
		return err
	}
	if bad {
		return exitError(1)
	}
	return nil
}

func signer(files map[string][]byte) string {
	m, err := total.ReadManifest(files[total.ManifestFile])
	if err != nil || m.SignOff == nil {
		return ""
	}
	return m.SignOff.By
}

func verdictText(wrong []string) string {
	if len(wrong) == 0 {
		return "as it was made"
	}
	text := wrong[0]
	for _, more := range wrong[1:] {
		text += "; " + more
	}
	return text
}

// doubtRows has a row for each reason: days that follow one another for the same
// one are told together.
func doubtRows(doubts []total.Doubt) [][]string {
	var rows [][]string
	var last total.Doubt
	for i, d := range doubts {
		same := d
		same.Period = last.Period
		if i > 0 && same == last {
			rows[len(rows)-1][1] = "to " + d.Period
		} else {
			rows = append(rows, []string{"  " + d.Period, "", d.Integration + " / " + d.Rule, d.By, string(d.Outcome), d.Why})
		}
		last = d
	}
	return rows
}

// printClose tells what the month came to, what is in doubt, and what nothing
// explains.
func printClose(out *output, c total.Close, folder string) {
	rows := [][]string{{"integration", "owner", "rule", "by", "measure", "expected", "actual", "allowed", "explained", "waiting", "unexplained"}}
	for _, l := range c.Lines() {
		row := []string{l.Integration, l.Owner, l.Rule, l.By, l.Measure}
		for _, n := range []commerce.Decimal{l.Expected, l.Actual, l.Allowed, l.Explained, l.Waiting, l.Unexplained} {
			row = append(row, l.Text(n))
		}
		rows = append(rows, row)
	}
	out.line("%s", c.Month)
	out.table(rows)
	if doubts := c.Doubts(); len(doubts) > 0 {
		heading := "In doubt"
		if c.SignOff != nil {
			heading = "Accepted"
		}
		out.line("\n%s", heading)
		out.table(doubtRows(doubts))
	}
	out.line("\nOpen findings: %d, in %s", len(c.Findings), filepath.Join(folder, total.FindingsFile))
	for _, r := range c.Unexplained() {
		out.line("%s unexplained %s", r.Currency, total.Money(r.Unexplained, r.Currency))
	}
	switch {
	case c.SignOff != nil:
		out.line("Signed by %s, %s", c.SignOff.By, c.SignOff.At.Format(time.RFC3339))
	case c.Closed():
		out.line("Nothing is in doubt.")
	default:
		out.line("Not closed: explain what is in doubt, or accept it with --sign.")
	}
}
