package stripe

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

const signatureHeader = "Stripe-Signature"

// maxSignature bounds the header: room for some fifty signatures.
const maxSignature = 4096

// scheme is what may stand before the equals sign.
var scheme = lazyregexp.New(`^[a-z][a-z0-9_]*$`)

// Verify takes a signature of time and raw body under any of the secrets, made
// at most the tolerance before or after the request was received.
func (e *endpoint) Verify(req platform.Request, secrets []platform.Secret) error {
	values := req.Header.Values(signatureHeader)
	if len(values) != 1 || len(values[0]) > maxSignature {
		return fmt.Errorf("%w: %d headers %s, want one", platform.ErrSignature, len(values), signatureHeader)
	}
	stamp, sums := signed(values[0])
	seconds, _ := strconv.ParseInt(stamp, 10, 64)
	if strconv.FormatInt(seconds, 10) != stamp {
		return fmt.Errorf("%w: want one time in unix seconds, and signatures, as in t=…,v1=…", platform.ErrSignature)
	}
	if !signature.Fresh(time.Unix(seconds, 0), req.Received, e.tolerance) {
		return fmt.Errorf("%w: signed too long before or after it was received", platform.ErrSignature)
	}
	if !signature.Verify(keys(secrets), sums, []byte(stamp+"."), req.Body) {
		return fmt.Errorf("%w: no secret made the signature", platform.ErrSignature)
	}
	return nil
}

// signed reads "t=…,v1=…,v1=…,v0=…". Every item is a name and a value; of other
// schemes than v1, and of signatures that are not written in hexadecimal, nothing
// is taken. A second time is that of a second header, joined on the way. Of what is
// written otherwise, the time is blank.
func signed(header string) (stamp string, sums [][]byte) {
	for item := range strings.SplitSeq(header, ",") {
		name, value, found := strings.Cut(item, "=")
		if !found || !scheme.MatchString(name) || strings.Contains(value, "=") {
			return "", nil
		}
		switch name {
		case "t":
			if stamp != "" {
				return "", nil
			}
			stamp = value
		case "v1":
			if sum, err := hex.DecodeString(value); err == nil {
				sums = append(sums, sum)
			}
		}
	}
	return stamp, sums
}

// keys are the secrets as they stand. They look like those of Standard Webhooks,
// whose keys are decoded; Stripe's are not.
func keys(secrets []platform.Secret) []signature.Key {
	keys := make([]signature.Key, len(secrets))
	for i, s := range secrets {
		keys[i] = signature.Key(s)
	}
	return keys
}

// Identify reads the event's type and id out of the body: no header says them.
func (e *endpoint) Identify(req platform.Request) (topic, id string) {
	var named struct {
		ID   body.Field `json:"id"`
		Type body.Field `json:"type"`
	}
	if body.Decode(req.Body, &named) != nil {
		return "", ""
	}
	topic, _ = named.Type.Text()
	id, _ = named.ID.Text()
	return topic, id
}

// Headers lists nothing: no header says anything that the body does not.
func (e *endpoint) Headers() []string { return nil }

// Sign makes the headers that Stripe would send with the sample.
func (e *endpoint) Sign(s platform.Sample, secret platform.Secret) http.Header {
	stamp := strconv.FormatInt(s.At.Unix(), 10)
	sum := signature.Sum(signature.Key(secret), []byte(stamp+"."), s.Body)
	h := http.Header{}
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set(signatureHeader, "t="+stamp+",v1="+hex.EncodeToString(sum))
	return h
}
