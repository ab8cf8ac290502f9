package standard

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestBodyIsReadStrictly(t *testing.T) {
	for name, tc := range map[string]struct{ body, want string }{
		"nothing":                   {``, "body: want a JSON value at byte 0"},
		"two documents":             {`{} {}`, "body: want nothing behind the JSON document"},
		"no closing brace":          {`{"a":1`, "body: want a comma or } at byte 6"},
		"a trailing comma":          {`{"a":[1,]}`, "a[0]: want a JSON value at byte 8"},
		"a comment":                 {`{"a": /* 1 */ 1}`, "a: want a JSON value at byte 6"},
		"a name without quotes":     {`{a: 1}`, "body: want a member's name in quotes at byte 1"},
		"no colon":                  {`{"a" 1}`, "a: want a colon at byte 5"},
		"the same name twice":       {`{"a":{"b":1,"b":1}}`, "a.b: want each name once"},
		"a name escaped twice":      {`{"id":1,"\u0069d":1}`, "id: want each name once"},
		"a leading zero":            {`[01]`, "body: want a JSON number of at most 64 bytes at byte 3"},
		"NaN":                       {`{"a":NaN}`, "a: want a JSON value at byte 5"},
		"a very long number":        {`{"a":1` + strings.Repeat("0", 64) + `}`, "a: want a JSON number of at most 64 bytes at byte 70"},
		"no digit at the point":     {`{"a":1.}`, "a: want a JSON number of at most 64 bytes at byte 7"},
		"invalid UTF-8":             {"{\"a\":\"\xff\"}", "a: want valid UTF-8 and valid escapes at byte 7"},
		"half a surrogate pair":     {`{"a":"\ud800"}`, "a: want valid UTF-8 and valid escapes at byte 12"},
		"the halves swapped":        {`{"a":"\ude00\ud83d"}`, "a: want valid UTF-8 and valid escapes at byte 18"},
		"an unknown escape":         {`{"a":"\x41"}`, "a: want valid UTF-8 and valid escapes at byte 10"},
		"a raw newline":             {"{\"a\":\"\n\"}", "a: want control characters escaped at byte 6"},
		"a text without end":        {`{"a":"b`, "a: want a closing quote at byte 7"},
		"an escape at the end":      {`{"a":"b\`, "a: want a closing quote at byte 8"},
		"a byte order mark":         {"\xef\xbb\xbf{}", "body: want a JSON value at byte 0"},
		"a long text":               {`{"a":"` + strings.Repeat("x", 4097) + `"}`, "a: want a text of at most 4096 bytes at byte 4103"},
		"a name that is an address": {`{"dana@acme.example":{"a":x}}`, "?.a: want a JSON value at byte 26"},
	} {
		_, err := parse([]byte(tc.body))
		if err == nil || err.Error() != tc.want {
			t.Errorf("%s: got %v, want %s", name, err, tc.want)
		}
	}
}

func TestDepthAndMembersAreBounded(t *testing.T) {
	nested := func(n int) []byte { return []byte(strings.Repeat("[", n) + strings.Repeat("]", n)) }
	if _, err := parse(nested(maxDepth + 1)); err != nil {
		t.Errorf("%d levels: %v", maxDepth, err)
	}
	for _, n := range []int{maxDepth + 2, 1_000_000} {
		if _, err := parse(nested(n)); err == nil {
			t.Errorf("%d levels are accepted", n)
		}
	}
	wide := map[string]int{}
	for i := range maxMembers + 1 {
		wide[strings.Repeat("x", i+1)] = i
	}
	body, err := json.Marshal(wide)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parse(body); err == nil {
		t.Errorf("%d members are accepted", len(wide))
	}
}

func TestPathNamesEveryPlace(t *testing.T) {
	doc, err := parse([]byte(`{"a":[0,{"b":[[],[1]]}],"c":{"d":null}}`))
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for i := range doc {
		paths = append(paths, doc.path(i))
	}
	want := "body a a a[0] a[1] a[1].b a[1].b a[1].b[0] a[1].b[1] a[1].b[1][0] c c c.d c.d"
	if got := strings.Join(paths, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// FuzzParse holds the reader against the standard library: what it accepts is
// JSON, and means the same.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"a":[1,-2.50e+3,true,false,null],"b":{"c":"d\u00e9\ud83d\ude00\n"}}`))
	f.Add([]byte(`{"a":1,"a":2}`))
	f.Add([]byte("[\"\xff\"]"))
	f.Fuzz(func(t *testing.T, body []byte) {
		doc, problem := parse(body)
		if problem != nil {
			return
		}
		var want any
		dec := json.NewDecoder(strings.NewReader(string(body)))
		dec.UseNumber()
		if err := dec.Decode(&want); err != nil {
			t.Fatalf("accepted what is no JSON: %v", err)
		}
		got, err := json.Marshal(plain(doc, 0))
		if err != nil {
			t.Fatal(err)
		}
		if wanted, _ := json.Marshal(want); string(got) != string(wanted) {
			t.Errorf("got %s, want %s", got, wanted)
		}
	})
}

// plain is the node as encoding/json decodes it.
func plain(d document, i int) any {
	switch d[i].shape {
	case object:
		m := map[string]any{}
		for name, value := range d.members(i) {
			m[d[name].text] = plain(d, value)
		}
		return m
	case array:
		a := []any{}
		for value := range d.elements(i) {
			a = append(a, plain(d, value))
		}
		return a
	case text:
		return d[i].text
	case number:
		return json.Number(d[i].text)
	case boolean:
		return d[i].text == "true"
	default:
		return nil
	}
}
