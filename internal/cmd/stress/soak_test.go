package main

import (
	"runtime"
	"testing"

	"github.com/plumbline/plumbline/internal/cmd/stress/rig"
)

func TestSoak_FunctionsNeedNoMoreMemoryTheLongerTheyLive(t *testing.T) {
	t.Parallel()
	s := soak{invocations: 6000, lanes: 1, binaries: t.TempDir()}
	if err := rig.Build(t.Context(), "../../..", s.binaries, runtime.GOARCH, watched...); err != nil {
		t.Fatal(err)
	}
	result, err := s.run(t.Context(), []int{3000, 6000})
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS == "linux" && !result.flat() { // elsewhere nobody tells the memory of a process
		t.Errorf("the most memory of each half is %v", result.most)
	}
	t.Logf("%v in %v", result.most, result.took)
}

func TestSoak_GrowthIsNoticed(t *testing.T) {
	const mb = 1 << 20
	for name, c := range map[string]struct {
		receive []int
		flat    bool
	}{
		"as before":      {[]int{20 * mb, 20 * mb}, true},
		"a little more":  {[]int{20 * mb, 23 * mb}, true},
		"much more":      {[]int{20 * mb, 26 * mb}, false},
		"nothing known":  {[]int{0, 0}, false},
		"less than ever": {[]int{20 * mb, 12 * mb}, true},
	} {
		if s := (soaked{marks: []int{1, 2}, most: map[string][]int{"receive": c.receive}}); s.flat() != c.flat {
			t.Errorf("%s: flat is %v, want %v", name, s.flat(), c.flat)
		}
	}
}
