package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
)

// whyAlert says why the rule has an alert on the record, or why it has none.
func whyAlert(ctx context.Context, w *knowledge, row record.Row, v judge.Verdict) (string, error) {
	if open := row.Marks[v.Integration+"/"+v.Rule].Open; open != "" {
		return whyOpen(ctx, w, open)
	}
	switch v.Outcome {
	case judge.Agree:
		if v.Why != "" {
			return "No alert: " + v.Why + ", as the rule's policy allows.", nil
		}
		return "No alert: the sides agree.", nil
	case judge.Pending:
		return "No alert: " + v.Why + ".", nil
	case judge.CannotTell:
		return "No alert, because it cannot be told: " + v.Why + ".", nil
	case judge.NotJudged:
		return "No alert: " + v.Why + ".", nil
	default:
		return "A finding opens with the next look.", nil
	}
}

// whyOpen says what people hear of a finding that the row holds open.
func whyOpen(ctx context.Context, w *knowledge, id string) (string, error) {
	f, err := w.Findings.GetFinding(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Sprintf("Finding %s is opening.", id), nil
	}
	if err != nil {
		return "", err
	}
	text := fmt.Sprintf("Finding %s is %s", id, stateText(f, w.Registry.Zone()))
	switch {
	case f.Silent:
		return text + ", and nobody hears of it.", nil
	case f.Alert == "":
		return text + ", and waits for the owner's digest: less is at risk than alerts at once.", nil
	}
	a, err := store.FollowAlert(ctx, w.Findings, f.Alert)
	if errors.Is(err, store.ErrNotFound) {
		return text + ".", nil
	}
	if err != nil {
		return "", err
	}
	return text + ", in alert " + a.ID + shownText(a, w.Registry.Zone()) + ".", nil
}

func stateText(f finding.Finding, zone *time.Location) string {
	switch {
	case f.State == finding.Waived && f.Waiver != nil:
		return "waived until " + timeText(f.Waiver.Until.In(zone), inFull)
	case f.AssignedTo != "":
		return string(f.State) + " and assigned to " + f.AssignedTo
	default:
		return string(f.State)
	}
}

// shownText says whether people have seen the alert yet.
func shownText(a alert.Alert, zone *time.Location) string {
	switch {
	case a.Shown > 0:
		return ""
	case !a.Refused.IsZero():
		return ", which its channel refuses since " + timeText(a.Refused.In(zone), inFull)
	case a.Published == 0:
		return ", which is not published yet"
	default:
		return ", which people have not seen yet"
	}
}
