package change

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Bounds of what is told of a change.
const (
	// MaxBody is the longest body in bytes.
	MaxBody = 64 << 10

	maxID   = 100
	maxWhat = 200
	maxBy   = 80
	maxURL  = 300
	// ahead is how far the sender's clock may be before ours, and behind how long
	// ago the change may have been.
	ahead  = 5 * time.Minute
	behind = 7 * 24 * time.Hour
)

// Problem is a body that is not as it should be. It names the place and what
// would be right, never a value.
type Problem struct{ Where, Want string }

// Error returns "where: want".
func (p *Problem) Error() string { return fmt.Sprintf("%s: want %s", p.Where, p.Want) }

// Known says which names the registry has.
type Known struct {
	System, Integration func(name string) bool
}

// Parse reads the body that tells of a change, as received at a time. An error
// is a *Problem.
func Parse(body []byte, received time.Time, known Known) (Change, error) {
	if len(body) > MaxBody {
		return Change{}, &Problem{"body", "at most 64 KiB"}
	}
	fields, err := members(body)
	if err != nil {
		return Change{}, err
	}
	c := Change{
		ID: fields["id"], System: fields["system"], Integration: fields["integration"],
		What: strings.TrimSpace(fields["what"]), URL: fields["url"], By: strings.TrimSpace(fields["by"]),
	}
	at, err := time.Parse(time.RFC3339, fields["at"])
	c.At = at.UTC().Truncate(time.Second)
	switch given := func(name string) bool { _, ok := fields[name]; return ok }; {
	case !machine.MatchString(c.ID) || len(c.ID) > maxID:
		return Change{}, &Problem{"id", "1 to 100 letters, digits and . _ : / + # -, the same for the same change"}
	case err != nil:
		return Change{}, &Problem{"at", "a time such as 2026-11-23T14:02:00Z"}
	case c.At.After(received.Add(ahead)) || received.Sub(c.At) > behind:
		return Change{}, &Problem{"at", "a time of the last 7 days"}
	case given("system") && !known.System(c.System):
		return Change{}, &Problem{"system", "the name of a system of the registry, or none"}
	case given("integration") && !known.Integration(c.Integration):
		return Change{}, &Problem{"integration", "the name of an integration of the registry, or none"}
	case !line(c.What, maxWhat):
		return Change{}, &Problem{"what", "one line of 1 to 200 characters, such as deploy shop-theme 2026.11.3"}
	case address.MatchString(c.What):
		return Change{}, &Problem{"what", "no e-mail address"}
	case given("url") && !https(c.URL):
		return Change{}, &Problem{"url", "an address of at most 300 bytes that begins with https:// and has no user in it, or none"}
	case given("by") && (!job.MatchString(c.By) || len(c.By) > maxBy):
		return Change{}, &Problem{"by", "the name of a pipeline or job: 1 to 80 letters, digits, spaces and . _ : / + # -, or none"}
	}
	return c, nil
}

var (
	machine = regexp.MustCompile(`^[A-Za-z0-9._:/+#-]+$`)
	job     = regexp.MustCompile(`^[\p{L}\p{N}._:/+# -]+$`)
	address = regexp.MustCompile(`[^\s@]+@[^\s@]+\.\p{L}{2,}`)
)

// line reports whether a text is one line that can be seen.
func line(text string, most int) bool {
	odd := func(r rune) bool { return !unicode.IsPrint(r) || r == utf8.RuneError }
	return text != "" && utf8.RuneCountInString(text) <= most && strings.IndexFunc(text, odd) < 0
}

func https(text string) bool {
	u, err := url.Parse(text)
	return err == nil && len(text) <= maxURL && u.Scheme == "https" && u.Hostname() != "" && u.User == nil && line(text, maxURL)
}

var names = map[string]bool{"id": true, "at": true, "system": true, "integration": true, "what": true, "url": true, "by": true}

// members reads a JSON object of known names and texts, each name once.
func members(body []byte) (map[string]string, error) {
	if !utf8.Valid(body) {
		return nil, &Problem{"body", "valid UTF-8"}
	}
	d := json.NewDecoder(bytes.NewReader(body))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, &Problem{"body", "one JSON object"}
	}
	fields := map[string]string{}
	for d.More() {
		t, err := d.Token()
		name, ok := t.(string)
		if err != nil || !ok {
			return nil, &Problem{"body", "one JSON object"}
		}
		if !names[name] {
			return nil, &Problem{"body", "no other names than id, at, system, integration, what, url and by"}
		}
		if _, twice := fields[name]; twice {
			return nil, &Problem{name, "each name once"}
		}
		t, err = d.Token()
		value, ok := t.(string)
		if err != nil || !ok {
			return nil, &Problem{name, "a text"}
		}
		fields[name] = value
	}
	if _, err := d.Token(); err != nil {
		return nil, &Problem{"body", "one JSON object"}
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, &Problem{"body", "nothing behind the JSON object"}
	}
	return fields, nil
}
