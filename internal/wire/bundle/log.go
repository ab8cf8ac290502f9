package bundle

import (
	"io"
	"log/slog"
	"slices"

	"github.com/plumbline/plumbline/internal/metric"
)

// fields are what a line of the log may say beside its metrics. Nothing that a
// stranger or a customer wrote is among them: names are the registry's, topics
// the platforms', errors say where and what would be right.
var fields = []string{
	slog.LevelKey, slog.MessageKey, "_aws", metric.FunctionField, metric.StageField,
	// what it is about, by the registry's names and Plumbline's own ids
	"alert", "cause", "channel", "chore", "class", "delivery", "generation", "integration", "kind", "load", "message", "message_id",
	"object", "of", "owner", "record", "rule", "run", "sweep", "system", "topic",
	// what became of it
	"closed", "concludes", "error", "next", "outcome", "reason", "severity", "status",
	// how many
	"count", "delay", "findings", "gone", "keys", "kinds", "left", "lost", "messages", "number", "observations", "opened", "orders",
	"receives", "rejected", "rows", "rules", "seconds", "seq", "tries",
}

// NewLog writes lines of JSON, without any field that is not allowed. A line costs by
// the byte: CloudWatch keeps when it was written, and only what is wrong says how
// bad that is.
func NewLog(w io.Writer) *slog.Logger {
	allowed := slices.Clone(fields)
	for _, m := range metric.List() {
		allowed = append(allowed, m.Name)
	}
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
		usual := a.Key == slog.LevelKey && a.Value.Any() == slog.LevelInfo
		if len(groups) == 0 && slices.Contains(allowed, a.Key) && !usual {
			return a
		}
		return slog.Attr{}
	}}))
}
