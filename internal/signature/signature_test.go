package signature

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var (
	right = Key("plumbline-signature-test-key-001")
	other = Key("plumbline-signature-test-key-002")
)

func TestSumIsWhatOpenSSLComputes(t *testing.T) {
	got := Encode(Sum(right, []byte("msg_acme_1.1772547270."), []byte(`{"type":"records.reported"}`)))
	if want := "PmaUdkIs8DARP+LWRUH/wQNDTu4tXgsmil7MQPUPJt0="; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestVerifyAcceptsAnyKeyOfSeveral(t *testing.T) {
	message := []byte("message")
	good, wrong := Sum(right, message), Sum(other, message)
	for _, tc := range []struct {
		name string
		keys []Key
		sums [][]byte
		want bool
	}{
		{"the right key", []Key{right}, [][]byte{good}, true},
		{"the right key last", []Key{other, right}, [][]byte{good}, true},
		{"the right key first", []Key{right, other}, [][]byte{good}, true},
		{"the right sum last", []Key{right}, [][]byte{wrong, good}, true},
		{"the right sum first", []Key{right}, [][]byte{good, wrong}, true},
		{"another key", []Key{other}, [][]byte{good}, false},
		{"no key", nil, [][]byte{good}, false},
		{"no sum", []Key{right}, nil, false},
		{"half a sum", []Key{right}, [][]byte{good[:16]}, false},
		{"an empty sum", []Key{right}, [][]byte{{}}, false},
		{"the empty key's own sum", []Key{{}}, [][]byte{Sum(Key{}, message)}, false},
		{"the empty key's own sum beside a right key", []Key{nil, right}, [][]byte{Sum(nil, message)}, false},
		{"the empty key beside the right one", []Key{nil, right}, [][]byte{good}, true},
	} {
		if got := Verify(tc.keys, tc.sums, message); got != tc.want {
			t.Errorf("%s: got %t", tc.name, got)
		}
	}
}

func TestDecodeReadsOneSpellingOnly(t *testing.T) {
	sum := Sum(right, []byte("message"))
	text := Encode(sum)
	for name, spelling := range map[string]string{
		"empty":            "",
		"16 bytes":         Encode(sum[:16]),
		"33 bytes":         Encode(append(sum, 0)),
		"without padding":  strings.TrimRight(text, "="),
		"with a newline":   text[:10] + "\n" + text[10:],
		"newline in place": text[:10] + "\n" + text[11:],
		"spare bits":       base64.StdEncoding.EncodeToString(make([]byte, 32))[:42] + "B=",
		"URL alphabet":     base64.URLEncoding.EncodeToString([]byte(strings.Repeat("\xff", 32))),
	} {
		if _, ok := Decode(spelling); ok {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, ok := Decode(text); !ok {
		t.Error("the right spelling is refused")
	}
}

func TestDecodeIsTheInverseOfEncode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[A-Za-z0-9+/]{42}[A-Za-z0-9+/]=`).Draw(t, "text")
		if sum, ok := Decode(text); ok && Encode(sum) != text {
			t.Fatalf("%q has a second spelling", text)
		}
	})
}

func TestFreshLooksBothWays(t *testing.T) {
	received := time.Date(2026, 3, 3, 14, 14, 30, 0, time.UTC)
	for offset, want := range map[time.Duration]bool{
		0: true, 5 * time.Minute: true, -5 * time.Minute: true,
		5*time.Minute + 1: false, -5*time.Minute - 1: false, 200 * 365 * 24 * time.Hour: false,
	} {
		if got := Fresh(received.Add(offset), received, 5*time.Minute); got != want {
			t.Errorf("%s: got %t", offset, got)
		}
	}
	if Fresh(time.Time{}, received, 5*time.Minute) {
		t.Error("no time is fresh")
	}
}
