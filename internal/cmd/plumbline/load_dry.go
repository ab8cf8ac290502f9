package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/load"
	"github.com/plumbline/plumbline/internal/sheet"
	"github.com/plumbline/plumbline/internal/wire"
)

// dryAnswer is what a file holds.
type dryAnswer struct {
	As           string          `json:"as"`
	Rows         int             `json:"rows"`
	Records      int             `json:"records"`
	Keys         int             `json:"keys"`
	Rejected     int             `json:"rejected"`
	RejectedRows []load.Rejected `json:"rejected_rows"`
	Unmapped     map[string]int  `json:"unmapped_locations"`
	Broken       string          `json:"broken,omitempty"`
}

// dryRun reads the file on this machine. It needs no stack; keys of customers are
// hashed with a key of nobody's.
func (k *loadCmd) dryRun(c *cli, out *output) error {
	reg, err := wire.LoadRegistry(c.Registry, time.Now())
	if err != nil {
		return err
	}
	if _, known := reg.Systems[k.System]; !known {
		return fmt.Errorf("no system %q in the registry", k.System)
	}
	f, err := os.Open(k.File)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // it was only read
	place := load.Place{System: k.System, Kind: commerce.Kind(k.Kind), Name: filepath.Base(k.File)}
	rows, err := load.Exports(reg, make([]byte, 32))(place, time.Now(), bufio.NewReaderSize(f, 1<<16))
	if err != nil {
		return fmt.Errorf("%s cannot be read: %w", k.File, err)
	}
	answer := readAll(rows)
	if err := rows.Close(); err != nil {
		return err
	}
	if out.json {
		err = out.encode(answer)
	} else {
		printDry(out, k.File, answer)
	}
	if err == nil && (answer.Rejected > 0 || answer.Broken != "" || len(answer.Unmapped) > 0) {
		return exitError(1)
	}
	return err
}

func readAll(rows load.Rows) dryAnswer {
	answer := dryAnswer{As: rows.As(), RejectedRows: []load.Rejected{}}
	keys := map[commerce.RecordID]bool{}
	for {
		row, err := rows.Next()
		var bad *sheet.RowError
		switch {
		case errors.As(err, &bad):
			if answer.Rejected++; len(answer.RejectedRows) < shownRejected {
				answer.RejectedRows = append(answer.RejectedRows, load.Rejected(*bad))
			}
			continue
		case err != nil:
			if !errors.Is(err, io.EOF) {
				answer.Broken = err.Error()
			}
			answer.Rows, answer.Keys, answer.Unmapped = rows.Read(), len(keys), rows.Unmapped()
			return answer
		}
		answer.Records++
		keys[row.Observation.Key.ID(row.Observation.Kind)] = true
	}
}

func printDry(out *output, file string, a dryAnswer) {
	out.line("%s, read as %s", file, a.As)
	out.line("%s, %s, %d different, %d rejected", counted(a.Rows, "row"), counted(a.Records, "record"), a.Keys, a.Rejected)
	for _, row := range a.RejectedRows {
		out.line("rejected: %s", row)
	}
	for location, rows := range a.Unmapped {
		out.line("unknown location: %s (%s)", location, counted(rows, "row"))
	}
	if a.Broken != "" {
		out.line("not whole: %s", a.Broken)
	}
	out.line("Nothing was loaded.")
}
