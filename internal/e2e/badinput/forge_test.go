package badinput

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/signature"
)

// The secrets by name. Nothing may repeat them.
var secrets = map[string]string{
	"SHOP": "shop-secret-of-today", "SHOP_PREVIOUS": "shop-secret-of-yesterday", "SHOP_EU": "shop-secret-of-europe", "UNSET": "",
	"retired": "shop-secret-of-last-year", "empty": "",
	"ERP": "whsec_YmFkIGlucHV0cyBvZiBhY21lLCBlcnA=", "WOO": `woo-&-"secret"`, "BIG": "big-secret-of-the-account", "BIG_API": "big-token-of-the-account",
	"WOO as WordPress stores it": "woo-&amp;-&quot;secret&quot;",
}

// standardSecret is the one that a system signs with.
var standardSecret = map[string]string{"": "SHOP", "shop": "SHOP", "shop-eu": "SHOP_EU", "unset": "UNSET", "erp": "ERP", "woo": "WOO", "big": "BIG"}

// request is an input as it is sent.
type request struct {
	method, path, system string
	header               http.Header
	body                 []byte
	id                   string
}

// signatureHeaders say which header holds a platform's signature.
var signatureHeaders = map[string]string{
	"": "X-Shopify-Hmac-Sha256", "shop": "X-Shopify-Hmac-Sha256", "shop-eu": "X-Shopify-Hmac-Sha256", "unset": "X-Shopify-Hmac-Sha256",
	"erp": "Webhook-Signature", "woo": "X-Wc-Webhook-Signature", "big": "Webhook-Signature",
}

// request makes an input's request.
func (i input) request(t testing.TB, h home) request {
	t.Helper()
	body := i.body(t)
	system := cmp.Or(i.System, owners[i.Base], "shop")
	r := request{
		method: cmp.Or(i.Method, http.MethodPost), path: cmp.Or(i.Path, "/hooks/"+system), system: system, body: body, id: cmp.Or(i.ID, "marker-delivery-1"),
	}
	after, err := time.ParseDuration(cmp.Or(i.After, "0s"))
	if err != nil {
		t.Fatal(err)
	}
	secret, ok := secrets[cmp.Or(i.Secret, standardSecret[system])]
	if !ok {
		t.Fatalf("no secret %q", i.Secret)
	}
	topic := cmp.Or(i.Topic, topics[i.base()])
	sample := platform.Sample{Topic: topic, ID: r.id, At: noon.Add(after), Body: body}
	r.header = h.systems[system].Endpoint.Sign(sample, platform.Secret(secret))
	if system == "big" {
		// BigCommerce signs with the secret's own bytes.
		r.header = signature.SignWebhook(r.id, noon.Add(after), body, signature.Key(secret))
	}
	if r.header.Get("Content-Type") == "" {
		r.header.Set("Content-Type", "application/json")
	}
	for _, name := range i.Forge {
		forge, ok := forgeries[name]
		if !ok {
			t.Fatalf("no forgery %q", name)
		}
		forge(&r, signatureHeaders[system], secret)
	}
	for name, values := range i.Header {
		r.header.Del(name)
		for _, v := range values {
			r.header.Add(name, string(bytesOf(v)))
		}
	}
	return r
}

// on changes the last signature in the header: the base64 behind the last comma.
func on(change func(text string, sum []byte) string) func(*request, string, string) {
	return func(r *request, header, _ string) {
		value := r.header.Get(header)
		at := strings.LastIndexByte(value, ',') + 1
		sum, _ := base64.StdEncoding.DecodeString(value[at:]) // Sign wrote it
		r.header.Set(header, value[:at]+change(value[at:], sum))
	}
}

// header changes the whole value.
func whole(change func(value string) []string) func(*request, string, string) {
	return func(r *request, header, _ string) { r.header[header] = change(r.header.Get(header)) }
}

const wrong = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

// forgeries change a request that was signed.
var forgeries = map[string]func(r *request, header, secret string){
	"no signature":    func(r *request, header, _ string) { r.header.Del(header) },
	"empty signature": whole(func(string) []string { return []string{""} }),
	"signature of no body": func(r *request, header, secret string) {
		key := signature.Key(secret)
		r.header.Set(header, signature.Encode(signature.Sum(key)))
		if r.system == "erp" {
			r.header = signature.SignWebhook(r.id, noon, nil, signature.WebhookKey(secret))
		}
	},
	"bit of the body":      func(r *request, _, _ string) { r.body = bytes.Clone(r.body); r.body[len(r.body)/2] ^= 1 },
	"bit of the signature": on(func(_ string, sum []byte) string { sum[31] ^= 1; return signature.Encode(sum) }),
	"16 bytes":             on(func(_ string, sum []byte) string { return signature.Encode(sum[:16]) }),
	"64 bytes":             on(func(_ string, sum []byte) string { return signature.Encode(append(sum, sum...)) }),
	"hex":                  on(func(_ string, sum []byte) string { return hex.EncodeToString(sum) }),
	"url":                  on(func(_ string, sum []byte) string { return base64.URLEncoding.EncodeToString(sum) }),
	"no padding":           on(func(text string, _ []byte) string { return strings.TrimRight(text, "=") }),
	"spare bits":           on(spareBits),
	"newline inside":       on(func(text string, _ []byte) string { return text[:20] + "\n" + text[20:] }),
	"space inside":         on(func(text string, _ []byte) string { return text[:20] + " " + text[20:] }),
	"sha1": func(r *request, header, secret string) {
		m := hmac.New(sha1.New, []byte(secret))
		m.Write(r.body)
		r.header.Set(header, signature.Encode(m.Sum(nil)))
	},
	"sha512": func(r *request, header, secret string) {
		m := hmac.New(sha512.New, []byte(secret))
		m.Write(r.body)
		r.header.Set(header, signature.Encode(m.Sum(nil)))
	},
	"good first":  whole(func(v string) []string { return []string{v, wrong} }),
	"good second": whole(func(v string) []string { return []string{wrong, v} }),
	"joined":      whole(func(v string) []string { return []string{v + "," + wrong} }),
	"joined list": whole(func(v string) []string { return []string{v + ", " + v} }),
	"1 MB":        whole(func(v string) []string { return []string{v + strings.Repeat("A", 1_000_000)} }),
	"not ASCII":   whole(func(v string) []string { return []string{v + "é"} }),
	"list of 50":  whole(func(v string) []string { return []string{strings.Repeat("v1,"+wrong+" ", 49) + v} }),
	"list of 100": whole(func(v string) []string { return []string{strings.Repeat("v1,"+wrong+" ", 99) + v} }),
	"v9":          whole(func(v string) []string { return []string{"v9" + v[2:]} }),
	"v1a":         whole(func(v string) []string { return []string{"v1a" + v[2:]} }),
	"dot in id": func(r *request, _, secret string) {
		// What is signed reads the same with the time as a part of the id.
		stamp := strconv.FormatInt(noon.Unix(), 10)
		sum := signature.Sum(signature.WebhookKey(secret), []byte(r.id+"."+stamp+"."+stamp+"."), r.body)
		r.header.Set("Webhook-Id", r.id+"."+stamp)
		r.header.Set("Webhook-Signature", "v1,"+signature.Encode(sum))
	},
	"other body": func(r *request, _, _ string) { r.body = bytes.ReplaceAll(r.body, []byte("12"), []byte("13")) },
}

// spareBits is another text that a lenient decoder takes for the same bytes.
func spareBits(text string, _ []byte) string {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	last := len(text) - 2
	return text[:last] + string(digits[strings.IndexByte(digits, text[last])|1]) + "="
}
