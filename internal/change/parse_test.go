package change_test

import (
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/change"
)

var known = change.Known{
	System:      func(name string) bool { return name == "erp" },
	Integration: func(name string) bool { return name == "stock" },
}

func TestParse_ReadsAChange(t *testing.T) {
	got, err := change.Parse([]byte(`{"id":"run-1","at":"2026-11-23T15:02:00.5+01:00","system":"erp","integration":"stock",`+
		`"what":" deploy shop-theme@2026.11.3 ","url":"https://ci.acme.example/runs/1?attempt=2","by":"deploy pipeline #4"}`), two, known)
	want := change.Change{
		ID: "run-1", At: two, System: "erp", Integration: "stock", What: "deploy shop-theme@2026.11.3",
		URL: "https://ci.acme.example/runs/1?attempt=2", By: "deploy pipeline #4",
	}
	if err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := change.Parse([]byte(`{"id":"1","at":"2026-11-23T14:02:00Z","what":"job Sync Stock finished"}`), two, known); err != nil || got.Scope() != "" {
		t.Errorf("the least: %+v, %v", got, err)
	}
}

func TestParse_RefusesWithThePlaceAndWithoutTheValue(t *testing.T) {
	with := func(member string) string {
		return `{"id":"1","at":"2026-11-23T14:02:00Z","what":"deploy",` + member + `}`
	}
	what := func(text string) string { return `{"id":"1","at":"2026-11-23T14:02:00Z","what":"` + text + `"}` }
	when := func(text string) string { return `{"id":"1","at":"` + text + `","what":"deploy"}` }
	id := func(text string) string { return `{"id":"` + text + `","at":"2026-11-23T14:02:00Z","what":"deploy"}` }
	for _, tc := range []struct{ name, body, where string }{
		{"nothing", ``, "body"},
		{"no JSON", `deploy`, "body"},
		{"null", `null`, "body"},
		{"a list", `[{"id":"1"}]`, "body"},
		{"no end", `{"id":"1"`, "body"},
		{"two objects", what("deploy") + `{}`, "body"},
		{"a comma too many", `{"id":"1",}`, "body"},
		{"invalid UTF-8", "{\"id\":\"\xff\"}", "body"},
		{"too long", `{"id":"` + strings.Repeat("x", change.MaxBody) + `"}`, "body"},
		{"another name", with(`"author":"secret-value"`), "body"},
		{"a name in capitals", with(`"What":"secret-value"`), "body"},
		{"a name twice", with(`"id":"2"`), "id"},
		{"a number", `{"id":1}`, "id"},
		{"null for a text", with(`"system":null`), "system"},
		{"an object for a text", with(`"url":{"id":"1"}`), "url"},
		{"no id", `{"at":"2026-11-23T14:02:00Z","what":"deploy"}`, "id"},
		{"a blank id", id(""), "id"},
		{"an id with spaces", id("secret value"), "id"},
		{"an id that is an address", id("dana@acme.example"), "id"},
		{"a long id", id(strings.Repeat("x", 101)), "id"},
		{"no time", `{"id":"1","what":"deploy"}`, "at"},
		{"a date", when("2026-11-23"), "at"},
		{"a time without a zone", when("2026-11-23T14:02:00"), "at"},
		{"the future", when("2026-11-23T14:07:01Z"), "at"},
		{"long ago", when("2026-11-16T14:01:59Z"), "at"},
		{"another system", with(`"system":"secret-value"`), "system"},
		{"a blank system", with(`"system":""`), "system"},
		{"another integration", with(`"integration":"secret-value"`), "integration"},
		{"nothing said", what("  "), "what"},
		{"two lines", what(`deploy\nsecret-value`), "what"},
		{"what a terminal obeys", what(`deploy \u001b[31msecret-value`), "what"},
		{"what turns text around", what(`deploy \u202esecret-value`), "what"},
		{"half a character", what(`deploy \ud800`), "what"},
		{"a long story", what(strings.Repeat("é", 201)), "what"},
		{"an e-mail address", what("deploy for dana@acme.example"), "what"},
		{"an address without TLS", with(`"url":"http://ci.acme.example/secret-value"`), "url"},
		{"a script", with(`"url":"javascript:secret-value"`), "url"},
		{"a password in the address", with(`"url":"https://ci:secret-value@acme.example/"`), "url"},
		{"no host", with(`"url":"https:///secret-value"`), "url"},
		{"a long address", with(`"url":"https://acme.example/` + strings.Repeat("x", 300) + `"`), "url"},
		{"a person's address", with(`"by":"dana@acme.example"`), "by"},
		{"a blank name", with(`"by":""`), "by"},
		{"a long name", with(`"by":"` + strings.Repeat("x", 81) + `"`), "by"},
	} {
		_, err := change.Parse([]byte(tc.body), two, known)
		switch {
		case err == nil:
			t.Errorf("%s is accepted", tc.name)
		case !strings.HasPrefix(err.Error(), tc.where+": want "):
			t.Errorf("%s: %v, want it about %s", tc.name, err, tc.where)
		case strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "dana"):
			t.Errorf("%s: %v repeats a value", tc.name, err)
		}
	}
}

func TestParse_TakesTimesAtItsBounds(t *testing.T) {
	for _, at := range []time.Time{two.Add(5 * time.Minute), two.Add(-7 * 24 * time.Hour)} {
		if _, err := change.Parse([]byte(`{"id":"1","at":"`+at.Format(time.RFC3339)+`","what":"deploy"}`), two, known); err != nil {
			t.Errorf("%s: %v", at, err)
		}
	}
}
