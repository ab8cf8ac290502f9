package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/change"
	"github.com/plumbline/plumbline/internal/registry"
)

var twoOClock = time.Date(2026, 11, 23, 14, 2, 0, 0, time.UTC)

func TestChange_PostsWhatTheFrontTakes(t *testing.T) {
	reg := &registry.Registry{Systems: map[string]registry.System{"erp": {}}}
	known := change.Known{System: func(n string) bool { return n == "erp" }, Integration: func(string) bool { return false }}
	k := changeCmd{What: "deploy 2026.11.3", System: "erp", By: "deploy"}
	body, err := k.body(reg, twoOClock)
	if err != nil {
		t.Fatal(err)
	}
	c, err := change.Parse(body, twoOClock, known)
	if err != nil || c.ID == "" || !c.At.Equal(twoOClock) || c.What != "deploy 2026.11.3" || c.System != "erp" || c.By != "deploy" {
		t.Errorf("%+v, %v", c, err)
	}
	for _, wrong := range []changeCmd{
		{What: "deploy", System: "crm"},
		{What: "deploy", Integration: "stock"},
		{What: ""},
		{What: "deploy", Link: "http://ci.acme.example"},
		{What: "deploy", At: twoOClock.Add(time.Hour)},
	} {
		if _, err := wrong.body(reg, twoOClock); err == nil {
			t.Errorf("%+v is posted", wrong)
		}
	}
}

func TestChanges_AreListedOneALine(t *testing.T) {
	var text, encoded bytes.Buffer
	all := []change.Change{
		{ID: "run-1", At: twoOClock, System: "erp", What: "deploy 2026.11.3", By: "deploy", URL: "https://ci.acme.example/1"},
		{ID: "run-2", At: twoOClock, What: "job Sync Stock finished"},
	}
	printChanges(&output{Writer: &text}, all)
	for _, want := range []string{"erp         deploy 2026.11.3         deploy  https://ci.acme.example/1", "everything  job Sync Stock finished"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is not in\n%s", want, &text)
		}
	}
	printChanges(&output{Writer: &encoded, json: true}, nil)
	if got := strings.TrimSpace(encoded.String()); got != "[]" {
		t.Errorf("none is %s", got)
	}
}
