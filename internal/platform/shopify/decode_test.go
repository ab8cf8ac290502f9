package shopify

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// malformed are bodies that Shopify never sends, and whether they are read all
// the same. What is read must be the same with either decoder.
var malformed = []struct {
	name, body string
	read       bool
}{
	{"nothing", ``, false},
	{"white space", " \n", false},
	{"null", `null`, true},
	{"a list", `[{"id":1}]`, false},
	{"a text", `"id"`, false},
	{"a number", `7`, false},
	{"two documents", `{"id":1}{"id":2}`, false},
	{"trailing text", `{"id":1} x`, false},
	{"trailing comma", `{"id":1,}`, false},
	{"trailing NUL", "{\"id\":1}\x00", false},
	{"NUL and more", "{\"id\":1}\x00{}", false},
	{"cut off", `{"id":1,"name":"#US`, false},
	{"missing comma, not read", `{"x":[1 2],"id":1}`, false},
	{"missing colon, not read", `{"x":{"a" 1},"id":1}`, false},
	{"one name twice", `{"id":1,"id":2}`, false},
	{"one name twice, same value", `{"id":1,"id":1}`, false},
	{"one name in two spellings", `{"id":1,"ID":2}`, false},
	{"one name escaped", `{"id":1,"\u0069d":2}`, false},
	{"one name folded to another", "{\"te\u017ft\":true,\"id\":1}", true},
	{"a list twice", `{"line_items":[{"sku":"A"}],"line_items":[{"quantity":1,"sku":"B"}]}`, false},
	{"one name twice, not read", `{"x":1,"x":2,"id":1}`, true},
	{"text for a list", `{"line_items":"none"}`, false},
	{"object for a list", `{"line_items":{}}`, false},
	{"list for an object", `{"total_price_set":[]}`, false},
	{"null for a list", `{"line_items":null,"id":1}`, true},
	{"null in a list", `{"line_items":[null],"id":1}`, true},
	{"64 deep", `{"x":` + strings.Repeat("[", 63) + strings.Repeat("]", 63) + `}`, true},
	{"65 deep", `{"x":` + strings.Repeat("[", 64) + strings.Repeat("]", 64) + `}`, false},
	{"brackets in texts", `{"x":"` + strings.Repeat(`[\"{\\`, 100) + `","id":1}`, true},
	{"10,001 deep", strings.Repeat(`{"x":`, 10001) + "1" + strings.Repeat("}", 10001), false},
	{"bad UTF-8", "{\"name\":\"\xff\"}", false},
	{"bad UTF-8, not read", "{\"x\":\"\xc0\xaf\"}", false},
	{"byte order mark", "\xef\xbb\xbf{\"id\":1}", false},
	{"lone surrogate", `{"name":"\ud800"}`, true},
	{"raw newline in a text", "{\"name\":\"a\nb\"}", false},
	{"raw control character, not read", "{\"x\":\"a\x01b\"}", false},
	{"bad escape", `{"name":"\x41"}`, false},
	{"bad escape, not read", `{"x":"\u12g4"}`, false},
	{"leading zero", `{"id":01}`, false},
	{"plus sign", `{"id":+1}`, false},
	{"bare point", `{"id":1.}`, false},
	{"hexadecimal", `{"id":0x10}`, false},
	{"NaN", `{"id":NaN}`, false},
	{"infinity, not read", `{"x":-Infinity}`, false},
	{"exponent", `{"id":1e400}`, true},
	{"10,000 digits", `{"id":` + strings.Repeat("9", 10000) + `}`, true},
	{"comment", `{"id":1/* */}`, false},
	{"single quotes", `{'id':1}`, false},
	{"capital literal", `{"test":True}`, false},
	{"literal with a tail", `{"test":truely}`, false},
	{"prototype names", `{"__proto__":{"id":2},"constructor":1,"id":1}`, true},
}

// peer is the same reading with the standard library alone.
func peer(raw []byte, shape any) error {
	if !utf8.Valid(raw) {
		return errors.New("no UTF-8")
	}
	if err := json.Unmarshal(raw, shape); err != nil {
		return err
	}
	depth, d := 0, json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	for {
		token, err := d.Token()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case token == json.Delim('{') || token == json.Delim('['):
			depth++
		case token == json.Delim('}') || token == json.Delim(']'):
			depth--
		}
		if depth > 64 {
			return errors.New("too deep")
		}
	}
}

func TestMalformedBodiesAreReadAsTheStandardLibraryReadsThem(t *testing.T) {
	for _, tc := range malformed {
		got := same(t, tc.name, []byte(tc.body))
		if got != tc.read {
			t.Errorf("%s: read %t, want %t", tc.name, got, tc.read)
		}
	}
}

// same reports whether both decoders read a body, and to the same fields.
func same(t *testing.T, name string, raw []byte) bool {
	t.Helper()
	var ours, theirs order
	err, peerErr := body.Decode(raw, &ours), peer(bytes.Clone(raw), &theirs)
	if (err == nil) != (peerErr == nil) {
		t.Errorf("%s: got %v, the standard library %v", name, err, peerErr)
	}
	if err == nil && !reflect.DeepEqual(ours, theirs) {
		t.Errorf("%s: the fields differ", name)
	}
	var problem *platform.BodyError
	if err != nil && !errors.As(err, &problem) {
		t.Errorf("%s: %v is not a *platform.BodyError", name, err)
	}
	return err == nil
}

func TestStructureErrorsSayWhere(t *testing.T) {
	for text, want := range map[string]string{
		`[]`:                      "body: want an object",
		`{"line_items":"x"}`:      "line_items: want a list",
		`{"tax_lines":{"a":1}}`:   "tax_lines: want a list",
		`{"total_price_set":"5"}`: "total_price_set: want an object",
		`{"id":1,"id":1}`:         "body: want every name once in an object",
		`{`:                       "body: want one JSON object and nothing else",
	} {
		if err := body.Decode([]byte(text), new(order)); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

func TestFieldsKeepEveryDigit(t *testing.T) {
	var o order
	if err := body.Decode([]byte(`{"id":9007199254740993001,"total_price":19.90,"total_tax":"0.10"}`), &o); err != nil {
		t.Fatal(err)
	}
	if string(o.ID) != "9007199254740993001" || string(o.TotalPrice) != "19.90" || string(o.TotalTax) != `"0.10"` {
		t.Errorf("got %s, %s, %s", o.ID, o.TotalPrice, o.TotalTax)
	}
}

func TestFieldsTellAbsentFromNull(t *testing.T) {
	var o order
	if err := body.Decode([]byte(`{"cancelled_at":null,"test":false}`), &o); err != nil {
		t.Fatal(err)
	}
	if !o.CancelledAt.Null() || o.CancelledAt.Absent() || o.CancelledAt.Given() {
		t.Error("null is not null")
	}
	if !o.UpdatedAt.Absent() || o.UpdatedAt.Null() || o.UpdatedAt.Given() {
		t.Error("absent is not absent")
	}
	if !o.Test.Given() {
		t.Error("false is not given")
	}
}

func FuzzDecode(f *testing.F) {
	for _, tc := range malformed {
		f.Add([]byte(tc.body))
	}
	paths, err := filepath.Glob("../../../events/shopify/*.body.json")
	if err != nil || len(paths) == 0 {
		f.Fatal("no samples", err)
	}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) { same(t, "body", raw) })
}
