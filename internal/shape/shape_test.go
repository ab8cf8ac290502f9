package shape_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/shape"
)

func shapeOf(t testing.TB, body string) shape.Shape {
	t.Helper()
	s, ok := shape.Of([]byte(body))
	if !ok {
		t.Fatalf("%s has no shape", body)
	}
	return s
}

func TestOf_PathsAndTypesWithoutValues(t *testing.T) {
	got := shapeOf(t, `{"id":1,"lines":[{"sku":"A","price":null},{"sku":"B","price":1.5}],"by_id":{"42":{"n":true}},"gone":null,"none":[]}`)
	want := shape.Shape{
		"": shape.Object, "id": shape.Number, "lines": shape.List, "lines[]": shape.Object, "lines[].sku": shape.Text,
		"lines[].price": shape.Number | shape.Null, "by_id": shape.Object, "by_id.*": shape.Object, "by_id.*.n": shape.Bool,
		"gone": shape.Null, "none": shape.List,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, body := range []string{"", "{", "<a/>", "{} {}", "a=b"} {
		if _, ok := shape.Of([]byte(body)); ok {
			t.Errorf("%q has a shape", body)
		}
	}
}

func TestOf_IsBounded(t *testing.T) {
	var b strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&b, `,"k%d":1`, i)
	}
	if n := len(shapeOf(t, "{"+b.String()[1:]+"}")); n > 5000 {
		t.Errorf("%d paths", n)
	}
	if n := len(shapeOf(t, strings.Repeat("[", 500)+strings.Repeat("]", 500))); n > 40 {
		t.Errorf("%d paths of a deep body", n)
	}
}

func TestWithout_LeavesOutOnePathAndNothingElse(t *testing.T) {
	const body = `{"a":[{"b":1,"c":2},{"b":3}],"d":{"7":{"e":1},"8":{"e":2}}}`
	for path, want := range map[string]string{
		"a[].b": `{"a":[{"c":2},{}],"d":{"7":{"e":1},"8":{"e":2}}}`,
		"a[]":   `{"a":[],"d":{"7":{"e":1},"8":{"e":2}}}`,
		"a":     `{"d":{"7":{"e":1},"8":{"e":2}}}`,
		"d.*.e": `{"a":[{"b":1,"c":2},{"b":3}],"d":{"7":{},"8":{}}}`,
	} {
		got, removed := shape.Without([]byte(body), path)
		if !removed || string(got) != want {
			t.Errorf("without %s: %s, want %s", path, got, want)
		}
	}
	if _, removed := shape.Without([]byte(body), "a[].x"); removed {
		t.Error("what is not there was removed")
	}
}

// topic is what is read of orders.
var topic = shape.Shape{
	"": shape.Object, "total": shape.Text, "tip": shape.Text | shape.Null, "lines": shape.List, "lines[]": shape.Object, "lines[].sku": shape.Text,
	"empty": shape.Null,
}

const usualOrder = `{"total":"1.00","tip":null,"lines":[{"sku":"A"}],"note":"x"}`

// after is what is known after so many of each of the bodies, in turn.
func after(t testing.TB, n int, k shape.Known, bodies ...string) shape.Known {
	t.Helper()
	for range n {
		for _, body := range bodies {
			k, _ = k.See(topic, shapeOf(t, body))
		}
	}
	return k
}

func told(k shape.Known) string {
	var all []string
	for _, d := range k.Differences() {
		all = append(all, d.String())
	}
	return strings.Join(all, "; ")
}

