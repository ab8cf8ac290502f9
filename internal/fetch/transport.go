package fetch

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// errAddress means that a host's address is not one of the internet.
var errAddress = errors.New("fetch: not an address of the internet")

// NewTransport returns the transport that deployed functions use: TLS alone, no
// proxy of the environment, and no address that is not of the internet. The
// address is looked at when the connection is made, so that a name that changes
// its address cannot lead inside.
func NewTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: callTimeout / 2, KeepAlive: 30 * time.Second, Control: public}
	return &http.Transport{
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    callTimeout / 2,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true,
		MaxIdleConns:           20,
		IdleConnTimeout:        time.Minute,
		MaxResponseHeaderBytes: 64 << 10,
	}
}

// public refuses a connection to anything but the internet.
func public(network, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || network != "tcp4" && network != "tcp6" || !isPublic(at.Addr()) {
		return fmt.Errorf("connect: %w", errAddress)
	}
	return nil
}

// inside are networks that IsGlobalUnicast takes for the internet's.
var inside = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),       // this network
	netip.MustParsePrefix("100.64.0.0/10"),   // shared by carriers
	netip.MustParsePrefix("192.0.0.0/24"),    // protocols
	netip.MustParsePrefix("192.0.2.0/24"),    // documents
	netip.MustParsePrefix("198.18.0.0/15"),   // measurements
	netip.MustParsePrefix("198.51.100.0/24"), // documents
	netip.MustParsePrefix("203.0.113.0/24"),  // documents
	netip.MustParsePrefix("240.0.0.0/4"),     // reserved
	netip.MustParsePrefix("::/96"),           // IPv4 in IPv6, of old
	netip.MustParsePrefix("64:ff9b::/96"),    // IPv4 in IPv6, translated
	netip.MustParsePrefix("64:ff9b:1::/48"),  // the same, locally
	netip.MustParsePrefix("100::/64"),        // discarded
	netip.MustParsePrefix("2001::/23"),       // protocols, tunnels among them
	netip.MustParsePrefix("2001:db8::/32"),   // documents
	netip.MustParsePrefix("2002::/16"),       // IPv4 in IPv6, tunnelled
	netip.MustParsePrefix("fec0::/10"),       // sites, of old
}

func isPublic(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, network := range inside {
		if network.Contains(a) {
			return false
		}
	}
	return true
}
