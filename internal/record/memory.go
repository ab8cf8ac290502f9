package record

import "slices"

// remember adds a value to a view's memory. A full memory forgets the value
// whose two neighbours are closest in proportion to their age, so that what is
// left reaches ever further back in ever longer steps. A side that trails
// behind another then shows, every now and then, a value that is still
// remembered, however fast both change.
func remember(was []Past, past Past) []Past {
	was = slices.Insert(slices.Clone(was), 0, past)
	if len(was) <= MaxPast {
		return was
	}
	//nolint:forbidigo // ages are compared in proportion; no amount is a float
	age := func(i int) float64 { return past.Until.Sub(was[i].Until).Seconds() + 1 }
	forget := 1
	for i := 2; i < len(was)-1; i++ {
		if age(i+1)/age(i-1) < age(forget+1)/age(forget-1) {
			forget = i
		}
	}
	was = slices.Delete(was, forget, forget+1)
	was[forget].Gap = true
	return was
}
