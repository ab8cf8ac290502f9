package platform_test

import (
	"testing"

	"github.com/plumbline/plumbline/internal/platform"
)

func TestPhoneHash_OneNumberHoweverItIsWritten(t *testing.T) {
	c := platform.Config{HashKey: []byte("a key for these tests")}
	same := [][2]string{
		{"+1 555 017 0042", ""},
		{"+15550170042", "DE"},
		{"001-555-017-0042", ""},
		{"(555) 017-0042", "US"},
		{"1.555.017.0042", "ca"},
	}
	want := c.PhoneHash(same[0][0], same[0][1])
	if len(want) != 32 {
		t.Fatalf("%d digits", len(want))
	}
	for _, s := range same {
		if got := c.PhoneHash(s[0], s[1]); got != want {
			t.Errorf("%q in %q is another number than %q", s[0], s[1], same[0][0])
		}
	}
	if c.PhoneHash("+44 (0)20 7946 0958", "") != c.PhoneHash("020 7946 0958", "GB") {
		t.Error("a trunk prefix makes another number")
	}
}

func TestPhoneHash_WhatCannotBeToldIsNoAnchor(t *testing.T) {
	c := platform.Config{HashKey: []byte("a key for these tests")}
	for name, p := range map[string][2]string{
		"nothing":                               {"", "US"},
		"a national number without a country":   {"555 017 0042", ""},
		"one of a country that is not known":    {"06 5550 1700", "IT"},
		"an extension":                          {"+1 555 017 0042 ext 7", ""},
		"words":                                 {"call the office", "US"},
		"too short":                             {"+1 555 01", ""},
		"too long":                              {"+1234567890123456", ""},
		"one digit too many in North America":   {"555 017 00421", "US"},
		"filler":                                {"+15550000000", ""},
		"a country code that does not exist":    {"+0123456789", ""},
		"only separators":                       {"+ () -", ""},
		"another script's digits":               {"+１５５５０１７００４２", ""},
		"zeros only":                            {"0000000000", "GB"},
		"an international prefix and no number": {"00", ""},
	} {
		if c.PhoneHash(p[0], p[1]) != "" {
			t.Errorf("%s is an anchor", name)
		}
	}
}

func TestExternalHash_IsOfOneSystem(t *testing.T) {
	c := platform.Config{HashKey: []byte("a key for these tests")}
	if c.ExternalHash("shop-us", "7123") == c.ExternalHash("shop-eu", "7123") {
		t.Error("two shops number their customers alike, and they are taken for one")
	}
	if c.ExternalHash("shop-us", " 7123 ") != c.ExternalHash("shop-us", "7123") {
		t.Error("blanks make another customer")
	}
	if c.ExternalHash("", "7123") != "" || c.ExternalHash("shop-us", "") != "" {
		t.Error("nothing identifies somebody")
	}
	if (platform.Config{HashKey: []byte("another")}).ExternalHash("shop-us", "7123") == c.ExternalHash("shop-us", "7123") {
		t.Error("the hash is not keyed")
	}
}
