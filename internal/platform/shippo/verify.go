package shippo

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
	"github.com/plumbline/plumbline/internal/signature"
)

// maxSignature bounds the signature's header.
const maxSignature = 512

// scheme is what may stand before the equals sign.
var scheme = lazyregexp.New(`^[a-z][a-z0-9]*$`)

// Verify takes a request that one of the secrets signed, or, where nothing is
// signed and need be, one whose address holds one of them as its token.
func (e *endpoint) Verify(req platform.Request, secrets []platform.Secret) error {
	values := req.Header.Values(e.header)
	if len(values) > 0 {
		return verifySigned(values, req, secrets)
	}
	if e.signed {
		return fmt.Errorf("%w: want a signature", platform.ErrSignature)
	}
	return platform.VerifyToken(req.Query, secrets)
}

// verifySigned takes a signature of time and body, made at most five minutes
// before or after the request was received.
func verifySigned(values []string, req platform.Request, secrets []platform.Secret) error {
	if len(values) != 1 || len(values[0]) > maxSignature {
		return fmt.Errorf("%w: want one signature", platform.ErrSignature)
	}
	stamp, sums := signed(values[0])
	seconds, _ := strconv.ParseInt(stamp, 10, 64)
	if strconv.FormatInt(seconds, 10) != stamp {
		return fmt.Errorf("%w: want one time in unix seconds, and signatures, as in t=…,v1=…", platform.ErrSignature)
	}
	if !signature.Fresh(time.Unix(seconds, 0), req.Received, signature.Tolerance) {
		return fmt.Errorf("%w: signed too long before or after it was received", platform.ErrSignature)
	}
	if !signature.Verify(keys(secrets), sums, []byte(stamp+"."), req.Body) {
		return fmt.Errorf("%w: no secret made the signature", platform.ErrSignature)
	}
	return nil
}

// signed reads "t=…,v1=…". A second time is that of a second header, joined on the
// way. Of schemes of the future nothing is taken. Of what is written otherwise, the
// time is blank.
func signed(header string) (stamp string, sums [][]byte) {
	for item := range strings.SplitSeq(header, ",") {
		name, value, found := strings.Cut(item, "=")
		if !found || !scheme.MatchString(name) || name == "t" && stamp != "" {
			return "", nil
		}
		switch name {
		case "t":
			stamp = value
		case "v1":
			if sum, err := hex.DecodeString(value); err == nil {
				sums = append(sums, sum)
			}
		}
	}
	return stamp, sums
}

func keys(secrets []platform.Secret) []signature.Key {
	keys := make([]signature.Key, len(secrets))
	for i, s := range secrets {
		keys[i] = signature.Key(s)
	}
	return keys
}

// Query keeps nothing of the query: the token may be in it.
func (e *endpoint) Query(string) string { return "" }

// Identify reads the event out of the body: no header says anything.
func (e *endpoint) Identify(req platform.Request) (topic, id string) {
	var named struct {
		Event body.Field `json:"event"`
	}
	if body.Decode(req.Body, &named) != nil {
		return "", ""
	}
	topic, _ = named.Event.Text()
	return topic, ""
}

// Headers lists nothing: no header says anything.
func (e *endpoint) Headers() []string { return nil }

// Sign makes the headers that Shippo would send with the sample when it signs.
func (e *endpoint) Sign(s platform.Sample, secret platform.Secret) http.Header {
	stamp := strconv.FormatInt(s.At.Unix(), 10)
	sum := signature.Sum(signature.Key(secret), []byte(stamp+"."), s.Body)
	h := http.Header{}
	h.Set("Content-Type", "application/json")
	h.Set(e.header, "t="+stamp+",v1="+hex.EncodeToString(sum))
	return h
}
