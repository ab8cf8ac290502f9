package storetest

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/silence"
	"github.com/plumbline/plumbline/internal/store"
)

var stockOfERP = silence.Source{System: "erp", Kind: commerce.Inventory}

// Arrivals runs the suite of arrivals. Each call of open returns an empty store.
func Arrivals(t *testing.T, open func(t *testing.T) store.Arrivals) {
	for name, test := range map[string]func(*testing.T, store.Arrivals){
		"a slot is there once":              arriveOnce,
		"days are read whole and in order":  arriveOverDays,
		"sources know nothing of another's": arriveApart,
		"of many at once none is lost":      arriveTogether,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

func expectArrived(t *testing.T, s store.Arrivals, source silence.Source, from, until time.Time, want ...time.Time) {
	t.Helper()
	got, err := s.Arrived(t.Context(), source, from, until)
	must(t, err)
	var slots []silence.Slot
	for _, at := range want {
		slots = append(slots, silence.SlotOf(at))
	}
	if !slices.Equal(got, slots) {
		t.Errorf("arrived in %v, want %v", got, slots)
	}
}

func arriveOnce(t *testing.T, s store.Arrivals) {
	expectArrived(t, s, stockOfERP, noon, noon)
	for range 3 {
		must(t, s.Arrive(t.Context(), stockOfERP, noon.Add(3*time.Minute)))
	}
	must(t, s.Arrive(t.Context(), stockOfERP, silence.SlotOf(noon).End().Add(-time.Nanosecond)))
	expectArrived(t, s, stockOfERP, noon, noon, noon)
}

func arriveOverDays(t *testing.T, s store.Arrivals) {
	day := store.ArrivalDay(noon)
	times := []time.Time{day.Add(-time.Second), day, noon.Add(50 * time.Minute), noon.Add(11*time.Hour + 59*time.Minute), day.Add(24 * time.Hour)}
	for _, i := range []int{3, 0, 4, 2, 1} {
		must(t, s.Arrive(t.Context(), stockOfERP, times[i]))
	}
	expectArrived(t, s, stockOfERP, noon, noon, times[1:4]...)
	expectArrived(t, s, stockOfERP, day.Add(-time.Second), noon, times[:4]...)
	expectArrived(t, s, stockOfERP, noon.Add(-8*7*24*time.Hour), noon.Add(24*time.Hour), times...)
	expectArrived(t, s, stockOfERP, noon.Add(48*time.Hour), noon.Add(72*time.Hour))
}

func arriveApart(t *testing.T, s store.Arrivals) {
	must(t, s.Arrive(t.Context(), stockOfERP, noon))
	expectArrived(t, s, silence.Source{System: "erp", Kind: commerce.Order}, noon, noon)
	expectArrived(t, s, silence.Source{System: "wms", Kind: commerce.Inventory}, noon, noon)
}

func arriveTogether(t *testing.T, s store.Arrivals) {
	var all sync.WaitGroup
	var want []time.Time
	for i := range 20 {
		at := noon.Add(time.Duration(i) * silence.Length)
		want = append(want, at)
		for range 2 {
			all.Go(func() {
				if err := s.Arrive(t.Context(), stockOfERP, at); err != nil {
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
	expectArrived(t, s, stockOfERP, noon, noon, want...)
}
