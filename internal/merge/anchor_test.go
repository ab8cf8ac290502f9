package merge_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/record"
)

// told is a delivery about an account of the shop: its customer and its link.
func told(native, hash, phone string, change int) []commerce.Observation {
	link := knownBy("shop", native, change, "hash", hash, "phone", phone, "external", "shop/"+native)
	if hash == "" {
		return []commerce.Observation{link}
	}
	return []commerce.Observation{contact("shop", native, hash, change), link}
}

// known lists who is known by what: "phone/4711: shop 7 (dana)".
func (w *world) known(t testing.TB) []string {
	t.Helper()
	var known []string
	err := w.records.Scan(context.Background(), "", func(row record.Row) error {
		if row.Kind != commerce.Anchor && row.Kind != commerce.Customer {
			return nil
		}
		for _, v := range row.Views {
			if !v.Gone {
				known = append(known, line(row, v))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(known)
	return known
}

func line(row record.Row, v record.View) string {
	text := fmt.Sprintf("%s: %s %s", strings.Join(row.Key, "/"), v.System, v.Native)
	if hash, ok := v.Facets["hash"]; ok {
		text += " (" + hash.String() + ")"
	}
	return text
}

func (w *world) wantKnown(t testing.TB, want ...string) {
	t.Helper()
	slices.Sort(want)
	if diff := cmp.Diff(want, w.known(t)); diff != "" {
		t.Errorf("who is known by what (-want +got):\n%s", diff)
	}
}

func TestAnchor_AnAccountIsKnownByAllThatItIsToldBy(t *testing.T) {
	w := newPersonalWorld()
	w.deliver(t, told("7", "dana", "4711", 1)...)
	w.wantKnown(t, "dana: shop 7", "phone/4711: shop 7 (dana)", "external/shop/7: shop 7 (dana)")
	w.deliver(t, told("7", "dana", "4712", 2)...)
	w.wantKnown(t, "dana: shop 7", "phone/4712: shop 7 (dana)", "external/shop/7: shop 7 (dana)")
	w.deliver(t, told("7", "dana, newly", "", 3)...)
	w.wantKnown(t, "dana, newly: shop 7", "external/shop/7: shop 7 (dana, newly)")
	w.deliver(t, told("7", "", "4711", 4)...)
	w.wantKnown(t, "phone/4711: shop 7", "external/shop/7: shop 7")
}

func TestAnchor_AnAccountThatOnlyBuysCostsNothingMore(t *testing.T) {
	w := newPersonalWorld()
	w.deliver(t, told("7", "dana", "4711", 1)...)
	w.records.forget()
	w.deliver(t, told("7", "dana", "4711", 2)...)
	for _, id := range w.records.puts {
		if strings.HasPrefix(string(id), "anchor|") {
			t.Errorf("%s is written although nothing of it changed", id)
		}
	}
}

func TestAnchor_AnAddressThatIsToldLateIsNotTheAccountsAnyMore(t *testing.T) {
	w := newPersonalWorld()
	w.deliver(t, told("7", "dana, newly", "4712", 2)...)
	w.deliver(t, told("7", "dana", "4711", 1)...)
	w.wantKnown(t, "dana, newly: shop 7", "phone/4712: shop 7 (dana, newly)", "external/shop/7: shop 7 (dana, newly)")
}

func TestAnchor_EndsWithTheAccount(t *testing.T) {
	for name, successor := range map[string]string{"deleted": "", "merged into another one": "8"} {
		t.Run(name, func(t *testing.T) {
			w := newPersonalWorld()
			w.deliver(t, told("7", "dana", "4711", 1)...)
			w.deliver(t, told("8", "lee", "4711", 1)...)
			end := accountGone("7", 2)
			end.SucceededBy = successor
			w.deliver(t, observe(end, 2))
			w.wantKnown(t, "lee: shop 8", "phone/4711: shop 8 (lee)", "external/shop/8: shop 8 (lee)")
			for _, key := range []commerce.Key{{"external", "shop/7"}, {"phone", "4711"}} {
				if v := w.row(t, commerce.Anchor, key...).Views[0]; !v.Gone || v.SucceededBy != successor {
					t.Errorf("%v: gone %t, succeeded by %q", key, v.Gone, v.SucceededBy)
				}
			}
		})
	}
}

func TestAnchor_NothingIsKeptThatNoRuleAsksFor(t *testing.T) {
	w := newWorld()
	w.deliver(t, knownBy("shop", "7", 1, "hash", "dana", "phone", "4711"))
	w.wantKnown(t)
	link := w.row(t, commerce.Link, "shop", commerce.CustomerLink, "7")
	if link.SideOf("shop").Facets["phone"] != (commerce.Value{}) || len(link.Views) != 1 {
		t.Errorf("the link keeps %v", link.SideOf("shop").Facets)
	}
}

func TestAnchor_AnAccountOfManyNumbersIsNobodys(t *testing.T) {
	w := newPersonalWorld()
	for i := range 40 {
		w.deliver(t, told("7", "dana", fmt.Sprint(4700+i), i+1)...)
	}
	if n := len(w.row(t, commerce.Link, "shop", commerce.CustomerLink, "7").Views); n > 18 {
		t.Errorf("the link has grown to %d views", n)
	}
	w.wantKnown(t, "dana: shop 7", "external/shop/7: shop 7 (dana)")
}

// Whatever the order, the duplication and the failures: in the end an account is
// known by what its newest delivery says, and by nothing else.
func TestAnchor_AnyOrderLeavesWhatTheNewestDeliverySays(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newPersonalWorld()
		type state struct{ hash, phone string }
		newest := map[string]state{}
		var messages []merge.Message
		for change := range rapid.IntRange(1, 8).Draw(rt, "changes") {
			native := rapid.SampledFrom([]string{"7", "8"}).Draw(rt, "account")
			now := state{
				rapid.SampledFrom([]string{"dana", "lee", "kim"}).Draw(rt, "address"),
				rapid.SampledFrom([]string{"4711", "4712", ""}).Draw(rt, "phone"),
			}
			messages = append(messages, w.message(told(native, now.hash, now.phone, change+1)...))
			newest[native] = now
		}
		left := rapid.Permutation(append(slices.Clone(messages), messages[:len(messages)/2]...)).Draw(rt, "order")
		broken := rapid.SliceOfNDistinct(rapid.Int64Range(1, 30), 0, 6, rapid.ID).Draw(rt, "broken writes")
		var writes atomic.Int64 // rows of a batch are written side by side
		w.records.refuse = func(record.Row) error {
			if slices.Contains(broken, writes.Add(1)) {
				return errDown
			}
			return nil
		}
		for len(left) > 0 {
			m := left[0]
			left = left[1:]
			if failed := w.merge(t, m); failed != nil {
				left = append(left, m)
			}
		}
		var want []string
		for native, s := range newest {
			want = append(want, s.hash+": shop "+native, fmt.Sprintf("external/shop/%s: shop %s (%s)", native, native, s.hash))
			if s.phone != "" {
				want = append(want, fmt.Sprintf("phone/%s: shop %s (%s)", s.phone, native, s.hash))
			}
		}
		slices.Sort(want)
		if diff := cmp.Diff(want, w.known(t)); diff != "" {
			rt.Fatalf("(-want +got):\n%s", diff)
		}
	})
}
