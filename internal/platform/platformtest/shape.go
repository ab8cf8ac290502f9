package platformtest

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/shape"
)

// shapes is the folder of what is read of each platform, beside package shape.
const shapes = "../../shape/read"

// shapesAreKnown: what package shape knows of the platform is what it reads. A
// path is read when the reading without it is another.
func (s Suite) shapesAreKnown(t *testing.T, cases []Case) {
	want := map[string]shape.Shape{}
	for _, c := range cases {
		s.addRead(want, c)
	}
	path := filepath.Join(shapes, s.Platform.Name+".json")
	if *update {
		writeJSON(t, path, want)
	}
	got := map[string]shape.Shape{}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("%s is not there; `make golden` writes it", path)
	}
	if err == nil {
		err = json.Unmarshal(text, &got)
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v: %s is not what is read of the samples (`make golden` rewrites it):\n%s", err, path, diff)
	}
}

// addRead adds the paths of a sample that is usable, by its topic.
func (s Suite) addRead(topics map[string]shape.Shape, c Case) {
	all, ok := shape.Of(c.Delivery.Body)
	reading, err := c.Endpoint.Normalise(c.Delivery)
	if !ok || err != nil || reading.Ignored != "" {
		return
	}
	read := topics[c.Delivery.Topic]
	if read == nil {
		read = shape.Shape{}
	}
	for path, types := range all {
		without := c.Delivery
		var removed bool
		if without.Body, removed = shape.Without(c.Delivery.Body, path); path != "" && !removed {
			continue
		}
		if path != "" {
			if rest, err := c.Endpoint.Normalise(without); err == nil && reflect.DeepEqual(rest, reading) {
				continue
			}
		}
		read[path] |= types
	}
	topics[c.Delivery.Topic] = read
}
