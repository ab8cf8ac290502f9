package platformtest

import (
	"net/http"
	"regexp"
	"testing"

	"github.com/plumbline/plumbline/internal/platform"
)

// sender is the ARN of one who may send: never of everybody.
var sender = regexp.MustCompile(`^arn:aws[a-z-]*:(iam::\d{12}:(root|user/\S+|role/\S+)|events:[a-z0-9-]+:\d{12}:rule/\S+)$`)

// inbox: a platform that delivers into a queue says who may send, and nothing
// that is posted in its name is genuine.
func (s Suite) inbox(t *testing.T, e platform.Endpoint) {
	inbox, ok := e.(platform.Inbox)
	if ok != s.Platform.Inbox {
		t.Fatalf("the endpoint is an Inbox: %t; the platform says %t", ok, s.Platform.Inbox)
	}
	if !ok {
		return
	}
	if len(inbox.Senders()) == 0 {
		t.Error("nobody may send")
	}
	for _, one := range inbox.Senders() {
		if !sender.MatchString(one.ARN) {
			t.Errorf("sender %q: want the ARN of one user, role, account or rule", one.ARN)
		}
	}
	req := platform.Request{Method: http.MethodPost, Header: http.Header{}, Body: []byte("{}"), Received: s.Received}
	s.refused(t, Case{Name: "posted", Endpoint: e}, "posted", req, s.Secret, s.Other)
}
