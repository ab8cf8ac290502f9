// Package metric counts what one invocation of a function does, and says it in one
// line of the log, which CloudWatch makes metrics of without being called: the
// embedded metric format.
//
// All there is to count stands in List, so that nothing else, and nothing of a
// delivery, can get into the line. What AWS counts by itself, such as requests and
// invocations, is not counted again: a line costs by the byte. It leaves to the infrastructure what is shown
// and what wakes people.
package metric

// Unit is a unit of CloudWatch.
type Unit string

// The units.
const (
	Count   Unit = "Count"
	Seconds Unit = "Seconds"
)

// Metric is something that is counted or measured.
type Metric struct {
	// Name is the metric's in CloudWatch, and the field's in the line.
	Name string
	Unit Unit
	// Meaning says what it is, for people.
	Meaning string
}

// What is counted or measured.
var (
	Messages = Metric{"messages", Count, "messages of a queue that are done"}
	Failed   = Metric{"failed", Count, "messages of a queue that have to come again"}

	Changed = Metric{"changed", Count, "rows that were written because something was news"}
	Races   = Metric{"races", Count, "writes that another one came before, and that were done again"}
	Lag     = Metric{"lag", Seconds, "from the receipt of a delivery until it is merged"}
	CatchUp = Metric{"catch-up", Seconds, "from a change in one system until the other shows it"}

	Agree      = Metric{"agree", Count, "verdicts of drift: the sides agree"}
	Differ     = Metric{"differ", Count, "verdicts of drift: the sides differ"}
	Pending    = Metric{"pending", Count, "verdicts of drift: there is time left, or it is explained"}
	CannotTell = Metric{"cannot-tell", Count, "verdicts of drift: what would be needed is not known"}
	Opened     = Metric{"opened", Count, "findings that opened"}
	Ended      = Metric{"ended", Count, "findings that ended"}

	OutboxAge   = Metric{"outbox-age", Seconds, "each minute: how long the oldest alert waits to be published"}
	Unpublished = Metric{"unpublished", Count, "each minute: alerts that could not be published"}
	Waiting     = Metric{"waiting-alerts", Count, "each minute: alerts that their channels do not take yet"}

	ReadUnits  = Metric{"read-units", Count, "read units of DynamoDB, indexes included"}
	WriteUnits = Metric{"write-units", Count, "write units of DynamoDB's tables"}
	IndexUnits = Metric{"index-units", Count, "write units of DynamoDB's indexes"}
)

// List has every metric.
func List() []Metric {
	return []Metric{
		Messages, Failed,
		Changed, Races, Lag, CatchUp,
		Agree, Differ, Pending, CannotTell, Opened, Ended,
		OutboxAge, Unpublished, Waiting,
		ReadUnits, WriteUnits, IndexUnits,
	}
}
