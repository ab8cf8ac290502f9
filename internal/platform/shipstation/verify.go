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

const (
	// maxSignature bounds the signature's text: that of a key of 4096 bits in
	// hexadecimal.
	maxSignature = 1024
	// maxStamp is the length of the longest time that is read.
	maxStamp = 35
)

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
	text, signed := single(req.Header, e.signature)
	stamp, timed := single(req.Header, e.timestamp)
	sum, err := e.decode(text)
	if !signed || !timed || err != nil || len(text) > maxSignature {
		return fmt.Errorf("%w: want one signature and one time", platform.ErrSignature)
	}
	at, ok := instant(stamp)
	if !ok {
		return fmt.Errorf("%w: the time is written neither in unix seconds nor as in RFC 3339", platform.ErrSignature)
	}
	if !signature.Fresh(at, req.Received, signature.Tolerance) {
		return fmt.Errorf("%w: signed too long before or after it was received", platform.ErrSignature)
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

func (e *endpoint) decode(text string) ([]byte, error) {
	if e.encoding == hexCoding {
		return hex.DecodeString(text)
	}
	sum, err := base64.StdEncoding.Strict().DecodeString(text)
	if err == nil && base64.StdEncoding.EncodeToString(sum) != text {
		return nil, base64.CorruptInputError(0)
	}
	return sum, err
}

func (e *endpoint) encode(sum []byte) string {
	if e.encoding == hexCoding {
		return hex.EncodeToString(sum)
	}
	return base64.StdEncoding.EncodeToString(sum)
}

// instant reads the signed time in either of its spellings.
func instant(stamp string) (time.Time, bool) {
	if len(stamp) > maxStamp {
		return time.Time{}, false
	}
	if seconds, err := strconv.ParseInt(stamp, 10, 64); err == nil {
		return time.Unix(seconds, 0), seconds > 0 && strconv.FormatInt(seconds, 10) == stamp
	}
	at, err := time.Parse(time.RFC3339Nano, stamp)
	return at, err == nil
}

func single(h http.Header, name string) (string, bool) {
	values := h.Values(name)
	if len(values) != 1 {
		return "", false
	}
	return values[0], true
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
