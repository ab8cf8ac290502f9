package sim

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/archive"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
)

// check compares what is stored and seen at rest with what the systems said.
func (w *world) check() {
	ctx := context.Background()
	accepted := w.accepted()
	rows := w.rowsNow(ctx)
	w.checkQueues()
	w.checkState(rows, accepted)
	w.checkArchive(ctx, accepted, rows)
	w.checkTill(rows, accepted)
	findings, err := w.stores.findings.AllFindings(ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	alerts, err := w.stores.findings.AllAlerts(ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	w.checkFindings(rows, findings, accepted)
	w.checkLag(findings, accepted)
	w.checkAlerts(ctx, findings, alerts)
	w.checkDecisions(findings, alerts)
	w.checkSlack(alerts)
}

// accepted are the envelopes that the queue of observations took, each once.
func (w *world) accepted() []queue.Envelope {
	var all []queue.Envelope
	for _, body := range slices.Sorted(maps.Keys(w.queues[contract.Observations].bodies)) {
		e, err := queue.Decode(body)
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, e)
	}
	queued := map[string]bool{}
	for _, e := range all {
		queued[e.Delivery.ID] = true
	}
	for id := range w.history.acknowledged {
		if !queued[id] {
			w.violated("I1", "%s was acknowledged and is not queued", id)
		}
	}
	for id := range w.outside.changes {
		if !queued[id] {
			w.violated("I1", "%s was sent until it was acknowledged, and is not queued", id)
		}
	}
	return all
}

func (w *world) rowsNow(ctx context.Context) map[commerce.RecordID]record.Row {
	rows := map[commerce.RecordID]record.Row{}
	err := w.stores.records.Scan(ctx, "", func(row record.Row) error {
		rows[row.ID()] = row
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return rows
}

// checkQueues: nothing waits any more, and nothing is among the dead letters.
func (w *world) checkQueues() {
	for _, q := range contract.Queues() {
		m := w.queues[q.Name]
		for _, h := range m.held {
			if h.visible.Before(time.Now()) {
				w.violated("I1", "a message of %s was left: %s", q.Name, w.reason(h.Body))
			}
		}
		if len(m.dead) > 0 {
			w.violated("I8", "%d dead letters of %s", len(m.dead), q.Name)
		}
	}
}

// reason is why a message is in quarantine.
func (w *world) reason(body string) string {
	e, _ := queue.Decode(body)
	return e.Reason
}

// truth is the newest change of each native that was queued: no merge, no
// version, no row.
func (w *world) truth(accepted []queue.Envelope) map[string]change {
	newest := map[string]change{}
	for _, e := range accepted {
		c, ours := w.outside.changes[e.Delivery.ID]
		if !ours || c.says != nil {
			if !ours && e.Delivery.System != commerce.Plumbline && e.Delivery.Header[platform.FetchedHeader] == "" {
				w.violated("I2", "%s is queued and nobody sent it", e.Delivery.ID)
			}
			continue
		}
		if before, known := newest[c.native]; !known || c.after(before) {
			newest[c.native] = c
		}
	}
	return newest
}

// checkState: every view shows the newest change (I3, I4, I5, I6), whatever the
// order, the number of deliveries and the faults.
func (w *world) checkState(rows map[commerce.RecordID]record.Row, accepted []queue.Envelope) {
	truth, seen := w.truth(accepted), map[string]bool{}
	for id, row := range rows {
		for _, v := range row.Views {
			if row.Kind == commerce.Canary || row.Kind == commerce.Mapping || v.System == "till" {
				continue
			}
			seen[v.Native] = true
			c, known := truth[v.Native]
			switch {
			case !known:
				w.violated("I2", "%s has a view %v that nobody reported", id, v.ViewID)
			case v.Gone != c.gone || !c.gone && v.Facets[c.facet].String() != c.value:
				w.violated("I4", "%s shows %v gone %t of %s, the newest change is %q gone %t", id, v.Facets, v.Gone, v.Native, c.value, c.gone)
			}
		}
	}
	for native := range truth {
		if !seen[native] {
			w.violated("I1", "nothing of %s is stored", native)
		}
	}
}

// checkArchive: every delivery is archived, and what is archived merges to the
// same views (I1, I21).
func (w *world) checkArchive(ctx context.Context, accepted []queue.Envelope, rows map[commerce.RecordID]record.Row) {
	reader := archive.Reader{Blobs: &w.stores.blobs}
	kept, rebuilt := map[string]bool{}, map[commerce.RecordID]record.Row{}
	for e, err := range reader.Read(ctx, contract.DeliveryKeys, w.start.Add(-time.Hour), time.Now().Add(time.Hour), "") {
		if err != nil {
			w.t.Fatal(err)
		}
		kept[e.Delivery.ID] = true
		if e.Delivery.System == "till" {
			continue // keys that links give, and what is erased, are not in a delivery
		}
		for _, o := range e.Observations {
			id := o.Key.ID(o.Kind)
			row := rebuilt[id]
			row.Kind, row.Key = o.Kind, o.Key
			rebuilt[id], _ = record.Merge(row, o, record.Source{Delivery: e.Delivery.ID, Received: e.Delivery.Received})
		}
	}
	for _, e := range accepted {
		if asks := w.outside.changes[e.Delivery.ID].says; asks != nil && len(e.Observations) == 0 {
			continue
		}
		if len(e.Delivery.Body) > 0 && !kept[e.Delivery.ID] {
			w.violated("I1", "%s was queued and is not archived", e.Delivery.ID)
		}
	}
	for id, row := range rebuilt {
		if got, want := canonical(row), canonical(rows[id]); got != want {
			w.violated("I21", "%s is stored as %s, and rebuilt as %s", id, want, got)
		}
	}
}

// canonical is what must not depend on order, duplication or failures.
func canonical(row record.Row) string {
	text := ""
	for _, v := range row.Views {
		if v.System == "till" {
			continue
		}
		text += fmt.Sprint(v.ViewID, v.Version, v.Gone, v.Facets, v.Ties.Unknown())
	}
	return text
}

// checkFindings: what is open is what differs, no more and no less (I12); a claim
// and its finding come and go together; one finding at a time (I14).
func (w *world) checkFindings(rows map[commerce.RecordID]record.Row, findings []finding.Finding, accepted []queue.Envelope) {
	want, open := w.differences(accepted), map[string]string{}
	maps.Copy(want, w.tillDiffers(rows, accepted))
	ids := map[string]finding.Finding{}
	spells := map[string][]finding.Finding{}
	for _, f := range findings {
		ids[f.ID] = f
		name := f.Rule + " " + f.Key.Text(f.Kind)
		if f.Told() {
			spells[name] = append(spells[name], f)
		}
		if f.State == finding.Resolved || f.Kind == commerce.Mapping {
			if f.State != finding.Resolved {
				w.violated("I22", "%s of %s is still open: %s", f.Class, name, f.Why)
			}
			continue
		}
		open[name] = f.ID
		if !want[name] {
			w.violated("I12", "a finding is open of %s, which does not differ: %+v", name, f.Differences)
		}
	}
	for name := range want {
		if open[name] == "" {
			w.violated("I12", "%s differs, and no finding is open: %s", name, w.standing(rows, name))
		}
	}
	for id, row := range rows {
		for rule, m := range row.Marks {
			if f := ids[m.Open]; m.Open != "" && row.Kind != commerce.Canary && (f.ID == "" || f.State == finding.Resolved) {
				w.violated("claim", "%s is claimed by %s for %q, which is %q", id, rule, m.Open, f.State)
			}
		}
	}
	for _, f := range findings {
		if m := rows[f.Key.ID(f.Kind)].Marks[f.Integration+"/"+f.Rule]; f.State != finding.Resolved && m.Open != f.ID {
			w.violated("claim", "the finding %s is open, and its row knows of %q", f.ID, m.Open)
		}
	}
	for name, of := range spells {
		slices.SortFunc(of, func(a, b finding.Finding) int { return a.Opened.Compare(b.Opened) })
		for n := 1; n < len(of); n++ {
			if of[n-1].Resolved.IsZero() || of[n-1].Resolved.After(of[n].Opened.Add(2*w.Plan.Skew)) {
				w.violated("I14", "two findings at once of %s", name)
			}
		}
	}
}

// standing tells of a record's row what a failure is looked into with.
func (w *world) standing(rows map[commerce.RecordID]record.Row, name string) string {
	for _, row := range rows {
		for rule, m := range row.Marks {
			if strings.HasSuffix(rule+" "+row.Key.Text(row.Kind), name) {
				return fmt.Sprintf("due %s, look %s, since %s, claimed %q", row.Due.Sub(w.start), m.Look.Sub(w.start), m.Since.Sub(w.start), m.Open)
			}
		}
	}
	return "nothing is noted"
}

// differences are the records that differ in the end, by brute force.
func (w *world) differences(accepted []queue.Envelope) map[string]bool {
	pairs := map[string]map[string]change{}
	for native, c := range w.truth(accepted) {
		if pairs[c.pair()] == nil {
			pairs[c.pair()] = map[string]change{}
		}
		pairs[c.pair()][native] = c
	}
	differ := map[string]bool{}
	for name, newest := range pairs {
		if differs(newest) {
			differ[name] = true
		}
	}
	return differ
}

// checkAlerts: every finding that people are to hear of is in one alert, and the
// outbox is empty (I14, I16).
func (w *world) checkAlerts(ctx context.Context, findings []finding.Finding, alerts []alert.Alert) {
	members, byID := map[string]int{}, map[string]alert.Alert{}
	for _, a := range alerts {
		byID[a.ID] = a
		for _, m := range a.Members {
			members[m.Finding]++
		}
		for id := range a.Beyond {
			members[id]++
		}
		if a.Published != a.Seq {
			w.violated("I16", "alert %s is published up to %d of %d", a.ID, a.Published, a.Seq)
		}
	}
	for _, f := range findings {
		told := 0
		if f.Told() && !f.Silent {
			told = 1
		}
		if flapping := byID[f.Alert]; flapping.Class == alert.ClassFlapping {
			// It tells the record, whichever of its findings is the last one.
			told = min(members[f.ID], 1)
			if !slices.ContainsFunc(flapping.Members, func(m alert.Member) bool { return m.Key == f.Key.Text(f.Kind) }) {
				w.violated("I14", "finding %s is told by alert %s, which does not name its record", f.ID, f.Alert)
			}
		}
		if members[f.ID] != told {
			w.violated("I14", "%s finding %s is told by %d alerts, want %d", f.State, f.ID, members[f.ID], told)
		}
	}
	outbox, err := w.stores.findings.Outbox(ctx, time.Now().Add(-2*time.Minute)) // before the last runs
	if err != nil {
		w.t.Fatal(err)
	}
	for _, a := range outbox {
		w.violated("I16", "alert %s waits in the outbox: class %s, seq %d, shown %d, told %d, next %s, into %q", a.ID, a.Class, a.Seq, a.Shown, a.Told, a.Next.Sub(w.start), a.Into)
	}
}

// checkSlack: people see every alert once, as it is, and its thread once (I14,
// I16).
func (w *world) checkSlack(alerts []alert.Alert) {
	messages, replies := map[string]int{}, map[string]int{}
	shown := map[string]int64{}
	for _, channel := range []string{"general", "inventory-ops"} {
		for _, m := range w.slack.Messages(channel) {
			id, seq := payload(m.Metadata)
			messages[id]++
			shown[id] = seq
			for _, r := range w.slack.Thread(channel, m.Timestamp) {
				of, at := payload(r.Metadata)
				replies[fmt.Sprint(of, " ", at)]++
			}
		}
	}
	for _, a := range alerts {
		if messages[a.ID] != 1 {
			w.violated("I14", "alert %s is seen %d times", a.ID, messages[a.ID])
		}
		if shown[a.ID] != a.Seq || a.Shown != a.Seq || a.Told != a.Seq {
			w.violated("I16", "alert %s is at %d, people see %d, noted are %d and %d", a.ID, a.Seq, shown[a.ID], a.Shown, a.Told)
		}
		delete(messages, a.ID)
	}
	for id := range messages {
		w.violated("I14", "people see an alert %q that there is not", id)
	}
	for reply, n := range replies {
		if n != 1 {
			w.violated("I14", "the reply of %s is seen %d times", reply, n)
		}
	}
}

// payload is what a message says of itself.
func payload(metadata map[string]any) (alertID string, seq int64) {
	p, _ := metadata["event_payload"].(map[string]any)
	alertID, _ = p["alert"].(string)
	at, _ := p["seq"].(float64)
	return alertID, int64(at)
}
