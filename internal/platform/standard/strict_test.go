package standard

import (
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// FuzzParse_AcceptsNoMoreThanTheStrictDecoder: every name stands once in an
// object, all text is UTF-8, and no half of a surrogate pair is left.
func FuzzParse_AcceptsNoMoreThanTheStrictDecoder(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,-2.50e+3,true,false,null],"b":{"c":"d\u00e9\ud83d\ude00\n"}}`, `{"a":1,"a":2}`, `{"a":1,"\u0061":2}`, `{"a":"\ud800"}`,
		`{"a":"\udc00\ud800"}`, "{\"a\":\"\x7f\"}", "{\"a\":\"\xed\xa0\x80\"}", `{"a":01}`, `{"a":1}{}`, "\ufeff{}", `{"a":-0}`, `{"a":1e999}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if _, problem := parse(body); problem == nil && !jsontext.Value(body).IsValid() {
			t.Errorf("%q is accepted", body)
		}
	})
}
