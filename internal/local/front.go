package local

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net"
	"net/http"
	"path"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"

	"github.com/plumbline/plumbline/internal/contract"
)

// front answers HTTP as the deployed HTTP API does: it hands requests to the
// functions in payload format 2.0 and enforces the same limits.
type front struct {
	functions map[string]function
	board     http.Handler
	now       func() time.Time
	log       *slog.Logger
}

// handler routes the contract's addresses to their functions, and every other
// GET to the board.
func (f front) handler() http.Handler {
	mux := http.NewServeMux()
	for _, r := range contract.Routes() {
		if fn, ok := f.functions[r.Function]; ok {
			mux.Handle(r.Method+" "+r.Path, f.function(fn))
		}
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { refuse(w, http.StatusNotFound) })
	if f.board != nil {
		mux.Handle("GET /", f.board)
	}
	return limitHeader(asWritten(mux))
}

// asWritten refuses addresses that would be others once they are tidied up. A mux
// answers them with a redirect, the deployed front with what it knows by that
// name: nothing.
func asWritten(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if tidy := path.Clean(r.URL.Path); tidy != r.URL.Path && tidy+"/" != r.URL.Path {
			refuse(w, http.StatusNotFound)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Time-outs of a connection. A sender that is slower than this is not served by
// the deployed front either.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 30 * time.Second
	idleTimeout   = time.Minute
)

func newServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      readTimeout + contract.FrontTimeout,
		IdleTimeout:       idleTimeout,
		// The server's own limit is a guard only; limitHeader has the exact one.
		MaxHeaderBytes: 4 * contract.MaxHeader,
	}
}

func limitHeader(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if headerSize(r) > contract.MaxHeader {
			refuse(w, http.StatusRequestHeaderFieldsTooLarge)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// headerSize is the size of the request line and headers on the wire.
func headerSize(r *http.Request) int {
	const separators = len(": \r\n")
	size := len(r.Method) + len(r.RequestURI) + len(r.Proto) + separators
	size += len("Host") + len(r.Host) + separators
	for name, values := range r.Header {
		for _, v := range values {
			size += len(name) + len(v) + separators
		}
	}
	return size
}

func (f front) function(fn function) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, contract.MaxBody))
		var large *http.MaxBytesError
		switch {
		case errors.As(err, &large):
			refuse(w, http.StatusRequestEntityTooLarge)
			return
		case err != nil:
			refuse(w, http.StatusBadRequest)
			return
		}
		payload, err := json.Marshal(request(r, body, f.now()))
		if err != nil {
			refuse(w, http.StatusInternalServerError)
			return
		}
		answer, err := fn.invoke(r.Context(), payload)
		switch {
		case errors.Is(err, errTimeout):
			refuse(w, http.StatusServiceUnavailable)
		case err != nil:
			f.log.WarnContext(r.Context(), "function failed", "function", fn.name, "error", err)
			refuse(w, http.StatusInternalServerError)
		default:
			write(w, answer)
		}
	})
}

// refuse answers as the front itself.
func refuse(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, `{"message":"`+http.StatusText(status)+`"}`) // a sender that has left
}

func request(r *http.Request, body []byte, now time.Time) events.APIGatewayV2HTTPRequest {
	header := map[string]string{"host": r.Host}
	for name, values := range r.Header {
		if name != "Cookie" {
			header[strings.ToLower(name)] = strings.Join(values, ",")
		}
	}
	ip, _, _ := net.SplitHostPort(r.RemoteAddr)
	text, encoded := encodeBody(r.Header.Get("Content-Type"), body)
	out := events.APIGatewayV2HTTPRequest{
		Version:               "2.0",
		RouteKey:              r.Pattern,
		RawPath:               r.URL.EscapedPath(),
		RawQueryString:        r.URL.RawQuery,
		Cookies:               cookies(r),
		Headers:               header,
		QueryStringParameters: query(r),
		Body:                  text,
		IsBase64Encoded:       encoded,
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			RouteKey:     r.Pattern,
			AccountID:    account,
			Stage:        "$default",
			RequestID:    requestID(),
			APIID:        "local",
			DomainName:   r.Host,
			DomainPrefix: "local",
			Time:         now.Format("02/Jan/2006:15:04:05 -0700"),
			TimeEpoch:    now.UnixMilli(),
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{
				Method: r.Method, Path: r.URL.Path, Protocol: r.Proto, SourceIP: ip, UserAgent: r.UserAgent(),
			},
		},
	}
	if system := r.PathValue("system"); system != "" {
		out.PathParameters = map[string]string{"system": system}
	}
	return out
}

// encodeBody passes text on as it is and everything else in base64. Bytes that
// are not text whatever their type says are never changed.
func encodeBody(contentType string, body []byte) (text string, encoded bool) {
	if len(body) == 0 || (isText(contentType) && utf8.Valid(body)) {
		return string(body), false
	}
	return base64.StdEncoding.EncodeToString(body), true
}

func isText(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return false
	}
	switch media {
	case "application/json", "application/xml", "application/javascript":
		return true
	default:
		return strings.HasPrefix(media, "text/")
	}
}

func cookies(r *http.Request) []string {
	var out []string
	for _, line := range r.Header.Values("Cookie") {
		for one := range strings.SplitSeq(line, ";") {
			out = append(out, strings.TrimSpace(one))
		}
	}
	return out
}

func query(r *http.Request) map[string]string {
	out := map[string]string{}
	for name, values := range r.URL.Query() {
		out[name] = strings.Join(values, ",")
	}
	return out
}

// write answers with a function's response. An answer without a status is the
// body of a success.
func write(w http.ResponseWriter, answer []byte) {
	var response events.APIGatewayV2HTTPResponse
	if err := json.Unmarshal(answer, &response); err != nil || response.StatusCode == 0 {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answer) // a sender that has left
		return
	}
	body := []byte(response.Body)
	if response.IsBase64Encoded {
		decoded, err := base64.StdEncoding.DecodeString(response.Body)
		if err != nil {
			refuse(w, http.StatusInternalServerError)
			return
		}
		body = decoded
	}
	for name, value := range response.Headers {
		w.Header().Set(name, value)
	}
	for _, cookie := range response.Cookies {
		w.Header().Add("Set-Cookie", cookie)
	}
	w.WriteHeader(response.StatusCode)
	_, _ = w.Write(body) // a sender that has left
}
