package badinput

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
)

// event is a request as the gateway hands it to the function: header names in
// lower case, several values of one joined by a comma.
func (r request) event(t testing.TB, encoded bool) []byte {
	t.Helper()
	path, query, _ := strings.Cut(r.path, "?")
	e := events.APIGatewayV2HTTPRequest{Version: "2.0", RawPath: path, RawQueryString: query, Headers: map[string]string{}, Body: string(r.body)}
	for name, values := range r.header {
		e.Headers[strings.ToLower(name)] = strings.Join(values, ",")
	}
	if encoded {
		e.Body, e.IsBase64Encoded = base64.StdEncoding.EncodeToString(r.body), true
	}
	e.RequestContext.HTTP.Method = r.method
	payload, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

// encodings are the ways in which a gateway may write the body.
func (r request) encodings() []bool {
	if !utf8.Valid(r.body) {
		return []bool{true}
	}
	return []bool{true, false}
}

// cost is what answering took.
type cost struct {
	time  time.Duration
	bytes int
}

// invoke calls the function with an event.
func (w *world) invoke(t testing.TB, payload []byte) (status int, text string, spent cost) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := processor(t)
	answer, err := w.handler.Invoke(t.Context(), payload)
	spent.time = processor(t) - began
	runtime.ReadMemStats(&after)
	spent.bytes = int(after.TotalAlloc - before.TotalAlloc)
	if err != nil {
		return http.StatusInternalServerError, err.Error(), spent
	}
	var response events.APIGatewayV2HTTPResponse
	if err := json.Unmarshal(answer, &response); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Body, spent
}

// processor is the time that the process has had: how busy the machine is does
// not count.
func processor(t testing.TB) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// wire is a request as it goes over a connection, header by header as it is.
func (r request) wire(framing string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: acme.example\r\nConnection: close\r\n", r.method, r.path)
	for name, values := range r.header {
		for _, v := range values {
			fmt.Fprintf(&b, "%s: %s\r\n", name, v)
		}
	}
	switch framing {
	case "short length":
		fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(r.body)-10, r.body)
	case "long length":
		fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(r.body)+10, r.body)
	case "two lengths":
		fmt.Fprintf(&b, "Content-Length: %d\r\nContent-Length: %d\r\n\r\n%s", len(r.body), len(r.body)-1, r.body)
	case "chunks":
		b.WriteString("Transfer-Encoding: chunked\r\n\r\n")
		for _, c := range r.body {
			fmt.Fprintf(&b, "1\r\n%c\r\n", c)
		}
		b.WriteString("0\r\n\r\n")
	case "chunk extensions":
		b.WriteString("Transfer-Encoding: chunked\r\n\r\n")
		for _, c := range r.body {
			fmt.Fprintf(&b, "1;x=%s\r\n%c\r\n", strings.Repeat("x", 2000), c)
		}
		b.WriteString("0\r\n\r\n")
	default:
		fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(r.body), r.body)
	}
	return b.Bytes()
}

// front sends what goes over the connection to an address, and returns the status
// and the text of the answer. What arrives slowly is sent a byte at a time.
func front(t testing.TB, address string, sent []byte, slowly bool) (status int, text string) {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // the answer is read
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	go func() {
		for len(sent) > 0 && slowly {
			if _, err := conn.Write(sent[:1]); err != nil {
				return
			}
			sent = sent[1:]
			time.Sleep(2 * time.Millisecond)
		}
		_, _ = conn.Write(sent) // a front that has heard enough closes
		_ = conn.(*net.TCPConn).CloseWrite()
	}()
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(res.Body); err != nil && !errors.Is(err, net.ErrClosed) {
		t.Logf("the answer ends early: %v", err)
	}
	return res.StatusCode, b.String()
}
