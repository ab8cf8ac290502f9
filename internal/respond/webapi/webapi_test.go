package webapi_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/notify/slack/workspace"
	"github.com/plumbline/plumbline/internal/respond"
	"github.com/plumbline/plumbline/internal/respond/webapi"
)

func TestADialogIsOpenedWithItsFields(t *testing.T) {
	w := workspace.New(t)
	c := webapi.New(workspace.Token, w.API(), http.DefaultTransport)
	d := respond.Dialog{Metadata: `{"alert":"a1"}`, Headline: "🔴 x", Numbers: true, Facet: "available", Low: "-2", High: "5", Until: "2026-03-10", MaxReason: 250}
	if err := c.Open(t.Context(), "t1", d); err != nil {
		t.Fatal(err)
	}
	d.Numbers = false
	if err := c.Open(t.Context(), "t2", d); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"low=-2? high=5? until=2026-03-10 reason=", "until=2026-03-10 reason="} {
		opened := w.Views()[i]
		var v struct {
			Type     string
			Metadata string `json:"private_metadata"`
			Title    struct{ Text string }
			Blocks   []struct {
				ID       string `json:"block_id"`
				Optional bool
				Element  struct {
					ID      string `json:"action_id"`
					Initial string `json:"initial_value"`
					Date    string `json:"initial_date"`
				}
			}
		}
		if err := json.Unmarshal(opened.JSON, &v); err != nil {
			t.Fatal(err)
		}
		var fields []string
		for _, b := range v.Blocks {
			if b.ID != b.Element.ID {
				t.Errorf("block %q holds element %q", b.ID, b.Element.ID)
			}
			if b.ID != "" {
				fields = append(fields, b.ID+"="+b.Element.Initial+b.Element.Date+map[bool]string{true: "?"}[b.Optional])
			}
		}
		if v.Type != "modal" || v.Metadata != d.Metadata || len(v.Title.Text) > 24 || strings.Join(fields, " ") != want {
			t.Errorf("dialog %s of %s: fields %v, want %s", opened.JSON, opened.Trigger, fields, want)
		}
	}
}

func TestAWhisperReachesOnePerson(t *testing.T) {
	w := workspace.New(t)
	if err := webapi.New(workspace.Token, w.API(), http.DefaultTransport).Whisper(t.Context(), workspace.InventoryOps, "U024BE7LH", "no"); err != nil {
		t.Fatal(err)
	}
	if got := w.Whispers(); len(got) != 1 || got[0] != (workspace.Whisper{Channel: workspace.InventoryOps, User: "U024BE7LH", Text: "no"}) {
		t.Errorf("told %v", got)
	}
}

func TestNoErrorTellsTheTokenOrTheAddress(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a redirect was followed") }))
	defer elsewhere.Close()
	for name, answer := range map[string]*workspace.Answer{
		"no":       workspace.Problem("expired_trigger_id"),
		"echo":     workspace.Problem("bad " + workspace.Token),
		"status":   {Status: 500, Body: workspace.Token},
		"no JSON":  {Status: 200, Body: "<html>"},
		"redirect": {Status: 307, Header: map[string]string{"Location": elsewhere.URL}},
	} {
		w := workspace.New(t)
		w.Before = func(string, int) *workspace.Answer { return answer }
		err := webapi.New(workspace.Token, w.API(), http.DefaultTransport).Open(t.Context(), "t1", respond.Dialog{})
		if err == nil || strings.Contains(err.Error(), "xoxb") || strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("%s: %v", name, err)
		}
		if refused := errors.Is(err, webapi.ErrRefused); refused != (name == "no" || name == "echo") {
			t.Errorf("%s: refused %t: %v", name, refused, err)
		}
	}
	w := workspace.New(t)
	w.Close()
	if err := webapi.New(workspace.Token, w.API(), http.DefaultTransport).Whisper(t.Context(), "C", "U", "x"); err == nil || strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("closed: %v", err)
	}
}
