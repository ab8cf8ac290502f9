package commerce_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
)

// allKinds are the kinds of rules and those of Plumbline's own rows.
var allKinds = append(commerce.Kinds(), commerce.Link, commerce.Mapping)

func TestRecordIDsCarryTheLengthOfEachPart(t *testing.T) {
	for want, key := range map[commerce.RecordID]commerce.Key{
		"inventory|7:MUG-BLU|4:east":        {"MUG-BLU", "east"},
		"inventory|13:a|4:west|1:xy|4:east": {"a|4:west|1:xy", "east"},
		"inventory|6:Größ|1:1":              {"Größ", "1"},
		"inventory|0:|4:east":               {"", "east"},
		"inventory|3:7:x|10:north west":     {"7:x", "north west"},
	} {
		if got := key.ID(commerce.Inventory); got != want {
			t.Errorf("%q has id %s, want %s", key, got, want)
		}
	}
}

func TestRecordIDRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind, key := drawKey(t, "key")
		gotKind, gotKey, err := key.ID(kind).Parse()
		if err != nil || gotKind != kind || !slices.Equal(gotKey, key) {
			t.Fatalf("%s %q comes back as %s %q, %v", kind, key, gotKind, gotKey, err)
		}
	})
}

// The id is the row's key: two records never share one.
func TestTwoKeysNeverShareAnID(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kindA, a := drawKey(t, "a")
		kindB, b := drawKey(t, "b")
		if same := kindA == kindB && slices.Equal(a, b); (a.ID(kindA) == b.ID(kindB)) != same {
			t.Fatalf("%s %q and %s %q: %s, %s", kindA, a, kindB, b, a.ID(kindA), b.ID(kindB))
		}
	})
}

func TestOnlyRecordIDsParse(t *testing.T) {
	for _, id := range []commerce.RecordID{
		"", "|", "product", "product|", "product|3:abc|", "product|3:ab", "product|3:abcd", "product|3abc", "product|x:abc",
		"product|-1:", "product|+3:abc", "product|03:abc", "product| 3:abc", "product|99999999999999999999:abc",
		"product|3:abc|3:abc", "inventory|3:abc", "inventory|3:abc3:abc", "basket|3:abc", "|3:abc", "Product|3:abc",
	} {
		if kind, key, err := id.Parse(); !errors.Is(err, commerce.ErrKey) {
			t.Errorf("%q is %s %q, %v", id, kind, key, err)
		}
	}
}

func FuzzRecordIDParse(f *testing.F) {
	for _, seed := range []string{"inventory|7:MUG-BLU|4:east", "product|0:", "order|1:a|+1:b", "link|1:|1:|1:|", "price|3:a|b|1:c", "\xff|1:\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		kind, key, err := commerce.RecordID(text).Parse()
		if err == nil && key.ID(kind) != commerce.RecordID(text) {
			t.Fatalf("%q parses and has id %q", text, key.ID(kind))
		}
	})
}

func TestKeysAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct {
		kind commerce.Kind
		text string
		want commerce.Key
	}{
		{commerce.Product, "MUG-BLU", commerce.Key{"MUG-BLU"}},
		{commerce.Product, "MUG/BLU@2", commerce.Key{"MUG/BLU@2"}},
		{commerce.Inventory, "MUG-BLU@east", commerce.Key{"MUG-BLU", "east"}},
		{commerce.Inventory, "MUG@BLU@east", commerce.Key{"MUG@BLU", "east"}},
		{commerce.Inventory, "MUG/BLU@east", commerce.Key{"MUG/BLU", "east"}},
		{commerce.Price, "MUG-BLU@base", commerce.Key{"MUG-BLU", "base"}},
		{commerce.Order, "shopify-us/US1042", commerce.Key{"shopify-us", "US1042"}},
		{commerce.Order, "shopify-us/US/1042", commerce.Key{"shopify-us", "US/1042"}},
		{commerce.Shipment, "shopify-us/US1042/1Z999/2", commerce.Key{"shopify-us", "US1042", "1Z999/2"}},
		{commerce.Refund, "shopify-us/US1042", commerce.Key{"shopify-us", "US1042"}},
		{commerce.Mapping, "shopify-us/location/655441599", commerce.Key{"shopify-us", "location", "655441599"}},
	} {
		got, err := commerce.ParseKey(c.kind, c.text)
		if err != nil || !slices.Equal(got, c.want) || got.Text(c.kind) != c.text {
			t.Errorf("%s %s = %q, %v; want %q", c.kind, c.text, got, err, c.want)
		}
	}
}

func TestKeysOfPeopleAreRefusedWithTheRightForm(t *testing.T) {
	for _, c := range []struct {
		kind       commerce.Kind
		text, want string
	}{
		{commerce.Inventory, "MUG-BLU", "sku@location"},
		{commerce.Inventory, "@east", "inventory without sku"},
		{commerce.Inventory, "MUG-BLU@", "inventory without location"},
		{commerce.Order, "US1042", "order takes store/number"},
		{commerce.Shipment, "shopify-us/US1042", "shipment takes store/number/tracking"},
		{commerce.Product, "", "product without sku"},
		{commerce.Product, strings.Repeat("x", 513), "a sku of 513 bytes, at most 512"},
	} {
		if key, err := commerce.ParseKey(c.kind, c.text); !errors.Is(err, commerce.ErrKey) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %.20q = %q, %v; want %q", c.kind, c.text, key, err, c.want)
		}
	}
	if _, err := commerce.ParseKey("basket", "1"); !errors.Is(err, commerce.ErrKey) {
		t.Errorf("a key of no kind: %v", err)
	}
}

func TestKeysKnowWhetherTheyAreComplete(t *testing.T) {
	for _, c := range []struct {
		key  commerce.Key
		want bool
	}{
		{commerce.Key{"MUG-BLU", "east"}, true}, {commerce.Key{"", "east"}, false}, {commerce.Key{"MUG-BLU", ""}, false}, {nil, false},
	} {
		if c.key.Complete() != c.want {
			t.Errorf("%q is complete: %t", c.key, !c.want)
		}
	}
}

// drawKey draws keys whose parts look like separators, lengths and whole ids,
// so that a careless joining would mix them up.
func drawKey(t *rapid.T, label string) (commerce.Kind, commerce.Key) {
	kind := rapid.SampledFrom(allKinds).Draw(t, label+" kind")
	part := rapid.OneOf(
		rapid.StringMatching(`[|:@/0-9a]{0,6}`),
		rapid.StringMatching(`(\|?[0-9]:a){1,3}`),
		rapid.String(),
	)
	n := len(kind.KeyParts())
	return kind, rapid.SliceOfN(part, n, n).Draw(t, label+" parts")
}
