package body_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/plumbline/plumbline/internal/platform/body"
)

// ours and theirs are one shape, for our decoder and for the strict one.
type ours struct {
	ID    body.Field `json:"id"`
	Name  body.Field `json:"name"`
	Lines []struct {
		SKU body.Field `json:"sku"`
		Qty body.Field `json:"qty"`
	} `json:"lines"`
}

type theirs struct {
	ID    jsontext.Value `json:"id"`
	Name  jsontext.Value `json:"name"`
	Lines []struct {
		SKU jsontext.Value `json:"sku"`
		Qty jsontext.Value `json:"qty"`
	} `json:"lines"`
}

// FuzzDecode holds the decoder against encoding/json/v2: what it accepts, that
// one accepts, with the same values. There are three differences: names are found
// in any case of their letters, a name that nobody reads may stand twice, and half
// of a surrogate pair is refused when its text is read.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"id":9007199254740993,"name":"d\u00e9\ud83d\ude00","lines":[{"sku":"A","qty":1.50},{}]}`,
		`{"ID":1}`, `{"other":1,"other":2}`, `{"id":1,"id":1}`, `{"name":"\ud800"}`, "{\"name\":\"\x01\"}", "\ufeff{}", `{"lines":null}`, `{"id":01}`, `{"id":-}`,
		`{"id":1,}`, `{"id" :1}x`, `{"other":"\q"}`, `{"other":tru}`, `{"other":.5}`, `{"other":1e}`, `{"\u0069d":1}`, "{\"id\":\"\u212a\"}", `{"lines":[1]}`, ` null`,
	} {
		f.Add([]byte(seed))
	}
	paths, err := filepath.Glob("../../../events/*/*.body.json")
	if err != nil || len(paths) < 100 {
		f.Fatal(len(paths), err)
	}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var got ours
		if body.Decode(raw, &got) != nil {
			return
		}
		var want theirs
		err := json.Unmarshal(raw, &want, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
		if err != nil {
			t.Fatalf("accepts what the strict decoder does not: %v", err)
		}
		same(t, "id", got.ID, want.ID)
		same(t, "name", got.Name, want.Name)
		if len(want.Lines) > 0 && len(got.Lines) != len(want.Lines) {
			t.Fatalf("%d lines, want %d", len(got.Lines), len(want.Lines))
		}
		for i, line := range want.Lines {
			same(t, "sku", got.Lines[i].SKU, line.SKU)
			same(t, "qty", got.Lines[i].Qty, line.Qty)
		}
	})
}

// same wants the value that stands under just this name, if any, and its text if
// it is one.
func same(t *testing.T, name string, got body.Field, want jsontext.Value) {
	t.Helper()
	if len(want) == 0 {
		return
	}
	if strings.TrimSpace(string(got)) != strings.TrimSpace(string(want)) {
		t.Fatalf("%s is %q, want %q", name, got, want)
	}
	if want[0] != '"' {
		return
	}
	var text string
	err := json.Unmarshal(want, &text)
	read, ok := got.Text()
	if ok != (err == nil) || ok && (read != text || !utf8.ValidString(read)) {
		t.Fatalf("%s is read as %q, %t, want %q, %v", name, read, ok, text, err)
	}
}
