package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/play"
	"github.com/plumbline/plumbline/internal/wire"
)

// report ends a played day: what was found, what stayed silent and why, and
// whether that is the truth.
func report(ctx context.Context, out *output, w *wire.Wire, recorded day.Day, zone *time.Location) error {
	alerts, err := w.Findings().AllAlerts(ctx)
	if err != nil {
		return err
	}
	slices.SortFunc(alerts, func(a, b alert.Alert) int { return a.Opened.Compare(b.Opened) })
	out.line("\nFindings of the day")
	rows := [][]string{{"opened", "ended", "owner", "integration / rule", "class", "records"}}
	observed := play.Observe(alerts, zone, recorded.Truth.Clock())
	for _, o := range observed {
		i := len(rows) - 1
		ended := o.Resolved
		if ended == "" {
			ended = "open"
		}
		rows = append(rows, []string{
			o.Opened, ended, alerts[i].Owner.Team, o.Integration + " / " + o.Rule, o.Class, few(o.Keys),
		})
	}
	out.table(rows)
	out.line("\nSilent, and why")
	rows = nil
	for _, s := range recorded.Truth.Silent {
		rows = append(rows, []string{s.Name, s.Why})
	}
	out.table(rows)
	deviations := day.Check(recorded.Truth, observed)
	if len(deviations) > 0 {
		out.line("\nNot as the day was recorded:\n  %s", strings.Join(deviations, "\n  "))
		return nil
	}
	out.line("\n%d alerts for %d planted faults, none for %d healthy traps.",
		len(alerts)-len(recorded.Truth.Told), recorded.Truth.Planted, recorded.Truth.Traps)
	return nil
}

// few names the first records of an alert.
func few(keys []string) string {
	const most = 3
	if len(keys) <= most {
		return strings.Join(keys, " ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(keys[:most], " "), len(keys)-most)
}
