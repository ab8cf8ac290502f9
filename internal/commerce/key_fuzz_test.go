package commerce_test

import (
	"slices"
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
)

// What people write is one key, written again it is the same text and the same
// key, and no two texts of a kind are one record.
func FuzzParseKey(f *testing.F) {
	for i := range allKinds {
		for _, seed := range []string{"MUG-BLU@east", "a@b@east", "shopify-us/US1042", "a/b/c", "@", "/", "", "|4:east", "Größe@\x00"} {
			f.Add(i, seed, seed+"/")
		}
	}
	f.Fuzz(func(t *testing.T, n int, text, other string) {
		kind := allKinds[(n%len(allKinds)+len(allKinds))%len(allKinds)]
		key, err := commerce.ParseKey(kind, text)
		if err != nil {
			return
		}
		again, err := commerce.ParseKey(kind, key.Text(kind))
		if err != nil || key.Text(kind) != text || !slices.Equal(again, key) {
			t.Errorf("%s %q is %q, and then %q, %v", kind, text, key, again, err)
		}
		if second, err := commerce.ParseKey(kind, other); err == nil && (second.ID(kind) == key.ID(kind)) != (text == other) {
			t.Errorf("%s %q and %q have the ids %s and %s", kind, text, other, key.ID(kind), second.ID(kind))
		}
	})
}
