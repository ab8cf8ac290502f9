package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/sheet"
	"github.com/plumbline/plumbline/internal/subject"
	"github.com/plumbline/plumbline/internal/wire"
)

// exportCmd writes records, or what is kept of one person.
type exportCmd struct {
	Kind    string `arg:"" optional:"" help:"The kind of records, such as inventory or order. None with --subject."`
	Subject bool   `help:"What is kept of the person whose e-mail address is read from the standard input."`
	Account string `placeholder:"SYSTEM/ID" help:"With --subject: the person's account, in place of the address."`
	Format  string `enum:"jsonl,csv" default:"jsonl" help:"jsonl: one record a line; csv: one facet a line."`
}

// Run exports.
func (k *exportCmd) Run(ctx context.Context, c *cli, out *output) error {
	if k.Subject == (k.Kind != "") {
		return errors.New("want a kind, such as inventory, or --subject")
	}
	if k.Account != "" && !k.Subject {
		return errors.New("--account goes with --subject")
	}
	w, err := connect(ctx, c)
	if err != nil {
		return err
	}
	if k.Subject {
		return k.exportSubject(ctx, w, out)
	}
	kind, err := commerce.ParseKind(k.Kind)
	if err != nil {
		return err
	}
	to := exportTo(out, k.Format)
	err = w.Records().Scan(ctx, kind, func(row record.Row) error {
		if !row.Suppressed.IsZero() {
			return nil // it says nothing
		}
		return to.row(exportOf(row, false))
	})
	return errors.Join(err, to.end())
}

func (k *exportCmd) exportSubject(ctx context.Context, w *wire.Wire, out *output) error {
	q, err := person(ctx, w, k.Account)
	if err != nil {
		return err
	}
	known, err := subject.Find(ctx, w.Records(), w.Findings(), q)
	if err != nil {
		return err
	}
	if len(known.Rows) == 0 && len(known.Findings) == 0 {
		return k.exportNobody(out, os.Stderr)
	}
	to := exportTo(out, k.Format)
	for _, row := range known.Rows {
		if err := to.row(exportOf(row, true)); err != nil {
			return err
		}
	}
	if k.Format == "jsonl" {
		for _, f := range known.Findings {
			if err := json.NewEncoder(out).Encode(struct {
				Finding findingAnswer `json:"finding"`
			}{answerOf(w.Registry, f, time.Now())}); err != nil {
				return err
			}
		}
	}
	return to.end()
}

// exportNobody answers for a person of whom nothing is kept. What reads the records
// finds none, and the notes say so to whoever asked.
func (k *exportCmd) exportNobody(out *output, notes io.Writer) error {
	if out.json {
		return out.encode([]exported{})
	}
	if _, err := fmt.Fprintln(notes, "Nothing is kept about that person."); err != nil {
		return err
	}
	return exportTo(out, k.Format).end()
}

// exported is one record as it leaves.
type exported struct {
	Kind   commerce.Kind  `json:"kind"`
	Key    string         `json:"key"`
	Views  []exportedView `json:"views"`
	Erased *time.Time     `json:"erased,omitempty"`
}

type exportedView struct {
	System   string             `json:"system"`
	Part     string             `json:"part"`
	Native   string             `json:"native,omitempty"`
	Version  commerce.Version   `json:"version"`
	Gone     bool               `json:"gone"`
	Received time.Time          `json:"received"`
	Facets   map[string]*string `json:"facets"`
}

// exportOf is a row as it leaves. Of persons there is nothing but the hash, unless
// it is the person who asks: no native id of an account, no facet of a customer, and
// no facet of a business record that may name somebody.
func exportOf(row record.Row, asks bool) exported {
	e := exported{Kind: row.Kind, Key: row.Key.Text(row.Kind), Views: []exportedView{}}
	if !row.Suppressed.IsZero() {
		e.Erased = &row.Suppressed
	}
	about := commerce.Observation{Kind: row.Kind, Key: row.Key}.Personal()
	for _, v := range row.Views {
		view := exportedView{System: v.System, Part: v.Part, Native: v.Native, Version: v.Version, Gone: v.Gone, Received: v.Received}
		facets := v.Facets
		if !asks {
			facets, _ = facets.NamesNobody(row.Kind)
		}
		if about && !asks {
			facets, view.Native, view.Version = nil, "", commerce.Version{}
		}
		view.Facets = facetTexts(facets)
		e.Views = append(e.Views, view)
	}
	return e
}

// exporter writes records in one format.
type exporter struct {
	row func(exported) error
	end func() error
}

func exportTo(out *output, format string) exporter {
	if format == "jsonl" {
		lines := json.NewEncoder(out)
		lines.SetEscapeHTML(false)
		return exporter{row: func(e exported) error { return lines.Encode(e) }, end: func() error { return nil }}
	}
	table := csv.NewWriter(out)
	head := table.Write([]string{"kind", "key", "system", "part", "native", "gone", "received", "facet", "value"})
	return exporter{
		row: func(e exported) error {
			for _, line := range e.lines() {
				if err := table.Write(line); err != nil {
					return fmt.Errorf("write %s %s: %w", e.Kind, e.Key, err)
				}
			}
			return nil
		},
		end: func() error { table.Flush(); return errors.Join(head, table.Error()) },
	}
}

// lines are the record in long form: one line for each facet, and one for a view
// without any. What a spreadsheet would take for a formula is text.
func (e exported) lines() [][]string {
	var lines [][]string
	for _, v := range e.Views {
		line := func(facet, value string) {
			cells := []string{string(e.Kind), e.Key, v.System, v.Part, v.Native, fmt.Sprint(v.Gone), v.Received.UTC().Format(time.RFC3339Nano), facet, value}
			for i, cell := range cells {
				cells[i] = sheet.Inert(cell)
			}
			lines = append(lines, cells)
		}
		if len(v.Facets) == 0 {
			line("", "")
		}
		for _, name := range slices.Sorted(maps.Keys(v.Facets)) {
			value := "null"
			if v.Facets[name] != nil {
				value = *v.Facets[name]
			}
			line(name, value)
		}
	}
	return lines
}
