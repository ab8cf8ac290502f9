package queue_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/queue"
)

func TestSweep_ComesBackAsSent(t *testing.T) {
	for _, want := range []queue.Sweep{
		{Name: "policy", Run: "0123456789ab-1772528400000", Generation: "0123456789ab", Segment: 3},
		{Name: "audit", Run: "2026-03-03T09:00:00Z"},
	} {
		body := queue.EncodeSweep(want)
		if got, err := queue.DecodeSweep(body); got != want || err != nil {
			t.Errorf("%s: got %+v, %v", body, got, err)
		}
		if !queue.IsSweep(body) {
			t.Errorf("%s is not known as a sweep", body)
		}
	}
}

func TestSweep_IsToldFromALook(t *testing.T) {
	look := queue.EncodeLook(queue.Look{Kind: commerce.Inventory, Key: commerce.Key{"sweep", "east"}})
	if queue.IsSweep(look) || queue.IsSweep("{") || queue.IsSweep("") {
		t.Error("what is none is taken for a sweep")
	}
	if _, err := queue.DecodeLook(queue.EncodeSweep(queue.Sweep{Name: "policy", Run: "1"})); err == nil {
		t.Error("a sweep is read as a look")
	}
}

func TestSweep_WhatIsNotAsWrittenIsPoison(t *testing.T) {
	good := queue.EncodeSweep(queue.Sweep{Name: "policy", Run: "1", Segment: 2})
	for _, bad := range []string{
		"", "{", strings.Replace(good, "policy", "", 1), strings.Replace(good, `"run":"1"`, `"run":""`, 1),
		strings.Replace(good, `"segment":2`, `"segment":-2`, 1), strings.Replace(good, `"run"`, `"walk"`, 1),
	} {
		var poison *queue.PoisonError
		if _, err := queue.DecodeSweep(bad); !errors.As(err, &poison) {
			t.Errorf("%q: %v, want poison", bad, err)
		}
	}
	if _, err := queue.DecodeSweep(strings.Replace(good, `"codec":1`, `"codec":99`, 1)); !errors.Is(err, queue.ErrNewer) {
		t.Errorf("of a newer codec: %v", err)
	}
}
