package driftbench

import (
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"strings"
)

//go:embed page.md
var page string

// Page writes the report as the page of the documentation. The command is how to
// make it again, the machine what made it.
func (r *Report) Page(w io.Writer, command, machine string) error {
	text := page
	for name, table := range map[string]func(io.Writer){
		"summary": r.Summary, "aims": r.Aims, "recall": r.Recall, "delays": r.Delays, "alerts": r.Alerts, "precision": r.Precision, "healthy": r.Healthy,
	} {
		var b bytes.Buffer
		table(&b)
		text = strings.ReplaceAll(text, "{{"+name+"}}\n", b.String())
	}
	for name, value := range map[string]string{
		"command": command, "machine": machine, "runs": fmt.Sprint(r.Runs), "days": fmt.Sprint(r.Days / max(1, r.Runs)),
		"observations": fmt.Sprint(r.Observations),
	} {
		text = strings.ReplaceAll(text, "{{"+name+"}}", value)
	}
	if _, err := io.WriteString(w, text); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	return nil
}
