package signature

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

var (
	sentAt = time.Date(2026, 3, 3, 14, 14, 30, 0, time.UTC)
	body   = []byte(`{"type":"records.reported"}`)
)

// sealed is a header whose signature is right for the given id and time text.
func sealed(id, stamp string) http.Header {
	h := http.Header{}
	h.Set(IDHeader, id)
	h.Set(TimestampHeader, stamp)
	h.Set(SignatureHeader, "v1,"+Encode(Sum(right, []byte(id+"."+stamp+"."), body)))
	return h
}

func with(name string, values ...string) http.Header {
	h := SignWebhook("msg_1", sentAt, body, right)
	h[http.CanonicalHeaderKey(name)] = values
	return h
}

func at(offset time.Duration) string {
	return strconv.FormatInt(sentAt.Add(offset).Unix(), 10)
}

func TestSignedWebhookIsAccepted(t *testing.T) {
	good := SignWebhook("msg_1", sentAt, body, right).Get(SignatureHeader)
	wrong := "v1," + Encode(Sum(other, body))
	for name, header := range map[string]http.Header{
		"as signed":                   SignWebhook("msg_1", sentAt, body, right),
		"beside an older secret's":    with(SignatureHeader, wrong+" "+good),
		"before an older secret's":    with(SignatureHeader, good+" "+wrong),
		"beside unknown versions":     with(SignatureHeader, "v1a,AAAA v9,!! "+good),
		"behind 49 others":            with(SignatureHeader, strings.Repeat(wrong+" ", 49)+good),
		"five minutes old":            sealed("msg_1", at(-5*time.Minute)),
		"five minutes ahead":          sealed("msg_1", at(5*time.Minute)),
		"with the longest id allowed": sealed(strings.Repeat("x", 256), at(0)),
	} {
		if err := VerifyWebhook(header, body, sentAt, []Key{other, right}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestForgedWebhookIsRefused(t *testing.T) {
	good := SignWebhook("msg_1", sentAt, body, right).Get(SignatureHeader)
	sum := Sum(right, []byte("msg_1."+at(0)+"."), body)
	for name, tc := range map[string]struct {
		header http.Header
		want   error
	}{
		"no signature":               {with(SignatureHeader), ErrHeader},
		"empty signature":            {with(SignatureHeader, ""), ErrHeader},
		"blank v1":                   {with(SignatureHeader, "v1,"), ErrHeader},
		"no version":                 {with(SignatureHeader, strings.TrimPrefix(good, "v1,")), ErrHeader},
		"unknown version only":       {with(SignatureHeader, strings.Replace(good, "v1", "v9", 1)), ErrHeader},
		"v1a only":                   {with(SignatureHeader, strings.Replace(good, "v1", "v1a", 1)), ErrHeader},
		"hexadecimal":                {with(SignatureHeader, "v1,"+hex.EncodeToString(sum)), ErrHeader},
		"without padding":            {with(SignatureHeader, "v1,"+base64.RawStdEncoding.EncodeToString(sum)), ErrHeader},
		"16 bytes":                   {with(SignatureHeader, "v1,"+Encode(sum[:16])), ErrHeader},
		"two headers":                {with(SignatureHeader, good, good), ErrHeader},
		"joined with a comma":        {with(SignatureHeader, good+","+good), ErrHeader},
		"joined with comma, space":   {with(SignatureHeader, good+", "+good), ErrHeader},
		"joined with another scheme": {with(SignatureHeader, "v1a,AAAA, "+good), ErrHeader},
		"a good one beside a broken": {with(SignatureHeader, good+" v1,AAAA"), ErrHeader},
		"a word beside":              {with(SignatureHeader, good+" v2"), ErrHeader},
		"no version beside":          {with(SignatureHeader, good+" ,AAAA"), ErrHeader},
		"two spaces":                 {with(SignatureHeader, good+"  "+good), ErrHeader},
		"longer than the limit":      {with(SignatureHeader, strings.Repeat(good+" ", 90)+good), ErrHeader},
		"no id":                      {with(IDHeader), ErrHeader},
		"two ids":                    {with(IDHeader, "msg_1", "msg_1"), ErrHeader},
		"another id":                 {with(IDHeader, "msg_2"), ErrMismatch},
		"empty id":                   {sealed("", at(0)), ErrHeader},
		"id with a dot":              {sealed("msg_1."+at(0), at(0)), ErrHeader},
		"id with a space":            {sealed("msg 1", at(0)), ErrHeader},
		"id with a newline":          {sealed("msg\n1", at(0)), ErrHeader},
		"id outside ASCII":           {sealed("msgé", at(0)), ErrHeader},
		"id too long":                {sealed(strings.Repeat("x", 257), at(0)), ErrHeader},
		"no time":                    {with(TimestampHeader), ErrHeader},
		"another time":               {with(TimestampHeader, at(time.Second)), ErrMismatch},
		"six minutes old":            {sealed("msg_1", at(-6*time.Minute)), ErrStale},
		"six minutes ahead":          {sealed("msg_1", at(6*time.Minute)), ErrStale},
		"time with a plus":           {sealed("msg_1", "+"+at(0)), ErrHeader},
		"time with a zero":           {sealed("msg_1", "0"+at(0)), ErrHeader},
		"negative time":              {sealed("msg_1", "-"+at(0)), ErrHeader},
		"time in milliseconds":       {sealed("msg_1", at(0)+"000"), ErrHeader},
		"20 digits":                  {sealed("msg_1", "17725472700000000000"), ErrHeader},
		"NaN":                        {sealed("msg_1", "NaN"), ErrHeader},
		"time as text":               {sealed("msg_1", "2026-03-03T14:14:30Z"), ErrHeader},
	} {
		err := VerifyWebhook(tc.header, body, sentAt, []Key{other, right})
		if !errors.Is(err, tc.want) {
			t.Errorf("%s: got %v, want %v", name, err, tc.want)
		}
	}
}

func TestWebhookSignedWithNoSecretIsRefused(t *testing.T) {
	header := SignWebhook("msg_1", sentAt, body, nil)
	for name, keys := range map[string][]Key{
		"no key": nil, "an empty key": {nil}, "an empty and a right key": {nil, right},
	} {
		if err := VerifyWebhook(header, body, sentAt, keys); !errors.Is(err, ErrMismatch) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestOtherBodyUnderTheSameIDIsRefused(t *testing.T) {
	header := SignWebhook("msg_1", sentAt, body, right)
	if err := VerifyWebhook(header, []byte(`{}`), sentAt, []Key{right}); !errors.Is(err, ErrMismatch) {
		t.Errorf("got %v", err)
	}
}

func TestWebhookKeyIsTheSecretDecoded(t *testing.T) {
	for secret, want := range map[string]string{
		"whsec_cGx1bWJsaW5lLXNpZ25hdHVyZS10ZXN0LWtleS0wMDE=": string(right),
		"cGx1bWJsaW5lLXNpZ25hdHVyZS10ZXN0LWtleS0wMDE=":       string(right),
		"whsec_":          "",
		"":                "",
		"whsec_not/base6": "",
		"whsec_cGx1bWJsaW5lLXNpZ25hdHVyZS10ZXN0LWtleS0wMDF=": "",
		"whpk_AAAA": "",
	} {
		if got := WebhookKey(secret); string(got) != want {
			t.Errorf("%q: got %d bytes, want %d", secret, len(got), len(want))
		}
	}
}

func FuzzVerifyWebhook(f *testing.F) {
	good := SignWebhook("msg_1", sentAt, body, right)
	f.Add(good.Get(IDHeader), good.Get(TimestampHeader), good.Get(SignatureHeader), body)
	f.Add("msg_1.1", "1", "v1,AAAA", []byte("{}"))
	f.Fuzz(func(t *testing.T, id, stamp, list string, sent []byte) {
		header := http.Header{}
		header.Set(IDHeader, id)
		header.Set(TimestampHeader, stamp)
		header.Set(SignatureHeader, list)
		if VerifyWebhook(header, sent, sentAt, []Key{right}) != nil {
			return
		}
		if id != "msg_1" || stamp != at(0) || string(sent) != string(body) {
			t.Errorf("accepted what was not signed: %q %q %q", id, stamp, sent)
		}
	})
}
