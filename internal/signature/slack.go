package signature

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The headers of a request that Slack signed, and its version.
const (
	slackTime      = "X-Slack-Request-Timestamp"
	slackSignature = "X-Slack-Signature"
	slackVersion   = "v0"
)

// VerifySlack returns nil when Slack signed the request with the key, at most
// Tolerance before or after it was received.
func VerifySlack(header http.Header, body []byte, received time.Time, key Key) error {
	stamp := single(header, slackTime)
	signed, timeOK := unixSeconds(stamp)
	digits, versionOK := strings.CutPrefix(single(header, slackSignature), slackVersion+"=")
	sum, err := hex.DecodeString(digits)
	if !timeOK || !versionOK || err != nil || len(sum) != sha256.Size {
		return ErrHeader
	}
	if !Fresh(signed, received, Tolerance) {
		return ErrStale
	}
	if !Verify([]Key{key}, [][]byte{sum}, []byte(slackVersion+":"+stamp+":"), body) {
		return ErrMismatch
	}
	return nil
}

// SignSlack returns the headers of a request as Slack signs it.
func SignSlack(at time.Time, body []byte, key Key) http.Header {
	stamp := strconv.FormatInt(at.Unix(), 10)
	header := http.Header{}
	header.Set(slackTime, stamp)
	header.Set(slackSignature, slackVersion+"="+hex.EncodeToString(Sum(key, []byte(slackVersion+":"+stamp+":"), body)))
	return header
}
