package platformtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

// cuts is how many lengths of a cut off body are read.
const cuts = 16

// farAhead is how far a source's clock may be ahead before the delivery is a
// case for quarantine.
const farAhead = 24 * time.Hour

// reading: what is read is pure, well formed and without personal data.
func (s Suite) reading(t *testing.T, c Case) {
	body := bytes.Clone(c.Delivery.Body)
	reading, err := s.normalise(t, c.Endpoint, c.Delivery)
	s.private(t, reading, err)
	s.secretless(t, c)
	if !bytes.Equal(body, c.Delivery.Body) {
		t.Error("the body was changed by reading it")
	}
	if text, ok := s.BigIDs[c.Name]; ok && !strings.Contains(tell(reading, err), text) {
		t.Errorf("%s is not in the reading, exactly", text)
	}
	if s.UnknownTopic == "" {
		return
	}
	unknown := c.Delivery
	unknown.Topic = s.UnknownTopic
	reading, err = s.normalise(t, c.Endpoint, unknown)
	if err != nil || reading.Ignored == "" || len(reading.Observations) > 0 {
		t.Errorf("unknown topic: got %s, want a reading that is ignored", tell(reading, err))
	}
}

// truncated: a body that was cut off anywhere is an error or a reading.
func (s Suite) truncated(t *testing.T, c Case) {
	for i := range cuts {
		d := c.Delivery
		d.Body = d.Body[:i*len(d.Body)/cuts]
		reading, err := s.normalise(t, c.Endpoint, d)
		s.private(t, reading, err)
	}
}

// normalise reads a delivery twice and checks what holds for any body.
func (s Suite) normalise(t testing.TB, e platform.Endpoint, d commerce.Delivery) (platform.Reading, error) {
	t.Helper()
	reading, err := e.Normalise(d)
	again, errAgain := e.Normalise(d)
	if !reflect.DeepEqual(reading, again) || fmt.Sprint(err) != fmt.Sprint(errAgain) {
		t.Errorf("two readings differ:\n%s\n%s", tell(reading, err), tell(again, errAgain))
	}
	var problem *platform.BodyError
	if err != nil && !errors.As(err, &problem) {
		t.Errorf("got %v, want a *platform.BodyError", err)
	}
	if err != nil && !reflect.ValueOf(reading).IsZero() {
		t.Errorf("an error with a reading: %s", tell(reading, err))
	}
	if err == nil && (reading.Ignored == "") != (len(reading.Observations)+len(reading.Erase)+len(reading.Fetch) > 0) {
		t.Errorf("a reading has a content or a reason why not: %s", tell(reading, nil))
	}
	for _, o := range reading.Observations {
		s.wellFormed(t, o, d.Received)
	}
	return reading, err
}

// private: neither a reading nor an error holds personal data of the samples.
func (s Suite) private(t testing.TB, reading platform.Reading, err error) {
	t.Helper()
	text := tell(reading, err)
	for _, canary := range s.canaries(t) {
		if strings.Contains(text, canary) {
			t.Errorf("personal data %q in %s", canary, text)
		}
	}
}

// secretless: outside its body a delivery keeps no secret.
func (s Suite) secretless(t *testing.T, c Case) {
	t.Helper()
	kept := c.Delivery.Query
	for _, value := range c.Delivery.Header {
		kept += " " + value
	}
	if strings.Contains(kept, string(s.Secret)) {
		t.Error("the delivery keeps the secret")
	}
}

func (s Suite) wellFormed(t testing.TB, o commerce.Observation, received time.Time) {
	t.Helper()
	problem := func(format string, args ...any) {
		t.Helper()
		t.Errorf("%s %q %s: %s", o.Kind, o.Key, o.Part, fmt.Sprintf(format, args...))
	}
	if o.System != s.Config.System {
		problem("system %q, want %q", o.System, s.Config.System)
	}
	names := o.Kind.KeyParts()
	if len(names) == 0 || len(o.Key) != len(names) {
		problem("want a known kind and the key parts %v", names)
	}
	if _, err := commerce.NewKey(o.Kind, o.Key...); err != nil && o.Via == nil {
		problem("no link fills the key: %v", err)
	}
	if o.Part == "" || o.Native == "" {
		problem("part %q, native %q: want both", o.Part, o.Native)
	}
	for name, v := range o.Facets {
		facet, ok := o.Kind.FacetOf(name)
		if !ok || (!v.IsNull() && v.Type() != facet.Type) {
			problem("facet %s is unknown or not a %s", name, facet.Type)
		}
	}
	if o.SucceededBy != "" && !o.Gone {
		problem("has a successor and is not gone")
	}
	checkVersion(o, received, problem)
}

// checkVersion: the version was stamped last, with a clock that can be right.
func checkVersion(o commerce.Observation, received time.Time, problem func(string, ...any)) {
	parts := o.Version.Parts()
	if o.Version.IsZero() || parts.Normaliser == 0 {
		problem("version without normaliser revision")
	}
	stamped := o
	stamped.Stamp(parts)
	if stamped.Version != o.Version {
		problem("the content was changed after it was stamped")
	}
	if parts.Clock.After(received.Add(farAhead)) {
		problem("clock %s is more than a day ahead of %s", parts.Clock, received)
	}
	if o.Kind == commerce.Mapping && !parts.Clock.Equal(received) {
		problem("a mapping row's clock is the received time")
	}
}

// tell writes everything that a reading or its error says.
func tell(reading platform.Reading, err error) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if encErr := enc.Encode(render(reading, err)); encErr != nil {
		return encErr.Error()
	}
	return b.String()
}
