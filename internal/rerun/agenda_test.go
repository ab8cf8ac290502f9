package rerun_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/rerun"
)

var nine = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)

func TestAgenda_ThingsHappenInTheOrderOfTheirTime(t *testing.T) {
	a := rerun.NewAgenda(nine)
	var got []string
	note := func(what string) func() { return func() { got = append(got, what) } }
	a.In(time.Hour, note("ten"))
	a.At(nine.Add(-time.Hour), note("late"))
	a.Named(nine.Add(time.Minute), "b", note("b"))
	a.Named(nine.Add(time.Minute), "a", note("a"))
	a.At(nine.Add(2*time.Minute), func() { note("first")(); a.In(0, note("third")) })
	a.At(nine.Add(2*time.Minute), note("second"))
	a.In(2*time.Hour, note("beyond the end"))
	if err := a.Run(nine.Add(2*time.Hour), func() error { return nil }); err != nil {
		t.Fatal(err)
	}
	if want := []string{"late", "a", "b", "first", "second", "third", "ten"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if !a.Now().Equal(nine.Add(2 * time.Hour)) {
		t.Errorf("it ends at %s", a.Now())
	}
}

func TestAgenda_StopsWhenSomethingIsWrong(t *testing.T) {
	a := rerun.NewAgenda(nine)
	happened := 0
	for range 3 {
		a.In(time.Minute, func() { happened++ })
	}
	wrong := errors.New("wrong")
	if err := a.Run(nine.Add(time.Hour), func() error { return wrong }); !errors.Is(err, wrong) || happened != 1 {
		t.Errorf("%v after %d", err, happened)
	}
}
