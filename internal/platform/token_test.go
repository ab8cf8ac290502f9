package platform_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/platform"
)

func TestATokenIsOneOfTheSecretsOnce(t *testing.T) {
	secrets := []platform.Secret{"", "old & secret", "new-secret"}
	for query, want := range map[string]bool{
		"token=new-secret":           true,
		"token=old+%26+secret":       true,
		"a=b&token=new-secret":       true,
		"token=new-secre":            false,
		"token=new-secret2":          false,
		"token=NEW-SECRET":           false,
		"token=other":                false,
		"token=":                     false,
		"":                           false,
		"token":                      false,
		"Token=new-secret":           false,
		"token=new-secret&token=x":   false,
		"token=x&token=new-secret":   false,
		"token=new-secret&%zz":       false,
		"token=new-secret;token=two": false,
	} {
		err := platform.VerifyToken(query, secrets)
		if (err == nil) != want || err != nil && !errors.Is(err, platform.ErrSignature) {
			t.Errorf("%q: got %v", query, err)
		}
		if err != nil && strings.Contains(err.Error(), "new-secret") {
			t.Errorf("%q: the error tells the token: %v", query, err)
		}
	}
	for _, none := range [][]platform.Secret{nil, {""}} {
		if platform.VerifyToken("token=", none) == nil {
			t.Error("no secret is proven by no token")
		}
	}
	if err := platform.VerifyToken(platform.TokenQuery("old & secret"), secrets); err != nil {
		t.Errorf("what is made of a secret: %v", err)
	}
}
