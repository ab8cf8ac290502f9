package total

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// The files of a month's close.
const (
	TotalsFile      = "totals.csv"
	DifferencesFile = "differences.csv"
	FindingsFile    = "findings.csv"
)

// Files are the tables of the month as CSV, by name. They hold no personal data.
func (c Close) Files() map[string][]byte {
	return map[string][]byte{TotalsFile: c.totals(), DifferencesFile: c.differences(), FindingsFile: c.findings()}
}

// totals has a line for each measure of each day, and one for the month.
func (c Close) totals() []byte {
	t := newTable("period", "integration", "owner", "rule", "by", "currency", "measure", "expected", "actual", "difference",
		"allowed", "explained", "waiting", "unexplained", "outcome", "why")
	for _, l := range c.Ledgers {
		for _, d := range l.Days {
			if len(d.Results) == 0 && d.Trouble != "" {
				t.row(d.Period, l.Integration, l.Owner, l.Rule, "", "", "", "", "", "", "", "", "", "", string(CannotTell), d.Trouble)
			}
			for _, r := range d.Results {
				for _, measure := range r.Measures() {
					s := r.Sums[measure]
					difference, _ := s.Difference() // a bucket holds no sums that cannot be told
					text := func(n commerce.Decimal) string { return d.Text(measure, r.Currency, n) }
					t.row(d.Period, l.Integration, l.Owner, l.Rule, r.By, r.Currency, measure, text(s.Expected), text(s.Actual), text(difference),
						text(s.Allowed), text(s.Explained), text(s.Waiting), text(s.Rest), string(r.Outcome), r.Why)
				}
			}
		}
	}
	for _, l := range c.Lines() {
		difference, _ := l.Actual.Sub(l.Expected)
		t.row(c.Month, l.Integration, l.Owner, l.Rule, l.By, l.Currency, l.Measure, l.Text(l.Expected), l.Text(l.Actual), l.Text(difference),
			l.Text(l.Allowed), l.Text(l.Explained), l.Text(l.Waiting), l.Text(l.Unexplained), "", "")
	}
	return t.bytes()
}

// Text writes one of the line's numbers as people read it.
func (l Line) Text(n commerce.Decimal) string {
	if l.Money {
		return Money(n, l.Currency)
	}
	return n.String()
}

// differences has a line for each record that differs, with what explains it.
func (c Close) differences() []byte {
	t := newTable("period", "integration", "owner", "rule", "by", "currency", "record", "measure", "difference", "explained_by", "finding", "waits")
	for _, l := range c.Ledgers {
		for _, d := range l.Days {
			for _, r := range d.Results {
				for _, p := range r.Parts {
					for _, measure := range r.Measures() {
						delta, differs := p.Deltas[measure]
						if !differs {
							continue
						}
						t.row(d.Period, l.Integration, l.Owner, l.Rule, r.By, r.Currency, p.Record, measure, d.Text(measure, r.Currency, delta),
							explainedBy(p), p.Finding, p.Waits)
					}
				}
				if r.More > 0 {
					t.row(d.Period, l.Integration, l.Owner, l.Rule, r.By, r.Currency, strconv.Itoa(r.More)+" more records", "", "", "", "", "")
				}
			}
		}
	}
	return t.bytes()
}

func explainedBy(p Part) string {
	switch {
	case p.Finding != "":
		return "finding"
	case p.Waits != "":
		return "settle time"
	default:
		return "nothing"
	}
}

// findings has a line for each open finding, by the month in which it began.
func (c Close) findings() []byte {
	t := newTable("period", "finding", "integration", "owner", "rule", "class", "kind", "record", "state", "severity", "since", "currency", "impact")
	for _, f := range c.Findings {
		impact := ""
		if f.Impact != nil {
			impact = Money(*f.Impact, f.Currency)
		}
		t.row(f.Since.Format(monthLayout), f.ID, f.Integration, f.Owner, f.Rule, f.Class, f.Kind, f.Record, f.State, f.Severity,
			f.Since.Format(time.RFC3339), f.Currency, impact)
	}
	return t.bytes()
}

// table is a CSV file under way. It is written to memory, which takes everything.
type table struct {
	buffer *bytes.Buffer
	writer *csv.Writer
}

func newTable(header ...string) table {
	b := &bytes.Buffer{}
	t := table{b, csv.NewWriter(b)}
	t.row(header...)
	return t
}

func (t table) row(cells ...string) {
	safe := make([]string, len(cells))
	for i, cell := range cells {
		safe[i] = inert(cell)
	}
	_ = t.writer.Write(safe)
}

func (t table) bytes() []byte {
	t.writer.Flush()
	return t.buffer.Bytes()
}

// inert keeps a spreadsheet from taking a text for a formula. Numbers stay as
// they are.
func inert(cell string) string {
	if _, err := commerce.ParseDecimal(cell); err == nil || !strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r") {
		return cell
	}
	return "'" + cell
}
