package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/runtimeapi"
)

// measureCold starts each function and hands it its first order. A round's figure
// is the median of its starts.
func (w *world) measureCold(ctx context.Context, s size) ([]Subject, error) {
	all, err := w.functions(ctx, s.peers)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(all))
	for i, f := range all {
		names[i] = f.Name
	}
	event, err := front(w.bodies[0], "first", time.Now())
	if err != nil {
		return nil, err
	}
	return turns(s.rounds, names, func(i int) (map[string]float64, error) {
		var took []time.Duration
		for range s.starts {
			e := runtimeapi.New(all[i].Function)
			err := invoke(ctx, e, event)
			e.Close()
			if err != nil {
				return nil, fmt.Errorf("%w: %s", err, e.Logs())
			}
			took = append(took, e.ColdStart())
		}
		slices.Sort(took)
		return map[string]float64{coldMeasure: rounded(float64(took[len(took)/2].Microseconds())/1e3, 100)}, nil
	})
}
