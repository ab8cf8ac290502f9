package queue_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/queue"
)

func TestFetch_ComesBackAsWritten(t *testing.T) {
	at := time.Date(2026, 3, 3, 9, 0, 0, 1e6, time.UTC)
	for name, f := range map[string]queue.Fetch{
		"what a delivery named": {System: "shop", Fetch: platform.Fetch{Topic: "orders/fetched", Target: "orders/250?a=<&>"}, Cause: "d-1", Received: at},
		"asked for before": {
			System: "shop", Fetch: platform.Fetch{Topic: "orders/fetched", Target: "orders?page=2"}, Depth: 1, Since: at, Tries: 3,
		},
		"a run": {
			System: "shop", Fetch: platform.Fetch{Topic: "products/listed", Target: "products"},
			Run: &queue.Run{Chore: "prices", Start: at, Rest: []platform.Fetch{{Topic: "products/fetched", Target: "products/7"}}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			body, err := queue.EncodeFetch(f)
			if err != nil {
				t.Fatal(err)
			}
			got, err := queue.DecodeFetch(body)
			if diff := cmp.Diff(f, got); diff != "" || err != nil {
				t.Errorf("%v\n%s", err, diff)
			}
		})
	}
}

func TestFetch_WhatIsNotAsWrittenIsPoison(t *testing.T) {
	for body, newer := range map[string]bool{
		`{"codec":9,"system":"shop","topic":"a","target":"b"}`:           true,
		`{"codec":1,"system":"shop","topic":"a","target":"b","extra":1}`: false,
		`{"codec":1,"topic":"a","target":"b"}`:                           false,
		`{"codec":1,"system":"shop","target":"b"}`:                       false,
		`{`: false,
		``:  false,
	} {
		_, err := queue.DecodeFetch(body)
		var poison *queue.PoisonError
		if errors.Is(err, queue.ErrNewer) != newer || errors.As(err, &poison) == newer {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestFetch_ARunThatOutgrowsAMessageIsAnError(t *testing.T) {
	f := queue.Fetch{System: "shop", Run: &queue.Run{Rest: []platform.Fetch{{Target: strings.Repeat("x", queue.MaxBytes)}}}}
	if _, err := queue.EncodeFetch(f); !errors.Is(err, queue.ErrTooLarge) {
		t.Errorf("%v, want ErrTooLarge", err)
	}
}
