package platformtest

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

// The golden form of a reading: made for people, stable, and without what can
// be computed from the rest (the content hash of versions).
type goldenReading struct {
	Error        []string            `json:"error,omitempty"`
	Ignored      string              `json:"ignored,omitempty"`
	Observations []goldenObservation `json:"observations,omitempty"`
	Erase        []goldenErasure     `json:"erase,omitempty"`
	Fetch        []platform.Fetch    `json:"fetch,omitempty"`
}

type goldenObservation struct {
	System      string             `json:"system"`
	Kind        string             `json:"kind"`
	Key         []string           `json:"key"`
	Via         *goldenVia         `json:"via,omitempty"`
	Part        string             `json:"part"`
	Native      string             `json:"native"`
	Slot        string             `json:"slot"`
	Version     goldenVersion      `json:"version"`
	Gone        bool               `json:"gone,omitempty"`
	SucceededBy string             `json:"succeeded_by,omitempty"`
	Created     string             `json:"created,omitempty"`
	Facets      map[string]*string `json:"facets,omitempty"`
	Lines       []goldenLine       `json:"lines,omitempty"`
}

type goldenVia struct {
	Type   string `json:"type"`
	Native string `json:"native"`
	Each   bool   `json:"each,omitempty"`
}

type goldenVersion struct {
	Clock      string `json:"clock"`
	ReadBack   bool   `json:"read_back,omitempty"`
	Sequence   uint64 `json:"sequence,omitempty"`
	Normaliser uint16 `json:"normaliser"`
}

type goldenLine struct {
	SKU      string `json:"sku"`
	Location string `json:"location"`
	Units    string `json:"units"`
}

type goldenErasure struct {
	System string   `json:"system"`
	Native string   `json:"native"`
	Hash   string   `json:"hash"`
	Orders []string `json:"orders,omitempty"`
}

// golden: the reading is what <name>.want.json says.
func (s Suite) golden(t *testing.T, c Case) {
	got := render(c.Endpoint.Normalise(c.Delivery))
	path := filepath.Join(s.Dir, c.Name+wantFile)
	if *update {
		writeJSON(t, path, got)
		return
	}
	var want goldenReading
	dec := json.NewDecoder(bytes.NewReader(readFile(t, path)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&want); err != nil {
		t.Fatalf("read %s: %v", path, err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reading differs (-want +got):\n%s", diff)
	}
}

func render(r platform.Reading, err error) goldenReading {
	var g goldenReading
	if err != nil {
		g.Error = strings.Split(err.Error(), "\n")
	}
	g.Ignored = r.Ignored
	for _, o := range r.Observations {
		g.Observations = append(g.Observations, renderObservation(o))
	}
	for _, e := range r.Erase {
		g.Erase = append(g.Erase, goldenErasure(e))
	}
	g.Fetch = r.Fetch
	return g
}

func renderObservation(o commerce.Observation) goldenObservation {
	parts := o.Version.Parts()
	g := goldenObservation{
		System: o.System, Kind: string(o.Kind), Key: o.Key, Part: o.Part, Native: o.Native, Slot: o.Slot,
		Version: goldenVersion{instant(parts.Clock), parts.ReadBack, parts.Sequence, parts.Normaliser},
		Gone:    o.Gone, SucceededBy: o.SucceededBy, Created: instant(o.Created),
	}
	if o.Via != nil {
		g.Via = &goldenVia{o.Via.Type, o.Via.Native, o.Via.Each}
	}
	if len(o.Facets) > 0 {
		g.Facets = map[string]*string{}
	}
	for name, v := range o.Facets {
		g.Facets[name] = nil
		if !v.IsNull() {
			text := v.String()
			g.Facets[name] = &text
		}
	}
	for _, l := range o.Lines {
		g.Lines = append(g.Lines, goldenLine{l.SKU, l.Location, l.Units.String()})
	}
	return g
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
