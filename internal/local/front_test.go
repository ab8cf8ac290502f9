package local

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/wire/handler"
)

type httpHandler = func(context.Context, events.APIGatewayV2HTTPRequest) (any, error)

// openFront serves one handler as receive, and a board.
func openFront(t *testing.T, h httpHandler) string {
	t.Helper()
	f := front{
		functions: map[string]function{contract.Receive: {
			name: contract.Receive, timeout: 200 * time.Millisecond, handler: handler.New(h), meter: newMeter(),
		}},
		board: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "the board") }),
		now:   func() time.Time { return time.Date(2026, 3, 3, 14, 14, 0, 0, time.UTC) },
		log:   slog.New(slog.DiscardHandler),
	}
	server := httptest.NewUnstartedServer(nil)
	server.Config = newServer(f.handler())
	server.Start()
	t.Cleanup(server.Close)
	return server.URL
}

// seen is a handler that keeps the request.
func seen(got *events.APIGatewayV2HTTPRequest) httpHandler {
	return func(_ context.Context, r events.APIGatewayV2HTTPRequest) (any, error) {
		*got = r
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusOK}, nil
	}
}

func call(t *testing.T, method, url string, header http.Header, body io.Reader) (int, http.Header, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range header {
		req.Header[name] = values
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(text)
}

func TestFront_ARequestReachesTheFunctionAsPayloadTwo(t *testing.T) {
	var got events.APIGatewayV2HTTPRequest
	url := openFront(t, seen(&got))
	status, _, _ := call(t, "POST", url+"/hooks/shopify-us?a=1&a=2&b=%20", http.Header{
		"Content-Type":  {"application/json; charset=utf-8"},
		"X-Twice":       {"one", "two"},
		"Cookie":        {"k=v; l=w"},
		"Webhook-Id":    {"msg_1"},
		"User-Agent":    {"acme"},
		"Authorization": {"Basic x"},
	}, strings.NewReader(`{"ü": 1}`))
	if status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	if got.Version != "2.0" || got.RouteKey != "POST /hooks/{system}" || got.PathParameters["system"] != "shopify-us" {
		t.Errorf("version %q, route %q, parameters %v", got.Version, got.RouteKey, got.PathParameters)
	}
	if got.RawPath != "/hooks/shopify-us" || got.RawQueryString != "a=1&a=2&b=%20" {
		t.Errorf("path %q, query %q", got.RawPath, got.RawQueryString)
	}
	if diff := cmp.Diff(map[string]string{"a": "1,2", "b": " "}, got.QueryStringParameters); diff != "" {
		t.Errorf("query parameters (-want +got):\n%s", diff)
	}
	if got.Headers["x-twice"] != "one,two" || got.Headers["webhook-id"] != "msg_1" || got.Headers["host"] == "" {
		t.Errorf("headers %v", got.Headers)
	}
	if _, ok := got.Headers["cookie"]; ok || len(got.Cookies) != 2 || got.Cookies[1] != "l=w" {
		t.Errorf("cookies %v", got.Cookies)
	}
	if got.Body != `{"ü": 1}` || got.IsBase64Encoded {
		t.Errorf("body %q, base64 %v", got.Body, got.IsBase64Encoded)
	}
	context := got.RequestContext
	if context.HTTP.Method != http.MethodPost || context.HTTP.SourceIP != "127.0.0.1" || context.HTTP.UserAgent != "acme" || context.RequestID == "" {
		t.Errorf("request context %+v", context)
	}
	if context.TimeEpoch != time.Date(2026, 3, 3, 14, 14, 0, 0, time.UTC).UnixMilli() {
		t.Errorf("time %d is not the clock's", context.TimeEpoch)
	}
}

func TestFront_BytesAreNeverChanged(t *testing.T) {
	for name, c := range map[string]struct {
		contentType string
		body        []byte
		encoded     bool
	}{
		"json":                 {"application/json", []byte(`{"a":"b"}`), false},
		"form":                 {"application/x-www-form-urlencoded", []byte("payload=%7B%7D"), true},
		"no type":              {"", []byte("plain"), true},
		"json that is no text": {"application/json", []byte{'"', 0xff, 0xfe, '"'}, true},
		"byte order mark":      {"text/csv", []byte("\xef\xbb\xbfsku\r\n"), false},
		"empty":                {"application/json", nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			var got events.APIGatewayV2HTTPRequest
			url := openFront(t, seen(&got))
			header := http.Header{"Content-Type": {c.contentType}}
			if status, _, _ := call(t, "POST", url+"/hooks/erp", header, strings.NewReader(string(c.body))); status != http.StatusOK {
				t.Fatalf("status %d", status)
			}
			if got.IsBase64Encoded != c.encoded {
				t.Errorf("base64 %v, want %v", got.IsBase64Encoded, c.encoded)
			}
			body := []byte(got.Body)
			if got.IsBase64Encoded {
				var err error
				if body, err = base64.StdEncoding.DecodeString(got.Body); err != nil {
					t.Fatal(err)
				}
			}
			if string(body) != string(c.body) {
				t.Errorf("body %q, want %q", body, c.body)
			}
		})
	}
}

