package queue_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/change"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/queue"
)

var deploy = change.Change{
	ID: "run-1", At: time.Date(2026, 11, 23, 14, 2, 0, 0, time.UTC), System: "erp", What: "deploy shop-theme 2026.11.3 🚀",
	URL: "https://ci.acme.example/runs/1", By: "deploy",
}

func TestChange_ComesBackAsSentAndIsToldFromTheOthers(t *testing.T) {
	body := queue.EncodeChange(deploy)
	if got, err := queue.DecodeChange(body); got != deploy || err != nil {
		t.Errorf("%s: got %+v, %v", body, got, err)
	}
	look := queue.EncodeLook(queue.Look{Kind: commerce.Inventory, Key: commerce.Key{"change", "east"}})
	sweep := queue.EncodeSweep(queue.Sweep{Name: "change", Run: "1"})
	if !queue.IsChange(body) || queue.IsSweep(body) || queue.IsChange(look) || queue.IsChange(sweep) || queue.IsChange("{") {
		t.Error("a change is not told from looks and sweeps")
	}
}

func TestChange_WhatIsNotAsWrittenIsPoison(t *testing.T) {
	good := queue.EncodeChange(deploy)
	for _, bad := range []string{
		"", "{", strings.Replace(good, `"id":"run-1"`, `"id":""`, 1), strings.Replace(good, `"what":"deploy`, `"whit":"deploy`, 1),
		strings.Replace(good, `2026-11-23`, `yesterday`, 1), queue.EncodeSweep(queue.Sweep{Name: "policy", Run: "1"}),
	} {
		var poison *queue.PoisonError
		if _, err := queue.DecodeChange(bad); !errors.As(err, &poison) {
			t.Errorf("%q: %v, want poison", bad, err)
		}
	}
	if _, err := queue.DecodeChange(strings.Replace(good, `"codec":1`, `"codec":99`, 1)); !errors.Is(err, queue.ErrNewer) {
		t.Errorf("of a newer codec: %v", err)
	}
}
