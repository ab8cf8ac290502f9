package drift

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/fold"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/report"
	"github.com/plumbline/plumbline/internal/store"
)

const (
	// reportsExpire is how long what an audit found is kept for reports.
	reportsExpire = 90 * 24 * time.Hour
	// reportLate is how long after its time a report still goes out. Whether it has
	// is asked only until then.
	reportLate = 24 * time.Hour
)

// figures keeps what an audit found for weekly reports, with the other audits of
// its day.
func (r *run) figures(ctx context.Context, s store.Sweep, f fold.Fold) error {
	name := report.Name(s.Noted)
	for range races {
		day, rev, err := readDay(ctx, r.Documents, name)
		if err != nil {
			return err
		}
		body, err := encodedDay(day.With(report.AuditOf(s.Run, s.Noted, f)))
		if err != nil {
			return fmt.Errorf("write document %s: %w", name, err)
		}
		err = r.Documents.PutDocument(ctx, store.Document{Name: name, Body: body, Expires: s.Noted.Add(reportsExpire), Rev: rev})
		if err == nil {
			return nil
		}
		if !errors.Is(err, store.ErrLost) {
			return fmt.Errorf("write document %s: %w", name, err)
		}
	}
	return fmt.Errorf("write document %s: %d races lost", name, races)
}

// encodedDay leaves out how long changes took where it is more than can be kept.
func encodedDay(day report.Day) (json.RawMessage, error) {
	body, err := json.Marshal(day)
	if err == nil && len(body) > store.MaxDocument {
		return json.Marshal(day.Coarse())
	}
	return body, err
}

func readDay(ctx context.Context, documents store.Documents, name string) (day report.Day, rev int64, err error) {
	d, err := documents.GetDocument(ctx, name)
	if errors.Is(err, store.ErrNotFound) {
		return day, 0, nil
	}
	if err == nil {
		err = json.Unmarshal(d.Body, &day)
	}
	if err != nil {
		return day, 0, fmt.Errorf("read document %s: %w", name, err)
	}
	return day, d.Rev, nil
}

// reports writes the weekly report of every owner whose time of the week has
// come. Its id is the owner's and the week's, so that writing it twice is writing
// it once; the outbox publishes it. An owner of whose integrations no audit is
// known gets none.
func (s *Service) reports(ctx context.Context) error {
	if s.Registry.Report == nil || s.Documents == nil {
		return nil
	}
	due, err := s.reportsDue(ctx)
	if err != nil || len(due) == 0 {
		return err
	}
	var failed []error
	for _, o := range due {
		failed = append(failed, s.report(ctx, o))
	}
	return errors.Join(failed...)
}

func (s *Service) report(ctx context.Context, o reported) error {
	a, some, err := s.reportOf(ctx, o)
	if err != nil {
		return err
	}
	if some {
		if err := s.Findings.PutAlert(ctx, s.stamped(a)); err != nil && !errors.Is(err, store.ErrLost) {
			return fmt.Errorf("write report of %s: %w", o.owner.Team, err)
		}
	}
	if err := s.Marks.LatestMark(ctx, o.mark(), o.at); err != nil {
		return fmt.Errorf("note report of %s: %w", o.owner.Team, err)
	}
	return nil
}

// Reports are the weekly reports of owners as they would be now; of all when team
// is blank.
func (s *Service) Reports(ctx context.Context, team string) ([]alert.Alert, error) {
	var all []alert.Alert
	for _, o := range s.reported() {
		if team != "" && o.owner.Team != team {
			continue
		}
		o.at = s.Now()
		a, _, err := s.reportOf(ctx, o)
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, nil
}

// reportOf makes a report, and says whether any audit is known.
func (s *Service) reportOf(ctx context.Context, o reported) (a alert.Alert, some bool, err error) {
	var audits []report.Audit
	for _, name := range report.Names(o.at) {
		day, _, err := readDay(ctx, s.Documents, name)
		if err != nil {
			return a, false, fmt.Errorf("report to %s: %w", o.owner.Team, err)
		}
		audits = append(audits, day.Audits...)
	}
	findings, err := s.Findings.ActiveFindings(ctx)
	if err != nil {
		return a, false, fmt.Errorf("read findings for reports: %w", err)
	}
	var lines []report.Line
	for _, i := range o.integrations {
		lines = append(lines, report.LineOf(i, audits, findings, o.at))
	}
	return alert.NewReport(o.owner, lines, o.at), len(audits) > 0, nil
}

// reported is an owner who gets a weekly report, of which integrations and when.
type reported struct {
	owner        alert.Owner
	zone         *time.Location
	integrations []registry.Integration
	at           time.Time
}

func (o reported) mark() string { return "report|" + o.owner.Team + "|" + o.owner.Slack }

// reported are the owners of integrations with rules that judge.
func (s *Service) reported() []reported {
	all := map[string]reported{}
	for _, i := range s.Registry.Integrations {
		if !slices.ContainsFunc(i.Rules, func(r registry.Rule) bool { return r.Mode != registry.Off }) {
			continue
		}
		o := reported{owner: alert.Owner{Team: i.Owner.Team, Slack: i.Owner.Slack}, zone: i.Owner.Timezone}
		if known, ok := all[o.mark()]; ok {
			o = known
		}
		o.integrations = append(o.integrations, i)
		all[o.mark()] = o
	}
	return slices.SortedFunc(maps.Values(all), func(a, b reported) int { return cmp.Compare(a.mark(), b.mark()) })
}

// reportsDue lists the owners whose report is due and not told yet.
func (s *Service) reportsDue(ctx context.Context) ([]reported, error) {
	var due []reported
	var names []string
	for _, o := range s.reported() {
		if o.at = s.Registry.Report.Last(o.zone, s.Now()); s.Now().Sub(o.at) < reportLate {
			due, names = append(due, o), append(names, o.mark())
		}
	}
	if len(due) == 0 {
		return nil, nil
	}
	marks, err := s.Marks.GetMarks(ctx, names)
	if err != nil {
		return nil, fmt.Errorf("read marks of reports: %w", err)
	}
	return slices.DeleteFunc(due, func(o reported) bool { return !marks[o.mark()].Before(o.at) }), nil
}
