// Package day owns the recorded day: one Tuesday of a small company's
// webhooks, the seeded generator that writes it, and the truth about it: which
// alerts the day must raise and what must stay silent.
//
// It plays nothing. Whoever plays a day posts its deliveries at their time and
// hands the alerts that came out to Check.
package day

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"
)

// The files of a day's folder.
const (
	DeliveriesFile = "deliveries.jsonl"
	TruthFile      = "truth.json"
)

// Day is one recorded day. Deliveries are in the order of their time.
type Day struct {
	Deliveries []Delivery
	Truth      Truth
}

// Delivery is one webhook call as it reaches the front door. Headers and body
// are byte-exact; signatures are right for the moment At, except where the
// truth says that the delivery must be refused.
type Delivery struct {
	At      time.Time         `json:"at"`
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
	if d.Deliveries, err = readDeliveries(folder); err != nil {
		return Day{}, err
	}
	if len(d.Deliveries) != d.Truth.Deliveries {
		return Day{}, fmt.Errorf("%w: %d deliveries, the truth counts %d", ErrDay, len(d.Deliveries), d.Truth.Deliveries)
	}
	return d, nil
}

func readDeliveries(folder fs.FS) ([]Delivery, error) {
	file, err := folder.Open(DeliveriesFile)
	if err != nil {
		return nil, fmt.Errorf("read the deliveries of a day: %w", err)
	}
	defer file.Close() //nolint:errcheck // nothing was written
	var all []Delivery
	lines := bufio.NewReader(file)
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %s:%d: %w", ErrDay, DeliveriesFile, n, err)
		}
		var d Delivery
		if err := decode(line, &d); err != nil {
			return nil, fmt.Errorf("%w: %s:%d: %w", ErrDay, DeliveriesFile, n, err)
		}
		if len(all) > 0 && d.At.Before(all[len(all)-1].At) {
			return nil, fmt.Errorf("%w: %s:%d: earlier than the line before", ErrDay, DeliveriesFile, n)
		}
		all = append(all, d)
	}
}

// Files returns the content of the day's folder by file name.
func (d Day) Files() (map[string][]byte, error) {
	var lines bytes.Buffer
	for _, delivery := range d.Deliveries {
		line, err := encode(delivery, "")
		if err != nil {
			return nil, fmt.Errorf("write deliveries: %w", err)
		}
		lines.Write(line)
	}
	truth, err := encode(d.Truth, "  ")
	if err != nil {
		return nil, fmt.Errorf("write truth: %w", err)
	}
	return map[string][]byte{DeliveriesFile: lines.Bytes(), TruthFile: truth}, nil
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
