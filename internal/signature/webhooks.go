package signature

import (
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The headers of Standard Webhooks, in lower case.
const (
	IDHeader        = "webhook-id"
	TimestampHeader = "webhook-timestamp"
	SignatureHeader = "webhook-signature"
)

// Tolerance is how far the signed time of a Standard Webhook may be from the
// received one.
const Tolerance = 5 * time.Minute

const (
	maxID = 256
	// maxSignatures bounds the work by the header's length, room for about 80
	// signatures: a limit on their number would refuse a right one behind it.
	maxSignatures = 4096
	maxTimestamp  = 12
)

// The reasons to refuse a Standard Webhook. They are for counting and tests;
// the sender is told nothing.
var (
	ErrHeader   = errors.New("signature: a header is missing, doubled or malformed")
	ErrStale    = errors.New("signature: signed too long before or after it was received")
	ErrMismatch = errors.New("signature: no secret made this signature")
)

// WebhookKey reads a Standard Webhooks secret, base64 behind "whsec_". It
// returns the empty key, which verifies nothing, for any other text.
func WebhookKey(secret string) Key {
	key, err := base64.StdEncoding.Strict().DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return nil
	}
	return key
}

// VerifyWebhook returns nil when the request is a Standard Webhook signed with
// one of the keys. Ids with a dot are refused: what is signed is id, time and
// body joined by dots, and must be read in one way only.
func VerifyWebhook(header http.Header, body []byte, received time.Time, keys []Key) error {
	id, stamp := single(header, IDHeader), single(header, TimestampHeader)
	signed, timeOK := unixSeconds(stamp)
	sums, sumsOK := webhookSums(single(header, SignatureHeader))
	if !timeOK || !sumsOK || !webhookID(id) {
		return ErrHeader
	}
	if !Fresh(signed, received, Tolerance) {
		return ErrStale
	}
	if !Verify(keys, sums, []byte(id+"."+stamp+"."), body) {
		return ErrMismatch
	}
	return nil
}

// SignWebhook returns the headers of a Standard Webhook.
func SignWebhook(id string, at time.Time, body []byte, key Key) http.Header {
	stamp := strconv.FormatInt(at.Unix(), 10)
	header := http.Header{}
	header.Set(IDHeader, id)
	header.Set(TimestampHeader, stamp)
	header.Set(SignatureHeader, "v1,"+Encode(Sum(key, []byte(id+"."+stamp+"."), body)))
	return header
}

// single is the value of a header that stands there once, else blank, which is
// never right.
func single(header http.Header, name string) string {
	values := header.Values(name)
	if len(values) != 1 {
		return ""
	}
	return values[0]
}

// unixSeconds takes the one decimal spelling of a positive number, so that the
// signed text and the checked time cannot differ.
func unixSeconds(text string) (time.Time, bool) {
	// What is no number is 0, or another one than is written.
	n, _ := strconv.ParseInt(text, 10, 64)
	if n <= 0 || len(text) > maxTimestamp || strconv.FormatInt(n, 10) != text {
		return time.Time{}, false
	}
	return time.Unix(n, 0), true
}

func webhookID(id string) bool {
	for i := range len(id) {
		if id[i] <= ' ' || id[i] > '~' || id[i] == '.' {
			return false
		}
	}
	return id != "" && len(id) <= maxID
}

// webhookSums reads "v1,… v1,…". Other versions are left to those who know
// them. A list that is not written like this is refused as a whole: two headers
// that something on the way joined must not pass as one.
func webhookSums(list string) ([][]byte, bool) {
	if len(list) > maxSignatures {
		return nil, false
	}
	var sums [][]byte
	for entry := range strings.SplitSeq(list, " ") {
		version, text, ok := strings.Cut(entry, ",")
		if !ok || version == "" || strings.Contains(text, ",") {
			return nil, false
		}
		if version != "v1" {
			continue
		}
		sum, ok := Decode(text)
		if !ok {
			return nil, false
		}
		sums = append(sums, sum)
	}
	return sums, len(sums) > 0
}
