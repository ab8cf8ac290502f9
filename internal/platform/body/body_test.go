package body_test

import (
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

func TestDecodeTellsMissingNullFalseAndBlankApart(t *testing.T) {
	var shape struct{ Missing, Null, Blank, No body.Field }
	if err := body.Decode([]byte(`{"null":null,"blank":"","no":false,"other":[1]}`), &shape); err != nil {
		t.Fatal(err)
	}
	text, ok := shape.Blank.Text()
	if !shape.Missing.Absent() || !shape.Null.Null() || shape.Null.Given() || !shape.Blank.Given() || !shape.No.False() || text != "" || !ok {
		t.Errorf("%q", shape)
	}
}

func TestDecodeSaysWhereABodyIsWrong(t *testing.T) {
	for raw, where := range map[string]string{
		``: "body", `{`: "body", `[]`: "body", `{"a":1}{}`: "body", `{"a":NaN}`: "body", "{\"a\":\"\xff\"}": "body",
		`{"a":1,"a":2}`: "body", `{"list":{}}`: "list", strings.Repeat(`{"b":`, 70) + "1" + strings.Repeat("}", 70): "body",
	} {
		var shape struct {
			A    body.Field   `json:"a"`
			List []body.Field `json:"list"`
		}
		err := body.Decode([]byte(raw), &shape)
		var problem *platform.BodyError
		if !errors.As(err, &problem) || problem.Where != where {
			t.Errorf("%s: got %v, want an error at %s", raw, err, where)
		}
	}
}

func TestNumberIsExactHoweverItIsWritten(t *testing.T) {
	for text, want := range map[string]string{
		`14.50`: "14.5", `"14.50"`: "14.5", `0.30000000000000004`: "0.30000000000000004", `-0.0`: "0",
		`1e-05`: "0.00001", `1.25E2`: "125", `1.25e1`: "12.5", `-12.5e-3`: "-0.0125", `1e+16`: "10000000000000000", `0e0`: "0",
	} {
		var r body.Reader
		if got := r.Number("n", body.Field(text)).String(); got != want || r.Problem() != nil {
			t.Errorf("%s: got %s, %v", text, got, r.Problem())
		}
	}
	for _, text := range []string{`""`, `"12,50"`, `1e99`, `true`, `{}`, `12345678901234567890.5`, `"e5"`, `" 1"`} {
		var r body.Reader
		if r.Number("n", body.Field(text)); r.Problem() == nil {
			t.Errorf("%s was read", text)
		}
	}
}

func TestNumberWithExponentHasTheValueOfTheExponent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`-?(0|[1-9][0-9]{0,5})(\.[0-9]{1,4})?[eE][+-]?[0-9]`).Draw(t, "number")
		var r body.Reader
		got, _ := new(big.Rat).SetString(r.Number("n", body.Field(text)).String())
		want, _ := new(big.Rat).SetString(text)
		if r.Problem() != nil || got.Cmp(want) != 0 {
			t.Fatalf("%s is read as %s: %v", text, got, r.Problem())
		}
	})
}

func TestFailNamesTheFirstPlaceAlone(t *testing.T) {
	var r body.Reader
	r.Enter("lines", 3)
	r.Number("qty", body.Field(`"many"`))
	r.Leave()
	r.Fail("other", "nothing")
	if err := r.Problem(); err == nil || err.Error() != "lines[3].qty: want a decimal number of at most 19 digits" {
		t.Error(err)
	}
}

func TestWallIsWhatClocksOfTheZoneShow(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, text, received, want string }{
		{"winter", "2026-03-02 14:14:07.123456", "2026-03-02T19:14:08Z", "2026-03-02T19:14:07.123456Z"},
		{"summer, with a T", "2026-07-02T14:14:07", "2026-07-02T19:14:08Z", "2026-07-02T18:14:07Z"},
		{"a date alone", "2026-03-02", "2026-03-02T19:14:08Z", "2026-03-02T05:00:00Z"},
		{"an hour shown twice, the first time", "2026-11-01 01:30:00", "2026-11-01T05:30:01Z", "2026-11-01T05:30:00Z"},
		{"an hour shown twice, the second time", "2026-11-01 01:30:00", "2026-11-01T06:30:01Z", "2026-11-01T06:30:00Z"},
		{"an hour that is left out", "2026-03-08 02:30:00", "2026-03-08T07:30:01Z", "2026-03-08T07:30:00Z"},
	} {
		received, _ := time.Parse(time.RFC3339, c.received)
		var r body.Reader
		got := r.Wall("at", body.Field(`"`+c.text+`"`), zone, received).UTC().Format(time.RFC3339Nano)
		if got != c.want || r.Problem() != nil {
			t.Errorf("%s: got %s, %v", c.name, got, r.Problem())
		}
	}
	for _, text := range []string{`"2026-03-02T14:14:07Z"`, `"0001-01-01"`, `""`, `7`, `"02.03.2026"`} {
		var r body.Reader
		if r.Wall("at", body.Field(text), zone, time.Now()); r.Problem() == nil {
			t.Errorf("%s was read", text)
		}
	}
}

func TestText_HalfASurrogatePairIsNoText(t *testing.T) {
	for text, want := range map[string]bool{
		`"MUG\ud800"`: false, `"\udc00MUG"`: false, `"MUG\ud800\u0041"`: false, `"MUG\ud83d\ude00"`: true, "\"MUG\uFFFD\\n\"": true, `"MUG\n"`: true,
	} {
		if _, ok := body.Field(text).Text(); ok != want {
			t.Errorf("%s: %t", text, ok)
		}
	}
}

func TestDecode_BoundsEveryList(t *testing.T) {
	list := func(n int) string { return "[" + strings.TrimSuffix(strings.Repeat("0,", n), ",") + "]" }
	for name, c := range map[string]struct {
		raw  string
		want bool
	}{
		"as long as allowed":         {`{"x":` + list(25_000) + `}`, true},
		"one more":                   {`{"x":` + list(25_001) + `}`, false},
		"one more, deeper":           {`{"x":{"y":[1,` + list(25_001) + `]}}`, false},
		"several, none of them long": {`{"x":[` + list(20_000) + `,` + list(20_000) + `]}`, true},
		"commas in a text":           {`{"x":["` + strings.Repeat(",", 30_000) + `"]}`, true},
	} {
		var doc struct {
			X body.Field `json:"x"`
		}
		if err := body.Decode([]byte(c.raw), &doc); (err == nil) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}
