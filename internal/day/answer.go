package day

import "time"

// Answer is what the API of a platform answers to a call from a moment on, until
// another answer to the same call takes over. A day with answers plays without
// any network.
type Answer struct {
	From time.Time `json:"from"`
	// Call is method, host and path: "GET api.example.com/v1/orders/7".
	Call string `json:"call"`
	// Holds stands in the query or the body of the calls that are meant, and is
	// blank for all of them. Of several that fit the longest counts.
	Holds string `json:"holds,omitempty"`
	// Status is the answer's; 0 is 200.
	Status int    `json:"status,omitempty"`
	Body   string `json:"body"`
}
