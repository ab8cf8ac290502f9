package platformtest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"testing"

	"github.com/plumbline/plumbline/internal/shape"
)

// shapes is the folder of what is read of each platform, beside package shape.
const shapes = "../../shape/read"

// suites are the shapes that the suites of each platform have read in this run:
// a platform may have several, one for each way to set it up.
var suites = struct {
	sync.Mutex
	read map[string]map[string]shape.Shape
}{read: map[string]map[string]shape.Shape{}}

// shapesAreKnown: what package shape knows of the platform has all that it reads.
// A path is read when the reading without it is another.
func (s Suite) shapesAreKnown(t *testing.T, cases []Case) {
	suites.Lock()
	defer suites.Unlock()
	want := suites.read[s.Platform.Name]
	if want == nil {
		want = map[string]shape.Shape{}
		suites.read[s.Platform.Name] = want
	}
	for _, c := range cases {
		s.addRead(want, c)
	}
	path := filepath.Join(shapes, s.Platform.Name+".json")
	if *update {
		writeJSON(t, path, want)
	}
	known := map[string]shape.Shape{}
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, &known)
	}
	if err != nil {
		t.Fatalf("%v; `make golden` writes it", err)
	}
	for topic, read := range want {
		for path, types := range read {
			if known[topic][path]&types != types {
				t.Errorf("%s: %q is read as %s and known as %q (`make golden` rewrites what is known)", topic, path, types, known[topic][path])
			}
		}
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
