package change_test

import (
	"errors"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/plumbline/plumbline/internal/change"
)

// Any body is a change within its bounds or a problem with its place, and what is
// taken is JSON to the strict decoder.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"id":"1","at":"2026-11-23T14:02:00Z","what":"job Sync Stock finished"}`, `{"id":"1","id":"2"}`, `{"id":1}`, `[]`, "", `{"id":"1","at":"2026-11-23T14:02:00Z","what":"a\u2028b"}`,
		`{"id":"1","at":"2026-11-23T14:02:00Z","what":"x","url":"https://ci.acme.example/1"}`, `{"id":"1","at":"2026-11-23T14:02:00Z","what":"\ud800"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := change.Parse(body, two, known)
		var problem *change.Problem
		switch {
		case err != nil && !errors.As(err, &problem):
			t.Errorf("%v has no place", err)
		case err == nil && (!jsontext.Value(body).IsValid() || got.ID == "" || len(got.ID) > 100 || got.What == "" || got.At.IsZero()):
			t.Errorf("%q is taken as %+v", body, got)
		}
	})
}
