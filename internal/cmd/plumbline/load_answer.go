package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/blob"
	"github.com/plumbline/plumbline/internal/load"
	"github.com/plumbline/plumbline/internal/wire"
)

// shownRejected is how many rejected rows are printed; the report has more.
const shownRejected = 20

// readReport reads what lies beside the file, with the certificate as it is by now.
func readReport(ctx context.Context, w *wire.Wire, c load.Certificate) (load.Report, error) {
	report := load.Report{RejectedRows: []load.Rejected{}, UnmappedLocations: []string{}}
	place, _ := load.PlaceOf(c.Object)
	body, err := w.Exports().Get(ctx, place.Report())
	if err == nil {
		err = json.Unmarshal(body, &report)
	} else if errors.Is(err, blob.ErrNotFound) {
		err = nil // it is not written yet
	}
	if report.Load != c.Load {
		report.RejectedRows, report.UnmappedLocations = nil, nil
	}
	report.Certificate = c
	return report, err
}

func answerLoad(out *output, r load.Report) error {
	if out.json {
		if err := out.encode(r); err != nil {
			return err
		}
	} else {
		printLoad(out, r)
	}
	switch {
	case r.State == load.Refused:
		return exitError(2)
	case r.Truncated || r.Rejected > 0 || r.Unmapped > 0:
		return exitError(1)
	}
	return nil
}

const loadTime = "2006-01-02 15:04:05 MST"

func printLoad(out *output, r load.Report) {
	c := r.Certificate
	if c.State == load.Refused {
		out.line("%s\ncannot be read: %s", c.Object, c.Why)
		return
	}
	out.line("%s", c.Object)
	rows := [][]string{
		{"read as", c.As},
		{"as of", fmt.Sprintf("%s (%s)", c.AsOf.Local().Format(loadTime), c.AsOfFrom)},
		{"rows", fmt.Sprintf("%d, %d rejected, %d of unknown locations", c.Rows, c.Rejected, c.Unmapped)},
		{"records", fmt.Sprintf("%d, %d different", c.Records, c.Keys)},
		{"bytes", fmt.Sprintf("%d", c.Bytes)},
	}
	if c.Checksum != "" {
		rows = append(rows, []string{"sha-256", c.Checksum})
	}
	out.table(append(rows, []string{"whole", wholeWords(c)}))
	for i, row := range r.RejectedRows {
		if i == shownRejected {
			out.line("… and %d more, see %s.report.json", c.Rejected-i, c.Object)
			break
		}
		out.line("rejected: %s", row)
	}
	for _, location := range r.UnmappedLocations {
		out.line("unknown location: %s", location)
	}
	out.line("%s", followsWords(c))
}

func wholeWords(c load.Certificate) string {
	switch {
	case c.State == load.Read && c.Unmerged > 0:
		return "not concluded, not merged yet: " + counted(c.Unmerged, "message") + " of rows"
	case c.State == load.Reading || c.State == load.Read && !c.Truncated:
		return "not concluded yet"
	case c.Concludes:
		return "yes, gone with it: " + counted(c.Gone, "record")
	default:
		return "nothing is concluded: " + c.Why
	}
}

func followsWords(c load.Certificate) string {
	switch {
	case c.State == load.Reading:
		return "It is still being read: see plumbline loads."
	case c.State == load.Read && c.Unmerged > 0:
		return "Rows of it are dead letters: when their cause is away, plumbline redrive bulk-dead\nbrings them back, and the load goes on."
	case c.State == load.Read && !c.Waits.IsZero():
		return fmt.Sprintf("What follows from it is concluded after %s, when late webhooks\nhave had their time: see plumbline loads.", c.Waits.Local().Format(time.TimeOnly))
	case c.State == load.Read:
		return "Its rows are still being merged: see plumbline loads."
	case !c.Compared:
		return "Not compared with webhooks."
	case c.Lost == 0:
		return fmt.Sprintf("No webhook was lost: %d changes were told since %s.", c.Told, c.Since.Local().Format(loadTime))
	default:
		return fmt.Sprintf("%d of %d changes since %s\nwere told by no webhook, such as %s.", c.Lost, c.Lost+c.Told, c.Since.Local().Format(loadTime), strings.Join(c.Samples, ", "))
	}
}
