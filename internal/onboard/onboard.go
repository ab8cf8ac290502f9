// Package onboard asks what an integrator would ask of a merchant's systems, and
// writes the registry that the answers make.
//
// It owns the questions, what Enter means for each, the patterns of order numbers
// and their proof on the merchant's own files, and the words of the registry. It
// reads no files and writes none: who calls it opens them. What is wrong with an
// answer it leaves to the registry's own check, as far as that knows.
package onboard

import (
	"errors"
	"strings"

	"github.com/plumbline/plumbline/internal/platform"
)

// ErrEnded means that there were no more answers before the last question.
var ErrEnded = errors.New("the answers ended before the last question, nothing was written")

// Setting is what is known before the first question.
type Setting struct {
	// Files are the exports that were given, the believed one first.
	Files []File
	// Platforms are all that a registry may name.
	Platforms []platform.Platform
	// Zone is the time zone that is suggested, or blank.
	Zone string
	// Read gives the content of a file beside the registry.
	Read func(name string) ([]byte, error)
}

// Question is one question.
type Question struct {
	// ID is its place in a file of answers: order_number, erp.
	ID []string
	// Text is the question, and Why one line that says what the answer is for.
	Text, Why string
	// Default is what no answer means. Blank: nothing.
	Default string
	// Private answers are not shown again.
	Private bool
}

// Name is the id as people write it: "order_number.erp".
func (q Question) Name() string { return strings.Join(q.ID, ".") }

// Asker gets answers.
type Asker interface {
	// Answer is what was said, and blank for the default.
	Answer(q Question) (string, error)
	// Refuse says what is wrong with the last answer. The error ends the questions;
	// without one the same question is asked again.
	Refuse(q Question, why string) error
	// Tell says what was found out.
	Tell(text string)
}

// Ask asks all questions. The error is the asker's.
func Ask(a Asker, s Setting) (*Plan, error) {
	i := &interview{Asker: a, Setting: s, plan: &Plan{Setting: s, Believed: map[Subject]string{}, Jobs: map[string]Job{}, Breaks: map[string]string{}}}
	for _, part := range []func() error{
		i.systems, i.beliefs, i.zone, i.numbers, i.places, i.stock, i.orders, i.customers, i.jobs, i.kits, i.owner, i.month,
	} {
		if err := part(); err != nil {
			return nil, err
		}
	}
	return i.plan, nil
}

// interview is the questions under way.
type interview struct {
	Asker
	Setting
	plan *Plan
}

// ask puts one question until its answer is accepted.
func (i *interview) ask(q Question, accept func(answer string) error) error {
	for {
		answer, err := i.Answer(q)
		if err != nil {
			return err
		}
		if answer == "" {
			answer = q.Default
		}
		bad := accept(answer)
		if bad == nil {
			return nil
		}
		if err := i.Refuse(q, bad.Error()); err != nil {
			return err
		}
	}
}

// yes asks for yes or no.
func (i *interview) yes(q Question, set *bool) error {
	return i.ask(q, func(answer string) error {
		switch strings.ToLower(answer) {
		case "y", "yes", "true":
			*set = true
		case "n", "no", "false":
			*set = false
		default:
			return errors.New("want yes or no")
		}
		return nil
	})
}

// list are the items of an answer with commas between.
func list(answer string) []string {
	var items []string
	for item := range strings.SplitSeq(answer, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}
