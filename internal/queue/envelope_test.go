package queue

import (
	"errors"
	"flag"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
)

var update = flag.Bool("update", false, "rewrite golden files")

var received = time.Date(2026, 3, 3, 14, 14, 9, 123_456_789, time.UTC)

// sample has everything that an envelope can hold.
func sample() Envelope {
	o := commerce.Observation{
		System: "shopify-us", Kind: commerce.Order, Key: commerce.Key{"SHOPIFYUS", "US1042"}, Part: "order",
		Native: "5001", Slot: "order", Created: received.Add(-time.Hour), Gone: true, SucceededBy: "PSI-10441",
		Facets: commerce.Facets{
			"total": commerce.Number(commerce.MustDecimal("186.40")), "payment": commerce.Text(""), "cancelled": commerce.Bool(false),
			"created": commerce.Time(received), "tax": commerce.Null(), "units": commerce.Number(commerce.Decimal{}),
		},
		Lines: []commerce.Line{{SKU: "MUG-BLU", Location: "east", Units: commerce.Int(2)}, {Units: commerce.Int(-1)}},
	}
	o.Version = commerce.NewVersion(commerce.VersionParts{Clock: received, Sequence: 7, Normaliser: 1}, [8]byte{0xab, 0xcd})
	waiting := commerce.Observation{
		System: "shopify-us", Kind: commerce.Inventory, Key: commerce.Key{"", "east"}, Part: "level", Native: "4914/{variant}",
		Via: &commerce.Via{Type: "item", Native: "4914", Each: true},
	}
	return Envelope{
		Delivery: commerce.Delivery{
			ID: "b54557e4", System: "shopify-us", Topic: "orders/delete", Received: received,
			Header: map[string]string{"x-shopify-topic": "orders/delete"}, Query: "a=1&b=<2>", Body: []byte("{\"id\": 5001}\x00\xff"),
		},
		Observations: []commerce.Observation{o, waiting},
		Generation:   "g1", Reason: "the body is not readable", Codec: codec,
	}
}

func diff(want, got any) string {
	return cmp.Diff(want, got,
		cmpopts.EquateEmpty(),
		cmp.Comparer(func(a, b commerce.Value) bool { return a == b }),
		cmp.Comparer(func(a, b commerce.Decimal) bool { return a == b }))
}

// refused says which characters no queue has to take.
func refused(r rune) bool { return r < ' ' || r >= 0xfffe }

func encoded(t *testing.T, e Envelope) string {
	t.Helper()
	text, err := Encode(e)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestEnvelope_IsWrittenAsBefore(t *testing.T) {
	const golden = "testdata/envelope.json"
	got := encoded(t, sample()) + "\n"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	// How well a body is compressed may change with the library; what is read
	// may not.
	e, err := Decode(strings.TrimSpace(string(want)))
	if err != nil {
		t.Fatal(err)
	}
	if d := diff(sample(), e); d != "" {
		t.Error(d)
	}
	if withoutBody(string(want)) != withoutBody(got) {
		t.Errorf("written as\n%s, want\n%s", got, want)
	}
}

func withoutBody(text string) string {
	before, rest, _ := strings.Cut(text, `"body":"`)
	_, after, _ := strings.Cut(rest, `"`)
	return before + after
}

func TestEnvelope_ComesBackAsItWasSent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := sample()
		text := rapid.StringN(0, 10, -1)
		e.Delivery.Body = rapid.SliceOf(rapid.Byte()).Draw(t, "body")
		if len(e.Delivery.Body) == 0 {
			e.Delivery.Body = nil
		}
		e.Delivery.Header["x-odd"] = text.Draw(t, "header")
		e.Delivery.Query, e.Reason = text.Draw(t, "query"), text.Draw(t, "reason")
		e.Observations[0].Facets["payment"] = commerce.Text(text.Draw(t, "payment"))
		e.Observations[0].Facets["total"] = commerce.Number(commerce.Int(rapid.Int64Range(-1e17, 1e17).Draw(t, "total")))
		e.Observations[0].Key[1], e.Observations[0].Native = text.Draw(t, "key"), text.Draw(t, "native")
		e.Observations[0].Created = time.Unix(rapid.Int64Range(-1e10, 1e10).Draw(t, "created"), 7).UTC()
		message, err := Encode(e)
		if err != nil {
			t.Fatal(err)
		}
		if i := strings.IndexFunc(message, refused); i >= 0 || !utf8.ValidString(message) {
			t.Fatalf("SQS does not take byte %d of %q", i, message)
		}
		got, err := Decode(message)
		if err != nil {
			t.Fatal(err)
		}
		if d := diff(e, got); d != "" {
			t.Fatal(d)
		}
	})
}

func TestEnvelope_OddCharactersPass(t *testing.T) {
	e := sample()
	e.Reason = "\x00\t\u2028<&>\ufffe\uffff\ufffd😀\U0010ffff"
	message := encoded(t, e)
	if i := strings.IndexFunc(message, refused); i >= 0 {
		t.Errorf("SQS does not take byte %d of %q", i, message)
	}
	if got, err := Decode(message); err != nil || got.Reason != e.Reason {
		t.Errorf("got %q, %v", got.Reason, err)
	}
	e.Delivery.Header["x-latin"] = "caf\xe9"
	if got, err := Decode(encoded(t, e)); err != nil || got.Delivery.Header["x-latin"] != "caf\ufffd" {
		t.Errorf("a header that is not UTF-8: got %q, %v", got.Delivery.Header["x-latin"], err)
	}
}

