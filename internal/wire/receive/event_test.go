package receive

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

// request is the front's event of a body.
func request(t testing.TB, body string) []byte {
	t.Helper()
	e := events.APIGatewayV2HTTPRequest{
		Version: "2.0", RawPath: "/hooks/shopify-us", RawQueryString: "a=1&b=%3C2%3E", Body: body,
		Headers: map[string]string{"x-shopify-topic": "orders/updated", "x-odd": "café \u2028<&>"},
	}
	e.RequestContext.HTTP.Method = "POST"
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// wantSame wants the event to be read as the standard library reads it.
func wantSame(t *testing.T, payload []byte) {
	t.Helper()
	var got event
	var want events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(payload, &want); err != nil {
		t.Fatal(err)
	}
	if err := got.UnmarshalEvent(payload); err != nil {
		t.Fatal(err)
	}
	if got.Body != want.Body || got.RawPath != want.RawPath || got.RawQueryString != want.RawQueryString ||
		got.IsBase64Encoded != want.IsBase64Encoded || got.RequestContext.HTTP.Method != want.RequestContext.HTTP.Method {
		t.Errorf("read %q of %q, %q as %q", got.Body, got.RawPath, want.Body, want.RawPath)
	}
	for name, value := range want.Headers {
		if got.Headers[name] != value {
			t.Errorf("header %s is %q, want %q", name, got.Headers[name], value)
		}
	}
}

// A signature is over bytes: one that is read in another way is a webhook refused.
func TestTheBodyOfAnEventIsReadByteForByte(t *testing.T) {
	samples, err := filepath.Glob("../../../events/*/*.body.*")
	if err != nil || len(samples) < 100 {
		t.Fatalf("%d samples, %v", len(samples), err)
	}
	for _, path := range samples {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		wantSame(t, request(t, strings.ToValidUTF8(string(text), "")))
	}
}

func FuzzTheBodyOfAnEvent(f *testing.F) {
	for _, seed := range []string{"", "{}", `"\/\\\" \u00e9`, "\x00\x1f\x7f\u2028\u2029\ufffd\ufffe😀", "a\r\n\tb", `\ud800`, "\xff\xc3"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) { wantSame(t, request(t, body)) })
}

func TestWhatIsNoEvent_IsAnErrorThatRepeatsNothing(t *testing.T) {
	const pasted = "xoxb-pasted-by-mistake"
	for _, payload := range []string{``, `{`, `[1]`, `"` + pasted + `"`, `{"body":7,"rawPath":"` + pasted + `"}`, `{"headers":"` + pasted + `"}`, "\xff", `{"Records":"` + pasted + `"}`} {
		var e event
		err := e.UnmarshalEvent([]byte(payload))
		if err == nil || strings.Contains(err.Error(), pasted) {
			t.Errorf("%s: %v", payload, err)
		}
	}
}

func BenchmarkEvent(b *testing.B) {
	text, err := os.ReadFile("../../../events/shopify/orders-updated-14kb.body.json")
	if err != nil {
		b.Fatal(err)
	}
	payload := request(b, string(text))
	b.Run("step", func(b *testing.B) {
		for b.Loop() {
			var e event
			if err := e.UnmarshalEvent(payload); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		for b.Loop() {
			var e events.APIGatewayV2HTTPRequest
			if err := json.Unmarshal(payload, &e); err != nil {
				b.Fatal(err)
			}
		}
	})
}
