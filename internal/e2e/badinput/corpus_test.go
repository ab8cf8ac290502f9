package badinput

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite what is read of each input, and the page that shows them")

const (
	corpusFile = "../../../events/bad/cases.json"
	pageFile   = "../../../docs/bad-inputs.md"
)

// corpus is the file of all kinds of bad input.
type corpus struct {
	Groups []group `json:"groups"`
}

type group struct {
	Name  string `json:"name"`
	Cases []kind `json:"cases"`
}

// kind is one kind of bad input, with one input or several.
type kind struct {
	N      int     `json:"n"`
	Name   string  `json:"name"`
	Note   string  `json:"note,omitempty"`
	Inputs []input `json:"inputs"`
}

// The effects that an input may have.
const (
	nothing     = "nothing"
	quarantined = "quarantined"
	merged      = "merged"
	ignored     = "ignored"
	fetched     = "fetched"
)

// input says how one request is made, and what it must come to. Everything that
// is not said is right: a signed order of the shop, posted to its address.
type input struct {
	Name string `json:"name,omitempty"`

	// The body: a base, or a text, or what a maker makes, then replacements.
	System  string      `json:"system,omitempty"`
	Topic   string      `json:"topic,omitempty"`
	ID      string      `json:"id,omitempty"`
	Base    string      `json:"base,omitempty"`
	Body    *string     `json:"body,omitempty"`
	Make    string      `json:"make,omitempty"`
	Replace [][2]string `json:"replace,omitempty"`

	// The proof: which secret signs when, then forgeries, then headers as they
	// are sent. A header without values is left out.
	Secret string              `json:"secret,omitempty"`
	After  string              `json:"after,omitempty"` // when it is signed, from the time at which it is received
	Forge  []string            `json:"forge,omitempty"`
	Header map[string][]string `json:"header,omitempty"`

	Method string `json:"method,omitempty"`
	Path   string `json:"path,omitempty"`
	// Wire is how the request is framed on the connection.
	Wire string `json:"wire,omitempty"`
	// Only is the one way that can carry the input: front, event or socket.
	Only string `json:"only,omitempty"`
	// Before are delivered first.
	Before []input `json:"before,omitempty"`

	Status int `json:"status"`
	// Front is the front's own answer, where it does not ask the function.
	Front  int    `json:"front,omitempty"`
	Effect string `json:"effect"`
	// Reason is why it is in quarantine. Rows are what the rows of business show
	// after it, and Fetch what is asked for.
	Reason string            `json:"reason,omitempty"`
	Rows   map[string]string `json:"rows,omitempty"`
	Fetch  []string          `json:"fetch,omitempty"`

	// Millis and KB are what answering it may take, beside what every request may.
	Millis int `json:"ms,omitempty"`
	KB     int `json:"kb,omitempty"`
}

// What answering any request may take, beside its bytes.
const (
	usualMillis = 100
	usualKB     = 512
	// perByte is the memory for each byte of a body: it is copied, unpacked from
	// the event, read, and packed again.
	perByte = 16
)

func (i input) maxTime() time.Duration {
	return time.Duration(usualMillis+i.Millis) * time.Millisecond
}

func (i input) maxBytes(body int) int { return (usualKB+i.KB)<<10 + perByte*body }

func (k kind) title(i int) string {
	name := fmt.Sprintf("%d %s", k.N, k.Name)
	if k.Inputs[i].Name != "" {
		name += ", " + k.Inputs[i].Name
	}
	return name
}

func load(t testing.TB) corpus {
	t.Helper()
	raw, err := os.ReadFile(filepath.FromSlash(corpusFile))
	if err != nil {
		t.Fatal(err)
	}
	var c corpus
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c corpus) kinds() []kind {
	var all []kind
	for _, g := range c.Groups {
		all = append(all, g.Cases...)
	}
	return all
}

// save writes the corpus with each input on a line of its own.
func (c corpus) save(t testing.TB) {
	t.Helper()
	var b bytes.Buffer
	b.WriteString("{\"groups\": [\n")
	for g, one := range c.Groups {
		fmt.Fprintf(&b, "{\"name\": %s, \"cases\": [\n", line(t, one.Name))
		for k, two := range one.Cases {
			fmt.Fprintf(&b, " {\"n\": %d, \"name\": %s, ", two.N, line(t, two.Name))
			if two.Note != "" {
				fmt.Fprintf(&b, "\"note\": %s, ", line(t, two.Note))
			}
			b.WriteString("\"inputs\": [\n")
			for i, three := range two.Inputs {
				fmt.Fprintf(&b, "  %s%s\n", line(t, three), comma(i, len(two.Inputs)))
			}
			fmt.Fprintf(&b, " ]}%s\n", comma(k, len(one.Cases)))
		}
		fmt.Fprintf(&b, "]}%s\n", comma(g, len(c.Groups)))
	}
	b.WriteString("]}\n")
	if err := os.WriteFile(filepath.FromSlash(corpusFile), b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func comma(i, n int) string {
	if i+1 < n {
		return ","
	}
	return ""
}

func line(t testing.TB, v any) string {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return string(bytes.TrimSpace(b.Bytes()))
}
