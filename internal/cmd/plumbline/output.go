package main

import (
	"encoding/json"
	"fmt"
	"text/tabwriter"
)

// line prints one line. A terminal that went away is no concern of the command.
func (o *output) line(format string, args ...any) { _, _ = fmt.Fprintf(o, format+"\n", args...) }

// encode prints a value as indented JSON.
func (o *output) encode(v any) error {
	enc := json.NewEncoder(o)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// table prints rows in aligned columns.
func (o *output) table(rows [][]string) {
	w := tabwriter.NewWriter(o, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				_, _ = fmt.Fprint(w, "\t")
			}
			_, _ = fmt.Fprint(w, cell)
		}
		_, _ = fmt.Fprintln(w)
	}
	_ = w.Flush()
}
