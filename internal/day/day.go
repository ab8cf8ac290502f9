// Package day owns the form of a recorded day: a company's webhooks, what its
// platforms' APIs answered, and the truth about it: which alerts the day must
// raise and what must stay silent.
//
// It writes and plays none. Each day has a script below this package; whoever
// plays a day posts its deliveries at their time and hands the alerts that came
// out to Check.
package day

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"
)

// The files of a day's folder.
const (
	DeliveriesFile = "deliveries.jsonl"
	TruthFile      = "truth.json"
	// AnswersFile is there when platforms' APIs are asked.
	AnswersFile = "answers.jsonl"
	// HistoryFile is there when something was known before the day.
	HistoryFile = "history.jsonl"
	// DecisionsFile is there when people decided about findings.
	DecisionsFile = "decisions.jsonl"
	// OutagesFile is there when functions stood still.
	OutagesFile = "outages.jsonl"
	// Packed ends the names of files that are compressed.
	Packed = ".gz"
)

// Day is one recorded day, or several in a row. Deliveries, decisions, answers and
// outages are in the order of their time.
type Day struct {
	Deliveries []Delivery
	Decisions  []Decision
	History    []Past
	Answers    []Answer
	Outages    []Outage
	Truth      Truth
}

// Delivery is one webhook call as it reaches the front door. Headers and body
// are byte-exact; signatures are right for the moment At, except where the
// truth says that the delivery must be refused.
type Delivery struct {
	At time.Time `json:"at"`
	// System is who sends it. It is blank where a pipeline tells of a change.
	System  string            `json:"system"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
}

// ErrDay means that a folder does not hold a day as this package writes it.
var ErrDay = errors.New("day: not a recorded day")

// Read reads a day's folder. It returns ErrDay, with the place, for a folder
// that is not in order: unknown fields, deliveries out of order, or another
// number of deliveries than the truth counts.
func Read(folder fs.FS) (Day, error) {
	var d Day
	text, err := fs.ReadFile(folder, TruthFile)
	if err != nil {
		return Day{}, fmt.Errorf("read the truth of a day: %w", err)
	}
	if err := decode(text, &d.Truth); err != nil {
		return Day{}, fmt.Errorf("%w: %s: %w", ErrDay, TruthFile, err)
	}
	at := func(d Delivery) time.Time { return d.At }
	if d.Deliveries, err = readLines(folder, DeliveriesFile, at); err != nil {
		return Day{}, err
	}
	past := func(p Past) time.Time { return p.At }
	if d.History, err = readLines(folder, HistoryFile, past); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Day{}, err
	}
	decided := func(d Decision) time.Time { return d.At }
	if d.Decisions, err = readLines(folder, DecisionsFile, decided); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Day{}, err
	}
	began := func(o Outage) time.Time { return o.From }
	if d.Outages, err = readLines(folder, OutagesFile, began); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Day{}, err
	}
	from := func(a Answer) time.Time { return a.From }
	if d.Answers, err = readLines(folder, AnswersFile, from); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Day{}, err
	}
	if len(d.Deliveries) != d.Truth.Deliveries {
		return Day{}, fmt.Errorf("%w: %d deliveries, the truth counts %d", ErrDay, len(d.Deliveries), d.Truth.Deliveries)
	}
	return d, nil
}

// Files returns the content of the day's folder by file name, none of it
// packed.
func (d Day) Files() (map[string][]byte, error) {
	files := map[string][]byte{}
	var errs [6]error
	files[DeliveriesFile], errs[0] = writeLines(d.Deliveries)
	if len(d.Answers) > 0 {
		files[AnswersFile], errs[1] = writeLines(d.Answers)
	}
	if len(d.History) > 0 {
		files[HistoryFile], errs[3] = writeLines(d.History)
	}
	if len(d.Decisions) > 0 {
		files[DecisionsFile], errs[4] = writeLines(d.Decisions)
	}
	if len(d.Outages) > 0 {
		files[OutagesFile], errs[5] = writeLines(d.Outages)
	}
	files[TruthFile], errs[2] = encode(d.Truth, "  ")
	if err := errors.Join(errs[:]...); err != nil {
		return nil, fmt.Errorf("write a day: %w", err)
	}
	return files, nil
}

// encode writes JSON behind which a newline stands, with <, > and & as they
// are.
func encode(v any, indent string) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	err := enc.Encode(v)
	return b.Bytes(), err
}

func decode(text []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	return dec.Decode(v)
}
