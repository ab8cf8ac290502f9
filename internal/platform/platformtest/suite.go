// Package platformtest is the conformance suite of all platforms: what must
// hold for any of them, run over the sample webhooks in events/<platform>.
//
// A platform's test calls Run and Fuzz with its Suite. Checks that only one
// platform can have, such as a replay under another shop, go into Suite.Extra.
package platformtest

import (
	"flag"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

var (
	update  = flag.Bool("update", false, "sign the samples again and rewrite what is expected of them")
	measure = flag.String("measure", "", "measure the largest sample, and write what it takes into this folder")
)

// Suite is what the checks need to know about a platform.
type Suite struct {
	Platform platform.Platform
	// Config is a system of that platform that the samples were written for.
	Config platform.Config
	// Secret signs the samples. It is published with them. Other is any
	// different one.
	Secret, Other platform.Secret
	// Dir is the folder of the samples: "../../../events/standard".
	Dir string
	// Received is when every sample arrives.
	Received time.Time
	// Query is the query under which every sample arrives, such as a token.
	Query string
	// SignatureHeader holds the signature: base64, behind the last comma, unless
	// Spoil knows better. Blank where a platform signs nothing: the secret is in
	// the body or the query then, and only knowing it is checked, and what
	// Forgeries lists.
	SignatureHeader string
	// Spoil makes wrong signatures of a right one. Nil is for base64 behind the
	// last comma.
	Spoil func(header string) map[string]string
	// Forgeries are requests that must be refused for a reason of this platform's
	// own, by what is wrong with them. May be nil.
	Forgeries func(c Case) map[string]platform.Request
	// UnknownTopic is a topic that the platform does not read. Blank when the
	// topic is no header.
	UnknownTopic string
	// BigIDs maps a sample to a text that its reading must contain: an id
	// above 2^53, digit by digit.
	BigIDs map[string]string
	// Extra holds for each sample what holds for this platform alone. May be
	// nil.
	Extra func(t *testing.T, c Case)
}

// Case is one sample, ready to be sent.
type Case struct {
	// Name is the sample's file name without its endings.
	Name     string
	Endpoint platform.Endpoint
	// Request is the sample as it arrives.
	Request platform.Request
	// Delivery is what an accepted request becomes.
	Delivery commerce.Delivery
	// Answer is set for the samples that are answers of the platform's API: those
	// with the headers of package platform. They are not verified.
	Answer bool
}

// Run checks the platform over every sample.
func Run(t *testing.T, s Suite) {
	t.Helper()
	endpoint := s.endpoint(t)
	t.Run("settings", s.settings)
	t.Run("inbox", func(t *testing.T) { s.inbox(t, endpoint) })
	t.Run("headers", func(t *testing.T) { lowerCaseHeaders(t, endpoint) })
	t.Run("pulls", func(t *testing.T) { s.pulls(t, endpoint) })
	cases := s.cases(t, endpoint)
	t.Run("canaries", func(t *testing.T) { s.canariesAreUsed(t, cases) })
	t.Run("shapes", func(t *testing.T) { s.shapesAreKnown(t, cases) })
	t.Run("big ids", func(t *testing.T) { s.bigIDsHaveSamples(t, cases) })
	t.Run("threats", func(t *testing.T) { s.unsigned(t, cases) })
	if *measure != "" {
		t.Run("measure", func(t *testing.T) { s.measure(t, *measure, cases) })
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			t.Run("golden", func(t *testing.T) { s.golden(t, c) })
			if !c.Answer && !s.Platform.Inbox {
				t.Run("genuine", func(t *testing.T) { s.genuine(t, c) })
				t.Run("sent", func(t *testing.T) { s.sent(t, c) })
			}
			if !c.Answer {
				t.Run("forged", func(t *testing.T) { s.forged(t, c) })
			}
			t.Run("reading", func(t *testing.T) { s.reading(t, c) })
			t.Run("fetches", func(t *testing.T) { s.fetches(t, c) })
			t.Run("truncated", func(t *testing.T) { s.truncated(t, c) })
			if s.Extra != nil {
				t.Run("extra", func(t *testing.T) { s.Extra(t, c) })
			}
		})
	}
}

func (s Suite) endpoint(t testing.TB) platform.Endpoint {
	t.Helper()
	e, err := s.Platform.New(s.Config)
	if err != nil {
		t.Fatalf("new endpoint: %v", err)
	}
	return e
}

// settings: leaving out a required setting is an error that names it.
func (s Suite) settings(t *testing.T) {
	for _, setting := range s.Platform.Settings {
		if setting.Help == "" {
			t.Errorf("setting %s has no help", setting.Name)
		}
		if !setting.Required {
			continue
		}
		config := s.Config
		config.Settings = map[string]string{}
		for name, value := range s.Config.Settings {
			if name != setting.Name {
				config.Settings[name] = value
			}
		}
		_, err := s.Platform.New(config)
		if err == nil || !strings.Contains(err.Error(), setting.Name) {
			t.Errorf("without %s: got %v, want an error that names it", setting.Name, err)
		}
	}
}

func lowerCaseHeaders(t *testing.T, e platform.Endpoint) {
	for _, name := range e.Headers() {
		if name != strings.ToLower(name) {
			t.Errorf("header %s is not in lower case", name)
		}
	}
}

// Deliver returns the delivery that an accepted request becomes: only the
// headers that the endpoint lists are kept.
func Deliver(e platform.Endpoint, system string, req platform.Request) commerce.Delivery {
	topic, id := e.Identify(req)
	header := map[string]string{}
	for _, name := range e.Headers() {
		if v := req.Header.Get(name); v != "" {
			header[name] = v
		}
	}
	return commerce.Delivery{
		ID: id, System: system, Topic: topic, Received: req.Received,
		Header: header, Query: platform.KeptQuery(e, req.Query), Body: req.Body,
	}
}

// With returns the request with one header replaced, or removed when no value
// is given. The original is left alone.
func With(req platform.Request, header string, values ...string) platform.Request {
	req.Header = req.Header.Clone()
	if len(values) == 0 {
		req.Header.Del(header)
	} else {
		req.Header[http.CanonicalHeaderKey(header)] = values
	}
	return req
}
