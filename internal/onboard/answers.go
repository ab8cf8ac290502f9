package onboard

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// Answers are those of a file. A question that the file does not answer has its
// default.
type Answers struct {
	out   io.Writer
	tree  yaml.MapSlice
	asked map[string]bool
}

// ParseAnswers reads a file of answers. What is found out is told to out.
func ParseAnswers(content []byte, out io.Writer) (*Answers, error) {
	a := &Answers{out: out, asked: map[string]bool{}}
	if err := yaml.UnmarshalWithOptions(content, &a.tree, yaml.UseOrderedMap()); err != nil {
		return nil, fmt.Errorf("the answers are no YAML mapping of questions: %s", yaml.FormatError(err, false, false))
	}
	return a, nil
}

// Answer is the file's.
func (a *Answers) Answer(q Question) (string, error) {
	a.asked[q.Name()] = true
	var at any = a.tree
	for _, part := range q.ID {
		level, ok := at.(yaml.MapSlice)
		i := slices.IndexFunc(level, func(item yaml.MapItem) bool { return fmt.Sprint(item.Key) == part })
		if !ok || i < 0 {
			return "", nil
		}
		at = level[i].Value
	}
	return answerText(at), nil
}

// answerText writes lists and mappings as they are typed.
func answerText(v any) string {
	var items []string
	switch v := v.(type) {
	case nil:
		return ""
	case []any:
		for _, item := range v {
			items = append(items, fmt.Sprint(item))
		}
	case yaml.MapSlice:
		for _, item := range v {
			items = append(items, fmt.Sprintf("%v=%v", item.Key, item.Value))
		}
	default:
		return strings.TrimSpace(fmt.Sprint(v))
	}
	return strings.Join(items, ", ")
}

// Refuse ends the questions: a file gives the same answer again.
func (a *Answers) Refuse(q Question, why string) error {
	return fmt.Errorf("answers: %s: %s; nothing was written", q.Name(), why)
}

// Tell prints.
func (a *Answers) Tell(text string) { tell(a.out, text) }

// Unasked are answers to no question, by their names.
func (a *Answers) Unasked() []string {
	var names []string
	var walk func(path string, v any)
	walk = func(path string, v any) {
		level, ok := v.(yaml.MapSlice)
		if a.asked[path] {
			return
		}
		if !ok || len(level) == 0 {
			names = append(names, path)
			return
		}
		for _, item := range level {
			walk(strings.TrimPrefix(path+"."+fmt.Sprint(item.Key), "."), item.Value)
		}
	}
	for _, item := range a.tree {
		walk(fmt.Sprint(item.Key), item.Value)
	}
	return names
}
