package shipstation

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
	"github.com/plumbline/plumbline/internal/signature"
)

// maxStamp is the length of the longest time that is read.
const maxStamp = 35

// Verify takes a request that one of the keys signed, or, where nothing is signed,
// one whose address holds one of the tokens. A signature that is wrong is never
// made up for by a token.
func (e *endpoint) Verify(req platform.Request, secrets []platform.Secret) error {
	if len(req.Header.Values(e.signature)) > 0 {
		return e.verifySigned(req, secrets)
	}
	var tokens []platform.Secret
	for _, s := range secrets {
		if !isKey(s) {
			tokens = append(tokens, s)
		}
	}
	return platform.VerifyToken(req.Query, tokens)
}

func (e *endpoint) verifySigned(req platform.Request, secrets []platform.Secret) error {
	stamp := single(req.Header, e.timestamp)
	sum, ok := e.decode(single(req.Header, e.signature))
	if !ok {
		return fmt.Errorf("%w: want one signature, written as the settings say", platform.ErrSignature)
	}
	if !signature.Fresh(instant(stamp), req.Received, signature.Tolerance) {
		return fmt.Errorf("%w: want one time, at most five minutes before or after it was received", platform.ErrSignature)
	}
	digest := digestOf(stamp, req.Body)
	for _, s := range secrets {
		if key, ok := publicKey(s); ok && rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], sum) == nil {
			return nil
		}
	}
	return fmt.Errorf("%w: no key made the signature", platform.ErrSignature)
}

// digestOf is what is signed.
func digestOf(stamp string, raw []byte) [sha256.Size]byte {
	message := append([]byte(stamp+"."), raw...)
	return sha256.Sum256(message)
}

// decode takes a signature in its one spelling.
func (e *endpoint) decode(text string) ([]byte, bool) {
	if e.encoding == hexCoding {
		sum, err := hex.DecodeString(text)
		return sum, err == nil
	}
	// What is no base64 is not what would be written for the bytes before it.
	sum, _ := base64.StdEncoding.DecodeString(text)
	return sum, base64.StdEncoding.EncodeToString(sum) == text
}

func (e *endpoint) encode(sum []byte) string {
	if e.encoding == hexCoding {
		return hex.EncodeToString(sum)
	}
	return base64.StdEncoding.EncodeToString(sum)
}

// instant reads the signed time in either of its spellings. What is written
// otherwise is no time, which is never fresh.
func instant(stamp string) time.Time {
	if len(stamp) > maxStamp {
		return time.Time{}
	}
	if seconds, _ := strconv.ParseInt(stamp, 10, 64); strconv.FormatInt(seconds, 10) == stamp {
		return time.Unix(seconds, 0)
	}
	at, _ := time.Parse(time.RFC3339Nano, stamp)
	return at
}

// single is the value of a header that stands there exactly once, else blank,
// which is never right.
func single(h http.Header, name string) string {
	values := h.Values(name)
	if len(values) != 1 {
		return ""
	}
	return values[0]
}

// Query keeps nothing of the query: the token is in it.
func (e *endpoint) Query(string) string { return "" }

// Identify reads the type of resource out of the body: no header says anything.
func (e *endpoint) Identify(req platform.Request) (topic, id string) {
	var named struct {
		Type body.Field `json:"resource_type"`
	}
	if body.Decode(req.Body, &named) != nil {
		return "", ""
	}
	topic, _ = named.Type.Text()
	return topic, ""
}

// Headers lists nothing: no header says anything that is read.
func (e *endpoint) Headers() []string { return nil }

// Sign makes the headers of the second generation when the secret is a private
// key, and of the first when it is a token, whose proof Prove makes.
func (e *endpoint) Sign(s platform.Sample, secret platform.Secret) http.Header {
	h := http.Header{}
	h.Set("Content-Type", "application/json")
	key, ok := privateKey(secret)
	if !ok {
		return h
	}
	stamp := s.At.UTC().Format(time.RFC3339)
	digest := digestOf(stamp, s.Body)
	if sum, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:]); err == nil {
		h.Set(e.timestamp, stamp)
		h.Set(e.signature, e.encode(sum))
	}
	return h
}

// Prove puts a token into the query.
func (e *endpoint) Prove(s platform.Sample, secret platform.Secret) (query string, raw []byte) {
	if isKey(secret) {
		return "", s.Body
	}
	return platform.TokenQuery(secret), s.Body
}
