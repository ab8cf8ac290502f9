package day

import "time"

// Past is a delivery of before the day, or an answer of an API, as it was kept:
// its sender was verified when it came.
type Past struct {
	At      time.Time         `json:"at"`
	System  string            `json:"system"`
	Topic   string            `json:"topic"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
}
