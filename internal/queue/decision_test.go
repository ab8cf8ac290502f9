package queue_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/queue"
)

func waiver() queue.Decision {
	at := time.Date(2026, 3, 3, 9, 0, 0, 5, time.FixedZone("", -5*3600))
	return queue.Decision{Alert: "a1", Decision: finding.Decision{
		ID: "d1", Action: finding.Waive, By: "U024BE7LH", At: at, Until: at.AddDate(0, 0, 7),
		Low: new(commerce.MustDecimal("-2.5")), High: new(commerce.Int(9)), Reason: "counted \x01 on <Friday> \uffff",
	}}
}

func TestDecision_ComesBackAsSent(t *testing.T) {
	for _, want := range []queue.Decision{
		waiver(),
		{Alert: "a1", Decision: finding.Decision{ID: "d2", Action: finding.Assign, By: "U1", To: "U2", At: time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)}},
	} {
		body, err := queue.EncodeDecision(want)
		if err != nil || strings.ContainsAny(body, "\uffff\x01") {
			t.Fatalf("%q: %v", body, err)
		}
		got, err := queue.DecodeDecision(body)
		if diff := cmp.Diff(want, got, cmpopts.EquateComparable(commerce.Decimal{})); err != nil || diff != "" {
			t.Errorf("%v\n%s", err, diff)
		}
	}
}

func TestDecision_WhatIsNoneIsPoison(t *testing.T) {
	late := waiver()
	late.Until = late.At
	nameless := waiver()
	nameless.Alert = ""
	for name, d := range map[string]queue.Decision{"no alert": nameless, "a waiver that has ended": late} {
		body, err := queue.EncodeDecision(d)
		if err != nil {
			t.Fatal(err)
		}
		var poison *queue.PoisonError
		if _, err := queue.DecodeDecision(body); !errors.As(err, &poison) || strings.Contains(err.Error(), "Friday") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := queue.DecodeDecision(`{"codec":9}`); !errors.Is(err, queue.ErrNewer) {
		t.Errorf("a newer codec: %v", err)
	}
}
