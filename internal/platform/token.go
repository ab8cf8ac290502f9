package platform

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net/url"
)

const tokenParameter = "token"

// VerifyToken takes a raw query that holds one of the secrets as its token, once:
// the proof of platforms that sign nothing. Digests are compared, so that time
// tells nothing about a secret, its length included.
func VerifyToken(query string, secrets []Secret) error {
	values, err := url.ParseQuery(query)
	tokens := values[tokenParameter]
	if err != nil || len(tokens) != 1 {
		return fmt.Errorf("%w: %d tokens in the address, want one", ErrSignature, len(tokens))
	}
	given, found := sha256.Sum256([]byte(tokens[0])), 0
	for _, s := range secrets {
		want := sha256.Sum256([]byte(s))
		if equal := subtle.ConstantTimeCompare(given[:], want[:]); s != "" {
			found |= equal
		}
	}
	if found != 1 {
		return fmt.Errorf("%w: the token is none of the secrets", ErrSignature)
	}
	return nil
}

// TokenQuery is the query that VerifyToken takes for the secret.
func TokenQuery(secret Secret) string {
	return url.Values{tokenParameter: {string(secret)}}.Encode()
}
