package day

import "time"

// Decision is what a person decided about findings.
type Decision struct {
	At time.Time `json:"at"`
	By string    `json:"by"`
	// Rule and Key say about which: those of a rule about one record, as people
	// write it.
	Rule string `json:"rule"`
	Key  string `json:"key"`
	// Action is finding's word for it.
	Action string    `json:"action"`
	Until  time.Time `json:"until,omitzero"`
	// Low and High are a waiver's band, blank without a limit.
	Low    string `json:"low,omitempty"`
	High   string `json:"high,omitempty"`
	Reason string `json:"reason,omitempty"`
}
