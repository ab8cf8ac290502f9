package fetch_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/fetch"
)

func TestTransport_ReachesTheInternetAlone(t *testing.T) {
	for address, want := range map[string]bool{
		"93.184.215.14": true, "2606:2800:21f:cb07:6820:80da:af6b:8b2c": true, "172.32.0.1": true, "::ffff:93.184.215.14": true,
		"127.0.0.1": false, "127.8.8.8": false, "::1": false, "0.0.0.0": false, "0.1.2.3": false, "::": false,
		"10.0.0.1": false, "172.16.0.1": false, "192.168.1.1": false, "100.64.0.1": false, "fd00:ec2::254": false, "fc00::1": false,
		"169.254.169.254": false, "169.254.170.2": false, "fe80::1": false, "fe80::1%eth0": false, "fec0::1": false,
		"::ffff:169.254.169.254": false, "::ffff:10.0.0.1": false, "::169.254.169.254": false, "64:ff9b::a9fe:a9fe": false,
		"2002:a9fe:a9fe::1": false, "2001:0:a9fe:a9fe::1": false, "64:ff9b:1::1": false,
		"224.0.0.1": false, "255.255.255.255": false, "240.0.0.1": false, "ff02::1": false,
		"192.0.2.1": false, "198.18.0.1": false, "198.51.100.7": false, "203.0.113.7": false, "2001:db8::1": false,
	} {
		a := netip.MustParseAddr(address)
		if got := fetch.IsPublic(a); got != want {
			t.Errorf("%s: reached %t, want %t", address, got, want)
		}
		network := "tcp6"
		if a.Is4() {
			network = "tcp4"
		}
		if err := fetch.Public(network, netip.AddrPortFrom(a, 443).String(), nil); (err == nil) != want {
			t.Errorf("%s: %v", address, err)
		}
	}
	if fetch.Public("udp4", "93.184.215.14:443", nil) == nil || fetch.Public("tcp4", "example.com:443", nil) == nil {
		t.Error("something else than an address of TCP was connected to")
	}
}

func TestTransport_ANameThatLeadsInsideIsNotCalled(t *testing.T) {
	inside := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("called") }))
	defer inside.Close()
	transport := fetch.NewTransport()
	defer transport.CloseIdleConnections()
	for _, name := range []string{"127.0.0.1", "localhost"} {
		address := "https://" + name + inside.URL[strings.LastIndex(inside.URL, ":"):]
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := transport.RoundTrip(req)
		if err == nil {
			res.Body.Close()
			t.Errorf("%s was called", name)
		}
	}
}

func TestTransport_AFetchThatLeadsInsideIsGivenUp(t *testing.T) {
	w := newWorld()
	transport := fetch.NewTransport()
	defer transport.CloseIdleConnections()
	w.transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		r.URL.Host = "127.0.0.1:443"
		return transport.RoundTrip(r)
	})
	w.fetch(t, w.service(), "orders/250")
	if got := w.became(t, 0); got != givenUp || len(w.told) != 1 || w.told[0] != "the host of the call: want an address of the internet" {
		t.Errorf("%s, told %q", got, w.told)
	}
}

func TestTransport_UsesNoProxyAndNoOldTLS(t *testing.T) {
	transport := fetch.NewTransport()
	if transport.Proxy != nil || transport.TLSClientConfig.InsecureSkipVerify || transport.TLSClientConfig.MinVersion < 0x0303 || !transport.DisableCompression {
		t.Errorf("%+v", transport)
	}
}
