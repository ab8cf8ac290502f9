package merge_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

func TestLessons_ARowRemembersHowLongAChangeWaited(t *testing.T) {
	w := newWorld()
	lesson := func() record.Lesson {
		return w.row(t, commerce.Inventory, "MUG", "east").Lessons["acme/stock"]
	}
	w.deliver(t, level("erp", "MUG", 12, 1))
	w.deliver(t, level("shop", "MUG", 12, 1))
	first := lesson()
	w.now = nine.Add(time.Hour)
	w.deliver(t, level("erp", "MUG", 9, 2))
	if got := lesson(); got != first {
		t.Errorf("%+v while the change is on its way, want %+v", got, first)
	}
	w.now = nine.Add(time.Hour + 3*time.Minute)
	w.deliver(t, level("shop", "MUG", 9, 2))
	want := record.Lesson{Settled: w.now, Took: 3 * time.Minute}
	if got := lesson(); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	writes := len(w.records.puts)
	w.deliver(t, level("shop", "MUG", 9, 2))
	if got := lesson(); got != want || len(w.records.puts) != writes {
		t.Errorf("%+v after a duplicate and %d more writes, want the same", got, len(w.records.puts)-writes)
	}
}

// tolerant is the shop and the ERP with a stock rule that lets them be two apart.
func tolerant() *registry.Registry {
	r := shopAndERP(20 * time.Minute)
	rule := &r.Integrations[0].Rules[0]
	rule.Expect[0].Within = compile(commerce.Inventory, "2", commerce.NumberType)
	return r
}

func TestLessons_ALeakThatEachNightHidesIsALookInTheEnd(t *testing.T) {
	w := newWorldOf(tolerant())
	w.deliver(t, level("erp", "MUG", 100, 1), level("shop", "MUG", 100, 2))
	change := 3
	at := func(day, hour int) { w.now = nine.Add(time.Duration(24*day+hour-9) * time.Hour) }
	for day := range 8 {
		at(day, 11)
		w.deliver(t, level("erp", "MUG", 99-day, change))
		looks := len(w.looks.sent)
		at(day+1, 3)
		// What nobody counts twice: the same delivery again.
		m := w.message(level("shop", "MUG", 99-day, change+1))
		w.merge(t, m, m)
		w.merge(t, m)
		change += 2
		leak := w.row(t, commerce.Inventory, "MUG", "east").Lessons["acme/stock"].Leak
		if leak.Steps != day+1 {
			t.Fatalf("%d steps after %d days", leak.Steps, day+1)
		}
		if found := day == 7; (len(w.looks.sent) > looks) != found || leak.Found.IsZero() == found {
			t.Errorf("day %d: %d looks more, found %s", day, len(w.looks.sent)-looks, leak.Found)
		}
	}
	if m := w.row(t, commerce.Inventory, "MUG", "east").Marks["acme/stock"]; m.Version.IsZero() || !m.Since.IsZero() {
		t.Errorf("mark %+v, want no time that a difference could begin with", m)
	}
}

func TestLessons_WhatAgreesTakesNoPlace(t *testing.T) {
	w := newWorldOf(tolerant())
	for day := range 30 {
		w.now = nine.Add(time.Duration(24*day) * time.Hour)
		w.deliver(t, level("erp", "MUG", 100-day, 2*day+1), level("shop", "MUG", 100-day, 2*day+2))
	}
	if got := w.row(t, commerce.Inventory, "MUG", "east").Lessons; len(got) > 0 {
		t.Errorf("%+v, want none", got)
	}
}
