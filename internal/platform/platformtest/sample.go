package platformtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

// topicHeader is the topic of a sample that is an API's answer.
const topicHeader = "plumbline-topic"

// The files of a sample, behind its name. A body may be of any type.
const (
	bodyFile    = ".body."
	headersFile = ".headers.json"
	wantFile    = ".want.json"
)

// canariesFile lists the personal data of all samples, one per line.
const canariesFile = "canaries.txt"

// cases loads every sample of the folder; with -update it signs them again.
func (s Suite) cases(t testing.TB, e platform.Endpoint) []Case {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(s.Dir, "*"+bodyFile+"*"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no samples in %s: %v", s.Dir, err)
	}
	cases := make([]Case, 0, len(paths))
	for _, path := range paths {
		name, _, _ := strings.Cut(filepath.Base(path), bodyFile)
		cases = append(cases, s.sample(t, e, name, readFile(t, path)))
	}
	return cases
}

func (s Suite) sample(t testing.TB, e platform.Endpoint, name string, body []byte) Case {
	t.Helper()
	header := s.header(t, e, name, body)
	req := platform.Request{Method: http.MethodPost, Header: header, Query: s.Query, Body: body, Received: s.Received}
	c := Case{Name: name, Endpoint: e, Request: req, Delivery: Deliver(e, s.Config.System, req)}
	if target := header.Get(platform.FetchedHeader); target != "" {
		c.Answer = true
		c.Delivery = commerce.Delivery{
			ID: name, System: s.Config.System, Topic: header.Get(topicHeader), Received: s.Received, Body: body,
			Header: map[string]string{platform.FetchedHeader: target, platform.StatusHeader: header.Get(platform.StatusHeader)},
		}
	}
	return c
}

func (s Suite) header(t testing.TB, e platform.Endpoint, name string, body []byte) http.Header {
	t.Helper()
	path := filepath.Join(s.Dir, name+headersFile)
	header := readHeader(t, path)
	if !*update || header.Get(platform.FetchedHeader) != "" {
		return header
	}
	header = s.sign(e, name, header, body)
	flat := map[string]string{}
	for name := range header {
		flat[name] = header.Get(name)
	}
	writeJSON(t, path, flat)
	return header
}

// sign renews the signature of a signed sample and leaves its other headers
// alone. A sample without signature is new: it gets all headers of its platform
// that it does not have yet.
func (s Suite) sign(e platform.Endpoint, name string, header http.Header, body []byte) http.Header {
	topic, id := e.Identify(platform.Request{Method: http.MethodPost, Header: header, Query: s.Query, Body: body, Received: s.Received})
	if id == "" {
		id = "msg_" + name
	}
	signed := e.Sign(platform.Sample{Topic: topic, ID: id, At: s.Received, Body: body}, s.Secret)
	fresh := s.SignatureHeader == "" || header.Get(s.SignatureHeader) == ""
	for name := range signed {
		if fresh && header.Get(name) == "" {
			header.Set(name, signed.Get(name))
		}
	}
	if s.SignatureHeader != "" {
		header.Set(s.SignatureHeader, signed.Get(s.SignatureHeader))
	}
	return header
}

func readHeader(t testing.TB, path string) http.Header {
	t.Helper()
	header := http.Header{}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && *update {
		return header
	}
	var flat map[string]string
	if err == nil {
		err = json.Unmarshal(data, &flat)
	}
	if err != nil {
		t.Fatalf("headers of a sample: %v", err)
	}
	for name, value := range flat {
		header.Set(name, value)
	}
	return header
}

func (s Suite) canaries(t testing.TB) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(s.Dir, canariesFile))
	if err != nil {
		t.Fatalf("the samples' personal data must be listed: %v", err)
	}
	var canaries []string
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line != "" {
			canaries = append(canaries, line)
		}
	}
	return canaries
}

// canariesAreUsed: a canary that no sample contains guards nothing.
func (s Suite) canariesAreUsed(t *testing.T, cases []Case) {
	for _, canary := range s.canaries(t) {
		used := false
		for _, c := range cases {
			used = used || bytes.Contains(c.Request.Body, []byte(canary))
		}
		if !used {
			t.Errorf("%q is in no sample", canary)
		}
	}
}

func (s Suite) bigIDsHaveSamples(t *testing.T, cases []Case) {
	found := map[string]bool{}
	for _, c := range cases {
		found[c.Name] = true
	}
	for name := range s.BigIDs {
		if !found[name] {
			t.Errorf("there is no sample %s", name)
		}
	}
}

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func writeJSON(t testing.TB, path string, v any) {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Updating reports whether golden files are to be rewritten, for golden files
// that only one platform has.
func Updating() bool { return *update }
