package businesscentral_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/businesscentral"
)

func newEndpoint(t testing.TB, changes ...func(*platform.Config)) platform.Endpoint {
	t.Helper()
	c := config()
	for _, change := range changes {
		change(&c)
	}
	e, err := businesscentral.Platform().New(c)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func setting(name, value string) func(*platform.Config) {
	return func(c *platform.Config) { c.Settings[name] = value }
}

func TestEveryElementMustCarryASecret(t *testing.T) {
	const right = `{"clientState":"published-secret-of-the-samples","resource":"api/v2.0/x","changeType":"updated"}`
	e := newEndpoint(t)
	secrets := []platform.Secret{"", "of-yesterday", suite().Secret}
	for name, c := range map[string]struct {
		body    string
		genuine bool
	}{
		"one":                            {`{"value":[` + right + `]}`, true},
		"behind a byte order mark":       {"\ufeff" + `{"value":[` + right + `]}`, true},
		"each with another secret":       {`{"value":[` + right + `,{"clientState":"of-yesterday"}]}`, true},
		"escaped":                        {`{"value":[{"clientState":"\u006ff-yesterday"}]}`, true},
		"one right and one wrong":        {`{"value":[` + right + `,{"clientState":"guessed"}]}`, false},
		"one wrong and one right":        {`{"value":[{"clientState":"guessed"},` + right + `]}`, false},
		"one right and one without":      {`{"value":[` + right + `,{"resource":"x"}]}`, false},
		"a longer text":                  {`{"value":[{"clientState":"of-yesterday "}]}`, false},
		"the empty secret":               {`{"value":[{"clientState":""}]}`, false},
		"null":                           {`{"value":[{"clientState":null}]}`, false},
		"a number":                       {`{"value":[{"clientState":1}]}`, false},
		"twice":                          {`{"value":[{"clientState":"guessed","clientState":"of-yesterday"}]}`, false},
		"twice, in two spellings":        {`{"value":[{"ClientState":"guessed","clientState":"of-yesterday"}]}`, false},
		"no element":                     {`{"value":[]}`, false},
		"no list":                        {`{}`, false},
		"two byte order marks":           {"\ufeff\ufeff" + `{"value":[` + right + `]}`, false},
		"nothing":                        {``, false},
		"a second document":              {`{"value":[` + right + `]}{"value":[]}`, false},
		"outside of the list":            {`{"clientState":"of-yesterday","value":[{}]}`, false},
		"a list of texts":                {`{"value":["of-yesterday"]}`, false},
		"more elements than ever come":   {`{"value":[` + strings.Repeat(right+",", 5000) + right + `]}`, false},
		"a secret of another capitals":   {`{"value":[{"clientState":"OF-YESTERDAY"}]}`, false},
		"null in the place of an object": {`{"value":[null]}`, false},
	} {
		err := e.Verify(platform.Request{Body: []byte(c.body)}, secrets)
		if c.genuine != (err == nil) || err != nil && !errors.Is(err, platform.ErrSignature) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestHandshakeSendsTheTokenBackAsTextAndNothingElse(t *testing.T) {
	greeter := newEndpoint(t).(platform.Greeter)
	for query, want := range map[string]string{
		"validationToken=5f2c7a10-8e4b":               "5f2c7a10-8e4b",
		"validationToken=a%2Fb%2Bc%3D":                "a/b+c=",
		"x=1&validationToken=abc":                     "abc",
		"":                                            "",
		"validationToken=":                            "",
		"validationToken=a&validationToken=b":         "",
		"validationtoken=abc":                         "",
		"validationToken=%3Cscript%3E":                "",
		"validationToken=a%0d%0aSet-Cookie":           "",
		"validationToken=a b":                         "",
		"validationToken=%zz":                         "",
		"validationToken=abc&x=%zz":                   "",
		"validationToken=" + strings.Repeat("a", 513): "",
	} {
		for _, method := range []string{http.MethodPost, http.MethodGet} {
			answer, greeted := greeter.Greet(platform.Request{Method: method, Query: query}, nil)
			if greeted != (want != "") || answer.Body != want {
				t.Errorf("%s %q: got %q, %t", method, query, answer.Body, greeted)
			}
			if greeted && (answer.Code() != http.StatusOK || !strings.HasPrefix(answer.Type, "text/plain")) {
				t.Errorf("%q: got %d %s", query, answer.Code(), answer.Type)
			}
		}
	}
}

func TestNoAnswerDeletesASubscription(t *testing.T) {
	answerer := newEndpoint(t).(platform.Answerer)
	if code := answerer.Accepted(platform.Request{}).Code(); code != http.StatusAccepted {
		t.Errorf("accepted: %d", code)
	}
	if code := answerer.Refused().Code(); code < 500 {
		t.Errorf("refused: %d, want an answer that is tried again", code)
	}
}

func TestSettingsSayWhatWouldBeRight(t *testing.T) {
	for name, value := range map[string]string{
		"tenant": "acme/../other", "company": "acme", "environment": "a b", "api": "v2.0/../admin", "order_fields": "a,,b",
		"sku": "name", "stock_page": "https://elsewhere.example", "stock_fields": "one,two", "stock_every": "1s",
	} {
		c := config()
		c.Settings[name] = value
		if _, err := businesscentral.Platform().New(c); err == nil || !strings.Contains(err.Error(), "setting "+name+": want") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