func TestFront_Limits(t *testing.T) {
	var got events.APIGatewayV2HTTPRequest
	url := openFront(t, seen(&got)) + "/hooks/erp"
	fits := strings.Repeat("x", contract.MaxBody)
	for name, c := range map[string]struct {
		header http.Header
		body   io.Reader
		want   int
	}{
		"the longest body":           {nil, strings.NewReader(fits), http.StatusOK},
		"a body one byte longer":     {nil, strings.NewReader(fits + "x"), http.StatusRequestEntityTooLarge},
		"a long body without length": {nil, io.MultiReader(strings.NewReader(fits), strings.NewReader("x")), http.StatusRequestEntityTooLarge},
		"large headers":              {http.Header{"X-Large": {strings.Repeat("h", contract.MaxHeader-300)}}, nil, http.StatusOK},
		"headers too large":          {http.Header{"X-Large": {strings.Repeat("h", contract.MaxHeader)}}, nil, http.StatusRequestHeaderFieldsTooLarge},
		"huge headers":               {http.Header{"X-Large": {strings.Repeat("h", 20*contract.MaxHeader)}}, nil, http.StatusRequestHeaderFieldsTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			if status, _, _ := call(t, "POST", url, c.header, c.body); status != c.want {
				t.Errorf("status %d, want %d", status, c.want)
			}
		})
	}
}

func TestFront_TheFunctionsAnswerIsTheResponse(t *testing.T) {
	for name, c := range map[string]struct {
		handler httpHandler
		status  int
		body    string
	}{
		"a response": {answers(events.APIGatewayV2HTTPResponse{StatusCode: 401, Body: "no"}), 401, "no"},
		"base64": {answers(events.APIGatewayV2HTTPResponse{
			StatusCode: 200, Body: base64.StdEncoding.EncodeToString([]byte{1, 2}), IsBase64Encoded: true,
		}), 200, "\x01\x02"},
		"a value without status": {answers(map[string]string{"challenge": "x"}), 200, `{"challenge":"x"}`},
		"an error": {func(context.Context, events.APIGatewayV2HTTPRequest) (any, error) {
			return nil, errors.New("secret detail")
		}, 500, `{"message":"Internal Server Error"}`},
		"a panic": {func(context.Context, events.APIGatewayV2HTTPRequest) (any, error) { panic("secret detail") }, 500, `{"message":"Internal Server Error"}`},
		"no answer in time": {func(ctx context.Context, _ events.APIGatewayV2HTTPRequest) (any, error) {
			<-ctx.Done()
			time.Sleep(20 * time.Millisecond)
			return nil, nil
		}, 503, `{"message":"Service Unavailable"}`},
	} {
		t.Run(name, func(t *testing.T) {
			url := openFront(t, c.handler)
			status, _, body := call(t, "POST", url+"/hooks/erp", nil, nil)
			if status != c.status || body != c.body {
				t.Errorf("%d %q, want %d %q", status, body, c.status, c.body)
			}
		})
	}
}

func TestFront_HeadersAndCookiesOfTheAnswer(t *testing.T) {
	url := openFront(t, answers(events.APIGatewayV2HTTPResponse{
		StatusCode: 204, Headers: map[string]string{"retry-after": "3"}, Cookies: []string{"a=1", "b=2"},
	}))
	_, header, _ := call(t, "GET", url+"/hooks/erp", nil, nil)
	if header.Get("Retry-After") != "3" || len(header.Values("Set-Cookie")) != 2 {
		t.Errorf("header %v", header)
	}
}

func answers(v any) httpHandler {
	return func(context.Context, events.APIGatewayV2HTTPRequest) (any, error) { return v, nil }
}

func TestFront_Routes(t *testing.T) {
	var got events.APIGatewayV2HTTPRequest
	url := openFront(t, seen(&got))
	for request, want := range map[string]int{
		"GET /hooks/erp":           200,
		"POST /hooks/erp":          200,
		"PUT /hooks/erp":           200,
		"DELETE /hooks/erp":        200,
		"PATCH /hooks/erp":         404,
		"POST /hooks/erp/x":        404,
		"POST /hooks":              404,
		"POST /hooks/../hooks/erp": 404, // not a redirect
		"POST //hooks/erp":         404,
		"POST /slack":              404, // no handler answers it here
		"GET /":                    200,
		"POST /":                   404,
		"GET /findings/f-123":      200,
	} {
		method, path, _ := strings.Cut(request, " ")
		status, _, body := call(t, method, url+path, nil, nil)
		if status != want {
			t.Errorf("%s: %d, want %d", request, status, want)
		}
		if strings.HasPrefix(request, "GET /f") && body != "the board" {
			t.Errorf("%s: %q, want the board", request, body)
		}
		if status == http.StatusNotFound && !json.Valid([]byte(body)) {
			t.Errorf("%s: %q is not JSON", request, body)
		}
	}
}
