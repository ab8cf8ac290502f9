package platform

import (
	"fmt"
	"net/http"
)

// Inbox is an Endpoint whose platform calls no address: it puts its deliveries
// into a queue of the system's own, in the user's account. Who may send into that
// queue is the proof of who sent. Its Platform says so too.
type Inbox interface {
	// Senders lists who may send into the queue, and nobody else may.
	Senders() []Sender
}

// Sender is one who may send into a system's queue.
type Sender struct {
	// ARN is that of an IAM user, role or account, or of an EventBridge rule.
	ARN string
	// Asks says that the sender also asks for the queue's attributes before it
	// sends.
	Asks bool
}

// Unaddressed is embedded by endpoints that are an Inbox: nothing that is posted
// to them is genuine, and nothing is signed.
type Unaddressed struct{}

// Verify refuses every request.
func (Unaddressed) Verify(Request, []Secret) error {
	return fmt.Errorf("%w: deliveries come through the system's queue", ErrSignature)
}

// Headers lists nothing: a message of a queue has no headers.
func (Unaddressed) Headers() []string { return nil }

// Sign makes no headers.
func (Unaddressed) Sign(Sample, Secret) http.Header { return http.Header{} }
