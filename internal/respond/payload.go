package respond

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
)

// The sorts of requests that Slack makes.
const (
	pressed   = "block_actions"
	submitted = "view_submission"
)

// payload is what Plumbline reads of Slack's requests.
type payload struct {
	Type    string
	Trigger string `json:"trigger_id"`
	User    struct{ ID string }
	Channel struct{ ID string }
	Actions []struct {
		ID string `json:"action_id"`
		// Block is the id of the alert.
		Block string `json:"block_id"`
		// At tells one press from the next.
		At           string `json:"action_ts"`
		SelectedUser string `json:"selected_user"`
	}
	View struct {
		ID       string
		Metadata string `json:"private_metadata"`
		State    struct {
			Values map[string]map[string]struct {
				Value string
				Date  string `json:"selected_date"`
			}
		}
	}
}

// readPayload reads the form that Slack sends.
func readPayload(body []byte) (payload, bool) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return payload{}, false
	}
	var p payload
	err = json.Unmarshal([]byte(form.Get("payload")), &p)
	return p, err == nil && p.User.ID != ""
}

// decisionID is the same for the same press, however often it arrives.
func decisionID(parts ...string) string {
	h := sha256.New()
	for _, part := range parts {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}