func TestEnvelope_TimesBeyondTheCalendarBecomeTheNearest(t *testing.T) {
	e := sample()
	e.Observations[0].Created = time.Date(9999, 12, 31, 23, 0, 0, 0, time.FixedZone("", -5*3600))
	got, err := Decode(encoded(t, e))
	if err != nil || got.Observations[0].Created.Year() != 9999 {
		t.Errorf("got %v, %v", got.Observations[0].Created, err)
	}
}

func TestEnvelope_OnlyARequestToForgetNeedsANewerReader(t *testing.T) {
	e := sample()
	if text := encoded(t, e); !strings.HasPrefix(text, `{"codec":1,`) {
		t.Errorf("a plain delivery is written as %.20s", text)
	}
	e.Erase = []commerce.Erasure{
		{System: "shop", Native: "77", Hash: "c0ffee", Orders: []string{"5", "9007199254740993001"}}, {System: "shop", Native: "78"},
	}
	text := encoded(t, e)
	if !strings.HasPrefix(text, `{"codec":2,`) {
		t.Errorf("a request to forget is written as %.20s: a function that does not know it would drop it", text)
	}
	e.Codec = 2
	if got, err := Decode(text); err != nil || diff(e, got) != "" {
		t.Errorf("%v %s", err, diff(e, got))
	}
}

func TestDecode_ANewerCodecWaits(t *testing.T) {
	newer := strings.Replace(encoded(t, sample()), `"codec":1`, `"codec":3,"unheard":{}`, 1)
	if _, err := Decode(newer); !errors.Is(err, ErrNewer) {
		t.Errorf("envelope: got %v, want ErrNewer", err)
	}
	if _, err := DecodeLook(`{"codec":3,"what":1}`); !errors.Is(err, ErrNewer) {
		t.Errorf("look: got %v, want ErrNewer", err)
	}
}

func TestDecode_WhatIsNotAsWrittenIsPoison(t *testing.T) {
	good := encoded(t, sample())
	for name, change := range map[string][2]string{
		"an unknown field":        {`"codec":1`, `"codec":1,"secret-value":1`},
		"no codec":                {`"codec":1,`, ``},
		"a kind that is none":     {`"kind":"order"`, `"kind":"secret-value"`},
		"a key part too many":     {`"US1042"`, `"US1042","secret-value"`},
		"a short version":         {`"version":"`, `"version":"00`},
		"a number that is none":   {`{"n":"186.4"}`, `{"n":"secret-value"}`},
		"two values of one facet": {`{"n":"186.4"}`, `{"n":"186.4","s":"secret-value"}`},
		"a facet without value":   {`{"n":"186.4"}`, `{}`},
		"a body that is no gzip":  {`"body":"`, `"body":"secret-value`},
		"a field of another type": {`"gone":true`, `"gone":"secret-value"`},
		"text after the message":  {`"g1"`, `"g1"} {"secret-value":1`},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		if bad == good {
			t.Fatalf("%s: nothing changed", name)
		}
		_, err := Decode(bad)
		var poison *PoisonError
		if !errors.As(err, &poison) {
			t.Errorf("%s: got %v, want a *PoisonError", name, err)
		} else if strings.Contains(err.Error(), "secret-value") {
			t.Errorf("%s: the error repeats the content: %v", name, err)
		}
	}
}

func TestLook_ComesBackAsItWasSent(t *testing.T) {
	look := Look{commerce.Inventory, commerce.Key{"a|b", "east"}, received, "stock-to-storefront/stock", true}
	if got, err := DecodeLook(EncodeLook(look)); err != nil || diff(look, got) != "" {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, bad := range []string{"", "{}", `{"codec":1,"kind":"order","key":["x"]}`, `{"codec":1,"kind":"x","key":[]}`, encoded(t, sample())} {
		var poison *PoisonError
		if _, err := DecodeLook(bad); !errors.As(err, &poison) {
			t.Errorf("%.20q: got %v, want a *PoisonError", bad, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	text, err := Encode(sample())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add(`{"codec":1,"delivery":{},"observations":[{"kind":"order","key":["",""],"facets":{"x":null}}]}`)
	f.Add(`{"codec":3}`)
	f.Add(`{"codec":2,"delivery":{},"erase":[{"system":"shop","native":"77","orders":["5"]}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		e, err := Decode(text)
		if err != nil {
			var poison *PoisonError
			if !errors.As(err, &poison) && !errors.Is(err, ErrNewer) {
				t.Fatalf("an error of neither kind: %v", err)
			}
			return
		}
		again, err := Encode(e)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Decode(again)
		got.Codec = e.Codec // it says how e was written, not what it is
		if err != nil || diff(e, got) != "" {
			t.Fatalf("read once more: %v %s", err, diff(e, got))
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	e := sample()
	e.Delivery.Body = []byte(strings.Repeat(`{"id":5001,"title":"mug"}`, 200))
	for b.Loop() {
		if _, err := Encode(e); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	e := sample()
	e.Delivery.Body = []byte(strings.Repeat(`{"id":5001,"title":"mug"}`, 200))
	text, err := Encode(e)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Decode(text); err != nil {
			b.Fatal(err)
		}
	}
}
