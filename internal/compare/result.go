package compare

import (
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

// Summary counts what a comparison came to.
type Summary struct {
	// Left and Right are the records of each file, rejected ones left out.
	Left, Right int
	// Agree and Differ count keys that both files have.
	Agree, Differ int
	// OnlyLeft and OnlyRight count keys that one file has.
	OnlyLeft, OnlyRight int
	// Duplicate counts keys that one file has more than once. Where its rows say the
	// same the key is compared all the same; where not, it cannot be told.
	Duplicate int
	// Rejected counts rows that make no record, in both files.
	Rejected int
	// Explained counts keys whose difference is known not to be one, such as units
	// in flight, and CannotTell those that nothing can be said of, such as a record
	// that changed after the export. Neither is among Differ, OnlyLeft or OnlyRight.
	Explained, CannotTell int
	// NotJudged counts records that no rule of a registry applies to.
	NotJudged int
}

// Clean reports whether there is nothing to act on.
func (s Summary) Clean() bool {
	return s.Differ == 0 && s.OnlyLeft == 0 && s.OnlyRight == 0 && s.Duplicate == 0 && s.Rejected == 0
}

// Outcome says what is to be thought of a finding.
type Outcome string

// The outcomes.
const (
	Agree      Outcome = "agree"
	Differ     Outcome = "differ"
	Explained  Outcome = "explained"
	CannotTell Outcome = "cannot_tell"
	NotJudged  Outcome = "not_judged"
)

// outcomeOrder is what counts for more, when a record has several outcomes.
var outcomeOrder = map[Outcome]int{Differ: 0, CannotTell: 1, Explained: 2, Agree: 3, NotJudged: 4}

// or is the one of two outcomes that counts for more.
func (o Outcome) or(other Outcome) Outcome {
	if outcomeOrder[other] < outcomeOrder[o] {
		return other
	}
	return o
}

// Text is a value as text: of a finding, or of a record that was kept.
type Text struct {
	State State
	Text  string
}

// String is the text, or a word for its absence.
func (t Text) String() string {
	switch t.State {
	case Missing:
		return "missing"
	case Null:
		return "null"
	case Blank:
		return "blank"
	default:
		return t.Text
	}
}

// Finding is one facet of one record that is not equal, or one record that is not
// as it should be.
type Finding struct {
	// Class is ValueDiffers, Missing, Duplicate or Unreadable; where a registry
	// judged, any.
	Class   finding.Class
	Outcome Outcome
	// Key is blank where keys are hidden, and for rejected rows.
	Key    string
	Native [2]string
	// Lines are where the record stands in each file, 0 where it does not.
	Lines [2]int
	// Side is the file that lacks the record, has it twice, or has the bad row.
	Side Side
	// Facet is blank for findings about whole records.
	Facet       string
	Left, Right Text
	// Delta is right minus left, nil for what is no number.
	Delta *commerce.Decimal
	// Why says what explains it or why it cannot be told, and of a duplicate or a
	// rejected row what is wrong.
	Why string
	// Integration, Rule and Impact are set where a registry judged.
	Integration, Rule string
	Impact            *commerce.Decimal
	Currency          string

	pair int
}

// Total is what a facet adds up to on each side, over all records, or over those
// of a currency.
type Total struct {
	Facet string
	// Currency is what the amounts are in, blank where no file says it.
	Currency string
	Sums     [2]commerce.Decimal
	// Known says of each sum whether it is exact.
	Known [2]bool
	// Delta is right minus left, nil when not known.
	Delta *commerce.Decimal
}

// Name is the facet, and the currency if there is one: "total USD".
func (t Total) Name() string { return strings.TrimSpace(t.Facet + " " + t.Currency) }

// Bias is how the differing records of one segment differ in one facet.
type Bias struct {
	Segment, Value, Facet string
	// Records are those of the segment in both files together that were compared.
	Records int
	// Higher and Lower count records that show more or less on the right.
	Higher, Lower int
	// Sum is the signed sum of the deltas.
	Sum commerce.Decimal
	// Trend says that it goes one way more often than chance would have it.
	Trend bool
}

// Result is what a comparison came to.
type Result struct {
	Plan    Plan
	Summary Summary
	Totals  []Total
	// Findings are in the order of their weight: classes, then greatest deltas, then
	// keys. Explained ones come last.
	Findings []Finding
	// Dropped counts findings beyond Plan.Keep. They are in the summary and nowhere
	// else.
	Dropped int
	// Rejected are the bad rows of each file; the summary counts those beyond.
	Rejected [2][]Rejected
	// Biases are those of segments with differences, the greatest first.
	Biases []Bias
	// Explanations are the greatest first.
	Explanations []Explanation
	// Deltas are the signed differences by facet, in the order of the facets.
	Deltas []Distribution
}

// Explanation is a sentence that many findings share.
type Explanation struct {
	// Text is the sentence, without its number of records.
	Text string
	// Facet is blank where it is about records.
	Facet string
	// Records are how many records it is about.
	Records int
	// Settled says that they are no differences, because of what it says.
	Settled bool
	// Keys are some of them.
	Keys []string
}
