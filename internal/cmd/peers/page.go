package main

import (
	"fmt"
	"io"
	"strings"
)

// column is one measure of a table.
type column struct {
	measure, heading, format string
	// spread says that the least and the greatest stand beside the median.
	spread bool
}

// table is a row of the figures as the page shows it. Ratios are those of the first
// column.
type table struct {
	row, title string
	columns    []column
	ratios     bool
}

// receiving are the measures of a webhook in, whichever way it comes.
var receiving = []column{
	{cpuMeasure, "µs of processor time each", "%.0f", true},
	{rateMeasure, "a second", "%.0f", true},
	{medianMeasure, "ms, p50", "%.2f", false},
	{slowMeasure, "ms, p99", "%.1f", false},
	{memoryMeasure, "MB", "%.0f", false},
}

var tables = []table{
	{httpRow, "**A webhook in, over HTTP.** Signed orders of 14 KB from 16 connections: verified, normalised, handed over to a queue in memory; *sealed* is with the message that a real queue gets. The floor reads the body and hashes it.", receiving, true},
	{lambdaRow, "**A webhook in, as a Lambda function.** The same orders as events of the HTTP API, one after the other, through a Runtime API on loopback; the message with order and body goes to SQS, emulated. The floor answers and does nothing.", receiving, true},
	{coldRow, "**Cold start.** From the start of the process to its answer to the first order, which is in the queue by then. Plumbline reads its registry and asks for two secrets.", []column{
		{coldMeasure, "ms", "%.1f", true},
	}, true},
	{mergeRow, "**Merge.** Units of DynamoDB for each observation of healthy stock traffic, one in ten twice, one pair in ten swapped; refused writes are one unit. Dollars are for the DynamoDB part of a million.", []column{
		{writeMeasure, "write units", "%.2f", false},
		{readMeasure, "read units", "%.2f", false},
		{indexMeasure, "index units", "%.2f", false},
		{requestMeasure, "requests", "%.2f", false},
		{dollarMeasure, "$", "%.2f", false},
	}, false},
}

// render writes what stands between the marks.
func render(f Figures) string {
	var b strings.Builder
	fmt.Fprintf(&b, "`make bench-peers` on %s: %d virtual cores (%s) shared by senders, emulators and what is measured; Go %s, Node %s, Python %s.\n",
		f.Date, f.Cores, f.Machine, f.Go, orNot(f.Node), orNot(f.Python))
	fmt.Fprintf(&b, "Medians of %d rounds in turns, in brackets the least and the greatest.\n", f.Rounds)
	b.WriteString("\n" + reached(f))
	for _, t := range tables {
		b.WriteString("\n" + t.render(f.row(t.row)))
	}
	return b.String()
}

func orNot(version string) string {
	if version == "" {
		return "not on the machine"
	}
	return version
}

// render writes one table.
func (t table) render(r Row) string {
	var b strings.Builder
	b.WriteString(t.title + "\n\n| |")
	for i, c := range t.columns {
		fmt.Fprintf(&b, " %s |", c.heading)
		if i == 0 && t.ratios {
			b.WriteString(" × floor | × Plumbline |")
		}
	}
	width := len(t.columns)
	if t.ratios {
		width += 2
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", width) + "\n")
	f := Figures{Rows: []Row{r}}
	for _, s := range r.Subjects {
		fmt.Fprintf(&b, "| %s |", s.Name)
		for i, c := range t.columns {
			fmt.Fprintf(&b, " %s |", c.cell(s))
			if i == 0 && t.ratios {
				fmt.Fprintf(&b, " %.1f | %.1f |", f.ratio(r.Name, c.measure, s.Name, floorName), f.ratio(r.Name, c.measure, s.Name, plumblineName))
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

func (c column) cell(s Subject) string {
	median, least, most := s.median(c.measure)
	if !c.spread {
		return fmt.Sprintf(c.format, median)
	}
	return fmt.Sprintf("**"+c.format+"** ("+c.format+"–"+c.format+")", median, least, most)
}

// compare prints the ratios to the floor beside those that are written. Ratios move
// less than times do when the machine is another one.
func compare(out io.Writer, now, written Figures) error {
	fmt.Fprintf(out, "× floor, now and as written on %s with Go %s:\n", written.Date, written.Go)
	for _, c := range []struct{ row, measure, subject string }{
		{httpRow, cpuMeasure, plumblineName},
		{httpRow, cpuMeasure, sealedName},
		{lambdaRow, cpuMeasure, plumblineName},
		{coldRow, coldMeasure, plumblineName},
	} {
		fmt.Fprintf(out, "  %-11s %-18s %6.2f %6.2f\n", c.row, c.subject,
			now.ratio(c.row, c.measure, c.subject, floorName), written.ratio(c.row, c.measure, c.subject, floorName))
	}
	fmt.Fprintln(out, "units for each observation, now and as written:")
	for _, measure := range []string{writeMeasure, readMeasure, indexMeasure} {
		a, _ := now.row(mergeRow).subject(plumblineName)
		b, _ := written.row(mergeRow).subject(plumblineName)
		is, _, _ := a.median(measure)
		was, _, _ := b.median(measure)
		fmt.Fprintf(out, "  %-30s %6.2f %6.2f\n", measure, is, was)
	}
	return nil
}
