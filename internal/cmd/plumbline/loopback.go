package main

import (
	"fmt"
	"net"
)

// loopback refuses addresses that other machines could reach: the local stack
// checks no caller but the senders of webhooks.
func loopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("--addr: want host:port, such as 127.0.0.1:8080")
	}
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("--addr %s: want a loopback address, such as 127.0.0.1:8080", address)
}