func TestKnown_TellsWhatChangedOfWhatIsRead(t *testing.T) {
	for name, c := range map[string]struct{ before, body, want string }{
		"nothing":                        {usualOrder, usualOrder, ""},
		"retyped":                        {usualOrder, `{"total":1,"tip":null,"lines":[{"sku":"A"}]}`, "total is a number, it was text"},
		"vanished":                       {usualOrder, `{"tip":null,"lines":[{"sku":"A"}]}`, "total is not sent any more, it was text"},
		"vanished within a list":         {usualOrder, `{"total":"1","tip":null,"lines":[{}]}`, "lines[].sku is not sent any more, it was text"},
		"a whole list vanished":          {usualOrder, `{"total":"1","tip":null}`, "lines is not sent any more, it was a list"},
		"wrapped":                        {usualOrder, `[{"total":"1"}]`, " is a list, it was an object; lines is not sent any more, it was a list; tip is not sent any more, it was text or null; total is not sent any more, it was text"},
		"what nobody reads":              {usualOrder, `{"total":"1","tip":null,"lines":[{"sku":"A"}],"new":{"a":1}}`, ""},
		"an empty list":                  {usualOrder, `{"total":"1","tip":null,"lines":[]}`, ""},
		"a type that the reader knows":   {usualOrder, `{"total":"1","tip":"2.00","lines":[{"sku":"A"}]}`, ""},
		"what was always null":           {`{"total":"1","tip":null,"lines":[],"empty":null}`, `{"total":"1","tip":null,"lines":[],"empty":{}}`, ""},
		"what was not always there":      {`{"total":"1","lines":[{"sku":"A"}]}`, `{"total":"1","lines":[{"sku":"A"}]}`, ""},
		"what was null sometimes learnt": {`{"total":null,"tip":null,"lines":[]}`, `{"total":null,"tip":null,"lines":[]}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			k := after(t, 30, shape.Known{}, c.before)
			if got := told(after(t, 9, k, c.body)); got != "" {
				t.Errorf("told after nine deliveries: %s", got)
			}
			k = after(t, 10, k, c.body)
			if got := told(k); got != c.want {
				t.Errorf("told %q, want %q", got, c.want)
			}
			if got := told(after(t, 4, k, c.before)); got != c.want {
				t.Errorf("over after four usual deliveries: %q", got)
			}
			if got := told(after(t, 5, k, c.before)); got != "" {
				t.Errorf("not over after five usual deliveries: %q", got)
			}
		})
	}
}

func TestKnown_ExceptionsAreNoChange(t *testing.T) {
	k := after(t, 30, shape.Known{}, usualOrder)
	if got := told(after(t, 200, k, `{"lines":[{"sku":"A"}]}`, usualOrder)); got != "" {
		t.Errorf("every other delivery is odd, and that is told: %s", got)
	}
	if got := told(after(t, 100, shape.Known{}, usualOrder, `{"tip":"1","lines":[]}`)); got != "" {
		t.Errorf("what varied while it was learnt is told: %s", got)
	}
}

func TestKnown_CountsWhatNobodyReads(t *testing.T) {
	k := after(t, 40, shape.Known{}, usualOrder)
	if len(k.Unread) != 1 {
		t.Errorf("%d unread paths, want the note", len(k.Unread))
	}
	if _, worth := k.See(topic, shapeOf(t, usualOrder)); worth {
		t.Error("a usual delivery is worth storing")
	}
	next, worth := k.See(topic, shapeOf(t, `{"total":"1.00","tip":null,"lines":[{"sku":"A","gift":true}]}`))
	if !worth || len(next.Unread) != 2 || len(k.Unread) != 1 {
		t.Errorf("worth %v, %d unread paths; before %d", worth, len(next.Unread), len(k.Unread))
	}
}

func TestKnown_ComesBackAsItWasStoredWithoutAnyPathThatIsNotRead(t *testing.T) {
	k := after(t, 45, shape.Known{}, usualOrder, `{"dana@acme.example":1,"total":7}`)
	text, err := json.Marshal(k)
	if err != nil || strings.Contains(string(text), "dana") {
		t.Fatalf("%v: %s", err, text)
	}
	var back shape.Known
	if err := json.Unmarshal(text, &back); err != nil || cmp.Diff(k, back) != "" {
		t.Errorf("%v: %s", err, cmp.Diff(k, back))
	}
}

// TestOf_AnyBodyHasAShapeThatItsOwnReadingKnows: what is as it always was is
// never a difference.
func TestOf_AnyBodyHasAShapeThatItsOwnReadingKnows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body, err := json.Marshal(rapid.MapOf(rapid.StringN(0, 4, -1), rapid.OneOf(
			rapid.Just[any](nil), rapid.Just[any]("x"), rapid.Just[any](1), rapid.Just[any]([]any{map[string]any{"a": 1}}),
		)).Draw(t, "body"))
		if err != nil {
			t.Fatal(err)
		}
		s, ok := shape.Of(body)
		if !ok {
			t.Fatalf("%s has no shape", body)
		}
		k := shape.Known{}
		for range 50 {
			k, _ = k.See(s, s)
		}
		if d := k.Differences(); len(d) > 0 {
			t.Errorf("%s: %v", body, d)
		}
	})
}

func TestRead_KnowsEveryPlatformThatHasAFile(t *testing.T) {
	files, err := filepath.Glob("read/*.json")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		if shape.Read(strings.TrimSuffix(filepath.Base(f), ".json")) == nil {
			t.Errorf("%s cannot be read", f)
		}
	}
	if shape.Read("nobody") != nil {
		t.Error("something is known of a platform that there is not")
	}
}
